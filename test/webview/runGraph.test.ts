import assert from 'node:assert/strict';
import type { RunEvent } from '../../src/core/domain/event.ts';
import { foldRun } from '../../src/core/run/view.ts';
import { createLayout } from '../../src/webview/layout.ts';
import { graphOf } from '../../src/webview/runGraph.ts';
import { bigRun } from '../support/bigRun.ts';
import { recorder, sampleRun } from '../support/sampleRun.ts';

function check(events: readonly RunEvent[], expected: { readonly nodes: readonly string[]; readonly edges: readonly string[] }): void {
  const { nodes, edges } = graphOf(foldRun(events));
  assert.deepEqual(nodes.map(({ id, state, note }) => `${id}: ${state}, ${note}`), expected.nodes);
  assert.deepEqual(edges.map(({ from, to, isKept }) => `${from} ${isKept ? '=>' : '->'} ${to}`), expected.edges);
}

describe('graphOf', () => {
  it('draws nothing of an empty run', () => check([], { nodes: [], edges: [] }));
  it('draws tasks, sources and what survived, and what the run went on with', () => check(sampleRun(), {
    nodes: [
      'task reproduce: done, Verifier', 'task locate: done, Verifier', 'task fix-total: done, Coder', 'task docs: skipped, Coder', 'task review: done, Reviewer',
      'source mechanical fix-total: fell, 1 of 1 fell', 'source cloze fix-total: chosen, 1 of 2 passed', 'candidate c3: chosen, 5 gates',
    ],
    edges: [
      'task reproduce -> task locate', 'task locate -> task fix-total', 'task locate -> task docs', 'task fix-total -> task review', 'task docs -> task review',
      'task fix-total -> source mechanical fix-total', 'task fix-total => source cloze fix-total', 'source cloze fix-total => candidate c3', 'candidate c3 => task review',
    ],
  }));
  it('has every task, every dependency and every candidate of the log, and nothing else', () => {
    for (const events of [sampleRun(), bigRun(400), sampleRun().slice(0, 40)]) {
      const view = foldRun(events);
      const { nodes, edges } = graphOf(view);
      assert.deepEqual(nodes.filter(({ kind }) => kind === 'task').map(({ ref }) => ref), [...view.tasks.keys()]);
      const links = [...view.tasks.values()].flatMap(({ id, dependsOn }) => dependsOn.map((other) => `task ${other} task ${id}`));
      const taskEdges = edges.filter(({ from, to }) => from.startsWith('task ') && to.startsWith('task ')).map(({ from, to }) => `${from} ${to}`);
      assert.deepEqual(taskEdges, links);
      const told = nodes.filter(({ kind }) => kind === 'source').reduce((sum, { note }) => sum + Number(/(\d+) (?:of (\d+)|offered)/.exec(note)?.slice(1).findLast((part) => part !== undefined)), 0);
      assert.equal(told, view.candidates.size);
      const ids = new Set(nodes.map(({ id }) => id));
      for (const { from, to } of edges) assert.ok(ids.has(from) && ids.has(to), `${from} and ${to} are drawn`);
    }
  });
  it('stands a debate that was held below the candidates it was about', () => {
    const record = recorder();
    for (const event of sampleRun()) {
      record.emit(event.type, event.data as never); // each with its own data
      if (event.type === 'candidate.chosen') record.emit('debate.ended', { id: 'd1', about: 'survivors', question: 'c3 or c1?', state: 'held', rule: 'two behaviours', sides: [{ position: 'affirmative', candidates: ['c3'], opening: 'Counts every line.', rebuttal: null }, { position: 'negative', candidates: ['c1'], opening: '', rebuttal: null }], exhibits: [], ballots: [], verdict: 'affirmative', decidedBy: 'exhibits', confidence: null, tokens: { prompt: 0, reply: 0 }, durationMs: 5, changedOutcome: false });
    }
    const { nodes, edges } = graphOf(foldRun(record.events));
    assert.deepEqual(nodes.filter(({ kind }) => kind === 'debate').map(({ id, note, state }) => [id, note, state]), [['debate d1', 'by exhibits', 'done']]);
    assert.ok(edges.some(({ from, to }) => from === 'candidate c3' && to === 'debate d1'));
  });
  it('collapses a burst: a thousand candidates are three nodes', () => {
    const { nodes } = graphOf(foldRun(bigRun(5_000)));
    assert.equal(nodes.filter(({ kind }) => kind !== 'task').length, 3);
  });
  it('moves no node as the run grows', () => {
    const events = sampleRun();
    const layout = createLayout([]);
    let before: Record<string, unknown> = {};
    for (let i = 1; i <= events.length; i += 1) {
      for (const node of graphOf(foldRun(events.slice(0, i))).nodes) layout.add(node);
      const now = Object.fromEntries(layout.places);
      for (const [id, place] of Object.entries(before)) assert.deepEqual(now[id], place);
      before = now;
    }
    assert.equal(layout.places.size, 8);
  });
});
