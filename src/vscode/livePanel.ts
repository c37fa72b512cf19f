/** Decides what LIVE RUN shows: the run that is chosen, kept up to date while it can be seen. */
import * as vscode from 'vscode';
import { createLazyFeed } from './lazyFeed.ts';
import type { PanelFeed } from './panelFeed.ts';
import { editorHost, pageFor, type PanelParts, webviewOptions } from './panelHost.ts';

const VIEW_ID = 'groundcrew.live';

export function registerLivePanel(parts: PanelParts): vscode.Disposable {
  return vscode.window.registerWebviewViewProvider(VIEW_ID, {
    resolveWebviewView(view) {
      const { webview } = view;
      webview.options = webviewOptions(parts.extension);
      const feed = createLazyFeed(editorHost(parts, { webview, shown: () => parts.runs.shown }));
      const listening = [
        webview.onDidReceiveMessage((raw) => feed.receive(raw)),
        view.onDidChangeVisibility(() => feed.visible(view.visible)),
        parts.runs.onDidChange((change) => {
          if (change.kind === 'event' || change.kind === 'run' ? change.run.id === parts.runs.shown?.id : true) follow(parts, feed);
        }),
      ];
      view.onDidDispose(() => {
        for (const each of listening) each.dispose();
        feed[Symbol.dispose]();
      });
      webview.html = pageFor(webview, parts.extension, 'live');
      follow(parts, feed);
    },
  });
}

/** A past run's log is read when it is shown. */
function follow({ runs, log }: PanelParts, feed: PanelFeed): void {
  const { shown } = runs;
  if (shown !== undefined && shown.view === null) {
    runs.load(shown.id).then(() => feed.changed(), (error: unknown) => log.error(`LIVE RUN cannot read run ${shown.id}: ${error instanceof Error ? error.message : String(error)}`));
    return;
  }
  feed.changed();
}
