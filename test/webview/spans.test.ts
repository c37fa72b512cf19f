import assert from 'node:assert/strict';
import { foldRun } from '../../src/core/run/view.ts';
import { nextError, type RowsWanted, spansOf, traceRows } from '../../src/webview/spans.ts';
import { bigRun } from '../support/bigRun.ts';
import { sampleRun } from '../support/sampleRun.ts';

const all: RowsWanted = { grouping: 'task', filter: '', errorsOnly: false, closed: new Set() };
const view = foldRun(sampleRun());
const seqs = sampleRun().flatMap((event) => (event.type === 'check.finished' ? [event.seq] : []));
const spans = spansOf(view, seqs);

/** Rows as text: groups without indent. */
function check(wanted: Partial<RowsWanted>, expected: readonly string[]): void {
  const rows = traceRows(view, spans, { ...all, ...wanted });
  assert.deepEqual(rows.map((row) => (row.kind === 'group' ? `${row.title} (${row.spans})` : `  ${row.span.kind} ${row.span.word}`)), expected);
}

describe('spansOf', () => {
  it('has one for each call, tool call, check, candidate and message, in the order they began', () => {
    assert.equal(spans.length, view.calls.size + view.toolCalls.length + view.checks.length + view.candidates.size + view.messages.length);
    assert.deepEqual(spans.map(({ at }) => at), spans.map(({ at }) => at).toSorted((a, b) => a - b));
  });
  it('has as much time in its parts as Ollama told', () => {
    for (const span of spans.filter(({ kind }) => kind === 'call')) assert.equal(span.parts.reduce((sum, { ms }) => sum + ms, 0), span.ms);
  });
  it('says where the texts of a check are', () => assert.deepEqual(spans.filter(({ kind }) => kind === 'check').map(({ detail }) => detail), seqs.map((seq) => ({ kind: 'check', seq }))));
  it('lists 10,000 in one go', () => assert.equal(spansOf(foldRun(bigRun(10_000)), []).length, 10_000));
});

describe('traceRows', () => {
  it('groups by task, work outside of tasks after them', () => check({ closed: new Set(['group fix-total', 'group reproduce', 'group locate', 'group review', 'group ']) }, [
    'Reproduce the failure (1)', 'Find the lines that may hold it (0)', 'Count the last line in total() (8)', 'Say so in the comment (0)', 'Read the change with fresh eyes (2)', 'Outside of tasks (4)', 'plan (1)', '  call Done',
  ]));
  it('groups by role', () => check({ grouping: 'role', closed: new Set(['group verifier', 'group coder', 'group orchestrator', 'group planner', 'group reviewer']) }, ['Verifier (5)', 'Planner (3)', 'Crew (1)', 'Coder (5)', 'Reviewer (2)']));
  it('shows errors only: what was refused, not the test that shows the bug', () => check({ errorsOnly: true }, ['Outside of tasks (1)', '  tool Refused']));
  it('keeps what has every word', () => check({ filter: 'REVIEW call' }, ['Read the change with fresh eyes (1)', '  call Done']));
  it('is empty when nothing fits', () => check({ filter: 'no such thing' }, []));
});

describe('nextError', () => {
  const rows = traceRows(view, spans, all);
  const first = rows.findIndex((row) => row.kind === 'span' && row.span.isError);
  it('goes to the next, and round', () => {
    assert.equal(nextError(rows, -1), first);
    assert.equal(nextError(rows, first), first);
  });
  it('finds none where there is none', () => assert.equal(nextError([], -1), undefined));
});
