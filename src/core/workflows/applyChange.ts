/** Decides whether a verified change is written, and proves it again on the user's own tree. */
import type { Patch, TextFile } from '../domain/patch.ts';
import type { Receipt } from '../domain/receipt.ts';
import { unifiedDiff } from '../repair/unifiedDiff.ts';
import { applyPatch, undoRun } from './apply.ts';
import type { Failure } from './baseline.ts';
import { type Decided, settleWord } from './ownChange.ts';
import type { RunContext, Word } from './runContext.ts';
import type { Survivor } from './searchBoard.ts';

export interface ApplyResult {
  readonly kind: 'fixed' | 'proposed' | 'partial' | 'conflict';
  readonly applied: boolean;
  readonly receipt: Receipt | undefined;
  readonly reason: string;
  readonly summary: string;
  /** What was written, or would have been. */
  readonly patch: Patch;
}

interface Input {
  readonly failure: Failure;
  readonly base: ReadonlyMap<string, TextFile>;
  readonly survivor: Survivor;
}

export async function applyChange(context: RunContext, input: Input, signal: AbortSignal): Promise<ApplyResult> {
  const { failure, base, survivor: { candidate, receipt } } = input;
  const isProven = failure.shownBy === 'check';
  const command = failure.target.argv.join(' ');
  const claim = isProven ? `"${command}" passes with the change, and no other test that was run fails because of it.` : `No check shows the bug, so nothing proves this change; "${command}" passes with it as it did before.`;
  const word = await wanted(context, unifiedDiff(candidate.patch, base), isProven ? undefined : claim, signal);
  const decided = await settleWord(context, { failure, base, candidate: candidate.id, patch: candidate.patch, receipt: isProven ? receipt : undefined }, word, signal);
  if (decided === undefined) {
    if (!isProven) return { kind: 'proposed', applied: false, receipt: undefined, reason: claim, summary: 'proposed; your files are unchanged', patch: candidate.patch };
    const reason = word === 'nobody' ? `${claim} It was not written: nobody was there to ask. Write it with --apply, or apply the patch.` : claim;
    return { kind: 'fixed', applied: false, receipt, reason, summary: 'verified in a copy; your files are unchanged', patch: candidate.patch };
  }
  return await write(context, input, { decided, claim, command }, signal);
}

async function write(context: RunContext, { failure, base, survivor }: Input, { decided, claim, command }: { readonly decided: Decided; readonly claim: string; readonly command: string }, signal: AbortSignal): Promise<ApplyResult> {
  const { patch, receipt, wrong } = decided;
  const applied = await applyPatch(context.applying, patch, base, signal);
  if (applied.kind === 'conflict') return { kind: 'conflict', applied: false, receipt, reason: applied.reason, summary: `conflict in ${applied.path}`, patch };
  const paths = applied.paths.join(', ');
  context.emit('patch.applied', { paths: [...applied.paths], patch: unifiedDiff(patch, base) });
  if (failure.shownBy === 'words') return { kind: 'proposed', applied: true, receipt: undefined, reason: claim, summary: `written, unproven: ${paths}`, patch };
  if (wrong !== '') return { kind: 'partial', applied: true, receipt: undefined, reason: `Your version of the change was written as you said. ${wrong.split('\n', 1)[0]?.replace(/:$/u, '.') ?? ''}`, summary: `written, unproven: ${paths}`, patch };

  await context.renewSnapshot();
  const live = await context.verifier.verify({ check: failure.target, purpose: 'verify on your tree', candidate: survivor.candidate.id, wallMs: context.settings.checkWallMs }, signal);
  if (live.outcome.passed) return { kind: 'fixed', applied: true, receipt: live.receipt, reason: claim, summary: `written and verified: ${paths}`, patch };
  const undone = await undoRun(context.applying, context.view(), signal);
  const kept = undone.conflicts.length === 0 ? 'It was taken back; your files are as before.' : `${undone.conflicts.join(', ')} changed again meanwhile and was left alone.`;
  return { kind: 'conflict', applied: undone.conflicts.length > 0, receipt, reason: `The change passes in the copy, but "${command}" fails on your tree, which changed meanwhile. ${kept}`, summary: 'fails on your tree', patch };
}

/** Where nothing proves it, --apply is no yes to it: only a person who has seen it can have it written. */
async function wanted(context: RunContext, patch: string, unproven: string | undefined, signal: AbortSignal): Promise<Word> {
  switch (context.settings.apply) {
    case 'yes': return unproven === undefined ? 'yes' : 'no';
    case 'no': return 'no';
    case 'ask': return await context.confirm(unproven === undefined ? `${patch}\nWrite this change to your files?` : `${patch}\n${unproven} Write it all the same?`, signal);
  }
}
