/** Decides what a selection, a diagnostic, a test or a terminal text says about the bug: words, file and line for the crew. */
import path from 'node:path';
import * as vscode from 'vscode';
import { parseFrames } from '../core/checks/frames.ts';
import { checkNamed } from '../core/checks/terminalText.ts';
import type { FixRequest } from '../core/domain/event.ts';
import type { FailingTest } from './failingTests.ts';
import type { Asked } from './fixBug.ts';
import type { TerminalRun } from './terminals.ts';

/** What a person's own text may hold: a long trace is wanted whole, a flood is not. */
const WORDS_CHARS_MAX = 6_000;
const SELECTED_LINES_MAX = 60;
const RELATED_MAX = 5;

/** @throws Error that says why a place cannot be given to the crew. */
export function fromSelection(document: vscode.TextDocument, selection: vscode.Range): Asked {
  const { folder, file } = placeOf(document.uri);
  const last = selection.end.character === 0 && selection.end.line > selection.start.line ? selection.end.line : selection.end.line + 1;
  const [from, to] = [selection.start.line + 1, last];
  const code = document.getText(selection).split(/\r?\n/u).slice(0, SELECTED_LINES_MAX).join('\n');
  const lines = from === to ? `line ${from}` : `lines ${from} to ${to}`;
  return { folder, request: requestOf({ words: `Something is wrong in ${lines} of ${file}:\n${code}`, file, line: from }) };
}

/** @throws Error that says why a place cannot be given to the crew. */
export function fromDiagnostic(uri: vscode.Uri, diagnostic: vscode.Diagnostic): Asked {
  const { folder, file } = placeOf(uri);
  const code = typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
  const by = [diagnostic.source, code].filter((part) => part !== undefined && part !== '').join(' ');
  const { start, end } = diagnostic.range;
  const range = start.line === end.line ? `${start.line + 1}:${start.character + 1}-${end.character + 1}` : `${start.line + 1}-${end.line + 1}`;
  const related = (diagnostic.relatedInformation ?? []).slice(0, RELATED_MAX).map(({ location, message }) => `See also ${relativeTo(folder, location.uri)}:${location.range.start.line + 1}: ${message}`);
  return { folder, request: requestOf({ words: [`${diagnostic.message}${by === '' ? '' : ` (${by})`}`, `at ${file}:${range}`, ...related].join('\n'), file, line: start.line + 1 }) };
}

/** What the crew knows of a test that failed in one of its own runs. */
export function fromFailingTest(test: FailingTest): Asked {
  return { folder: test.folder, request: requestOf({ words: testWords(test.name, test.message), test: [...test.argv], file: test.path, line: test.line ?? null }) };
}

/** A row of the Testing view, whoever's it is; `said`: how it failed, where that is known. @throws Error for one that has no file. */
export function fromTestItem(item: vscode.TestItem, said: string): Asked {
  if (item.uri === undefined) throw new Error(`The test "${item.label}" has no file, so the crew cannot find it. Describe the bug with Fix This Bug.`);
  const { folder, file } = placeOf(item.uri);
  const names: string[] = [];
  // The file itself, where it is a row, is no part of the name.
  for (let each: vscode.TestItem | undefined = item; each !== undefined; each = each.parent) if (each.range !== undefined) names.unshift(each.label);
  return { folder, request: requestOf({ words: testWords(names.join(' > ') || item.label, said), file, line: item.range === undefined ? null : item.range.start.line + 1 }) };
}

/** `selected`: what is marked in the terminal; "": all that the last command printed. @throws Error where neither says anything. */
export function fromTerminal(selected: string, run: TerminalRun | undefined): Asked {
  const text = selected.trim() === '' ? (run?.output ?? '').trim() : selected.trim();
  if (text === '') throw new Error('Nothing is selected in the terminal, and what its last command printed is not known. Select the error, then choose Fix This Error again.');
  const frames = parseFrames(text).flatMap(({ path: printed, line }) => insideOf(printed, line, run?.cwd));
  const folder = frames[0]?.folder ?? (run?.cwd === undefined ? undefined : folderOf(vscode.Uri.file(run.cwd))) ?? onlyFolder();
  if (folder === undefined) throw new Error('The text names no file of an open folder. Open the folder in which the command ran.');
  const frame = frames.find((each) => each.folder === folder && !each.file.split('/').includes('node_modules'));
  const isHere = run?.cwd === undefined || path.resolve(run.cwd) === path.resolve(folder);
  const test = run?.command !== undefined && run.exit !== 0 && isHere ? checkNamed(run.command) : undefined;
  const command = run === undefined ? '' : `$ ${run.command}${run.exit === undefined ? '' : `   (exit ${run.exit})`}\n`;
  // A command that is a test proves the fix by itself; then the file is the crew's to find.
  return { folder, request: requestOf({ words: command + text, test: test === undefined ? null : [...test], ...(frame === undefined || test !== undefined ? {} : { file: frame.file, line: frame.line }) }) };
}

function testWords(name: string, said: string): string {
  return `The test "${name}" fails${said.trim() === '' ? '.' : `:\n${said.trim()}`}`;
}

function requestOf(parts: Partial<FixRequest>): FixRequest {
  const words = parts.words ?? '';
  return { command: 'fix', test: null, file: null, line: null, paths: [], ...parts, words: words.length <= WORDS_CHARS_MAX ? words : `${words.slice(0, WORDS_CHARS_MAX / 3)}\n[...]\n${words.slice(-(2 * WORDS_CHARS_MAX) / 3)}` };
}

function placeOf(uri: vscode.Uri): { readonly folder: string; readonly file: string } {
  if (uri.scheme !== 'file') throw new Error(`The crew runs the tests of your project, so it needs files on a disk; this one is on "${uri.scheme}:". Open a local copy.`);
  const folder = folderOf(uri);
  if (folder === undefined) throw new Error(`${path.basename(uri.fsPath)} is in none of the open folders. Open the folder of its project first.`);
  return { folder, file: relativeTo(folder, uri) };
}

function folderOf(uri: vscode.Uri): string | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}

function onlyFolder(): string | undefined {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return folders.length === 1 ? folders[0]?.uri.fsPath : undefined;
}

function relativeTo(folder: string, uri: vscode.Uri): string {
  const relative = path.relative(folder, uri.fsPath);
  return relative.startsWith('..') || path.isAbsolute(relative) ? uri.fsPath : relative.replaceAll(path.sep, '/');
}

/** A printed path counts when it lies in an open folder; whether it is there the crew finds out. */
function insideOf(printed: string, line: number, cwd: string | undefined): readonly { readonly folder: string; readonly file: string; readonly line: number }[] {
  const plain = printed.replace(/^file:\/\//u, '');
  const bases = path.isAbsolute(plain) ? [''] : [cwd, onlyFolder()].filter((base) => base !== undefined);
  for (const base of bases) {
    const uri = vscode.Uri.file(path.resolve(base, plain));
    const folder = folderOf(uri);
    if (folder !== undefined) return [{ folder, file: relativeTo(folder, uri), line }];
  }
  return [];
}
