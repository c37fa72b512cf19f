/** When a saved file is read, what of it, and what is kept: with a clock that a test moves. */
import assert from 'node:assert/strict';
import type { Finding } from '../../../src/core/domain/finding.ts';
import { createOnSave, type OnSave, type OnSaveState, type ReviewedFile, type ReviewEnd, reviewEndOf, type ReviewJob } from '../../../src/core/review/onSave.ts';
import { hashing } from '../../../src/node/hashing.ts';
import { type HandClock, handClock } from '../../support/handClock.ts';

const finding = (path: string, line: number, anchor: string): Finding => ({
  id: `finding-${anchor}`, path, line, endLine: line, column: 1, category: 'bug', severity: 'warning', claim: `Something is wrong with ${anchor}.`, evidence: anchor, proof: 'agreed', anchor,
});

interface Bench {
  readonly clock: HandClock;
  readonly policy: OnSave;
  readonly jobs: ReviewJob[];
  /** Reasons of the signals that ended a reading. */
  readonly cut: string[];
  readonly states: OnSaveState[];
  readonly published: Map<string, readonly Finding[]>;
  readonly kept: Map<string, ReviewedFile>;
  /** Ends the oldest reading that is going on. */
  answer(end: ReviewEnd): Promise<void>;
}

function bench({ kept = new Map<string, ReviewedFile>(), busy = (): string | undefined => undefined, leftOut = false, waits = false }: { readonly kept?: Map<string, ReviewedFile>; readonly busy?: () => string | undefined; readonly leftOut?: boolean; readonly waits?: boolean } = {}): Bench {
  const clock = handClock();
  const jobs: ReviewJob[] = [];
  const cut: string[] = [];
  const states: OnSaveState[] = [];
  const published = new Map<string, readonly Finding[]>();
  const open: ((end: ReviewEnd) => void)[] = [];
  const policy = createOnSave({
    clock, hashing,
    memory: { read: (path) => Promise.resolve(kept.get(path)), write: (path, file) => Promise.resolve(void kept.set(path, file)) },
    busy: () => Promise.resolve(busy()),
    isLeftOut: () => Promise.resolve(leftOut),
    async review(job, signal) {
      jobs.push(job);
      if (!waits) return { kind: 'reviewed', findings: job.text.split('\n').flatMap((line, index) => (line.startsWith('bad') ? [finding(job.path, index + 1, line)] : [])) };
      return await new Promise((resolve, reject) => {
        open.push(resolve);
        signal.addEventListener('abort', () => {
          cut.push(signal.reason instanceof Error ? signal.reason.message : '');
          reject(signal.reason);
        }, { once: true });
      });
    },
    publish: (path, findings) => void published.set(path, findings),
    tell: (state) => void states.push(state),
  });
  return {
    clock, policy, jobs, cut, states, published, kept,
    async answer(end) {
      open.shift()?.(end);
      await clock.advance(0);
    },
  };
}

const kinds = ({ states }: Bench): readonly string[] => states.map(({ kind, word }) => (word === '' ? kind : `${kind}: ${word}`));

