/** Decides what the panels cost: layout, how soon an event is seen, how soon a long trace opens, how it scrolls, what it holds. */
import type { Browser, Page } from 'playwright-core';
import { buildWebview } from '../../esbuild.webview.ts';
import { slimEvents } from '../../src/protocol/slimEvent.ts';
import type { HostMessage } from '../../src/protocol/webview.ts';
import { createLayout, type LayoutNode } from '../../src/webview/layout.ts';
import { launchBrowser } from '../harness/editor/browser.ts';
import { openStage } from '../harness/webview/stage.ts';
import { bigRun } from '../support/bigRun.ts';
import { sampleRun } from '../support/sampleRun.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { median } from './fixTable.ts';
import { atLeast, atMost, plain, type Row } from './row.ts';

const NODES = 1_000;
const ROUNDS = 40;
const SPANS = 10_000;
const EVENTS_PER_SECOND = 200;
const STREAM_MS = 4_000;
const SCROLL_MS = 3_000;

export async function benchPanels(signal: AbortSignal): Promise<readonly Row[]> {
  const layout = layoutRows();
  using folder = tempFolder();
  const { bytes } = await buildWebview(folder.path);
  const browser = await launchBrowser({ env: process.env, onProgress: () => undefined }, signal);
  if ('kind' in browser) throw new Error(`${browser.reason}: ${browser.remedy}`);
  try {
    return [...layout, ...(await liveRows(browser, folder.path)), ...(await traceRows(browser, folder.path)), plain('both panels, minified', bytes / 1_000, 'kB')];
  } finally {
    await browser.close();
  }
}

/** Warm, as a panel is after its first second. */
function layoutRows(): readonly Row[] {
  const nodes = randomGraph(NODES);
  const whole: number[] = [];
  const added: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const from = performance.now();
    const layout = createLayout(nodes);
    const made = performance.now();
    layout.add({ id: 'new', after: [{ id: 'n500', layers: 1 }, { id: 'n900', layers: 1 }] });
    added.push(performance.now() - made);
    whole.push(made - from);
  }
  return [atMost(`layout of ${NODES} nodes, median`, median(whole.slice(ROUNDS / 4)), 'ms', 5), atMost('one more node, median', median(added.slice(ROUNDS / 4)), 'ms', 1)];
}

/** The same each time: each node comes after one or two of the forty before it. */
function randomGraph(count: number): readonly LayoutNode[] {
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % below;
  };
  return Array.from({ length: count }, (_, i) => ({ id: `n${i}`, after: i === 0 ? [] : Array.from({ length: 1 + next(2) }, () => ({ id: `n${Math.max(0, i - 1 - next(40))}`, layers: 1 })) }));
}

/** From the moment an event is in the log to the moment the panel has drawn it, while many come. */
async function liveRows(browser: Browser, bundle: string): Promise<readonly Row[]> {
  await using stage = await openStage({ browser, bundle, surface: 'live' });
  const events = bigRun(1_000);
  const start = 60;
  stage.show(events.slice(0, start));
  await stage.page.getByRole('treeitem').first().waitFor();
  await stage.page.evaluate("globalThis.drawn = []; new MutationObserver(() => drawn.push([Number(document.querySelector('main').dataset.seq), Date.now()])).observe(document.querySelector('main'), { attributes: true })");
  const happened = new Map<number, number>();
  const from = Date.now();
  for (let sent = 0; Date.now() - from < STREAM_MS; ) {
    const due = Math.min(events.length - start, Math.floor(((Date.now() - from) * EVENTS_PER_SECOND) / 1_000));
    const news = events.slice(start + sent, start + due);
    for (const event of news) happened.set(event.seq, Date.now());
    if (news.length > 0) stage.add(news);
    sent = due;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await stage.page.waitForTimeout(300);
  const drawn = await stage.page.evaluate<readonly (readonly [number, number])[]>('drawn');
  const lags = [...happened].map(([seq, at]) => (drawn.find(([known]) => known >= seq)?.[1] ?? Number.POSITIVE_INFINITY) - at).sort((a, b) => a - b);
  return [atMost(`event to panel at ${EVENTS_PER_SECOND} a second, p95 of ${lags.length}`, lags[Math.floor(lags.length * 0.95)] ?? Number.POSITIVE_INFINITY, 'ms', 100), plain('the same, slowest', lags.at(-1) ?? Number.POSITIVE_INFINITY, 'ms'), plain('a message alone, p95 (the machine)', await bareMessageMs(stage.page), 'ms')];
}

/** There and back through the same channel with nothing drawn: what the machine itself takes of the row above. */
async function bareMessageMs(page: Page): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 60; i += 1) {
    const from = performance.now();
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
}

async function traceRows(browser: Browser, bundle: string): Promise<readonly Row[]> {
  await using stage = await openStage({ browser, bundle, surface: 'trace', size: { width: 1_200, height: 800 } });
  const { page } = stage;
  const events = bigRun(SPANS);
  const from = performance.now();
  const slim = slimEvents(events);
  const slimMs = performance.now() - from;
  // Another trace first: the tab's code is warm when a second one is opened; the first start is the editor's, not ours.
  stage.show(sampleRun());
  await page.getByRole('treeitem').first().waitFor();
  const message: HostMessage = { kind: 'snapshot', head: { run: 'run-big', title: 'Big', state: 'done', live: false, actions: [] }, events: slim, now: 0 };
  await page.evaluate(`globalThis.big = JSON.parse(${JSON.stringify(JSON.stringify(message))}); undefined`);
  const opened = await page.evaluate<number>("new Promise((resolve) => { const from = performance.now(); postMessage(big, '*'); const look = () => document.querySelectorAll('[aria-setsize=\"10005\"]').length > 20 ? requestAnimationFrame(() => resolve(performance.now() - from)) : requestAnimationFrame(look); look(); })");
  const idle = await scroll(page, 0);
  const frames = await scroll(page, 300);
  const session = await page.context().newCDPSession(page);
  await page.evaluate('delete globalThis.big');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return [
    atMost(`trace of ${SPANS.toLocaleString('en')} spans opens`, opened, 'ms', 300), plain(`${events.length.toLocaleString('en')} events made slim by the host`, slimMs, 'ms'),
    atLeast('frames a second while it scrolls', frames, '', Math.min(58, Math.floor(0.97 * idle))), plain('the same while nothing moves (the machine)', idle, ''), atMost('memory of its script', usedSize / 1_000_000, 'MB', 60),
  ];
}

/** Up and down, by so many pixels a frame. */
async function scroll(page: Page, stepPx: number): Promise<number> {
  return await page.evaluate<number>(`new Promise((resolve) => {
    const list = document.querySelector('.list'), from = performance.now();
    let frames = 0, step = ${stepPx};
    const next = (now) => {
      frames += 1;
      if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1 || list.scrollTop < 0) step = -step;
      list.scrollTop += step;
      if (now - from < ${SCROLL_MS}) requestAnimationFrame(next); else resolve((frames * 1000) / (now - from));
    };
    requestAnimationFrame(next);
  })`);
}
