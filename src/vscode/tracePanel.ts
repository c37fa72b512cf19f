/** Decides how the trace of a run is opened as a tab, kept through a reload of the window, and written to a file. */
import * as vscode from 'vscode';
import type { RunView } from '../core/run/view.ts';
import { basesOf } from '../core/trace/bases.ts';
import type { DetailOf } from '../protocol/webview.ts';
import { createLazyFeed } from './lazyFeed.ts';
import type { PanelFeed } from './panelFeed.ts';
import { editorHost, pageFor, type PanelParts, webviewOptions } from './panelHost.ts';
import type { Run } from './runs.ts';

const VIEW_TYPE = 'groundcrew.trace';

export interface TracePanels extends vscode.Disposable {
  /** One tab a run; `of` is selected in it. @throws Error for a run whose log cannot be read. */
  open(run: string, of?: DetailOf): Promise<void>;
  /** Asks where to. The HTML is the command line's. */
  exportRun(run: string, format: 'html' | 'json'): Promise<void>;
}

export function registerTracePanel(parts: PanelParts): TracePanels {
  const open = new Map<string, { readonly panel: vscode.WebviewPanel; readonly feed: PanelFeed }>();

  function attach(panel: vscode.WebviewPanel, run: string): PanelFeed {
    const { webview } = panel;
    webview.options = webviewOptions(parts.extension);
    panel.iconPath = vscode.Uri.joinPath(parts.extension, 'media', 'crew.svg');
    const feed = createLazyFeed(editorHost(parts, { webview, shown: () => parts.runs.get(run) }));
    open.set(run, { panel, feed });
    const listening = [
      webview.onDidReceiveMessage((raw) => feed.receive(raw)),
      panel.onDidChangeViewState(() => feed.visible(panel.visible)),
      parts.runs.onDidChange((change) => {
        if (change.kind === 'event' || change.kind === 'run' ? change.run.id === run : change.kind === 'list') feed.changed();
      }),
    ];
    panel.onDidDispose(() => {
      open.delete(run);
      for (const each of listening) each.dispose();
      feed[Symbol.dispose]();
    });
    webview.html = pageFor(webview, parts.extension, 'trace');
    return feed;
  }

  const serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const run = runOf(state);
      if (run === undefined) {
        panel.dispose();
        return;
      }
      await parts.runs.refresh();
      const feed = attach(panel, run);
      await parts.runs.load(run).catch((error: unknown) => parts.log.warn(`The trace of run ${run} cannot be shown again: ${error instanceof Error ? error.message : String(error)}`));
      feed.changed();
    },
  });

  return {
    async open(run, of) {
      await parts.runs.load(run);
      const known = open.get(run);
      const panel = known?.panel ?? vscode.window.createWebviewPanel(VIEW_TYPE, `Trace · ${short(parts.runs.get(run)?.title ?? run)}`, vscode.ViewColumn.Active);
      const feed = known?.feed ?? attach(panel, run);
      panel.reveal();
      if (of !== undefined) feed.reveal(of);
    },
    async exportRun(id, format) {
      const view = await parts.runs.load(id);
      const run = parts.runs.get(id);
      if (run === undefined) return;
      const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(vscode.Uri.file(run.folder), `${id}.${format}`), filters: format === 'html' ? { HTML: ['html'] } : { JSON: ['json'] }, title: 'Export the trace' });
      if (target === undefined) return;
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(format === 'json' ? `${JSON.stringify(run.events, null, 1)}\n` : await htmlOf(parts, run, view)));
      const picked = await vscode.window.showInformationMessage(`The trace is in ${target.fsPath}.`, 'Open File');
      if (picked === 'Open File') await (format === 'html' ? vscode.env.openExternal(target) : vscode.window.showTextDocument(target));
    },
    dispose() {
      serializer.dispose();
      for (const { panel } of open.values()) panel.dispose();
    },
  };
}

async function htmlOf({ store }: PanelParts, { folder, events }: Run, view: RunView): Promise<string> {
  const [{ renderTrace }, { hashing }, opened] = await Promise.all([import('../core/trace/traceHtml.ts'), import('../node/hashing.ts'), store(folder)]);
  return renderTrace({ view, events, hashing, ...(opened === undefined ? {} : { baseOf: await basesOf(opened, view) }) });
}

/** What the tab remembered; anything else is not ours. */
function runOf(state: unknown): string | undefined {
  return typeof state === 'object' && state !== null && 'run' in state && typeof state.run === 'string' ? state.run : undefined;
}

const TITLE_CHARS = 40;
function short(title: string): string {
  return title.length <= TITLE_CHARS ? title : `${title.slice(0, TITLE_CHARS - 1)}…`;
}
