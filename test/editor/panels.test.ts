import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { RunEvent } from '../../src/core/domain/event.ts';
import { foldRun } from '../../src/core/run/view.ts';
import { visible } from '../../src/core/trace/text.ts';
import { buildWebview } from '../../esbuild.webview.ts';
import { launchBrowser } from '../harness/editor/browser.ts';
import { openStage, type Stage, type StageOptions } from '../harness/webview/stage.ts';
import { THEMES } from '../harness/webview/themes.ts';
import { bigRun } from '../support/bigRun.ts';
import { recorder, sampleRun } from '../support/sampleRun.ts';
import { tempFolder } from '../support/tempFolder.ts';

const HOSTILE = '<img src=x onerror="globalThis.hurt=1"><script>globalThis.hurt=1</script>[go](command:workbench.action.quit) \u202egpj.exe\u202c \u001b[31mred\u0007 \u200b javascript:hurt=1';

/** The real panels with their real feed, in a browser. */
describe('panels', function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let browser: Browser;
  before(async () => {
    await buildWebview(folder.path);
    const found = await launchBrowser({ env: process.env, onProgress: () => undefined }, AbortSignal.timeout(240_000));
    if ('kind' in found) throw new Error(`${found.reason}: ${found.remedy}`);
    browser = found;
  });
  after(async () => {
    await browser?.close();
    folder[Symbol.dispose]();
  });

  const stage = (options: Partial<StageOptions> = {}): Promise<Stage> => openStage({ browser, bundle: folder.path, surface: 'live', ...options });
  const trace = (options: Partial<StageOptions> = {}): Promise<Stage> => stage({ surface: 'trace', size: { width: 1_200, height: 800 }, ...options });
  async function check({ page, faults }: Stage): Promise<void> {
    assert.deepEqual(faults, []);
    await page.evaluate(axe.source); // the page's policy refuses a script tag
    const found = await page.evaluate<readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] }[]>('axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html })) })))');
    assert.deepEqual(found.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' | ')}`), []);
  }

  describe('LIVE RUN', () => {
    it('leads somebody who has no run yet', async () => {
      await using panel = await stage();
      panel.feed.changed();
      await panel.page.getByRole('button', { name: 'Fix This Bug' }).click();
      await eventually(() => panel.asked.length === 1);
      assert.deepEqual(panel.asked, [{ kind: 'start', action: 'fix' }]);
      await check(panel);
    });
    it('draws every task, source, survivor and edge of the log', async () => {
      await using panel = await stage();
      panel.show(sampleRun());
      await panel.page.getByRole('treeitem').first().waitFor();
      assert.equal(await panel.page.getByRole('treeitem').count(), 8);
      assert.equal(await panel.page.locator('.edge').count(), 9);
      assert.equal(await panel.page.locator('.edge.kept').count(), 3);
    });
    it('has token totals that equal the sums of the final records', async () => {
      await using panel = await stage();
      const events = bigRun(300);
      panel.show(events);
      await panel.page.locator('.role-bars li').first().waitFor();
      const drawn = await panel.page.evaluate<readonly { readonly prompt: number; readonly reply: number }[]>("[...document.querySelectorAll('.role-bars li')].map((each) => ({ prompt: Number(each.dataset.prompt), reply: Number(each.dataset.reply) }))");
      const told = events.flatMap((event) => (event.type === 'model.finished' ? [event.data.tokens] : []));
      assert.equal(drawn.reduce((sum, { prompt }) => sum + prompt, 0), told.reduce((sum, { prompt }) => sum + prompt, 0));
      assert.equal(drawn.reduce((sum, { reply }) => sum + reply, 0), told.reduce((sum, { reply }) => sum + reply, 0));
    });
    it('moves no node while the run grows', async () => {
      await using panel = await stage();
      const events = sampleRun();
      const half = events.findIndex(({ type }) => type === 'candidate.offered');
      panel.show(events.slice(0, half));
      await panel.page.getByRole('treeitem').nth(4).waitFor();
      const places = (): Promise<Record<string, string>> => panel.page.evaluate<Record<string, string>>("Object.fromEntries([...document.querySelectorAll('.node')].map((node) => [node.dataset.node, node.style.left + ' ' + node.style.top]))");
      const before = await places();
      for (const event of events.slice(half)) panel.add([event]);
      await panel.page.getByRole('treeitem').nth(7).waitFor();
      const now = await places();
      for (const [id, place] of Object.entries(before)) assert.equal(now[id], place, id);
    });
    it('is moved in by keyboard alone, and opens what has the focus', async () => {
      await using panel = await stage();
      panel.show(sampleRun());
      await panel.page.getByRole('treeitem').first().focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await panel.page.keyboard.press(key);
      const focused = await panel.page.evaluate<string>('document.activeElement.dataset.node');
      assert.match(focused, /^source /);
      await panel.page.keyboard.press('Enter');
      await panel.page.locator('.selected').waitFor();
      assert.equal(await panel.page.evaluate<number>("document.querySelectorAll('.node[tabindex=\"0\"]').length"), 1);
    });
    it('shows a call\'s exact texts when they are looked at', async () => {
      await using panel = await stage({ size: { width: 380, height: 1_400 } });
      panel.show(sampleRun());
      await panel.page.getByRole('treeitem', { name: /Count the last line/ }).click();
      await panel.page.getByRole('button', { name: /cloze/ }).first().click();
      await panel.page.getByText('for (let i = 1; i < lines.length; i += 1) {').first().waitFor();
      await check(panel);
    });
    it('asks for an answer once, with the digest that was shown', async () => {
      await using panel = await stage();
      panel.show(asking());
      await panel.page.getByRole('button', { name: 'Allow Once' }).dblclick();
      await eventually(() => panel.asked.length > 0);
      assert.deepEqual(panel.asked, [{ kind: 'approve', approval: { run: 'run-sample', id: 'ask-1', digest: 'd1', decision: 'once' } }]);
      assert.equal(await panel.page.getByRole('button', { name: 'Always in This Folder' }).count(), 0, 'what may not be remembered is not offered');
      await check(panel);
    });
    it('offers what can be done, and nothing else', async () => {
      await using panel = await stage();
      panel.show(sampleRun(), { state: 'done', actions: ['undo', 'trace', 'exportHtml'] });
      await panel.page.getByRole('button', { name: 'Undo Run' }).click();
      await eventually(() => panel.asked.length === 1);
      assert.deepEqual(await panel.page.getByRole('group', { name: 'This run' }).getByRole('button').allTextContents(), ['Undo Run', 'Open Trace']);
    });
    it('is whole again when it was hidden', async () => {
      await using panel = await stage();
      const events = sampleRun();
      panel.show(events.slice(0, 20));
      await panel.page.getByRole('treeitem').first().waitFor();
      panel.feed.visible(false);
      panel.add(events.slice(20));
      panel.feed.visible(true);
      await panel.page.getByText('every test passes with the change').waitFor();
      assert.deepEqual(panel.sent.filter((kind) => kind === 'snapshot').length, 2);
    });
    it('says why an intent was refused, and goes on', async () => {
      await using panel = await stage();
      panel.show(sampleRun(), { actions: [] });
      await panel.page.getByRole('treeitem').first().waitFor();
      await panel.page.evaluate("toHost({ kind: 'act', run: 'run-sample', action: 'undo' })");
      await panel.page.getByRole('alert').filter({ hasText: 'cannot be done' }).waitFor();
      for (const garbage of ['null', '"x"', '[]', "{ kind: 'eval' }", "{ kind: 'open', run: 'run-sample', path: 'x'.repeat(300000), line: 1 }"]) await panel.page.evaluate(`toHost(${garbage})`);
      assert.equal(panel.log.length, 6);
      assert.deepEqual(panel.asked, []);
    });
  });

  for (const surface of ['live', 'trace'] as const) {
    it(`draws hostile text as text: ${surface}`, async () => {
      await using panel = await stage({ surface, size: { width: 900, height: 1_200 } });
      panel.show(sampleRun(HOSTILE), { title: HOSTILE });
      await panel.page.locator('h1').waitFor();
      if (surface === 'live') await panel.page.getByRole('treeitem', { name: /Count the last/ }).click();
      else for (const name of ['read_file', 'cloze', 'Failed', 'fill line 6']) await panel.page.locator('.list-row', { hasText: name }).first().click();
      await eventually(async () => (await panel.page.evaluate<string>('document.body.textContent')).includes('⟨U+202E⟩'));
      const text = await panel.page.evaluate<string>('document.body.textContent');
      assert.equal(text, visible(text), 'every control and direction character is shown as its code');
      assert.match(text, /<script>globalThis\.hurt=1/);
      assert.equal(await panel.page.evaluate('globalThis.hurt'), undefined);
      assert.equal(await panel.page.evaluate("document.querySelectorAll('img, a, form, iframe, script:not([nonce])').length"), 0);
      assert.deepEqual(panel.faults, []);
    });
    for (const theme of THEMES) {
      it(`has no serious fault of accessibility: ${surface}, ${theme}`, async () => {
        await using panel = await stage({ surface, theme, size: surface === 'live' ? { width: 380, height: 1_400 } : { width: 1_200, height: 800 } });
        panel.show(sampleRun(), { state: 'done' });
        await panel.page.getByRole('treeitem').first().waitFor();
        await panel.page.getByRole('treeitem').nth(2).click();
        await panel.page.waitForTimeout(60); // the detail comes from the other process
        await check(panel);
      });
    }
    for (const [what, size, zoom] of [['300 px', { width: 300, height: 900 }, 1], ['200 %', { width: 760, height: 1_200 }, 2]] as const) {
      it(`fits without a scroll bar below: ${surface}, ${what}`, async () => {
        await using panel = await stage({ surface, size, zoom });
        panel.show(sampleRun('-'.repeat(300)), { title: 'A long title '.repeat(20) });
        await panel.page.getByRole('treeitem').first().waitFor();
        const wide = await panel.page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        assert.ok(wide <= 0, `${wide} px too wide`);
        const cut = await panel.page.evaluate<readonly string[]>("[...document.querySelectorAll('button')].filter((each) => { const { right, width } = each.getBoundingClientRect(); return width > 0 && right > innerWidth + 1; }).map((each) => each.textContent)");
        assert.deepEqual(cut, []);
      });
    }
  }

  describe('trace', () => {
    const open = async (events: readonly RunEvent[], options: Partial<StageOptions> = {}): Promise<Stage> => {
      const panel = await trace(options);
      panel.show(events, { state: 'done', actions: ['exportHtml', 'exportJson'] });
      await panel.page.getByRole('treeitem').first().waitFor();
      return panel;
    };
    const selected = (page: Page): Promise<string> => page.locator('.right h2').textContent().then((text) => text ?? '');

    it('shows what was sent and what came back, exactly', async () => {
      await using panel = await open(sampleRun());
      await panel.page.locator('.list-row', { hasText: 'Planner' }).filter({ hasText: 'plan' }).filter({ hasText: 'tokens' }).click();
      await panel.page.getByRole('tab', { name: 'Input' }).click();
      await panel.page.locator('.right pre', { hasText: '300 !== 450' }).waitFor();
      await panel.page.getByRole('tab', { name: 'Output' }).click();
      await panel.page.locator('.right pre', { hasText: 'Count the last line' }).waitFor();
      await panel.page.getByRole('tab', { name: 'Raw' }).click();
      const raw = await panel.page.locator('.right pre.raw').textContent();
      const logged = sampleRun().filter((event) => (event.type === 'model.started' || event.type === 'model.finished') && event.data.call === 'call-1').map((event) => JSON.stringify(event));
      assert.equal(raw, logged.join('\n'));
    });
    it('goes to the next error with e, and to the filter with /', async () => {
      await using panel = await open(sampleRun());
      await panel.page.locator('.list').focus();
      await panel.page.keyboard.press('e');
      assert.match(await selected(panel.page), /write_file/);
      await panel.page.keyboard.press('/');
      await panel.page.keyboard.type('review');
      await eventually(async () => (await panel.page.locator('.list-row').count()) < 6);
      assert.equal(await panel.page.getByLabel('Filter').inputValue(), 'review');
    });
    it('opens and closes groups, and finds its way back, by keyboard', async () => {
      await using panel = await open(sampleRun());
      await panel.page.locator('.list').focus();
      const before = await panel.page.locator('.list-row').count();
      await panel.page.keyboard.press('Home');
      await panel.page.keyboard.press('ArrowLeft');
      await eventually(async () => (await panel.page.locator('.list-row').count()) < before);
      await panel.page.keyboard.press('ArrowRight');
      await eventually(async () => (await panel.page.locator('.list-row').count()) === before);
      await panel.page.keyboard.press('End');
      await panel.page.keyboard.press('ArrowLeft');
      const active = await panel.page.evaluate<string>("document.getElementById(document.querySelector('.list').getAttribute('aria-activedescendant')).getAttribute('aria-level')");
      assert.equal(active, '1');
    });
    it('leads from a failed test to its line', async () => {
      const events = sampleRun().map((event) => (event.type !== 'check.finished' ? event : { ...event, data: { ...event.data, outcome: { ...event.data.outcome, tests: event.data.outcome.tests?.map((test) => ({ ...test, path: 'test/cart.test.js', line: 14 })) ?? null } } }));
      await using panel = await open(events);
      await panel.page.locator('.list-row', { hasText: 'Failed' }).first().click();
      await panel.page.getByRole('button', { name: 'test/cart.test.js:14' }).first().click();
      await eventually(() => panel.asked.length === 1);
      assert.deepEqual(panel.asked, [{ kind: 'open', path: 'test/cart.test.js', line: 14 }]);
    });
    it('selects what the editor points at', async () => {
      await using panel = await open(sampleRun());
      panel.feed.reveal({ kind: 'candidate', id: 'c3' });
      await eventually(async () => (await panel.page.locator('.right h2').count()) > 0);
      assert.match(await selected(panel.page), /lines\.length - 1 to lines\.length/);
    });
    it('draws the whole run over time, and event by event', async () => {
      await using panel = await open(sampleRun());
      await panel.page.getByRole('tab', { name: 'Timeline' }).click();
      await panel.page.locator('.span-bar .part.prompt').first().waitFor();
      await check(panel);
      await panel.page.getByRole('tab', { name: 'Events' }).click();
      await panel.page.getByRole('option').first().click();
      await panel.page.locator('.right pre', { hasText: 'qwen2.5-coder' }).first().waitFor();
      assert.equal(await panel.page.getByRole('option').first().getAttribute('aria-setsize'), String(sampleRun().length - foldRun(sampleRun()).calls.size));
      await check(panel);
    });
    it('asks for an export', async () => {
      await using panel = await open(sampleRun());
      await panel.page.getByRole('button', { name: 'Export HTML' }).click();
      await eventually(() => panel.asked.length === 1);
      assert.deepEqual(panel.asked, [{ kind: 'act', run: 'run-sample', action: 'exportHtml' }]);
    });
    it('keeps 10,000 spans to some fifty rows', async () => {
      await using panel = await open(bigRun(10_000));
      assert.ok((await panel.page.locator('.list-row').count()) < 60);
      await panel.page.locator('.list').focus();
      await panel.page.keyboard.press('End');
      await panel.page.locator('.list [aria-selected="true"]').waitFor();
      assert.deepEqual(panel.faults, []);
    });
  });
});

function asking(): readonly RunEvent[] {
  const record = recorder();
  for (const event of sampleRun().slice(0, 6)) record.emit(event.type, event.data as never); // each with its own data
  record.emit('approval.asked', { id: 'ask-1', role: 'verifier', tool: 'run_check', what: 'npm test -- total', why: 'first time in this folder', rule: 'check.new', digest: 'd1', risk: 'low' });
  return record.events;
}

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > until) assert.fail('It did not come to hold within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
