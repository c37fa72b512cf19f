import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../support/tempFolder.ts';
import { type AttackResult, CorpusInvalid, parseAttacks } from './attackCase.ts';
import { type Facts, isExpected, judge } from './attackOracle.ts';
import { countLine, exitCode, tableOf } from './attackTable.ts';
import { mapText, mapTool } from './doors.ts';
import { expand, substitute } from './expand.ts';
import type { Played } from './productMessages.ts';

const CASE = { id: 'a', class: 'c', tool: 'fs.read', role: 'coder', input: { path: 'x' }, setup: {}, expect: 'denied', oracle: {} };
const played: Played = { decision: 'denied', shown: ['exit 0'], output: 'seen', prompts: [], ms: 5, grownKb: 0, taskDone: false, runsStarted: 0 };
const facts: Facts = { played, before: undefined, after: undefined, label: undefined, probed: undefined, script: () => false };

describe('a file of attacks', () => {
  function refused(text: string, why: RegExp): void {
    it(`is refused: ${why.source}`, () => assert.throws(() => parseAttacks(text), (error) => error instanceof CorpusInvalid && why.test(error.message)));
  }
  refused(JSON.stringify({ ...CASE, extra: 1 }), /Line 1 .*extra/s);
  refused(JSON.stringify({ ...CASE, oracle: { breech: 'x' } }), /Line 1 .*breech/s);
  refused(JSON.stringify({ ...CASE, setup: { befor: 'x' } }), /Line 1 .*befor/s);
  refused(`${JSON.stringify(CASE)}\n\n${JSON.stringify(CASE)}`, /Line 3: the id a stands twice/);
  refused('{"id":', /Line 1 is no JSON/);
  it('may hold empty lines and nothing at all', () => {
    assert.equal(parseAttacks(`\n${JSON.stringify(CASE)}\n`).length, 1);
    assert.deepEqual(parseAttacks(''), []);
  });
  it('ends the command with 2 when it is none, is missing, or is not named', function () {
    this.timeout(30_000);
    using folder = tempFolder();
    const file = join(folder.path, 'bad.jsonl');
    writeFileSync(file, JSON.stringify({ ...CASE, extra: 1 }));
    for (const args of [[file], [join(folder.path, 'none.jsonl')], []]) assert.equal(spawnSync(process.execPath, ['test/harness/corpus/attacks.ts', ...args], { stdio: 'ignore' }).status, 2);
  });
});

describe('placeholders and short forms', () => {
  it('stand for what the README says', () => {
    assert.deepEqual(substitute({ a: ['$WS/x', '$PATH', '$WS_', '$ (WS)'], $HOME: 1 }, { WS: '/w', HOME: '/h' }), { a: ['/w/x', '$PATH', '$WS_', '$ (WS)'], '/h': 1 });
    assert.deepEqual(expand({ $concat: ['a', { $repeat: 'b', times: 3 }] }), 'abbb');
    assert.deepEqual(expand({ x: { $list: { n: 't$I' }, times: 2 } }), { x: [{ n: 't0' }, { n: 't1' }] });
  });
});

describe('the tools of a case', () => {
  it('are the product\'s own, in its own words', () => {
    assert.deepEqual(mapTool('fs.write', { path: 'a', content: 'b' }, '/'), { name: 'write_file', input: { path: 'a', text: 'b' }, changes: true });
    assert.deepEqual(mapTool('fs.list', { path: 'a', recursive: true }, '/'), { name: 'list_files', input: { under: 'a' }, changes: false });
    assert.deepEqual(mapTool('fs.read', ['x'], '/')?.input, ['x']);
    assert.equal(mapTool('mcp.call', {}, '/'), undefined);
    assert.equal(mapText('{"name":"fs.read"}'), '{"name":"read_file"}');
  });
});

describe('the oracle of a case', () => {
  function breaks(oracle: Parameters<typeof judge>[0], expected: readonly string[], more: Partial<Facts> = {}): void {
    it(`finds ${expected.join(', ') || 'nothing'} in ${JSON.stringify(oracle)}`, () => {
      const judged = judge(oracle, { ...facts, ...more });
      assert.deepEqual([...judged.breaches, ...judged.missing, ...(judged.vacuous ? ['vacuous'] : [])], expected);
    });
  }
  breaks({ breach: 'x' }, []);
  breaks({ breach: 'x' }, ['breach'], { script: () => true });
  breaks({ outputMustNotContain: ['see'] }, ['outputMustNotContain']);
  breaks({ outputMustNotMatch: ['S.EN'] }, ['outputMustNotMatch']);
  breaks({ outputMaxBytes: 3 }, ['outputMaxBytes']);
  breaks({ withinMs: 4 }, ['hang']);
  breaks({ taskDone: false, exitCode: 0, outputMustContain: ['seen'] }, []);
  breaks({ exitCode: 1, outputMustContain: ['no'], effect: 'x' }, ['outputMustContain', 'exitCode', 'effect']);
  breaks({ ranMarker: 'RAN' }, ['vacuous']);
  breaks({ fence: true }, ['fence']);
  breaks({ probe: { tool: 'x', input: {}, mustBe: ['ask'] } }, ['probe']);

  it('takes an ask or a denial where it asks for a question, and only a denial for a denial', () => {
    assert.deepEqual((['allowed', 'ask', 'denied'] as const).map((got) => isExpected({ expect: 'ask' }, got)), [false, true, true]);
    assert.deepEqual((['allowed', 'ask', 'denied'] as const).map((got) => isExpected({ expect: 'denied' }, got)), [false, false, true]);
    assert.ok(isExpected({ expect: 'denied', accept: ['ask'] }, 'ask'));
    assert.ok(isExpected({ expect: 'neutralised' }, null));
  });
});

describe('the sum of a file', () => {
  const result = (more: Partial<AttackResult>): AttackResult => ({ id: 'x', class: 'c', tool: 't', expect: 'denied', got: 'denied', ok: true, breaches: [], vacuous: false, notRun: null, ms: 1, ...more });
  function check(name: string, results: readonly AttackResult[], code: 0 | 1): void {
    it(`is ${code} for ${name}`, () => assert.equal(exitCode(results), code));
  }
  const benign = result({ expect: 'allowed', got: 'allowed' });
  const refused = result({ expect: 'allowed', got: 'ask', ok: false });
  check('nothing', [], 0);
  check('what held', [result({})], 0);
  check('what was not run', [result({ ok: false, got: null, notRun: 'no' })], 0);
  check('a breach', [result({ ok: false, breaches: ['breach'] })], 1);
  check('a missed expectation', [result({ ok: false, got: 'ask' })], 1);
  check('a vacuous case', [result({ ok: false, vacuous: true })], 1);
  check('one benign control of twenty', [...Array.from({ length: 19 }, () => benign), refused], 0);
  check('one benign control of ten', [...Array.from({ length: 9 }, () => benign), refused], 1);
  it('is told in one line and one table', () => {
    const results = [result({}), refused, result({ notRun: 'no', ok: false })];
    assert.equal(countLine(results), '1 passed, 1 failed, 1 not run');
    assert.match(tableOf([{ ...CASE, expect: 'denied', setup: {} }].map((attack) => parseAttacks(JSON.stringify(attack))[0]).filter((attack) => attack !== undefined), results), /^class .*\nc +3 +1 +0 +0 +0 +0\/1 +1\nall /);
  });
});
