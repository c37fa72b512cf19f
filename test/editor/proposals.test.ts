import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Outcome } from '../../src/core/domain/outcome.ts';
import { slip } from '../support/cliProjects.ts';
import { type BridgedRig, openBridgedRig } from './bridge.ts';

const FILE = 'src/discount.js';
const buggy = slip[FILE];

describe('an offered change', function () {
  this.timeout(120_000);
  let rig: BridgedRig;
  before(async () => {
    rig = await openBridgedRig({ files: slip, model: 'none' });
  });
  after(async () => await rig[Symbol.asyncDispose]());

  /** Runs until the change waits for a word; the id of the run. */
  async function ready(): Promise<string> {
    const had = (await rig.runs()).length;
    await rig.bridge.run((api, folder) => void api.commands.executeCommand('groundcrew.fixBug', { folder, request: { command: 'fix', words: '', test: ['node', '--test'], file: null, line: null, paths: [] } }), rig.root);
    const run = await rig.until('the choice of a change', async () => {
      const all = await rig.runs();
      const [newest = []] = all;
      return all.length > had && newest.some(({ type, data }) => type === 'task.started' && data.task === 'apply') ? newest[0]?.run : undefined;
    });
    const uri = own(run);
    await rig.until('its text', async () => await rig.bridge.run(async (api, address) => await api.workspace.openTextDocument(api.Uri.parse(address)).then(() => true, () => null), uri).then((found) => found ?? undefined));
    return run;
  }
  const own = (run: string): string => `groundcrew-change:${path.join(rig.root, FILE)}?${run}`;
  const execute = async (command: string, ...args: readonly unknown[]): Promise<void> => await rig.bridge.run((api, given) => void api.commands.executeCommand(given.command, ...given.args), { command, args });
  const edit = async (address: string, from: string, to: string): Promise<void> => await rig.bridge.run(async (api, given) => {
    const document = await api.workspace.openTextDocument(api.Uri.parse(given.address));
    await api.window.showTextDocument(document, { preview: false });
    const at = document.getText().indexOf(given.from);
    const change = new api.WorkspaceEdit();
    change.replace(document.uri, new api.Range(document.positionAt(at), document.positionAt(at + given.from.length)), given.to);
    if (at < 0 || !(await api.workspace.applyEdit(change))) throw new Error(`${given.from} is not in ${document.getText()}`);
  }, { address, from, to });
  const text = async (address: string): Promise<string> => await rig.bridge.run(async (api, uri) => (await api.workspace.openTextDocument(api.Uri.parse(uri))).getText(), address);
  const ended = async (run: string): Promise<Outcome> => await rig.until('the end of the run', async () => {
    const last = (await rig.runs()).find(([first]) => first?.run === run)?.find(({ type }) => type === 'run.finished');
    return last?.type === 'run.finished' ? last.data : undefined;
  });
  const tabs = async (): Promise<readonly string[]> => await rig.bridge.run((api) => api.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label)), null);

  it('is shown as a whole, and edited before it is taken: what fails is said, what passes is written and proven', async () => {
    const run = await ready();
    await execute('groundcrew.reviewChanges', { run });
    await rig.until('the comparison', async () => (await tabs()).some((label) => label.startsWith('Ready to review')) || undefined);
    await execute('workbench.view.scm');
    await rig.shot('proposal');
    assert.match(await text(own(run)), /age >= 65/u);
    await edit(own(run), '>= 65', '> 65');
    await execute('groundcrew.applyAll', { run });
    assert.match(await rig.window.seeToast('fails with your version of the change'), /Your files are unchanged/u);
    assert.equal(rig.text(FILE), buggy);
    await rig.shot('own-fails');
    await edit(own(run), '> 65', '> 64');
    await execute('groundcrew.acceptChange');
    const outcome = await ended(run);
    assert.deepEqual([outcome.kind, outcome.applied, outcome.receipt?.exit], ['fixed', true, 0], outcome.reason);
    assert.equal(rig.text(FILE), buggy.replace('age < 65', 'age > 64'));
    await rig.until('its documents to close', async () => !(await tabs()).some((label) => label.startsWith('Ready to review')) || undefined);
  });

  it('is committed when the person says so, with their message', async () => {
    const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: rig.root, encoding: 'utf8' }).trim();
    assert.equal(git('log', '--format=%s'), 'start');
    await execute('groundcrew.commitRun');
    await rig.window.quickInput.locator('input').first().waitFor();
    await rig.window.quickInput.locator('input').first().fill('Seniors start at 65');
    await rig.window.press('Enter');
    await rig.until('the commit', async () => {
      await rig.bridge.run(async (api) => void (await api.commands.executeCommand('groundcrew.approveOnce')), null);
      return git('log', '--format=%s').startsWith('Seniors start at 65') || undefined;
    });
    assert.equal(git('show', '--name-only', '--format=', 'HEAD'), FILE);
  });

  it('is discarded when its last part is rejected in the gutter', async () => {
    rig.write(FILE, buggy);
    const run = await ready();
    await rig.bridge.run(async (api, address) => void (await api.window.showTextDocument(api.Uri.parse(address), { preview: false })), own(run));
    await rig.window.page.locator('.dirty-diff-glyph:visible').first().waitFor();
    await rig.bridge.run(async (api) => void (await api.commands.executeCommand('editor.action.dirtydiff.next')), null);
    await rig.shot('hunk');
    await rig.window.page.locator('.zone-widget .action-label[aria-label^="Reject Change"]:visible').first().click();
    const outcome = await ended(run);
    assert.deepEqual([outcome.kind, outcome.applied], ['fixed', false]);
    assert.equal(rig.text(FILE), buggy);
  });

  it('gives way to what the person typed meanwhile, and shows both versions', async () => {
    const run = await ready();
    const file = `file://${path.join(rig.root, FILE)}`;
    await edit(file, 'let rate = 0;', 'let rate = 0; // mine');
    await execute('groundcrew.applyAll', { run });
    const outcome = await ended(run);
    assert.deepEqual([outcome.kind, outcome.applied], ['conflict', false], outcome.reason);
    assert.match(await text(file), /\/\/ mine/u);
    await execute('groundcrew.compareVersions', { run });
    await rig.until('both versions', async () => (await tabs()).includes("discount.js: the crew's ↔ yours") || undefined);
    await rig.shot('conflict');
  });

  it('says so when there is nothing to decide', async () => {
    await execute('groundcrew.acceptChange', 'garbage', [{}], 7);
    await rig.window.seeToast('Open a file of the offered change first');
    await execute('groundcrew.reviewChanges', { run: 'run-none' });
    await rig.window.seeToast('There is no run "run-none"');
    assert.deepEqual(await rig.faults(), []);
  });
});
