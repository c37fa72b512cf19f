import assert from 'node:assert/strict';
import type { Debate } from '../../../src/core/domain/debate.ts';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import type { ScriptEntry } from '../../../src/core/model/scriptedModel.ts';
import { denyAll, grantOnly } from '../../../src/core/tools/grants.ts';
import { type CrewRigOptions, createCrewRig } from '../../support/crewRig.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const manifest = '{"name":"shop","type":"module","scripts":{"test":"node --test"}}';
/** Ages are capped nowhere: a rule that no mechanical edit can guess. */
const shop = {
  'package.json': manifest,
  'src/discount.js': ['export function discount(age, total) {', '  let rate = 0;', '  if (age >= 65) rate = 0.2;', '  return total * rate;', '}', ''].join('\n'),
  'test/discount.test.js': [
    "import test from 'node:test';",
    "import assert from 'node:assert/strict';",
    "import { discount } from '../src/discount.js';",
    "test('seniors', () => assert.equal(discount(70, 100), 20));",
    "test('adults', () => assert.equal(discount(30, 100), 0));",
    "test('students pay 13 less of 130', () => assert.equal(discount(17, 130), 13));",
    '',
  ].join('\n'),
};
const review: ScriptEntry = { role: 'reviewer', reply: JSON.stringify({ correct: true, claim: 'It fixes the cause.', counterExample: null }) };
const fills: ScriptEntry = { kind: 'fill', reply: '  if (age < 18) rate = 0.1;' };
const nothing: ScriptEntry = { reply: '' };
const script: readonly ScriptEntry[] = [review, fills, nothing];

const objections = (events: readonly RunEvent[]): readonly Debate[] => events.flatMap((event) => (event.type === 'debate.ended' && event.data.about === 'finding' ? [event.data] : []));

