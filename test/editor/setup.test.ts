import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { missingRule } from '../support/cliProjects.ts';
import { type EditorRig, openEditorRig } from './rig.ts';

const FILE = 'src/discount.js';

describe('a folder that is not trusted, and a machine without Ollama', () => {
  let rig: EditorRig;
  before(async () => {
    rig = await openEditorRig({ files: missingRule, model: 'none', asksForTrust: true, settings: { 'security.workspace.trust.startupPrompt': 'never', 'groundcrew.budget.minutes': 0.25, 'groundcrew.approvals.policy': 'safe' } });
  });
  afterEach(async function keepWhatFailed() {
    if (this.currentTest?.state === 'failed') await rig.window.keep(this.currentTest.title);
  });
  after(async () => await rig[Symbol.asyncDispose]());

  it('says in Restricted Mode why nothing runs, and offers no fix', async () => {
    const { window } = rig;
    await window.showCrew();
    const welcome = window.page.locator('.part.sidebar .welcome-view-content', { hasText: 'is not trusted' }).first();
    await welcome.waitFor();
    assert.match((await welcome.textContent()) ?? '', /Manage Trust/u);
    assert.deepEqual((await window.offered('Groundcrew: Fix This Bug')).filter((title) => title.includes('Fix This Bug')), []);
  });

  it('says what is missing when no Ollama answers, and leaves the files alone', async () => {
    const { window } = rig;
    await window.command('Workspaces: Manage Workspace Trust');
    await window.page.locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
    // The page about trust covers the window until it is closed.
    await window.page.getByText('You trust this folder').waitFor();
    await window.page.locator('[class*="modal-editor"] .codicon-close').first().click();
    await window.page.locator('.workspace-trust-editor').waitFor({ state: 'hidden' });
    await window.open(FILE);
    await window.fix('students pay too much');
    await window.see(/students pay.*failed/u);
    const told = await window.seeToast(/Your files are unchanged/u);
    assert.match(told, /Ollama|model/u);
    assert.equal(rig.text(FILE), missingRule[FILE]);
  });

  it('uses no API that a released editor refuses', async () => {
    assert.deepEqual(await rig.faults(), []);
  });
});