describe('review on save', () => {
  it('reads a second and a half after the last save, and once for a hundred saves in a second', async () => {
    const one = bench();
    for (let n = 0; n < 100; n++) {
      one.policy.saved('a.js', `bad ${n}\n`);
      await one.clock.advance(10);
    }
    await one.clock.advance(1_480);
    assert.equal(one.jobs.length, 0);
    await one.clock.advance(20);
    assert.deepEqual(one.jobs.map(({ text }) => text), ['bad 99\n']);
    assert.equal(one.clock.waiting, 0);
  });

  it('counts what changed from the text that was opened, then from the one read last', async () => {
    const one = bench();
    await one.policy.opened('a.js', 'one\ntwo\n');
    one.policy.saved('a.js', 'one\nbad two\n');
    await one.clock.advance(1_500);
    one.policy.saved('a.js', 'bad one\nbad two\n');
    await one.clock.advance(1_500);
    assert.deepEqual(one.jobs.map(({ diff }) => diff?.split('\n').filter((line) => /^[+-][^+-]/u.test(line))), [['-two', '+bad two'], ['-one', '+bad one']]);
  });

  it('reads a file whole that it knows no earlier text of', async () => {
    const one = bench();
    one.policy.saved('a.js', 'bad\n');
    await one.clock.advance(1_500);
    assert.deepEqual(one.jobs.map(({ diff }) => diff), [undefined]);
  });

  it('asks nothing for a file that is saved as it was opened', async () => {
    const one = bench();
    await one.policy.opened('a.js', 'bad\n');
    one.policy.saved('a.js', 'bad\n');
    await one.clock.advance(1_500);
    assert.deepEqual([one.jobs.length, kinds(one).at(-1)], [0, 'reviewed: unchanged']);
  });

  it('asks nothing for a text that it has read, also after a restart', async () => {
    const one = bench();
    for (const text of ['bad 1\n', 'bad 2\n', 'bad 1\n']) {
      one.policy.saved('a.js', text);
      await one.clock.advance(1_500);
    }
    assert.equal(one.jobs.length, 2);
    const next = bench({ kept: one.kept });
    next.policy.saved('a.js', 'bad 2\n');
    await next.clock.advance(1_500);
    assert.deepEqual([next.jobs.length, next.published.get('a.js')?.map(({ anchor }) => anchor)], [0, ['bad 2']]);
    const third = bench({ kept: one.kept });
    await third.policy.opened('a.js', 'bad 1\n');
    assert.deepEqual(third.published.get('a.js')?.map(({ anchor }) => anchor), ['bad 1']);
  });

  it('cuts a reading off at once when the file is saved again, and reads the newer text', async () => {
    const one = bench({ waits: true });
    one.policy.saved('a.js', 'bad 1\n');
    await one.clock.advance(1_500);
    one.policy.saved('a.js', 'bad 2\n');
    await one.clock.advance(0);
    assert.deepEqual(one.cut, ['saved again']);
    await one.clock.advance(1_500);
    await one.answer({ kind: 'reviewed', findings: [] });
    await one.answer({ kind: 'reviewed', findings: [finding('a.js', 1, 'bad 2')] });
    assert.deepEqual(one.jobs.map(({ text }) => text), ['bad 1\n', 'bad 2\n']);
    assert.deepEqual(one.published.get('a.js')?.map(({ anchor }) => anchor), ['bad 2']);
    assert.equal(one.kept.get('a.js')?.text, 'bad 2\n');
  });

  it('reads one file after the other, the one saved last first', async () => {
    const one = bench({ waits: true });
    one.policy.saved('a.js', 'a\n');
    one.policy.saved('b.js', 'b\n');
    await one.clock.advance(1_500);
    assert.deepEqual(one.jobs.map(({ path }) => path), ['b.js']);
    await one.answer({ kind: 'reviewed', findings: [] });
    assert.deepEqual(one.jobs.map(({ path }) => path), ['b.js', 'a.js']);
    await one.answer({ kind: 'reviewed', findings: [] });
    await one.policy.settled();
    assert.deepEqual([...one.kept.keys()], ['b.js', 'a.js']);
  });

  it('gives way to a run at once, and reads what it was reading when the run has ended', async () => {
    const one = bench({ waits: true });
    one.policy.saved('a.js', 'bad\n');
    await one.clock.advance(1_500);
    one.policy.giveWay('a run is at work');
    await one.clock.advance(0);
    assert.deepEqual(one.cut, ['a run is at work']);
    one.policy.saved('b.js', 'b\n');
    await one.clock.advance(10_000);
    assert.equal(one.jobs.length, 1);
    assert.equal(kinds(one).at(-1), 'skipped: a run is at work');
    one.policy.free();
    await one.clock.advance(1_500);
    await one.answer({ kind: 'reviewed', findings: [] });
    await one.answer({ kind: 'reviewed', findings: [] });
    assert.deepEqual(one.jobs.map(({ path }) => path), ['a.js', 'b.js', 'a.js']);
  });

  it('drops a reading whose file is renamed or deleted, and keeps nothing of it', async () => {
    const one = bench({ waits: true });
    one.policy.saved('a.js', 'bad\n');
    await one.clock.advance(1_500);
    one.policy.gone('a.js');
    await one.clock.advance(1_500);
    assert.deepEqual([one.cut, one.kept.size, one.published.size, kinds(one).at(-1)], [['the file is gone'], 0, 0, 'stopped: the file is gone']);
  });

  it('says in a word why a file is not read', async () => {
    const cases: readonly [string, string, string, Parameters<typeof bench>[0]][] = [
      ['a.js', 'bad\n', 'skipped: Ollama is busy', { busy: () => 'Ollama is busy' }],
      ['a.js', 'bad\n', 'skipped: it is ignored here, or no code', { leftOut: true }],
      ['a.js', 'x\n'.repeat(2_001), 'skipped: it has 2002 lines (at most 2000 are read)', {}],
      ['node_modules/a/index.js', 'bad\n', 'skipped: it belongs to a dependency', {}],
      ['a.js', '// @generated by a tool. DO NOT EDIT.\nbad\n', 'skipped: it was made by a program', {}],
    ];
    for (const [path, text, expected, options] of cases) {
      const one = bench(options);
      one.policy.saved(path, text);
      await one.clock.advance(1_500);
      assert.deepEqual([one.jobs.length, kinds(one).at(-1), one.kept.size], [0, expected, 0]);
    }
  });

  it('remembers nothing of a reading that failed, so that the next save counts from the text before it', async () => {
    let fails = true;
    let busy: string | undefined = 'Ollama is busy';
    const one = bench({ busy: () => {
      if (fails && busy === undefined) throw new Error('The server broke.');
      return busy;
    } });
    await one.policy.opened('a.js', 'one\ntwo\n');
    one.policy.saved('a.js', 'bad one\ntwo\n');
    await one.clock.advance(1_500);
    assert.equal(kinds(one).at(-1), 'skipped: Ollama is busy');
    busy = undefined;
    one.policy.saved('a.js', 'bad one\ntwo\n');
    await one.clock.advance(1_500);
    assert.equal(kinds(one).at(-1), 'skipped: The server broke.');
    fails = false;
    one.policy.saved('a.js', 'bad one\nbad two\n');
    await one.clock.advance(1_500);
    assert.match(one.jobs[0]?.diff ?? '', /-one\n-two\n\+bad one\n\+bad two/u);
  });

  it('keeps what was said of lines that did not change, wherever they moved, and lets go what stood beside a change', async () => {
    const far = 'a\n'.repeat(10);
    const past: ReviewedFile = { text: `bad far\n${far}bad near\nx\n`, versions: [{ sha256: hashing.sha256(`bad far\n${far}bad near\nx\n`), findings: [finding('a.js', 1, 'bad far'), finding('a.js', 12, 'bad near')] }] };
    const one = bench({ kept: new Map([['a.js', past]]), waits: true });
    one.policy.saved('a.js', `new\nbad far\n${far}bad near\ny\n`);
    await one.clock.advance(1_500);
    await one.answer({ kind: 'reviewed', findings: [] });
    assert.deepEqual(one.published.get('a.js')?.map(({ anchor, line }) => `${anchor} ${line}`), []);
    const two = bench({ kept: new Map([['a.js', past]]), waits: true });
    two.policy.saved('a.js', `bad far\n${far}bad near\nx\n`.replace('x\n', 'a\na\na\na\na\nz\n'));
    await two.clock.advance(1_500);
    await two.answer({ kind: 'reviewed', findings: [] });
    assert.deepEqual(two.published.get('a.js')?.map(({ anchor, line }) => `${anchor} ${line}`), ['bad far 1']);
  });

  it('stops everything when it is disposed', async () => {
    const one = bench({ waits: true });
    one.policy.saved('a.js', 'bad\n');
    await one.clock.advance(1_500);
    one.policy.saved('b.js', 'bad\n');
    one.policy[Symbol.dispose]();
    await one.policy.settled();
    assert.deepEqual([one.cut, one.clock.waiting, one.jobs.length], [['closed'], 0, 1]);
  });
});

describe('the end of a review run', () => {
  const check = (outcome: Partial<Parameters<typeof reviewEndOf>[0]>, expected: ReviewEnd): void => assert.deepEqual(reviewEndOf({ kind: 'reviewed', reason: '', findings: [], degraded: [], ...outcome }), expected);
  it('counts as read only when the model has read', () => {
    check({}, { kind: 'reviewed', findings: [] });
    check({ degraded: ['no model: nothing answers'] }, { kind: 'skipped', why: 'no model: nothing answers' });
    check({ degraded: ['reviewer: the server went away'] }, { kind: 'skipped', why: 'reviewer: the server went away' });
    check({ degraded: ['findings were not put to the test'] }, { kind: 'reviewed', findings: [] });
    check({ kind: 'stopped', reason: 'Stopped by you.' }, { kind: 'skipped', why: 'Stopped by you.' });
  });
});
