/** Decides how an accepted change is offered to be committed: the person writes the message, and says so. */
import * as vscode from 'vscode';
import { short } from '../core/trace/text.ts';
import type { Runner } from './runner.ts';
import type { Run, RunBook } from './runs.ts';

const SUBJECT_CHARS_MAX = 60;

export async function commitRun(runner: Runner, book: RunBook, run: Run): Promise<void> {
  const view = await book.load(run.id);
  const paths = view.undone.length > 0 ? [] : (view.applied.at(-1)?.paths ?? []);
  if (paths.length === 0) throw new Error(`"${run.title}" has nothing in your files that could be committed.`);
  const message = await vscode.window.showInputBox({
    title: 'Commit Change',
    prompt: `Commits ${paths.join(', ')} as it is now, with whatever else changed there. Nothing is pushed.`,
    value: `Fix ${short(subjectOf(run), SUBJECT_CHARS_MAX)}`,
    validateInput: (text) => (text.trim() === '' ? 'A commit needs a message.' : undefined),
  });
  if (message === undefined) return;
  const { id } = await runner.commit(run, message);
  void vscode.window.showInformationMessage(`Committed ${id.slice(0, 8)}: ${message}`);
}

/** What failed, where that is known: better than the words of a person in a hurry. */
function subjectOf(run: Run): string {
  const failed = run.view?.checks.flatMap(({ candidate, outcome }) => (candidate === null ? (outcome.tests ?? []) : [])).find(({ state }) => state === 'failed');
  return failed === undefined ? run.title.replace(/^fix\s+/iu, '') : `"${failed.name}"`;
}