describe('fixBug', function () {
  this.timeout(60_000);

  const run = async (options: Partial<CrewRigOptions>, check: (rig: Awaited<ReturnType<typeof createCrewRig>>) => Promise<void>): Promise<void> => {
    using folder = tempFolder();
    await using rig = await createCrewRig({ folder: folder.path, files: shop, script, ...options });
    await check(rig);
  };

  it('ends fixed with a receipt and writes nothing without a yes', async () => await run({}, async (rig) => {
    const { outcome } = await rig.fix({});
    assert.deepEqual([outcome.kind, outcome.applied], ['fixed', false], outcome.reason);
    assert.match(outcome.patch ?? '', /^\+ {2}if \(age < 18\) rate = 0\.1;$/mu);
    assert.deepEqual([outcome.receipt?.exit, outcome.candidates.some((candidate) => candidate.verdict === 'chosen')], [0, true]);
    assert.equal(rig.read('src/discount.js'), shop['src/discount.js']);
    assert.deepEqual(rig.events.flatMap((event) => (event.type === 'debate.ended' ? [event.data.state] : [])), ['skipped']);
  }));

  it('leaves a debate over survivors that differ: what each gave when it ran, and which rule decided', async () => await run(
    { files: { ...shop, 'src/discount.js': shop['src/discount.js'].replace('>= 65', '< 65').replace('0.2', '0.5'), 'test/discount.test.js': shop['test/discount.test.js'].replace(/^.*(?:students|seniors).*\n/gmu, '') } },
    async (rig) => {
      await rig.fix({}, { sources: ['mechanical'] });
      const [debate] = rig.events.flatMap((event) => (event.type === 'debate.ended' ? [event.data] : []));
      assert.equal(debate?.state, 'held', debate?.rule);
      assert.ok(debate?.exhibits.every((exhibit) => exhibit.affirmative !== exhibit.negative) && debate.exhibits.length > 0);
      assert.notEqual(debate?.verdict, null);
    },
  ));

  it('writes with --apply, proves it on the live tree, and undoes it byte for byte', async () => await run({}, async (rig) => {
    const { run: id, outcome } = await rig.fix({}, { apply: 'yes', sources: ['cloze'] });
    assert.deepEqual([outcome.kind, outcome.applied], ['fixed', true], outcome.reason);
    assert.match(rig.read('src/discount.js'), /age < 18/u);
    assert.deepEqual(await rig.undo(id), { restored: ['src/discount.js'], conflicts: [] });
    assert.equal(rig.read('src/discount.js'), shop['src/discount.js']);
  }));

  it('leaves alone on undo what somebody changed since', async () => await run({}, async (rig) => {
    const { run: id } = await rig.fix({}, { apply: 'yes', sources: ['cloze'] });
    rig.write('src/discount.js', '// mine\n');
    assert.deepEqual(await rig.undo(id), { restored: [], conflicts: ['src/discount.js'] });
    assert.equal(rig.read('src/discount.js'), '// mine\n');
  }));

  it('keeps a file that changes while the crew works, and ends in a conflict', async () => {
    let change = (): void => undefined;
    const listen = (event: RunEvent): void => (event.type === 'candidate.chosen' ? change() : undefined);
    await run({ listen }, async (rig) => {
      change = () => rig.write('src/discount.js', '// typed meanwhile\n');
      const { outcome } = await rig.fix({}, { apply: 'yes', sources: ['cloze'] });
      assert.deepEqual([outcome.kind, outcome.applied], ['conflict', false]);
      assert.equal(rig.read('src/discount.js'), '// typed meanwhile\n');
    });
  });

  it('goes on without a model and says what is missing', async () => await run(
    { script: undefined as never, files: { ...shop, 'src/discount.js': shop['src/discount.js'].replace('>= 65', '< 65'), 'test/discount.test.js': shop['test/discount.test.js'].replace(/^.*students.*\n/mu, '') } },
    async (rig) => {
      const { outcome } = await rig.fix({});
      assert.equal(outcome.kind, 'fixed', outcome.reason);
      assert.equal(outcome.tokens.prompt + outcome.tokens.reply, 0);
      assert.match(outcome.degraded.join('\n'), /no model.*\n.*not reviewed/su);
    },
  ));

  it('shows a larger model how its rewrite failed', async () => {
    const rewrite = (rate: string): string => `\`\`\`js\nexport function discount(age, total) {\n  let rate = 0;\n  if (age >= 65) rate = 0.2;\n  if (age < 18) rate = ${rate};\n  return total * rate;\n}\n\`\`\``;
    const asked: string[] = [];
    const coder: ScriptEntry = { kind: 'chat', role: 'coder', reply: (request) => {
      asked.push(request.kind === 'chat' ? (request.messages.at(-1)?.content ?? '') : '');
      return rewrite(asked.length === 1 ? '0.3' : '0.1');
    } };
    await run({ script: [review, coder], facts: { parametersB: 7 } }, async (rig) => {
      const { outcome } = await rig.fix({}, { sources: ['rewrite'] });
      assert.equal(outcome.kind, 'fixed', outcome.reason);
      assert.match(asked[1] ?? '', /Expected 13 but got 39/u);
    });
  });

  it('says that nothing was found when no candidate passes', async () => await run({ script: [nothing] }, async (rig) => {
    const { outcome } = await rig.fix({}, { sources: ['cloze', 'rewrite'] });
    assert.equal(outcome.kind, 'gave-up');
    assert.equal(rig.read('src/discount.js'), shop['src/discount.js']);
  }));

  it('ends not-reproduced when every check passes', async () => await run({ files: { ...shop, 'test/discount.test.js': shop['test/discount.test.js'].replace(/^.*students.*\n/mu, '') } }, async (rig) => {
    assert.equal((await rig.fix({})).outcome.kind, 'not-reproduced');
  }));

  const quiet = { ...shop, 'test/discount.test.js': shop['test/discount.test.js'].replace(/^.*students.*\n/mu, '') };

  it('proposes, and never calls it fixed, what no check shows: --apply is no yes to it', async () => await run(
    { files: quiet, script: [{ role: 'verifier', reply: 'nothing' }, review, { role: 'coder', reply: '```js\nexport function discount(age, total) {\n  let rate = 0;\n  if (age >= 65) rate = 0.2;\n  if (age < 18) rate = 0.1;\n  return total * rate;\n}\n```' }] },
    async (rig) => {
      const { outcome } = await rig.fix({ words: 'discount() gives students nothing' }, { apply: 'yes' });
      assert.deepEqual([outcome.kind, outcome.applied, outcome.receipt], ['proposed', false, null], outcome.reason);
      assert.match(outcome.patch ?? '', /age < 18/u);
      assert.equal(rig.read('src/discount.js'), shop['src/discount.js']);
    },
  ));

  it('has a reported crash again without a model, and proves its fix by it', async () => {
    const files = {
      'package.json': manifest,
      'src/mean.js': 'export function mean(list) {\n  return list.reduce((sum, one) => sum + one) / list.length;\n}\n',
      'test/mean.test.js': "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { mean } from '../src/mean.js';\ntest('mean', () => assert.equal(mean([1, 3]), 2));\n",
    };
    const words = 'TypeError: Reduce of empty array with no initial value\n    at Array.reduce (<anonymous>)\n    at mean (/srv/app/src/mean.js:2:15)\n';
    await run({ files, script: [review, nothing] }, async (rig) => {
      const { outcome } = await rig.fix({ words }, { sources: ['mechanical'] });
      assert.equal(outcome.kind, 'fixed', outcome.reason);
      assert.ok(rig.events.some((event) => event.type === 'message.sent' && event.data.body.includes('mean([])')));
      assert.ok(!rig.events.some((event) => event.type === 'model.started' && event.data.role === 'verifier'));
    });
  });

  it('reports a flaky test and never calls it fixed', async () => {
    using folder = tempFolder();
    const flip = `import test from 'node:test';\nimport assert from 'node:assert/strict';\ntest('flips', () => assert.equal(process.hrtime.bigint() % 2n, 0n));\n`;
    await using rig = await createCrewRig({ folder: folder.path, files: { 'package.json': manifest, 'test/flip.test.js': flip }, script });
    const { outcome } = await rig.fix({}, { sources: ['cloze'] });
    assert.ok(['not-reproduced', 'gave-up'].includes(outcome.kind), outcome.kind);
  });

  it('ends environment when the command is missing, and names it', async () => await run({}, async (rig) => {
    const { outcome } = await rig.fix({ test: ['no-such-runner', 'x'] });
    assert.equal(outcome.kind, 'environment');
    assert.match(outcome.reason, /no-such-runner/u);
  }));

  it('rejects a change whose counter-example the verifier reproduces', async () => await run(
    {
      files: { ...shop, 'test/discount.test.js': `${shop['test/discount.test.js']}test('whole numbers', () => {\n  assert.equal(discount(1, 0), 0);\n});\n` },
      script: [
        { role: 'reviewer', times: 1, reply: JSON.stringify({ correct: false, claim: 'It throws for adults of 40.', counterExample: { call: 'discount(40, 10)', expected: '0' } }) },
        review,
        { kind: 'fill', times: 3, reply: '  if (age === 40) throw new TypeError("forty"); if (age < 18) rate = 0.1;' },
        nothing,
      ],
    },
    async (rig) => {
      const { outcome } = await rig.fix({});
      const rejected = rig.events.flatMap((event) => (event.type === 'candidate.gated' && event.data.verdict.gate === 'review' && !event.data.verdict.passed ? [event.data.verdict.reason] : []));
      assert.match(rejected.join(), /discount\(40, 10\) gives throws TypeError/u);
      assert.notEqual(outcome.kind, 'fixed');
      const debate = objections(rig.events)[0];
      assert.deepEqual([debate?.state, debate?.verdict, debate?.decidedBy, debate?.changedOutcome], ['held', 'affirmative', 'exhibits', true]);
      assert.match(debate?.exhibits[0]?.negative ?? '', /throws TypeError/u);
    },
  ));

  it('keeps a change against an objection that does not happen, and says what the call gave', async () => await run(
    { script: [{ role: 'reviewer', reply: JSON.stringify({ correct: false, claim: 'Adults of 40 pay nothing.', counterExample: { call: 'discount(40, 100)', expected: '40' } }) }, fills, nothing] },
    async (rig) => {
      const { outcome } = await rig.fix({});
      assert.equal(outcome.kind, 'fixed', outcome.reason);
      const debate = objections(rig.events)[0];
      assert.deepEqual([debate?.verdict, debate?.decidedBy, debate?.changedOutcome, debate?.exhibits], ['negative', 'exhibits', false, [{ call: 'discount(40, 100)', affirmative: '40', negative: '0', base: '0' }]]);
    },
  ));

  it('notes an objection that names nothing to run as not worth a debate', async () => await run(
    { script: [{ role: 'reviewer', reply: JSON.stringify({ correct: false, claim: 'It looks wrong.', counterExample: null }) }, fills, nothing] },
    async (rig) => {
      assert.equal((await rig.fix({})).outcome.kind, 'fixed');
      assert.deepEqual(objections(rig.events).map(({ state, rule }) => [state, rule]), [['skipped', 'It names no call that could be run: It looks wrong.']]);
    },
  ));

  it('sees nothing and starts nothing with every grant withdrawn', async () => await run({ ports: { grants: denyAll } }, async (rig) => {
    const { outcome } = await rig.fix({});
    assert.equal(outcome.kind, 'needs-approval');
    const calls = rig.events.flatMap((event) => (event.type === 'tool.called' ? [event.data] : []));
    assert.deepEqual(calls.filter((call) => call.decision !== 'denied'), []);
    assert.deepEqual([rig.events.some((event) => event.type === 'check.finished'), rig.events.some((event) => event.type === 'model.started')], [false, false]);
    assert.match(outcome.reason, /planner may not call list_files: .*grants\.only/u);
  }));

  for (const [granted, missing] of [
    [['list_files'], /planner may not call git_status/u],
    [['list_files', 'git_status'], /planner may not call read_file/u],
    [['list_files', 'git_status', 'read_file'], /verifier may not call take_snapshot/u],
    [['list_files', 'git_status', 'read_file', 'take_snapshot'], /verifier may not call run_check/u],
  ] as const) {
    it(`names role, tool and rule of the next grant after ${granted.join(', ')}`, async () => await run({ ports: { grants: grantOnly(...granted.map((tool) => ({ tool }))) } }, async (rig) => {
      assert.match((await rig.fix({})).outcome.reason, missing);
    }));
  }

  it('stops within a second and can be resumed: no finished call or check runs again', async () => {
    const control = new AbortController();
    const listen = (event: RunEvent): void => (event.type === 'candidate.chosen' ? control.abort(new Error('Ctrl+C')) : undefined);
    await run({ listen }, async (rig) => {
      const { run: id, outcome } = await rig.fix({}, { sources: ['cloze'] }, control.signal);
      assert.equal(outcome.kind, 'stopped');
      const before = rig.events.length;
      const resumed = await rig.resume(id);
      assert.equal(resumed.outcome.kind, 'fixed', resumed.outcome.reason);
      const later = rig.events.slice(before);
      const keys = (events: readonly RunEvent[]): readonly string[] => events.flatMap((event) => (event.type === 'check.finished' ? [event.data.key] : []));
      const first = new Set(keys(rig.events.slice(0, before)));
      assert.deepEqual(keys(later).filter((key) => first.has(key)), []);
    });
  });
});
