/** Decides how a panel is looked at without the editor: its real bundle in a browser, its real feed in this process, a recorded run between them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import { applyEvent, RunFold } from '../../../src/core/run/view.ts';
import type { HostMessage, RunAction, RunState, StartAction } from '../../../src/protocol/webview.ts';
import { type Approval, createPanelFeed, type PanelFeed, type PanelRun } from '../../../src/vscode/panelFeed.ts';
import { panelHtml } from '../../../src/vscode/panelHtml.ts';
import { type Theme, themeCss } from './themes.ts';

const ORIGIN = 'http://panel.test';
const RUNNING_ACTIONS: readonly RunAction[] = ['stop', 'trace'];
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

export interface StageOptions {
  readonly browser: Browser;
  /** Built by esbuild.webview.ts. */
  readonly bundle: string;
  readonly surface: 'live' | 'trace';
  readonly theme?: Theme;
  readonly size?: { readonly width: number; readonly height: number };
  readonly zoom?: number;
}

/** What the panel asked of the editor. */
export type Asked =
  | { readonly kind: 'act'; readonly run: string; readonly action: RunAction }
  | { readonly kind: 'start'; readonly action: StartAction }
  | { readonly kind: 'approve'; readonly approval: Approval }
  | { readonly kind: 'open'; readonly path: string; readonly line: number };

export interface Stage extends AsyncDisposable {
  readonly page: Page;
  readonly feed: PanelFeed;
  readonly asked: readonly Asked[];
  readonly log: readonly string[];
  /** Errors and refused loads of the page. */
  readonly faults: readonly string[];
  /** How many messages of each kind went to the panel. */
  readonly sent: readonly HostMessage['kind'][];
  /** Shows a run with these events; `state` as the editor would say. */
  show(events: readonly RunEvent[], options?: { readonly state?: RunState; readonly live?: boolean; readonly actions?: readonly RunAction[]; readonly title?: string }): void;
  add(events: readonly RunEvent[]): void;
}

export async function openStage({ browser, bundle, surface, theme = 'dark', size = { width: 380, height: 900 }, zoom = 1 }: StageOptions): Promise<Stage> {
  const context = await browser.newContext({ viewport: { width: Math.round(size.width / zoom), height: Math.round(size.height / zoom) }, deviceScaleFactor: zoom });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => void faults.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
  const asked: Asked[] = [];
  const log: string[] = [];
  const sent: HostMessage['kind'][] = [];
  let shown: (Omit<PanelRun, 'view' | 'events'> & { readonly view: RunFold; readonly events: RunEvent[] }) | undefined;
  const post = (message: HostMessage): void => {
    sent.push(message.kind);
    void page.evaluate(`postMessage(${JSON.stringify(message)}, '*')`).catch(() => undefined); // the page may be gone
  };
  const feed = createPanelFeed({
    shown: () => shown,
    baseOf: async () => () => undefined,
    act: async (run, action) => void asked.push({ kind: 'act', run, action }),
    start: async (action) => void asked.push({ kind: 'start', action }),
    approve: async (approval) => void asked.push({ kind: 'approve', approval }),
    open: async (_run, path, line) => void asked.push({ kind: 'open', path, line }),
    post,
    log: (line) => void log.push(line),
  });
  await page.exposeFunction('toHost', (raw: unknown) => feed.receive(raw));
  await page.addInitScript(`let kept;globalThis.acquireVsCodeApi=()=>({postMessage:(m)=>void toHost(m),getState:()=>kept,setState:(s)=>{kept=s}})`);
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return await route.fulfill({ contentType: 'text/html', body: panelHtml({ title: surface, script: `${ORIGIN}/${surface}.js`, style: `${ORIGIN}/panel.css`, source: ORIGIN }).replace('<link', `<link rel="stylesheet" href="${ORIGIN}/theme.css"><link`) });
    if (name === 'theme.css') return await route.fulfill({ contentType: 'text/css', body: themeCss(theme) });
    const body = await readFile(join(bundle, name)).catch(() => undefined);
    return await (body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ contentType: TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain', body }));
  });
  await page.goto(`${ORIGIN}/`);
  return {
    page, feed, asked, log, faults, sent,
    show(events, { state = 'running', live = true, actions = RUNNING_ACTIONS, title } = {}) {
      const view = new RunFold();
      for (const event of events) applyEvent(view, event);
      shown = { run: view.run, title: title ?? view.request?.words ?? 'Run', state, live, actions: [...actions], view, events: [...events] };
      feed.changed();
    },
    add(events) {
      for (const event of events) {
        if (shown === undefined) return;
        applyEvent(shown.view, event);
        shown.events.push(event);
      }
      feed.changed();
    },
    async [Symbol.asyncDispose]() {
      feed[Symbol.dispose]();
      await context.close();
    },
  };
}
