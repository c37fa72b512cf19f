import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, describe, it } from 'mocha';
import { foldRun, type RunView } from '../../src/core/run/view.ts';
import { stateFolder } from '../../src/node/stateFolder.ts';
import { openStore } from '../../src/node/store.ts';
import { type EditorRig, openEditorRig } from '../editor/rig.ts';

const SAMPLE = fileURLToPath(new URL('../../media/sample', import.meta.url));
/** The demo takes a minute on two idle cores; here an editor and a browser share them. */
const FIXED_MS = 8 * 60_000;
const files = Object.fromEntries(readdirSync(SAMPLE).map((name) => [name, readFileSync(path.join(SAMPLE, name), 'utf8')]));

/** One person, one real editor, one real model: from the key to the changed file, each stage kept as a picture. */
describe('the sample in a real editor with a real model', () => {
  let rig: EditorRig;
  before(async () => {
    const host = process.env['GROUNDCREW_TEST_URL'];
    assert.ok(host, 'These tests run by `npm run test:model`, which makes the server.');
    rig = await openEditorRig({ files, model: 'none', settings: { 'groundcrew.ollama.hosts': [host], 'groundcrew.models.default': process.env['GROUNDCREW_TEST_MODEL'] ?? '' } });
    await rig.window.open('booking.js');
  });
  afterEach(async function keepWhatFailed() {
    if (this.currentTest?.state === 'failed') await rig.window.keep(this.currentTest.title);
  });
  after(async () => await rig[Symbol.asyncDispose]());

  const picture = async (name: string): Promise<void> => void (await rig.window.page.screenshot({ path: path.join(process.env['GROUNDCREW_SCREENSHOTS'] ?? '.', `model-${name}.png`) }));

  async function lastRun(): Promise<RunView> {
    await using store = await openStore(stateFolder(rig.root, { platform: process.platform, env: { XDG_STATE_HOME: path.join(path.dirname(rig.root), 'state') }, home: homedir() }));
    const [newest] = await store.runs(1);
    assert.ok(newest, 'no run was logged');
    return foldRun(await store.read(newest.run));
  }

  it('is fixed by keys and clicks alone, and proven by its own test', async () => {
    const { window } = rig;
    await window.fix('a half hour is charged for nothing');
    await window.action(await window.see(/Run .*node --test/u), 'Always Allow Here');
    await window.see('Offer candidates');
    await picture('1-at-work');
    const change = window.row('Write the change?');
    await change.waitFor({ timeout: FIXED_MS });
    await picture('2-ready');
    await change.click();
    await window.page.locator('.tab', { hasText: 'Ready to review' }).first().waitFor();
    await picture('3-change');
    await window.action(change, 'Apply All');
    await window.seeToast(/Fixed, proven by .*node --test/u);
    await picture('4-fixed');
    assert.notEqual(rig.text('duration.js'), files['duration.js']);
    // With the variable of an outer run set, node --test runs nothing and exits 0.
    const { NODE_TEST_CONTEXT: _outer, ...env } = process.env;
    assert.equal(spawnSync(process.execPath, ['--test'], { cwd: rig.root, env }).status, 0);
  });

  it('was the work of a model: what each role asked and what it cost stands in the log', async () => {
    const view = await lastRun();
    const completed = [...view.calls.values()].filter(({ state }) => state === 'completed');
    assert.ok(completed.some(({ role }) => role === 'coder') && completed.some(({ role }) => role === 'reviewer'), JSON.stringify(completed.map(({ role, purpose }) => [role, purpose])));
    assert.deepEqual([view.outcome?.kind, view.outcome?.applied, view.outcome?.receipt?.exit], ['fixed', true, 0], view.outcome?.reason);
    const prompt = [...view.calls.values()].reduce((sum, { tokens }) => sum + (tokens?.prompt ?? 0), 0);
    assert.equal(view.outcome?.tokens.prompt, prompt);
  });

  it('uses no API that a released editor refuses', async () => assert.deepEqual(await rig.faults(), []));
});
