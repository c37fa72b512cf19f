import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { missingRule, RIGHT_LINE } from '../support/cliProjects.ts';
import { type EditorRig, openEditorRig } from './rig.ts';

const FILE = 'src/discount.js';
const BROKEN = missingRule[FILE];
const WORDS = 'students pay too much';
const ASKED = /Run .*node --test/u;

describe('Fix This Bug in a real editor', () => {
  let rig: EditorRig;
  before(async () => {
    rig = await openEditorRig({ files: missingRule });
    await rig.window.open(FILE);
  });
  afterEach(async function keepWhatFailed() {
    if (this.currentTest?.state === 'failed') await rig.window.keep(this.currentTest.title);
  });
  after(async () => await rig[Symbol.asyncDispose]());

  it('asks before it runs a command of the project, and changes nothing when that is refused', async () => {
    const { window } = rig;
    await window.fix(WORDS);
    await window.action(await window.see(ASKED), 'Do Not Run');
    await window.see(/failed: needs approval/u);
    await window.seeToast(/refused/u);
    assert.equal(rig.text(FILE), BROKEN);
  });

  it('runs the same again on Try Again, and remembers what is always allowed here', async () => {
    const { window } = rig;
    await window.answerToast(/refused/u, 'Try Again');
    await window.action(await window.see(ASKED), 'Always Allow Here');
    const change = await window.see('Write the change?');
    assert.equal(rig.text(FILE), BROKEN, 'a file was written before anybody said so');
    await window.action(change, 'Apply All');
    await window.seeToast(/Fixed, proven by .node --test/u);
    assert.ok(rig.text(FILE).includes(RIGHT_LINE), rig.text(FILE));
    assert.match(await window.editorText(), /age < 18/u);
  });

  it('takes the change back with Undo Run', async () => {
    const { window } = rig;
    await window.answerToast(/Fixed, proven/u, 'Undo Run');
    await window.seeToast('is as before the run');
    await window.see(/undone/u);
    assert.equal(rig.text(FILE), BROKEN);
    assert.doesNotMatch(await window.editorText(), /age < 18/u);
  });

  it('keeps what the user typed while the crew worked, and says that it is a conflict', async () => {
    const { window } = rig;
    await window.command('Notifications: Clear All Notifications');
    await window.page.locator('.editor-instance .view-line').first().click();
    await window.fix(WORDS);
    const change = await window.see('Write the change?');
    await window.page.locator('.editor-instance .view-line').first().click();
    await window.press('Control+Home');
    await window.page.keyboard.type('const mine = 1;\n');
    await window.action(change, 'Apply All');
    await window.see(/failed: conflict/u);
    assert.match(await window.seeToast(/changed while the crew worked/u), /Your version was kept/u);
    assert.equal(rig.text(FILE), BROKEN);
    assert.match(await window.editorText(), /const mine = 1/u);
  });

  it('reads, checks and changes the unsaved text, and leaves saving it to the user', async () => {
    const { window } = rig;
    await window.command('Notifications: Clear All Notifications');
    await window.page.locator('.editor-instance .view-line').first().click();
    await window.fix(WORDS);
    await window.action(await window.see('Write the change?'), 'Apply All');
    await window.seeToast(/Fixed, proven/u);
    assert.equal(rig.text(FILE), BROKEN, 'unsaved text of the user was saved');
    const shown = await window.editorText();
    assert.match(shown, /const mine = 1/u);
    assert.match(shown, /age < 18/u);
  });

  it('uses no API that a released editor refuses', async () => {
    assert.deepEqual(await rig.faults(), []);
  });
});
