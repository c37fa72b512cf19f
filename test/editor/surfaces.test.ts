import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { slip } from '../support/cliProjects.ts';
import { type BridgedRig, openBridgedRig } from './bridge.ts';

describe('setup, models and grants', function () {
  this.timeout(120_000);
  let rig: BridgedRig;
  before(async () => {
    rig = await openBridgedRig({ files: slip, model: { plan: { cause: 'The comparison is the wrong way round.', steps: [{ suspect: 1, change: 'turn it' }] } } });
  });
  after(async () => await rig[Symbol.asyncDispose]());

  const execute = async (command: string, ...args: readonly unknown[]): Promise<void> => await rig.bridge.run((api, given) => void api.commands.executeCommand(given.command, ...given.args), { command, args });
  const setting = async (name: string): Promise<unknown> => await rig.bridge.run((api, key) => api.workspace.getConfiguration('groundcrew').get(key) ?? null, name);
  const page = async (title: string): Promise<string> => {
    await rig.until(`the page ${title}`, async () => await rig.bridge.run((api, wanted) => api.window.tabGroups.all.some((group) => group.tabs.some(({ label }) => label.includes(wanted))) || null, title).then((found) => found ?? undefined));
    return await rig.bridge.run(async (api, name) => (await api.workspace.openTextDocument(api.Uri.parse(`groundcrew-page:/${name}.md`))).getText(), title);
  };
  it('offers the models of the server with size, abilities and memory, and keeps the choice', async () => {
    await rig.window.showCrew();
    await rig.shot('welcome');
    await execute('groundcrew.chooseModels');
    const row = rig.window.quickInput.locator('.monaco-list-row', { hasText: 'crew-coder:1.5b' }).first();
    await row.waitFor();
    assert.match((await row.textContent()) ?? '', /window of [\d\s]+ tokens · fills gaps · .*needs .* of .* memory · speed not measured yet/u);
    await rig.shot('models');
    await row.click();
    await rig.window.quickInput.locator('.monaco-list-row', { hasText: 'Only the planner' }).first().click();
    await rig.until('the setting', async () => (await setting('models.planner')) === 'crew-coder:1.5b' || undefined);
    assert.equal(await setting('models.default'), '');
    await rig.window.seeToast('crew-coder:1.5b from the next run on (only the planner)');
  });

  it('downloads only after a yes', async () => {
    const asked = rig.model?.requests.length ?? 0;
    await execute('groundcrew.downloadModel', 'no-such-model');
    await rig.window.dialog.waitFor();
    await rig.shot('download');
    await rig.window.dialog.locator('.monaco-button', { hasText: 'Cancel' }).click();
    assert.equal(rig.model?.requests.slice(asked).filter(({ path }) => path === '/api/pull').length, 0);
    await execute('groundcrew.downloadModel', 'no-such-model');
    await rig.window.dialog.locator('.monaco-button', { hasText: 'Download' }).click();
    await rig.until('its request', async () => rig.model?.requests.some(({ path }) => path === '/api/pull') || undefined);
    await rig.window.seeToast('no-such-model is there');
  });

  it('reports the setup: each part with what was found', async () => {
    await execute('groundcrew.checkSetup');
    const text = await page('Setup');
    for (const part of ['Ollama', 'Model', 'Sandbox', 'Run log', 'Git', 'Tests']) assert.match(text, new RegExp(`\\| ${part} \\|`, 'u'));
    assert.match(text, /crew&#45;coder&#58;1\.5b/u);
    await rig.shot('setup');
  });

  it('shows who may do what, from the grants that hold', async () => {
    await execute('groundcrew.showGrants');
    const text = await page('Grants');
    const row = (tool: string): readonly string[] => text.split('\n').find((line) => line.startsWith(`| ${tool.replaceAll('_', '&#95;')} |`))?.split('|').map((cell) => cell.trim()) ?? [];
    const head = text.split('\n').find((line) => line.startsWith('| tool'))?.split('|').map((cell) => cell.trim()) ?? [];
    assert.equal(row('write_file')[head.indexOf('planner')], '—');
    assert.match(row('write_file')[head.indexOf('coder')] ?? '', /plan/u);
    assert.equal(row('git_commit')[head.indexOf('verifier')], '—');
    await rig.shot('grants');
  });

  it('lists what is approved for longer, and takes it back', async () => {
    await execute('groundcrew.fixBug', { folder: rig.root, request: { command: 'fix', words: '', test: null, file: null, line: null, paths: [] } });
    await rig.until('an approval for the workspace', async () => {
      await rig.bridge.run(async (api) => void (await api.commands.executeCommand('groundcrew.approveHere')), null);
      return (await rig.runs())[0]?.some(({ type, data }) => type === 'approval.answered' && data.answer === 'workspace') || undefined;
    });
    await rig.bridge.run(async (api) => void (await api.commands.executeCommand('groundcrew.stopRun')), null);
    await execute('groundcrew.showApprovals');
    const rows = rig.window.quickInput.locator('.monaco-list-row');
    await rows.first().waitFor();
    await rig.shot('approvals');
    const had = await rows.count();
    assert.equal(had > 0, true);
    await rows.first().hover();
    await rows.first().locator('.codicon-trash').click();
    await rig.until('one less', async () => (await rows.count()) === had - 1 || undefined);
    await rig.window.press('Escape');
  });

  it('shows the plan as a checklist, and runs what the person left of it', async () => {
    await rig.bridge.run(async (api) => void (await api.workspace.getConfiguration('groundcrew').update('plan.first', true, api.ConfigurationTarget.Global)), null);
    await execute('groundcrew.fixBug', { folder: rig.root, request: { command: 'fix', words: 'seniors pay too much', test: ['node', '--test'], file: null, line: null, paths: [] } });
    await rig.window.seeToast('The plan is ready');
    await rig.shot('plan');
    await execute('groundcrew.runs.focus');
    await rig.window.see('Go on by this plan?');
    await rig.window.page.locator('.statusbar-item', { hasText: 'needs you' }).waitFor();
    await (await rig.window.see('Go on by this plan?')).click();
    await rig.until('the plan', async () => await rig.bridge.run((api) => (api.window.activeTextEditor?.document.getText().includes('<!-- review -->') === true ? true : null), null).then((shown) => shown ?? undefined));
    await rig.bridge.run(async (api) => {
      const document = api.window.activeTextEditor?.document;
      const line = document?.getText().split('\n').findIndex((each) => each.includes('<!-- review -->')) ?? -1;
      if (document === undefined || line < 0) throw new Error(`There is no review in ${document?.getText() ?? 'no document'}`);
      const change = new api.WorkspaceEdit();
      change.delete(document.uri, new api.Range(line, 0, line + 1, 0));
      await api.workspace.applyEdit(change);
      await api.commands.executeCommand('groundcrew.runPlan', document.uri);
    }, null);
    const tasks = await rig.until('the plan of the person', async () => {
      const made = (await rig.runs())[0]?.findLast(({ type }) => type === 'plan.made');
      return made?.type === 'plan.made' && made.data.by === 'user' ? made.data.plan.tasks.map(({ id }) => id) : undefined;
    });
    assert.deepEqual(tasks, ['reproduce', 'localise', 'plan', 'fix-planned', 'apply']);
    await rig.bridge.run(async (api) => void (await api.commands.executeCommand('groundcrew.stopRun')), null);
    await rig.until('the end', async () => (await rig.runs())[0]?.at(-1)?.type === 'run.finished' || undefined);
  });

  it('leads a new person through it, with what exists', async () => {
    await execute('groundcrew.getStarted');
    await rig.window.page.locator('.getting-started-step', { hasText: 'Try it on a sample' }).first().waitFor();
    await rig.shot('walkthrough');
    assert.deepEqual(await rig.faults(), []);
  });
});
