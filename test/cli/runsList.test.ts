import assert from 'node:assert/strict';
import { renderRuns, type RunRow } from '../../src/cli/runsList.ts';
import { sampleRun, START_MS } from '../support/sampleRun.ts';

function rowOf(words = '', ended = true): RunRow {
  const events = sampleRun(words);
  const [first] = events;
  const last = events.at(ended ? -1 : -2);
  assert.ok(first !== undefined && last !== undefined);
  return { run: 'run-sample', startedAt: START_MS, first, last };
}

function check(rows: readonly RunRow[], afterMs: number, columns: number, expected: string): void {
  assert.equal(renderRuns(rows, { now: START_MS + afterMs, columns }), expected);
}

describe('renderRuns', () => {
  it('says how to begin when there is none', () => check([], 0, 80, 'No runs in this workspace yet. Start one with: groundcrew fix\n'));
  it('gives each run a line', () => check([rowOf()], 60_000, 160, [
    'run         started    ended  took    tokens  what',
    'run-sample  1 min ago  fixed  49.3 s  1 534   fix The total leaves out the last line of the cart node --test test/cart.test.js',
    '',
  ].join('\n')));
  it('says how to go on with a run that did not finish', () => check([rowOf('', false)], 3 * 3_600_000, 90, [
    'run         started  ended       took    tokens  what',
    'run-sample  3 h ago  unfinished  49.3 s  –       fix The total leaves out the last line o…',
    '',
    'Go on with an unfinished run: groundcrew resume run-sample',
    '',
  ].join('\n')));
  it('counts days after two of them', () => assert.match(renderRuns([rowOf()], { now: START_MS + 3 * 86_400_000, columns: 120 }), / 3 days ago /));
  it('shows control characters of the request instead of sending them to the terminal', () => {
    const text = renderRuns([rowOf('\u001b[2J\u202e')], { now: START_MS, columns: 200 });
    assert.ok(text.includes('cart⟨U+001B⟩[2J⟨U+202E⟩'));
    assert.ok(!text.includes('\u001b'));
  });
});
