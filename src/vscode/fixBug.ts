/** Decides what Fix This Bug asks the crew for: the user's words, a test that failed before, or the code that is selected. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { FixRequest } from '../core/domain/event.ts';
import { commandLine, short } from '../core/trace/text.ts';
import type { Runs } from './runs.ts';

export interface Asked {
  readonly folder: string;
  readonly request: FixRequest;
}

const TESTS_MAX = 8;
/** Runs that are looked at for failing tests. */
const RUNS_LOOKED_AT = 5;

/**
 * From a selection it starts at once; else it asks. `evidence` is what another entry point knows already (evidence.ts).
 * undefined: the user turned away.
 */
export async function askForBug(runs: Runs, evidence: Partial<Asked> = {}): Promise<Asked | undefined> {
  const editor = vscode.window.activeTextEditor;
  const folder = evidence.folder ?? (await pickFolder(editor?.document.uri));
  if (folder === undefined) return undefined;
  if (evidence.request !== undefined) return { folder, request: evidence.request };
  const place = editor === undefined || editor.document.uri.scheme !== 'file' ? undefined : placeOf(editor, folder);
  const request = await askForWords(runs, folder, place);
  return request === undefined ? undefined : { folder, request };
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly isSelected: boolean;
}

function placeOf(editor: vscode.TextEditor, folder: string): Place | undefined {
  const file = path.relative(folder, editor.document.uri.fsPath);
  if (file === '' || file.startsWith('..') || path.isAbsolute(file)) return undefined;
  return { file: file.replaceAll(path.sep, '/'), line: editor.selection.start.line + 1, isSelected: !editor.selection.isEmpty };
}

async function pickFolder(uri: vscode.Uri | undefined): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const usable = folders.filter((folder) => folder.uri.scheme === 'file');
  if (folders.length === 0) throw new Error('No folder is open. Open the folder of your project first (File: Open Folder).');
  if (usable.length === 0) throw new Error(`The crew runs the tests of your project, so it needs files on a disk; this workspace is on "${folders[0]?.uri.scheme ?? ''}:". Open a local copy.`);
  const own = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
  if (own !== undefined && usable.includes(own)) return own.uri.fsPath;
  if (usable.length === 1) return usable[0]?.uri.fsPath;
  const picked = await vscode.window.showQuickPick(usable.map((folder) => ({ label: folder.name, description: folder.uri.fsPath })), { title: 'Fix This Bug', placeHolder: 'In which folder is the bug?' });
  return picked?.description;
}

type Choice = vscode.QuickPickItem & { readonly request: FixRequest };

/** Typed words are always the first choice; below stand the tests that failed in earlier runs. */
async function askForWords(runs: Runs, folder: string, place: Place | undefined): Promise<FixRequest | undefined> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = 'Fix This Bug';
  pick.placeholder = 'What is wrong? Describe it, paste the error, or pick what fails';
  pick.matchOnDescription = true;
  const known = await failingTests(runs, folder);
  const draw = (): void => {
    pick.items = choices(pick.value.trim(), place, known);
  };
  draw();
  const picked = new Promise<Choice | undefined>((resolve) => {
    pick.onDidChangeValue(draw);
    pick.onDidAccept(() => resolve(pick.selectedItems[0] ?? pick.items[0]));
    pick.onDidHide(() => resolve(undefined));
  });
  pick.show();
  try {
    return (await picked)?.request;
  } finally {
    pick.dispose();
  }
}

function choices(typed: string, place: Place | undefined, known: readonly Choice[]): readonly Choice[] {
  const where = place === undefined ? none : { file: place.file, line: place.isSelected ? place.line : null };
  const here: readonly Choice[] = place === undefined ? [] : [{
    label: `$(file-code) Fix ${place.isSelected ? `the selection at ${path.posix.basename(place.file)}:${place.line}` : path.posix.basename(place.file)}`,
    description: place.file, alwaysShow: typed !== '', request: requestOf({ ...where, words: typed }),
  }];
  const words: readonly Choice[] = typed === '' ? [] : [{ label: `$(wrench) ${short(typed, 80)}`, description: 'in the whole project', alwaysShow: true, request: requestOf({ words: typed }) }];
  const all: Choice = { label: '$(beaker) Fix what the tests of this project show', description: 'the crew finds and runs them', alwaysShow: false, request: requestOf({}) };
  return place?.isSelected === true ? [...here, ...words, ...known, all] : [...words, ...known, all, ...here];
}

const none = { file: null, line: null } as const;

function requestOf(parts: Partial<FixRequest>): FixRequest {
  return { command: 'fix', words: '', test: null, file: null, line: null, paths: [], ...parts };
}

/** What failed when last run, newest first. */
async function failingTests(runs: Runs, folder: string): Promise<readonly Choice[]> {
  const found = new Map<string, Choice>();
  for (const run of runs.all.filter((each) => each.folder === folder && each.request?.command === 'fix').slice(0, RUNS_LOOKED_AT)) {
    const view = await runs.load(run.id).catch(() => undefined);
    const checks = (view?.checks ?? []).filter(({ candidate, outcome }) => candidate === null && outcome.environment === undefined);
    for (const { check, outcome } of checks.toReversed()) {
      if (outcome.passed || run.outcome?.applied === true) continue;
      const argv = commandLine(check.argv);
      if (found.has(argv) || found.size >= TESTS_MAX) continue;
      const failed = outcome.tests?.find((test) => test.state === 'failed');
      found.set(argv, { label: `$(testing-failed-icon) ${short(failed?.name ?? argv, 80)}`, description: argv, request: requestOf({ test: [...check.argv] }) });
    }
  }
  return [...found.values()];
}
