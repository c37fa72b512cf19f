import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { FixRequest } from '../../src/core/domain/event.ts';
import { slip } from '../support/cliProjects.ts';
import { type BridgedRig, openBridgedRig } from './bridge.ts';

const typed = [
  '// @ts-check', '', '/** @typedef {{ total: number, tax: number }} Bill */', '', '/** @type {Bill} */', 'export const bill = { total: 1 };', '',
].join('\n');

describe('Fix This Bug begins with exact evidence', function () {
  this.timeout(90_000);
  let rig: BridgedRig;
  before(async () => {
    rig = await openBridgedRig({ files: { ...slip, 'src/bill.js': typed }, model: 'none' });
    await rig.window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  after(async () => await rig[Symbol.asyncDispose]());

  /** What the newest run was asked, once there is one more than before; the run is stopped then. */
  async function requestAfter(begin: () => Promise<unknown>): Promise<FixRequest> {
    const had = (await rig.runs()).length;
    await begin();
    const request = await rig.until('a run', async () => {
      const runs = await rig.runs();
      const [first] = runs[0] ?? [];
      return runs.length > had && first?.type === 'run.started' ? first.data.request : undefined;
    });
    await rig.bridge.run(async (api) => void (await api.commands.executeCommand('groundcrew.stopRun')), null);
    await rig.until('the end of the run', async () => (await rig.runs())[0]?.at(-1)?.type === 'run.finished' || undefined);
    return request;
  }

  it('from a selection: its lines and its text', async () => {
    const request = await requestAfter(async () => await rig.bridge.run(async (api, file) => {
      const editor = await api.window.showTextDocument(api.Uri.file(file));
      editor.selection = new api.Selection(1, 0, 3, 0);
      void api.commands.executeCommand('groundcrew.fixSelection');
    }, path.join(rig.root, 'src/discount.js')));
    assert.deepEqual(request, {
      command: 'fix', words: 'Something is wrong in lines 2 to 3 of src/discount.js:\n  let rate = 0;\n  if (age < 65) rate = 0.2;\n',
      test: null, file: 'src/discount.js', line: 2, paths: [],
    });
  });

  it('from a problem of a language server, through its lightbulb: message, range, related place', async () => {
    const file = path.join(rig.root, 'src/bill.js');
    await rig.bridge.run(async (api, name) => void (await api.window.showTextDocument(api.Uri.file(name))), file);
    const titles = await rig.until('a quick fix', async () => {
      const found = await rig.bridge.run(async (api, name) => {
        const actions = await api.commands.executeCommand<readonly { readonly title: string }[]>('vscode.executeCodeActionProvider', api.Uri.file(name), new api.Range(5, 13, 5, 17), 'quickfix');
        return actions.map(({ title }) => title).filter((title) => title.includes('Groundcrew'));
      }, file);
      return found.length === 0 ? undefined : found;
    });
    assert.deepEqual(titles, ['Fix with Groundcrew']);
    const request = await requestAfter(async () => await rig.bridge.run(async (api, name) => {
      const [action] = await api.commands.executeCommand<readonly { readonly title: string; readonly command: { readonly command: string; readonly arguments: readonly unknown[] } }[]>('vscode.executeCodeActionProvider', api.Uri.file(name), new api.Range(5, 13, 5, 17), 'quickfix').then((all) => all.filter(({ title }) => title.includes('Groundcrew')));
      if (action !== undefined) void api.commands.executeCommand(action.command.command, ...action.command.arguments);
    }, file));
    assert.equal(request.file, 'src/bill.js');
    assert.equal(request.line, 6);
    assert.match(request.words, /^Property 'tax' is missing in type .* \(ts 2741\)\nat src\/bill\.js:6:14-18\nSee also src\/bill\.js:3: 'tax' is declared here\.$/u);
  });

  it('from a failed test of the Testing view: its names from suite to test, its place', async () => {
    const request = await requestAfter(async () => await rig.bridge.run(async (api, file, kept) => {
      const controller = api.tests.createTestController('other', 'Another runner');
      kept['controller'] = controller;
      const uri = api.Uri.file(file);
      const whole = controller.createTestItem('file', 'discount.test.js', uri);
      const item = controller.createTestItem('seniors', 'seniors', uri);
      item.range = new api.Range(3, 0, 3, 10);
      controller.items.add(whole);
      whole.children.add(item);
      void api.commands.executeCommand('groundcrew.fixTest', { test: item, message: { message: 'wrong rate', expectedOutput: '20', actualOutput: '0' } });
    }, path.join(rig.root, 'test/discount.test.js')));
    assert.deepEqual(request, { command: 'fix', words: 'The test "seniors" fails:\nwrong rate\nexpected: 20\nactual: 0', test: null, file: 'test/discount.test.js', line: 4, paths: [] });
  });

  it('from the lens above a test that failed in an earlier run: the command that showed it', async () => {
    await rig.bridge.run((api, folder) => void api.commands.executeCommand('groundcrew.fixBug', { folder, request: { command: 'fix', words: '', test: ['node', '--test'], file: null, line: null, paths: [] } }), rig.root);
    await rig.until('the change', async () => (await rig.runs())[0]?.some(({ type }) => type === 'candidate.chosen') || undefined);
    await rig.until('its question', async () => await rig.bridge.run(async (api) => {
      await api.commands.executeCommand('groundcrew.discardRun');
      return true;
    }, null).then(async () => (await rig.runs())[0]?.at(-1)?.type === 'run.finished' || undefined));
    const file = path.join(rig.root, 'test/discount.test.js');
    const lens = await rig.until('a lens', async () => await rig.bridge.run(async (api, name) => {
      await api.window.showTextDocument(api.Uri.file(name));
      const [first] = await api.commands.executeCommand<readonly { readonly range: { readonly start: { readonly line: number } }; readonly command?: { readonly title: string } }[]>('vscode.executeCodeLensProvider', api.Uri.file(name));
      return first === undefined ? null : { line: first.range.start.line, title: first.command?.title ?? '' };
    }, file).then((found) => found ?? undefined));
    await rig.shot('lens');
    assert.deepEqual(lens, { line: 3, title: '$(wrench) Fix This Bug' });
    const request = await requestAfter(async () => {
      await rig.window.page.locator('.codelens-decoration a', { hasText: 'Fix This Bug' }).first().click();
    });
    assert.equal(request.file, 'test/discount.test.js');
    assert.deepEqual(request.test?.slice(0, 2), ['node', '--test']);
    assert.match(request.words, /^The test "seniors" fails:\n/u);
  });

  it('from a terminal: the command that ran and what is marked', async () => {
    await rig.bridge.run((api, cwd, kept) => {
      const terminal = api.window.createTerminal({ name: 'work', cwd, shellPath: '/bin/bash' });
      kept['terminal'] = terminal;
      terminal.show();
    }, rig.root);
    await rig.until('shell integration', async () => await rig.bridge.run((_api, _none, kept) => {
      const { terminal } = kept as { terminal: { shellIntegration?: { executeCommand(line: string): unknown } } }; // put there above
      return terminal.shellIntegration === undefined ? null : true;
    }, null).then((found) => found ?? undefined));
    await rig.bridge.run(async (api, _none, kept) => {
      const { terminal } = kept as { terminal: { shellIntegration: { executeCommand(line: string): unknown } } }; // put there above
      const ended = new Promise<void>((resolve) => api.window.onDidEndTerminalShellExecution(() => resolve()));
      terminal.shellIntegration.executeCommand('node --test');
      await ended;
    }, null);
    const request = await requestAfter(async () => await rig.bridge.run((api) => void api.commands.executeCommand('groundcrew.fixTerminal'), null));
    assert.deepEqual(request.test, ['node', '--test']);
    assert.match(request.words, /^\$ node --test {3}\(exit 1\)\n/u);
    assert.match(request.words, /seniors/u);
  });

  it('says what to do where a place cannot be given to the crew', async () => {
    const before = (await rig.runs()).length;
    await rig.bridge.run(async (api) => {
      const document = await api.workspace.openTextDocument({ content: 'let one = 1;\n' });
      const editor = await api.window.showTextDocument(document);
      editor.selection = new api.Selection(0, 0, 0, 5);
      await api.commands.executeCommand('groundcrew.fixSelection');
    }, null);
    await rig.window.seeToast('so it needs files on a disk');
    await rig.bridge.run(async (api) => void (await api.commands.executeCommand('groundcrew.fixTest', { garbage: [1] })), null);
    await rig.window.seeToast('Choose a failed test');
    assert.equal((await rig.runs()).length, before);
  });
});
