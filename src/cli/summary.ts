/** Decides what a person reads when a run has ended: what happened, the change, the proof, the cost, what next. */
import type { Outcome } from '../core/domain/outcome.ts';
import { seconds } from '../core/trace/text.ts';
import { countFindings, renderFindings } from './findings.ts';
import { count, type Style } from './liveGraph.ts';

export function renderOutcome(outcome: Outcome, run: string, style: Style): string {
  const lines = [style.strong(headline(outcome))];
  if (outcome.reason !== '') lines.push(outcome.reason);
  if (outcome.patch !== null) lines.push('', paintDiff(outcome.patch.trimEnd(), style), '');
  if (outcome.receipt !== null) lines.push(`Proof    ${outcome.receipt.argv.join(' ')} → exit ${outcome.receipt.exit ?? 'killed'}   receipt ${outcome.receipt.id} ${outcome.receipt.hash.slice(0, 12)}`);
  if (outcome.findings.length > 0) lines.push(...renderFindings(outcome.findings, style), '');
  for (const refused of outcome.refused) lines.push(`Refused  ${refused.role} ${refused.tool}: ${refused.what} (${refused.rule})`);
  for (const what of outcome.degraded) lines.push(`Without  ${what}`);
  lines.push(`Cost     ${seconds(outcome.durationMs)}, model ${seconds(outcome.modelMs)}, ${count(outcome.tokens.prompt)} tokens read, ${count(outcome.tokens.reply)} written${outcome.command === 'review' ? '' : `, ${outcome.candidates.length} candidates`}`);
  lines.push(`Trace    groundcrew trace ${run} --html trace.html`);
  if (outcome.kind === 'stopped' && !outcome.applied) lines.push(`Go on    groundcrew resume ${run}`);
  if (outcome.applied) lines.push(`Undo     groundcrew undo ${run}`);
  return `${lines.join('\n')}\n`;
}

function headline(outcome: Outcome): string {
  const where = outcome.applied ? 'and written to your files' : 'your files are unchanged';
  switch (outcome.kind) {
    case 'fixed': return `Fixed, verified by running the tests, ${where}.`;
    case 'proposed': return `A change is proposed, but no failing test proves it; ${where}.`;
    case 'partial': return `Part of it is done; ${where}.`;
    case 'undecided': return 'Two changes pass every test and differ; you decide. Your files are unchanged.';
    case 'not-reproduced': return 'Not reproduced. Nothing was changed.';
    case 'gave-up': return 'No change passed the tests. Nothing was changed.';
    case 'conflict': return 'A file changed in the meantime; your version was kept.';
    case 'needs-approval': return 'This needs an approval that nobody gave. Nothing was changed.';
    case 'environment': return 'Something that is needed is missing here. Nothing was changed.';
    case 'stopped': return outcome.applied ? 'Stopped after the change, or a part of it, was written to your files, before it was checked there.' : 'Stopped. Nothing was lost; the run can be resumed.';
    case 'reviewed': return outcome.findings.length === 0 ? 'Reviewed, nothing found.' : `Reviewed: ${countFindings(outcome.findings)}.`;
    case 'error': return `The run ended in an error. ${outcome.applied ? 'Part of its change is in your files.' : 'Nothing was changed.'}`;
  }
}

function paintDiff(patch: string, style: Style): string {
  return patch
    .split('\n')
    .map((line) => (line.startsWith('+') && !line.startsWith('+++') ? style.good(line) : line.startsWith('-') && !line.startsWith('---') ? style.bad(line) : line))
    .join('\n');
}
