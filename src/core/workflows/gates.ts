/** Decides how far one candidate comes: each gate in order of cost, the first failure ends it. */
import type { Candidate, Gate, Source } from '../domain/candidate.ts';
import type { Check, CheckOutcome } from '../domain/check.ts';
import type { TextFile } from '../domain/patch.ts';
import type { Receipt } from '../domain/receipt.ts';
import { guardCandidate } from '../repair/guards.ts';
import { regressions } from '../repair/regressions.ts';
import { writesMarkBack } from '../tools/secrets.ts';
import type { Failure } from './baseline.ts';
import type { RunContext } from './runContext.ts';
import { patchHash } from './verifier.ts';

/** What a source offers: whole new texts of one or more files. */
export interface Proposal {
  readonly source: Source;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly note: string;
  readonly rank: number;
  readonly call: string | null;
  readonly task: string | null;
}

export type Tried =
  | { readonly kind: 'survived'; readonly candidate: Candidate; readonly receipt: Receipt | undefined; readonly outcome: CheckOutcome }
  | { readonly kind: 'fell'; readonly candidate: Candidate | undefined; readonly gate: Gate; readonly reason: string; readonly outcome?: CheckOutcome }
  /** The same change from another source: a second, independent vote for a survivor. */
  | { readonly kind: 'agreed'; readonly candidate: Candidate; readonly with: Candidate }
  | { readonly kind: 'seen' };

export interface Gates {
  /** Files as they were when first read in this run. */
  readonly base: ReadonlyMap<string, TextFile>;
  try(proposal: Proposal, signal: AbortSignal): Promise<Tried>;
}

export function createGates(context: RunContext, failure: Failure, types: Check | undefined): Gates {
  const { base } = context;
  const seen = new Map<string, { readonly source: Source; readonly tried: Promise<Tried> }>();

  async function tryProposal(proposal: Proposal, signal: AbortSignal): Promise<Tried> {
    const candidate = await toCandidate(context, base, proposal);
    if (candidate === undefined) return { kind: 'fell', candidate, gate: 'applies', reason: 'It changes nothing, or a file that cannot be read.' };
    const normal = context.hashing.sha256(JSON.stringify(candidate.patch.edits.map((edit) => [edit.path, normalise(edit.text ?? '')])));
    const before = seen.get(normal);
    if (before !== undefined) return before.source === candidate.source ? { kind: 'seen' } : await agree(context, candidate, before.tried);
    const trying = throughGates(context, { failure, types, base }, candidate, signal);
    seen.set(normal, { source: candidate.source, tried: trying });
    const tried = await trying;
    log(context, candidate, tried);
    return tried;
  }

  return { base, try: tryProposal };
}

async function agree(context: RunContext, candidate: Candidate, first: Promise<Tried>): Promise<Tried> {
  const tried = await first;
  if (tried.kind !== 'survived') return { kind: 'seen' };
  context.emit('candidate.offered', candidate);
  context.emit('candidate.gated', { candidate: candidate.id, verdict: { gate: 'all', passed: true, reason: `Same change as ${tried.candidate.id}.`, receipt: tried.receipt?.id ?? null } });
  return { kind: 'agreed', candidate, with: tried.candidate };
}

interface GateContext {
  readonly failure: Failure;
  readonly types: Check | undefined;
  readonly base: ReadonlyMap<string, TextFile>;
}

async function throughGates(context: RunContext, gate: GateContext, candidate: Candidate, signal: AbortSignal): Promise<Tried> {
  const fell = (at: Gate, reason: string, outcome?: CheckOutcome): Tried => ({ kind: 'fell', candidate, gate: at, reason, ...(outcome === undefined ? {} : { outcome }) });

  const guard = await guardCandidate(
    { patch: candidate.patch, base: gate.base, failing: gate.failure.failing, allowTests: context.settings.allowTestEdits, project: context.project },
    signal,
  );
  if (!guard.passed) return fell('guards', guard.reason);
  const broken = await brokenSyntax(context, gate.base, candidate);
  if (broken !== undefined) return fell('parses', broken);

  const verify = (check: Check, purpose: string) =>
    context.verifier.verify({ check, patch: candidate.patch, base: gate.base, purpose, candidate: candidate.id, wallMs: gate.failure.wallMs, quiet: candidate.source === 'mechanical' }, signal);
  const target = await verify(gate.failure.target, 'target test');
  if (!target.outcome.passed) return fell('target', target.outcome.failure, target.outcome);

  for (const [at, check] of [...(gate.types === undefined ? [] : [['types', gate.types] as const]), ...gate.failure.wider.map((wider) => ['all', wider] as const)]) {
    const before = await context.verifier.verify({ check, purpose: 'what passes before', wallMs: context.settings.checkWallMs }, signal);
    const after = await verify(check, at === 'types' ? 'typecheck' : 'all tests');
    const lost = regressions(before.outcome, after.outcome);
    if (lost.length > 0) return fell(at, `It breaks ${lost.slice(0, 3).join(', ')}${lost.length > 3 ? ` and ${lost.length - 3} more` : ''}.`, after.outcome);
  }
  return { kind: 'survived', candidate, receipt: target.receipt, outcome: target.outcome };
}

async function brokenSyntax(context: RunContext, base: ReadonlyMap<string, TextFile>, candidate: Candidate): Promise<string | undefined> {
  for (const edit of candidate.patch.edits) {
    if (edit.text === null) continue;
    const after = await context.syntax.parse(edit.path, edit.text);
    if (after === undefined || after.errors === 0) continue;
    const before = await context.syntax.parse(edit.path, base.get(edit.path)?.text ?? '');
    if (after.errors > (before?.errors ?? 0)) return `${edit.path} does not parse after it.`;
  }
  return undefined;
}

async function toCandidate(context: RunContext, base: Map<string, TextFile>, proposal: Proposal): Promise<Candidate | undefined> {
  const edits = [];
  for (const file of proposal.files) {
    const before = base.get(file.path) ?? (await context.project.read(file.path));
    if (before === undefined) return undefined;
    if (!base.has(file.path)) await context.applying.store.putBlob(new TextEncoder().encode(before.text)); // so that a trace can show what a candidate changes
    base.set(file.path, before);
    if (writesMarkBack(before.text, file.text)) return undefined; // the model never saw what stands under the mark
    if (before.text !== file.text) edits.push({ path: file.path, baseSha256: before.sha256, text: file.text });
  }
  if (edits.length === 0) return undefined;
  const patch = { edits };
  const { source, note, rank, call, task } = proposal;
  return { id: `${source}-${patchHash(context.hashing, patch).slice(0, 12)}`, source, patch, note, task, call, rank };
}

/** Mechanical candidates come by the hundred: only those that pass their target are worth an event of their own. */
function log(context: RunContext, candidate: Candidate, tried: Tried): void {
  if (candidate.source === 'mechanical' && tried.kind === 'fell' && tried.gate !== 'all' && tried.gate !== 'types') return;
  context.emit('candidate.offered', candidate);
  if (tried.kind === 'fell') context.emit('candidate.gated', { candidate: candidate.id, verdict: { gate: tried.gate, passed: false, reason: tried.reason, receipt: null } });
  if (tried.kind === 'survived') context.emit('candidate.gated', { candidate: candidate.id, verdict: { gate: 'all', passed: true, reason: '', receipt: tried.receipt?.id ?? null } });
}

/** White space at line ends and blank lines do not make a candidate new. */
function normalise(text: string): string {
  return text.split(/\r?\n/u).map((line) => line.trimEnd()).filter((line) => line !== '').join('\n');
}
