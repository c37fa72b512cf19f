/** Decides what `review` does: which files, the rules at once, then the model's reading, and what of both is told. */
import type { Finding } from '../domain/finding.ts';
import type { TextFile } from '../domain/patch.ts';
import { type LineRange, changedRanges, textBefore, touches } from '../review/changedLines.ts';
import { type Draft, draftOf, mergeDrafts, toFindings } from '../review/findings.ts';
import { conflictLine, whyNotRead } from '../review/readable.ts';
import { runRules } from '../review/rules.ts';
import { type Source, familyOf } from '../review/source.ts';
import { gitDiff } from '../tools/git/diff.ts';
import { gitStatus } from '../tools/git/status.ts';
import { readByModel } from './readByModel.ts';
import { conflictDraft, sourceOf } from './readByRules.ts';
import type { Reviewed } from './reviewed.ts';
import { type RunContext, send } from './runContext.ts';
import { showByRunning } from './showByRunning.ts';

/** Files read in one review: more is a job for the night. */
const FILES_MAX = 50;
/** Shown of one file; the rest is counted. */
const FINDINGS_MAX = 20;

/** Resolves with why it said nothing of some files; "" when all were read. Findings are events. */
export async function reviewFiles(context: RunContext, signal: AbortSignal): Promise<string> {
  const targets = context.request.paths.length > 0 ? await namedFiles(context) : await changedFiles(context, signal);
  if (targets.length === 0) return context.request.paths.length > 0 ? `Nothing to read at ${context.request.paths.join(', ')}.` : 'Nothing has changed since HEAD.';
  const skipped: string[] = [];
  for (const target of targets.slice(0, FILES_MAX)) {
    signal.throwIfAborted();
    const file = await context.project.read(target.path);
    const why = whyNotRead(target.path, file?.text);
    if (file === undefined || why !== undefined) skipped.push(`${target.path}: ${why}`);
    else await reviewFile(context, file, target, signal);
  }
  const rest = targets.length > FILES_MAX ? [`${targets.length - FILES_MAX} more files: at most ${FILES_MAX} are read at once`] : [];
  const silent = context.model === undefined ? ['No model could be had: only the rules have read.'] : [];
  return [...silent, ...(skipped.length + rest.length === 0 ? [] : [`Not read: ${[...skipped, ...rest].join('; ')}.`])].join(' ');
}

interface Target {
  readonly path: string;
  /** undefined: the whole file. */
  readonly ranges: readonly LineRange[] | undefined;
  /** How it differs from HEAD; "" where that is not asked. */
  readonly diff: string;
}

/** A folder stands for the files in it that can be read. */
async function namedFiles({ request, project }: RunContext): Promise<readonly Target[]> {
  const paths = request.paths.flatMap((named) => {
    const path = named.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
    if (project.paths.includes(path)) return [path];
    const inside = project.paths.filter((one) => (path === '' || path === '.' || one.startsWith(`${path}/`)) && familyOf(project.syntax.languageOf(one)) !== undefined);
    return inside.length > 0 ? inside : [path];
  });
  return [...new Set(paths)].map((path) => {
    const diff = request.since?.[path];
    return diff === undefined ? { path, ranges: undefined, diff: '' } : { path, ranges: changedRanges(diff), diff };
  });
}

async function changedFiles(context: RunContext, signal: AbortSignal): Promise<readonly Target[]> {
  const status = await context.tools('reviewer').call(gitStatus, {}, signal);
  const changed = (status?.changed ?? []).filter((file) => file.state !== 'deleted');
  const targets: Target[] = [];
  for (const { path, state } of changed) {
    const isWhole = state === 'untracked' || state === 'added' || status?.head === null;
    const diff = isWhole ? '' : await context.tools('reviewer').call(gitDiff, { path }, signal);
    targets.push({ path, ranges: isWhole ? undefined : changedRanges(diff), diff });
  }
  return targets;
}

async function reviewFile(context: RunContext, file: TextFile, { ranges, diff }: Target, signal: AbortSignal): Promise<void> {
  const conflict = conflictLine(file.text);
  if (conflict !== undefined) {
    report(context, file, [conflictDraft(file, conflict)]);
    return;
  }
  const source = await sourceOf(context.project, file, signal);
  const reviewed: Reviewed = { file, source, ranges, before: textBefore(file.text, diff) };
  const byRules = source === undefined ? [] : await ruleDrafts(context, reviewed, source, signal);
  const ruled = await showByRunning(context, reviewed, merged(context, byRules), signal);
  report(context, file, ruled); // at once: a model may take a minute
  report(context, file, merged(context, await readByModel(context, reviewed, ruled, signal)));
}

function merged(context: RunContext, drafts: readonly Draft[]): readonly Draft[] {
  const { kept, dropped } = mergeDrafts(drafts);
  if (dropped.length > 0) send(context, { sender: 'reviewer', receiver: 'orchestrator', intent: 'inform', body: dropped.join('\n') });
  return kept;
}

/** Of a change only what it brought: a hit on a changed line, or one that the text before did not have (a close that was taken away). */
async function ruleDrafts(context: RunContext, { file, ranges, before }: Reviewed, source: Source, signal: AbortSignal): Promise<readonly Draft[]> {
  const drafts = runRules(source).map((hit) => draftOf(file.path, file.text, hit));
  if (ranges === undefined) return drafts;
  const old = before === undefined ? undefined : await sourceOf(context.project, { path: file.path, text: before }, signal);
  const had = new Set(old === undefined || before === undefined ? [] : runRules(old).map((hit) => keyOf(draftOf(file.path, before, hit))));
  return drafts.filter((draft) => touches(ranges, draft.line, draft.endLine) || (old !== undefined && !had.has(keyOf(draft))));
}

function keyOf({ rule, evidence }: Draft): string {
  return `${rule} ${evidence}`;
}

const WEIGHT: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

function report(context: RunContext, file: TextFile, drafts: readonly Draft[]): void {
  const findings = toFindings(drafts, file.text, context.hashing);
  const shown = findings.toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || a.line - b.line).slice(0, FINDINGS_MAX);
  for (const finding of shown.toSorted((a, b) => a.line - b.line)) context.emit('finding.reported', finding);
  if (findings.length > shown.length) context.emit('degraded', { what: `${file.path}: ${findings.length - shown.length} more findings are not shown` });
}
