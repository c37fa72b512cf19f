/** Decides when the editor has a language server, what it does for it, and what the status bar says of reviews of saved files. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Finding } from '../core/domain/finding.ts';
import type { StateTold } from '../protocol/languageServer.ts';
import type { Language } from './languageClient.ts';
import type { Runner } from './runner.ts';

export interface Reviews extends vscode.Disposable {
  /** What a review that somebody asked for has found, to be shown where it stands. */
  show(folder: string, paths: readonly string[], findings: readonly Finding[]): Promise<void>;
}

export interface ReviewsParts {
  readonly extension: vscode.Uri;
  readonly runner: Runner;
  readonly log: vscode.LogOutputChannel;
}

/** Languages that rules read: only these wake the server. */
const READ = /^(?:javascript|typescript)(?:react)?$|^python$|^go$/u;

export function createReviews({ extension, runner, log }: ReviewsParts): Reviews {
  let language: Promise<Language> | undefined;
  const item = vscode.window.createStatusBarItem('groundcrew.review', vscode.StatusBarAlignment.Left, 9);
  item.name = 'Groundcrew Review on Save';
  item.command = 'groundcrew.runs.focus';

  const begin = async (): Promise<Language> => {
    language ??= import('./languageClient.ts').then(async ({ startLanguageClient }) => await startLanguageClient({
      extension, log,
      review: async (asked, signal) => {
        const folder = folderAt(asked.root);
        return folder === undefined ? { kind: 'skipped', why: 'its folder was closed' } : await runner.review(folder, asked, signal);
      },
      fix: ({ root, path: file, line, words }) => {
        const folder = folderAt(root);
        if (folder !== undefined) void vscode.commands.executeCommand('groundcrew.fixBug', { folder, request: { command: 'fix', words, test: null, file, line, paths: [] } });
      },
      state: (told) => draw(item, told),
    }));
    language.catch((error: unknown) => {
      language = undefined;
      log.error(`The language server could not be started: ${error instanceof Error ? error.message : String(error)}`);
    });
    return await language;
  };
  const end = async (): Promise<void> => {
    const running = language;
    language = undefined;
    item.hide();
    await running?.then((each) => each.stop()).catch((error: unknown) => log.debug(`The language server did not stop in time: ${String(error)}`));
  };
  const look = (): void => {
    const isWanted = vscode.workspace.isTrusted && vscode.workspace.textDocuments.some((document) => document.uri.scheme === 'file' && READ.test(document.languageId) && isOn(document.uri));
    if (isWanted) begin().catch(() => undefined); // said in the log
  };
  const listening = [
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('groundcrew.review.onSave')) return;
      if (isOnAnywhere()) look();
      else void end();
    }),
    runner.onDidChangeBusy((isBusy) => void language?.then((each) => each.giveWay(isBusy ? 'a run is at work' : null)).catch(() => undefined)), // said in the log
  ];
  look();
  return {
    async show(folder, paths, findings) {
      if (findings.length === 0 && language === undefined) return;
      (await begin()).findings({ root: realOf(folder), paths: [...paths], findings: [...findings] });
    },
    dispose() {
      void end();
      vscode.Disposable.from(item, ...listening).dispose();
    },
  };
}

function draw(item: vscode.StatusBarItem, { uri, kind, word, findings }: StateTold): void {
  const name = path.basename(vscode.Uri.parse(uri).fsPath);
  const said = ((): readonly [string, string] => {
    switch (kind) {
      case 'waiting': case 'reviewing': return [`$(eye) Reviewing ${name}`, 'The reviewer reads what changed since the last save.'];
      case 'reviewed': return [`$(eye) ${findings === 0 ? 'Nothing found' : findings === 1 ? '1 finding' : `${findings} findings`}`, `${name} is reviewed.`];
      case 'skipped': case 'stopped': return ['$(eye-closed) Not reviewed', `${name} was not reviewed: ${word}.`];
    }
  })();
  [item.text, item.tooltip] = said;
  item.show();
}

function isOn(uri: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration('groundcrew.review', uri).get('onSave') === true;
}

function isOnAnywhere(): boolean {
  return (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => isOn(uri));
}

/** The server names a folder by its real path. */
function folderAt(root: string): string | undefined {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath).find((folder) => realOf(folder) === root);
}

function realOf(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder; // it is gone; whoever asks for it says so
  }
}
