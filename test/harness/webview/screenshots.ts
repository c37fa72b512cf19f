/** Decides which screens of the panels `npm run screenshots` draws: each state in each theme, to be looked at by a person. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWebview } from '../../../esbuild.webview.ts';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import type { RunAction, RunState } from '../../../src/protocol/webview.ts';
import { bigRun } from '../../support/bigRun.ts';
import { recorder, sampleRun } from '../../support/sampleRun.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { runCommand } from '../command.ts';
import { launchBrowser } from '../editor/browser.ts';
import { openStage, type Stage } from './stage.ts';
import { THEMES } from './themes.ts';

interface Screen {
  readonly name: string;
  readonly surface: 'live' | 'trace';
  readonly size: { readonly width: number; readonly height: number };
  readonly draw: (stage: Stage) => Promise<void>;
}

const OUT = fileURLToPath(new URL('../../../.screenshots/', import.meta.url));
const SIDE = { width: 380, height: 1_000 } as const;
const NARROW = { width: 300, height: 1_000 } as const;
const TAB = { width: 1_200, height: 760 } as const;
/** Progress bars and details come from the other process. */
const SETTLE_MS = 250;

const until = (type: RunEvent['type'], times = 1): readonly RunEvent[] => {
  const events = sampleRun();
  const at = events.flatMap((event, i) => (event.type === type ? [i] : []))[times - 1] ?? events.length;
  return events.slice(0, at + 1);
};
const show = (events: readonly RunEvent[], state: RunState, actions: readonly RunAction[], title = 'Fix NaN in total()') => async ({ page, ...stage }: Stage): Promise<void> => {
  const later = Date.now() - (events.at(-1)?.at ?? 0); // as if it went on now
  stage.show(events.map((event) => ({ ...event, at: event.at + later })), { state, actions, title });
  await page.locator('h1').waitFor();
};
const after = (first: (stage: Stage) => Promise<void>, then: (stage: Stage) => Promise<void>) => async (stage: Stage): Promise<void> => {
  await first(stage);
  await then(stage);
};
const done = show(sampleRun(), 'done', ['undo', 'trace', 'exportHtml', 'exportJson']);

const SCREENS: readonly Screen[] = [
  { name: 'live-empty', surface: 'live', size: SIDE, draw: async (stage) => stage.feed.changed() },
  { name: 'live-reading', surface: 'live', size: SIDE, draw: show(until('model.progressed', 3), 'running', ['stop', 'trace']) },
  { name: 'live-candidates', surface: 'live', size: SIDE, draw: show(until('candidate.gated', 9), 'running', ['stop', 'trace']) },
  { name: 'live-asking', surface: 'live', size: SIDE, draw: show(asking(), 'needs-you', ['stop', 'trace']) },
  { name: 'live-ready', surface: 'live', size: SIDE, draw: show(until('candidate.chosen'), 'ready', ['apply', 'discard', 'trace']) },
  { name: 'live-done', surface: 'live', size: SIDE, draw: done },
  { name: 'live-done-300', surface: 'live', size: NARROW, draw: done },
  { name: 'live-task', surface: 'live', size: { width: 380, height: 1_400 }, draw: after(done, async ({ page }) => {
    await page.getByRole('treeitem', { name: /Count the last/ }).click();
    await page.getByRole('button', { name: /cloze/ }).first().click();
  }) },
  { name: 'live-interrupted', surface: 'live', size: SIDE, draw: show(until('candidate.offered'), 'interrupted', ['resume', 'trace']) },
  { name: 'live-5000-events', surface: 'live', size: SIDE, draw: show(bigRun(2_500).slice(0, 5_000), 'running', ['stop', 'trace']) },
  { name: 'live-wide', surface: 'live', size: { width: 1_100, height: 420 }, draw: done },
  { name: 'trace-tree', surface: 'trace', size: TAB, draw: after(done, async ({ page }) => await page.locator('.list-row', { hasText: 'fill line 6: lines' }).click()) },
  { name: 'trace-timeline', surface: 'trace', size: TAB, draw: after(done, async ({ page }) => await page.getByRole('tab', { name: 'Timeline' }).click()) },
  { name: 'trace-events', surface: 'trace', size: TAB, draw: after(done, async ({ page }) => {
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByRole('option').nth(6).click();
  }) },
  { name: 'trace-300', surface: 'trace', size: NARROW, draw: after(done, async ({ page }) => await page.locator('.list-row', { hasText: 'Failed' }).first().click()) },
];

await runCommand(async (signal) => {
  using bundle = tempFolder();
  await buildWebview(bundle.path);
  const browser = await launchBrowser({ env: process.env, onProgress: ({ step, detail }) => console.log(`${step}: ${detail}`) }, signal);
  if ('kind' in browser) throw new Error(`${browser.reason}: ${browser.remedy}`);
  const named = process.argv.slice(2);
  const screens = SCREENS.filter(({ name }) => named.length === 0 || named.some((part) => name.includes(part)));
  await mkdir(OUT, { recursive: true });
  try {
    for (const { name, surface, size, draw } of screens) {
      for (const theme of THEMES) {
        signal.throwIfAborted();
        await using stage = await openStage({ browser, bundle: bundle.path, surface, theme, size });
        await draw(stage);
        await stage.page.waitForTimeout(SETTLE_MS);
        const file = join(OUT, `${name}-${theme}.png`);
        await rm(file, { force: true });
        await stage.page.screenshot({ path: file });
      }
      console.log(`${name} in ${THEMES.length} themes`);
    }
  } finally {
    await browser.close();
  }
  console.log(`Open them in ${OUT}`);
  return 0;
});

function asking(): readonly RunEvent[] {
  const record = recorder();
  for (const event of until('task.started')) record.emit(event.type, event.data as never); // each with its own data
  record.emit('approval.asked', { id: 'ask-1', role: 'verifier', tool: 'run_check', what: 'npm test -- total\nin shop', why: 'the first time in this folder', rule: 'check.new', digest: 'd1', risk: 'medium', rememberable: true });
  return record.events;
}
