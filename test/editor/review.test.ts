import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { slip } from '../support/cliProjects.ts';
import { type BridgedRig, openBridgedRig } from './bridge.ts';

const FILE = 'src/total.js';
const LOOP = 'export function total(xs) {\n  let sum = 0;\n  for (let i = 0; i <= xs.length; i++) sum += xs[i];\n  return sum;\n}\n';

describe('findings in the editor', function () {
  this.timeout(120_000);
  let rig: BridgedRig;
  before(async () => {
    rig = await openBridgedRig({ files: { ...slip, [FILE]: LOOP }, model: 'none' });
    await rig.bridge.run(async (api, file) => void (await api.window.showTextDocument(api.Uri.file(file))), path.join(rig.root, FILE));
  });
  after(async () => await rig[Symbol.asyncDispose]());

  const found = async (): Promise<readonly string[]> => await rig.bridge.run((api, file) => api.languages.getDiagnostics(api.Uri.file(file)).map(({ source, code, range }) => `${source} ${String(code)} ${range.start.line}`), path.join(rig.root, FILE));
  const appeared = async (): Promise<void> => void (await rig.until('the finding', async () => (await found()).includes('groundcrew off-by-one 2') || undefined));

  it('are not there, and no server is, until review on save is turned on', async () => {
    assert.deepEqual([await found(), servers()], [[], []]);
    await rig.bridge.run(async (api) => void (await api.workspace.getConfiguration('groundcrew.review').update('onSave', true, api.ConfigurationTarget.Global)), null);
    await appeared();
    await rig.shot('finding');
    const titles = await rig.bridge.run(async (api, file) => {
      const actions = await api.commands.executeCommand<readonly { title: string }[]>('vscode.executeCodeActionProvider', api.Uri.file(file), new api.Range(2, 20, 2, 20));
      return actions.map(({ title }) => title);
    }, path.join(rig.root, FILE));
    for (const title of ['Replace with: for (let i = 0; i < xs.length; i++) sum += xs[i];', 'Fix with the crew', 'Dismiss this finding']) assert.ok(titles.includes(title), titles.join('\n'));
  });

  it('are read again after a save, in a run that asks nothing', async () => {
    await rig.bridge.run(async (api, file) => {
      const document = await api.workspace.openTextDocument(api.Uri.file(file));
      const edit = new api.WorkspaceEdit();
      edit.insert(document.uri, new api.Position(0, 0), '// sums up\n');
      await api.workspace.applyEdit(edit);
      await document.save();
    }, path.join(rig.root, FILE));
    const events = await rig.until('the run', async () => (await rig.runs()).find(([first, ...rest]) => first?.type === 'run.started' && first.data.request.background === true && rest.some(({ type }) => type === 'run.finished')));
    assert.ok(!events.some(({ type }) => type === 'approval.asked'));
    assert.deepEqual((await found()).map((one) => one.split(' ')[1]), ['off-by-one']);
    await rig.shot('review-on-save');
  });

  it('come back when the server falls', async () => {
    const [pid] = servers();
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await rig.until('the next server', async () => (servers()[0] ?? pid) !== pid || undefined);
    await rig.until('the finding', async () => (await found()).some((one) => one.includes('off-by-one')) || undefined);
  });

  it('are of one file when that is asked for, in a run of its own', async () => {
    const had = (await rig.runs()).length;
    await rig.bridge.run((api, file) => void api.commands.executeCommand('groundcrew.reviewFile', api.Uri.file(file)), path.join(rig.root, FILE));
    const events = await rig.until('the run', async () => ((await rig.runs()).length > had ? (await rig.runs())[0] : undefined));
    const [first] = events;
    assert.ok(first?.type === 'run.started' && first.data.request.background !== true && first.data.request.paths[0] === FILE);
  });

  /** Processes of this rig that run our language server. */
  function servers(): readonly number[] {
    return readdirSync('/proc').filter((name) => /^\d+$/u.test(name)).filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(path.join('dist', 'server.js')) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(path.dirname(rig.root));
      } catch {
        return false;
      }
    }).map(Number);
  }
});
