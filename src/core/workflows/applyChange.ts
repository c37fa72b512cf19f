/** Decides whether a verified change is written, and proves it again on the user's own tree. */
import type { TextFile } from '../domain/patch.ts';
import type { Receipt } from '../domain/receipt.ts';
import { unifiedDiff } from '../repair/unifiedDiff.ts';
import { applyPatch, undoRun } from './apply.ts';
import type { Failure } from './baseline.ts';
import type { RunContext } from './runContext.ts';
import type { Survivor } from './search.ts';

export interface ApplyResult {
  readonly kind: 'fixed' | 'proposed' | 'conflict';
  readonly applied: boolean;
  readonly receipt: Receipt | undefined;
  readonly reason: string;
  readonly summary: string;
}

export async function applyChange(context: RunContext, input: { readonly failure: Failure; readonly base: ReadonlyMap<string, TextFile>; readonly survivor: Survivor }, signal: AbortSignal): Promise<ApplyResult> {
  if (input.failure.shownBy === 'words') return await propose(context, input, signal);
  const { candidate, receipt } = input.survivor;
  const proven = `"${input.failure.target.argv.join(' ')}" passes with the change, and no other test that was run fails because of it.`;
  const patch = unifiedDiff(candidate.patch, input.base);
  const answer = await wanted(context, patch, signal);
  if (answer !== 'yes') {
    const reason = answer === 'nobody' ? `${proven} It was not written: nobody was there to ask. Write it with --apply, or apply the patch.` : proven;
    return { kind: 'fixed', applied: false, receipt, reason, summary: 'verified in a copy; your files are unchanged' };
  }

  const applied = await applyPatch(context.applying, candidate.patch, input.base, signal);
  if (applied.kind === 'conflict') return { kind: 'conflict', applied: false, receipt, reason: applied.reason, summary: `conflict in ${applied.path}` };
  context.emit('patch.applied', { paths: [...applied.paths], patch });

  await context.renewSnapshot();
  const live = await context.verifier.verify({ check: input.failure.target, purpose: 'verify on your tree', candidate: candidate.id, wallMs: context.settings.checkWallMs }, signal);
  if (live.outcome.passed) return { kind: 'fixed', applied: true, receipt: live.receipt, reason: proven, summary: `written and verified: ${applied.paths.join(', ')}` };
  const undone = await undoRun(context.applying, context.view(), signal);
  const kept = undone.conflicts.length === 0 ? 'It was taken back; your files are as before.' : `${undone.conflicts.join(', ')} changed again meanwhile and was left alone.`;
  return { kind: 'conflict', applied: undone.conflicts.length > 0, receipt, reason: `The change passes in the copy, but "${input.failure.target.argv.join(' ')}" fails on your tree, which changed meanwhile. ${kept}`, summary: 'fails on your tree' };
}

/** Nothing proves it, so --apply is no yes to it: only a person who has seen it can have it written. */
async function propose(context: RunContext, { failure, base, survivor }: { readonly failure: Failure; readonly base: ReadonlyMap<string, TextFile>; readonly survivor: Survivor }, signal: AbortSignal): Promise<ApplyResult> {
  const unproven = `No check shows the bug, so nothing proves this change; "${failure.target.argv.join(' ')}" passes with it as it did before.`;
  const patch = unifiedDiff(survivor.candidate.patch, base);
  const answer = context.settings.apply === 'ask' ? await context.confirm(`${patch}\n${unproven} Write it all the same?`, signal) : 'no';
  if (answer !== 'yes') return { kind: 'proposed', applied: false, receipt: undefined, reason: unproven, summary: 'proposed; your files are unchanged' };
  const applied = await applyPatch(context.applying, survivor.candidate.patch, base, signal);
  if (applied.kind === 'conflict') return { kind: 'conflict', applied: false, receipt: undefined, reason: applied.reason, summary: `conflict in ${applied.path}` };
  context.emit('patch.applied', { paths: [...applied.paths], patch });
  return { kind: 'proposed', applied: true, receipt: undefined, reason: unproven, summary: `written, unproven: ${applied.paths.join(', ')}` };
}

async function wanted(context: RunContext, patch: string, signal: AbortSignal): Promise<'yes' | 'no' | 'nobody'> {
  switch (context.settings.apply) {
    case 'yes': return 'yes';
    case 'no': return 'no';
    case 'ask': return await context.confirm(`${patch}\nWrite this change to your files?`, signal);
  }
}
