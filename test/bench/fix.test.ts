import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { splitArgv } from '../../src/cli/splitArgv.ts';
import { parseEvent, type RunEvent } from '../../src/core/domain/event.ts';
import { crewFigures } from './crewFigures.ts';
import { quoted } from './crewRun.ts';
import { appendLog, readLog, type Trial, type Way } from './fixLog.ts';
import { inTurn, median, summaries } from './fixTable.ts';
import { codeOf } from './rawModel.ts';
import { atMost, figure, markdownTable } from './row.ts';
import { userPath } from './runInTree.ts';

function trial(way: Way, verdict: 'truly' | 'falsely' | 'not', seconds = 10): Trial {
  return { kind: 'trial', way, outcome: 'x', claimsFixed: verdict !== 'not', truly: verdict === 'truly', seconds, promptTokens: 100, replyTokens: 20, model: 'm', reviewSeconds: 0, reloads: 0, readPerNew: null, peakMemoryBytes: null, reason: '' };
}

/** The summary of one way over these bugs' trials. */
function check(way: string, ...bugs: readonly (readonly Trial[])[]): Readonly<Record<string, number>> {
  const found = summaries(new Map(bugs.map((trials, index) => [`bug ${index}`, trials]))).find((row) => row.way === way);
  assert.ok(found);
  const { bugs: count, truly, falsely, medianSeconds, tokensPerFix } = found;
  return { count, truly, falsely, medianSeconds, tokensPerFix };
}

describe('the table of fixes', () => {
  it('counts true and false claims, time of the true ones, tokens of all', () => {
    assert.deepEqual(check('cloze', [trial('cloze', 'truly', 4)], [trial('cloze', 'truly', 8)], [trial('cloze', 'falsely', 1)], [trial('cloze', 'not', 99)]), { count: 4, truly: 2, falsely: 1, medianSeconds: 6, tokensPerFix: 240 });
  });
  it('asks the second of a pair only where the first claims nothing', () => {
    assert.deepEqual(check('mechanical + cloze', [trial('mechanical', 'falsely', 2), trial('cloze', 'truly', 5)], [trial('mechanical', 'not', 2), trial('cloze', 'truly', 5)]), { count: 2, truly: 1, falsely: 1, medianSeconds: 7, tokensPerFix: 360 });
  });
  it('leaves a pair out until both were tried', () => assert.equal(inTurn(trial('mechanical', 'truly'), undefined), undefined));
  it('has no time and no tokens where nothing was fixed', () => {
    assert.deepEqual(check('raw model, asked once', [trial('raw', 'not')]), { count: 1, truly: 0, falsely: 0, medianSeconds: Number.NaN, tokensPerFix: Number.NaN });
    assert.equal(atMost('x', Number.NaN, 's', 5).ok, false);
  });
  it('takes the middle, or the mean of the two in the middle', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([1, 3, 2, 100]), 2.5);
  });
  it('prints columns that line up', () => {
    assert.equal(markdownTable(['a', 'b'], [['long cell', '≤']]), '| a         | b   |\n|-----------|-----|\n| long cell | ≤   |');
    assert.deepEqual([figure(1234.5), figure(0.123456), figure(Number.NaN)], ['1,235', '0.123', '–']);
  });
});

describe('the log of trials', () => {
  it('reads back what it wrote, less a last line that was cut', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'groundcrew-log-'));
    await appendLog(folder, 'bug', [trial('raw', 'not')]);
    await appendFile(join(folder, 'bug.jsonl'), '{"kind":"tri');
    assert.deepEqual(await readLog(folder, 'bug'), [trial('raw', 'not')]);
    assert.deepEqual(await readLog(folder, 'other'), []);
    await writeFile(join(folder, 'bad.jsonl'), '{"kind":"other"}\n');
    await assert.rejects(readLog(folder, 'bad'));
    await rm(folder, { recursive: true });
  });
});

describe('what the benchmark says and hears', () => {
  for (const [reply, code] of [
    ['Here:\n```js\nconst a = 1;\n```\nDone.', 'const a = 1;\n'],
    ['```\nx\n```\nand the file:\n```python\nlonger = 1\n```', 'longer = 1\n'],
    ['```js\nconst cut = 1;\n', 'const cut = 1;\n'],
    ['no code at all', undefined],
    ['```\n```', undefined],
  ] as const) {
    it(`finds the code of ${JSON.stringify(reply)}`, () => assert.equal(codeOf(reply), code));
  }
  it('quotes any argv so that the command line reads it back', () => {
    fc.assert(fc.property(fc.array(fc.string({ minLength: 1 }).filter((word) => !/[\0\r\n]/.test(word)), { minLength: 1 }), (argv) => {
      assert.deepEqual(splitArgv(quoted(argv)), argv);
    }));
  });
  it('takes our own programs off the PATH', () => assert.equal(userPath('/a/node_modules/.bin:/usr/bin:/b/node-gyp-bin'), '/usr/bin'));
});

describe('the use of the model', () => {
  /** Calls as [prompt, tokens, promptMs, loadMs]. */
  function check(...calls: readonly (readonly [string, number, number, number])[]): ReturnType<typeof crewFigures> {
    const events = calls.flatMap(([content, prompt, promptMs, loadMs], index): RunEvent[] => {
      const common = { v: 1, seq: index + 1, at: 0, run: 'run-1' };
      const call = `call-${index}`;
      return [
        parseEvent({ ...common, type: 'model.started', data: { call, role: 'coder', task: null, purpose: 'x', model: 'm', host: 'h', endpoint: 'chat', messages: [{ role: 'user', content }], options: {}, promptTokens: prompt } }),
        parseEvent({ ...common, type: 'model.finished', data: { call, state: 'completed', reply: '', tokens: { prompt, reply: 1, estimated: false }, timings: { totalMs: 1, queueMs: 0, loadMs, promptMs, replyMs: 1, firstTokenMs: null }, error: null } }),
      ];
    });
    return crewFigures(events);
  }
  const SHARED = 'x'.repeat(994); // with "user\n" and a last letter 1,000 characters
  it('counts nothing read again where the prefix was kept', () => {
    const { readPerNew } = check([`${SHARED}a`, 1000, 1000, 2000], [`${SHARED}b`, 1000, 1, 5]);
    assert.ok(readPerNew !== null && readPerNew > 0.99 && readPerNew < 1.01, String(readPerNew));
  });
  it('sees a prompt that was read twice, and a reload', () => {
    const { readPerNew, reloads, calls } = check([`${SHARED}a`, 1000, 1000, 2000], [`${SHARED}b`, 1000, 1000, 2000]);
    assert.ok(readPerNew !== null && readPerNew > 1.9, String(readPerNew));
    assert.deepEqual([calls, reloads], [2, 1]);
  });
  it('says nothing where there was no call', () => assert.deepEqual(check(), { calls: 0, reloads: 0, readPerNew: null, reviewMs: 0 }));
});
