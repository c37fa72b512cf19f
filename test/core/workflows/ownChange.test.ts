import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { defaultGrants, narrowGrants } from '../../../src/core/tools/grants.ts';
import type { Word } from '../../../src/core/workflows/runContext.ts';
import { slip } from '../../support/cliProjects.ts';
import { createCrewRig } from '../../support/crewRig.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const FILE = 'src/discount.js';
const base = slip[FILE];
const files = {
  ...slip,
  'test/other.test.js': "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { discount } from '../src/discount.js';\ntest('nothing', () => assert.equal(discount(30, 0), 0));\n",
};
const own = base.replace('age < 65', 'age > 64');
const wrong = base.replace('age < 65', 'age > 65');
const worse = own.replace('return total * rate', 'return total === 0 ? 1 : total * rate');
/** Without a model, which this bug does not need. */
const quick = { sources: ['mechanical'], review: false } as const;

describe('a change that a person has edited', function () {
  this.timeout(60_000);

  /** The person answers with `words`, one after the other. */
  async function check(words: readonly Word[], expected: { readonly kind: string; readonly applied: boolean; readonly text: string; readonly reason?: RegExp; readonly asked?: RegExp }): Promise<void> {
    using folder = tempFolder();
    const asked: string[] = [];
    await using rig = await createCrewRig({ folder: folder.path, files, confirm: async (question) => words[asked.push(question) - 1] ?? 'nobody' });
    const { outcome } = await rig.fix({}, { apply: 'ask', ...quick, sources: [...quick.sources] });
    assert.deepEqual([outcome.kind, outcome.applied], [expected.kind, expected.applied], outcome.reason);
    assert.equal(rig.read(FILE), expected.text);
    assert.equal(asked.length, words.length);
    if (expected.reason !== undefined) assert.match(outcome.reason, expected.reason);
    if (expected.asked !== undefined) assert.match(asked.at(-1) ?? '', expected.asked);
    if (outcome.applied && outcome.kind === 'fixed') assert.equal(outcome.receipt?.exit, 0);
  }
  const texts = (text: string | null, path = FILE): Word => ({ texts: new Map([[path, text]]) });

  it('is verified, written and called fixed when it passes', async () => await check([texts(own)], { kind: 'fixed', applied: true, text: own }));
  it('asks again with what fails, and writes it as unproven on a yes', async () => await check([texts(wrong), 'yes'], { kind: 'partial', applied: true, text: wrong, asked: /fails with your version of the change[\s\S]*Write it all the same\?$/u, reason: /fails with your version/u }));
  it('stays out of the files when what fails is refused', async () => await check([texts(wrong), 'no'], { kind: 'fixed', applied: false, text: base }));
  it('can be mended after it failed', async () => await check([texts(wrong), texts(own)], { kind: 'fixed', applied: true, text: own }));
  it('is not called fixed when it breaks another test', async () => await check([texts(worse), 'no'], { kind: 'fixed', applied: false, text: base, asked: /passes with your version of the change, but it breaks .*nothing/u }));
  it('is no change when nothing of it is left', async () => await check([texts(base)], { kind: 'fixed', applied: false, text: base }));
  it('cannot bring in a file that nobody has seen', async () => await check([texts('x', 'test/discount.test.js')], { kind: 'error', applied: false, text: base, reason: /test\/discount\.test\.js is not part of the offered change/u }));
});

describe('grants that ask at every write', function () {
  this.timeout(60_000);

  it('ask about the file although the change itself was agreed to', async () => {
    using folder = tempFolder();
    const asked: string[] = [];
    await using rig = await createCrewRig({
      folder: folder.path, files, confirm: async () => 'yes',
      ports: { grants: narrowGrants(defaultGrants, { rules: [{ role: 'coder', tool: 'write', grant: 'ask' }] }) },
      prompt: async ({ tool, rule }) => {
        asked.push(`${tool} ${rule}`);
        return tool === 'write_file' ? 'refused' : 'once';
      },
    });
    const { outcome } = await rig.fix({}, { apply: 'ask', approve: 'ask', ...quick, sources: [...quick.sources] });
    assert.equal(asked.at(-1), 'write_file grants.narrowed');
    assert.deepEqual([outcome.kind, outcome.applied], ['needs-approval', false], outcome.reason);
    assert.equal(rig.read(FILE), base);
  });
});

describe('a commit of what a run wrote', function () {
  this.timeout(60_000);

  it('has exactly its files, and asks first', async () => {
    using folder = tempFolder();
    const asked: string[] = [];
    await using rig = await createCrewRig({
      folder: folder.path, files, git: true, confirm: async () => 'yes',
      prompt: async ({ what }) => {
        asked.push(what);
        return 'once';
      },
    });
    const { run } = await rig.fix({}, { apply: 'ask', approve: 'ask', ...quick, sources: [...quick.sources] });
    rig.write('notes.txt', 'mine\n');
    const before = asked.length;
    const { paths } = await rig.crew.commit(run, 'Give students their discount', new AbortController().signal);
    assert.deepEqual(paths, [FILE]);
    assert.equal(asked.length, before + 1);
    const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: rig.root, encoding: 'utf8' }).trim();
    assert.equal(git('show', '--name-only', '--format=%s', 'HEAD'), `Give students their discount\n\n${FILE}`);
    assert.equal(git('status', '--porcelain'), '?? notes.txt');
    await rig.undo(run);
    await assert.rejects(async () => await rig.crew.commit(run, 'again', new AbortController().signal), /nothing in your files that could be committed/u);
  });
});
