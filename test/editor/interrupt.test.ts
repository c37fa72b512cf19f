import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { missingRule, RIGHT_LINE } from '../support/cliProjects.ts';
import { type EditorRig, openEditorRig } from './rig.ts';

const FILE = 'src/discount.js';
const BROKEN = missingRule[FILE];
const WORDS = 'students pay too much';
/** Each piece of a fill comes so late: a run can be stopped in the middle of a call. */
const SLOW_MS = 1_000;
/** One second, and what a machine at work with other things adds: the row, the toast, the palette. */
const STOPPED_MS = 30_000;

describe('a run that is interrupted in a real editor', () => {
  let rig: EditorRig;
  before(async () => {
    rig = await openEditorRig({ files: missingRule, model: { delayMs: SLOW_MS }, settings: { 'groundcrew.approvals.policy': 'safe' } });
    await rig.window.open(FILE);
  });
  afterEach(async function keepWhatFailed() {
    if (this.currentTest?.state === 'failed') await rig.window.keep(this.currentTest.title);
  });
  after(async () => await rig[Symbol.asyncDispose]());

  it('stops at once when it is told to, and changes nothing', async () => {
    const { window, model } = rig;
    await window.fix(WORDS);
    const row = await window.see(/students pay.*running/u);
    await model?.until('/api/generate', 1);
    const before = performance.now();
    await window.action(row, 'Stop Run');
    await window.see(/students pay.*stopped/u);
    assert.match(await window.seeToast(/Stopped/u), /can be resumed/u);
    assert.ok(performance.now() - before < STOPPED_MS, 'stopping took too long');
    assert.equal(rig.text(FILE), BROKEN);
  });

  it('is shown in a second window with its owner, and cannot be stopped there', async () => {
    const { window } = rig;
    await window.action(await window.see(/students pay.*stopped/u), 'Resume Run');
    await window.see(/students pay.*running/u);
    const other = await rig.openAnother();
    await other.showCrew();
    const row = await other.see(/running in another window/u);
    await row.hover();
    assert.equal(await row.locator('.action-label[aria-label^="Stop Run"]').count(), 0);
    await other.page.close();
  });

  it('is offered again when the window was reloaded in the middle of it, and goes on to the fix', async () => {
    const { window, model } = rig;
    const asked = model?.prompts().length ?? 0;
    const finished = new Set(model?.finished());
    await window.page.reload();
    await window.answerToast(/was cut off/u, 'Resume Run');
    await window.action(await window.see('Write the change?'), 'Apply All');
    await window.seeToast(/Fixed, proven/u);
    assert.ok(rig.text(FILE).includes(RIGHT_LINE), rig.text(FILE));
    const again = model?.prompts().slice(asked).filter((prompt) => finished.has(prompt)) ?? [];
    assert.deepEqual(again, [], 'a call that had been answered was sent again');
  });

  it('uses no API that a released editor refuses', async () => {
    assert.deepEqual(await rig.faults(), []);
  });
});
