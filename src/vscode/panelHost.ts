/** Decides how a panel reaches the editor: every action is a command, every file is opened inside its own folder. */
import * as vscode from 'vscode';
import type { Store } from '../core/ports.ts';
import { basesOf } from '../core/trace/bases.ts';
import type { HostMessage, RunAction, StartAction } from '../protocol/webview.ts';
import type { CommandId } from './commands.ts';
import type { Approval, PanelHost, PanelRun } from './panelFeed.ts';
import { panelHtml } from './panelHtml.ts';
import type { Run, Runs } from './runs.ts';
import { actionsOf } from './runsTree.ts';

export interface PanelParts {
  readonly extension: vscode.Uri;
  readonly runs: Runs;
  /** Of a workspace folder; undefined: it has none. */
  readonly store: (folder: string) => Promise<Store | undefined>;
  readonly log: vscode.LogOutputChannel;
}

const COMMANDS = {
  apply: 'groundcrew.applyAll', discard: 'groundcrew.discardRun', stop: 'groundcrew.stopRun', resume: 'groundcrew.resumeRun', retry: 'groundcrew.retryRun', undo: 'groundcrew.undoRun',
  trace: 'groundcrew.openTrace', exportHtml: 'groundcrew.exportHtml', exportJson: 'groundcrew.exportJson',
} as const satisfies Readonly<Record<RunAction, CommandId>>;
const STARTS = { fix: 'groundcrew.fixBug' } as const satisfies Readonly<Record<StartAction, CommandId>>;
const ANSWERS = { once: 'groundcrew.approveOnce', run: 'groundcrew.approveForRun', workspace: 'groundcrew.approveHere', refused: 'groundcrew.refuse' } as const satisfies Readonly<Record<Approval['decision'], CommandId>>;

/** `shown`: the run of this panel, once its log is read. */
export function editorHost({ runs, store, log }: PanelParts, { webview, shown }: { readonly webview: vscode.Webview; readonly shown: () => Run | undefined }): PanelHost {
  return {
    shown: () => panelRun(shown()),
    async baseOf({ run, view }) {
      const folder = runs.get(run)?.folder;
      const opened = folder === undefined ? undefined : await store(folder);
      return opened === undefined ? () => undefined : await basesOf(opened, view);
    },
    act: (run, action) => command(COMMANDS[action], { run }),
    start: (action) => command(STARTS[action]),
    approve: ({ run, id, digest, decision }) => command(ANSWERS[decision], { run, question: id, digest }),
    async open(run, path, line) {
      const folder = runs.get(run)?.folder;
      if (folder === undefined) return 'The folder of this run is not open.';
      return await openInside(vscode.Uri.file(folder), path, line);
    },
    post: (message: HostMessage) => void webview.postMessage(message),
    log: (line) => log.warn(line),
  };
}

/** undefined while its log is not read. */
function panelRun(run: Run | undefined): PanelRun | undefined {
  if (run === undefined || run.view === null) return undefined;
  const words = actionsOf(run);
  const offers = (['apply', 'discard', 'stop', 'resume', 'retry', 'undo', 'trace'] as const).filter((action) => words.includes(action === 'discard' ? 'apply' : action));
  return { run: run.id, title: run.title, state: run.state, live: run.owner.kind === 'here', view: run.view, events: run.events, actions: [...offers, 'exportHtml', 'exportJson'] };
}

async function command(id: CommandId, target?: object): Promise<undefined> {
  await vscode.commands.executeCommand(id, ...(target === undefined ? [] : [target]));
  return undefined; // a command that cannot be done says so itself
}

/** The path was judged by the feed; a link that leads out is the editor's to show, as any file of the folder is. */
async function openInside(folder: vscode.Uri, path: string, line: number): Promise<string | undefined> {
  const uri = vscode.Uri.joinPath(folder, ...path.split('/'));
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const at = new vscode.Position(Math.min(line, document.lineCount) - 1, 0);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at), preview: true });
    return undefined;
  } catch {
    return `${path} could not be opened: it may have been moved or deleted since the run.`;
  }
}

/** Scripts on, and nothing but our own folder to load from. */
export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, enableCommandUris: false, enableForms: false, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
}

export function pageFor(webview: vscode.Webview, extension: vscode.Uri, surface: 'live' | 'trace'): string {
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', name)).toString();
  return panelHtml({ title: surface === 'live' ? 'Live Run' : 'Trace', script: file(`${surface}.js`), style: file('panel.css'), source: webview.cspSource });
}
