/** Decides what the rules alone say of one file as it stands, without a run: for editors, at every change. */
import type { Project } from '../checks/project.ts';
import type { Finding } from '../domain/finding.ts';
import type { TextFile } from '../domain/patch.ts';
import type { Hashing } from '../ports.ts';
import { type Draft, columnOf, draftOf, mergeDrafts, toFindings } from '../review/findings.ts';
import { conflictLine, whyNotRead } from '../review/readable.ts';
import { runRules } from '../review/rules.ts';
import { type Source, familyOf, toSource } from '../review/source.ts';
import { importedFunctions } from './importedFunctions.ts';

type Read = Pick<TextFile, 'path' | 'text'>;

export interface RuleReading {
  readonly findings: readonly Finding[];
  /** Why nothing was read; left out: it was. `broken`: it does not parse now, so what was said before may stay. */
  readonly unread?: { readonly why: string; readonly broken: boolean };
}

export async function readByRules(project: Project, file: Read, hashing: Hashing, signal: AbortSignal): Promise<RuleReading> {
  const why = whyNotRead(file.path, file.text);
  if (why !== undefined) return { findings: [], unread: { why, broken: false } };
  const conflict = conflictLine(file.text);
  if (conflict !== undefined) return { findings: toFindings([conflictDraft(file, conflict)], file.text, hashing) };
  if (familyOf(project.syntax.languageOf(file.path)) === undefined) return { findings: [], unread: { why: 'no rules read this language', broken: false } };
  const source = await sourceOf(project, file, signal);
  if (source === undefined) return { findings: [], unread: { why: 'it does not parse', broken: true } };
  return { findings: toFindings(mergeDrafts(runRules(source).map((hit) => draftOf(file.path, file.text, hit))).kept, file.text, hashing) };
}

/** undefined: no rules for its language, or it does not parse. */
export async function sourceOf(project: Project, file: Read, signal: AbortSignal): Promise<Source | undefined> {
  const family = familyOf(project.syntax.languageOf(file.path));
  const parsed = family === undefined ? undefined : await project.syntax.parse(file.path, file.text);
  if (family === undefined || parsed === undefined) return undefined;
  const base = { path: file.path, text: file.text, root: parsed.root, family };
  // A tree with holes in it makes every rule guess.
  return parsed.errors > 0 ? undefined : toSource(base, await importedFunctions(project, base, signal));
}

export function conflictDraft(file: Read, line: number): Draft {
  const start = file.text.split('\n').slice(0, line - 1).join('\n').length;
  return {
    path: file.path, line, endLine: line, column: columnOf(file.text, start + 1), category: 'bug', severity: 'warning', by: 'merge-conflict', rule: 'merge-conflict',
    claim: 'A merge was not finished: the file holds both versions and conflict marks.', evidence: file.text.split('\n')[line - 1] ?? '', proof: 'opinion',
  };
}
