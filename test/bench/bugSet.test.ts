import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { layOut, readBugs, sampleBugs, type Bug } from './bugSet.ts';
import { bugFaults } from './validateBugs.ts';

const never = new AbortController().signal;
const SPEC = { language: 'javascript', kind: 'one-line slip', test: ['node', 'visible.mjs'], hidden: ['node', 'hidden.mjs'], touches: ['add.mjs'], outside: false };
const check = (cases: string): string => `import assert from 'node:assert';\nimport { add } from './add.mjs';\n${cases}\n`;
const GOOD = {
  'bug.json': JSON.stringify(SPEC),
  'base/add.mjs': 'export const add = (a, b) => a - b;\n',
  'base/visible.mjs': check('assert.equal(add(1, 2), 3);'),
  'hidden/hidden.mjs': check('assert.equal(add(5, 7), 12);'),
  'right/add.mjs': 'export const add = (a, b) => a + b;\n',
};

describe('benchmark bugs', () => {
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'groundcrew-bugs-'))));
  afterEach(() => rm(root, { recursive: true }));

  async function write(files: Readonly<Record<string, string>>): Promise<readonly Bug[]> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, 'bug', path)), { recursive: true });
      await writeFile(join(root, 'bug', path), text);
    }
    return readBugs(root);
  }
  /** The faults of GOOD with these files changed. */
  async function faults(changes: Readonly<Record<string, string>>): Promise<string> {
    const [bug] = await write({ ...GOOD, ...changes });
    assert.ok(bug);
    return (await bugFaults(bug, never)).join('\n');
  }

  it('has none in a fair one', async () => assert.equal(await faults({}), ''));
  for (const [what, changes, fault] of [
    ['a visible check that passes on base', { 'base/visible.mjs': '' }, /^the visible check on base passes/],
    ['a hidden check that passes on base', { 'hidden/hidden.mjs': '' }, /^the hidden check on base passes/],
    ['a reference fix that fixes nothing', { 'right/add.mjs': 'export const add = (a, b) => a * b;\n' }, /^the visible check with the reference fix fails/],
    ['a reference fix that fits the visible check only', { 'right/add.mjs': 'export const add = () => 3;\n' }, /^the hidden check with the reference fix fails/],
    ['a program that is not there', { 'bug.json': JSON.stringify({ ...SPEC, test: ['no-such-program'] }) }, /visible check on base/],
  ] as const) {
    it(`refuses ${what}`, async () => assert.match(await faults(changes), fault));
  }
  it('names the file that does not fit', async () => {
    await assert.rejects(write({ ...GOOD, 'bug.json': JSON.stringify({ ...SPEC, language: 'cobol' }) }), /bug\/bug\.json.*language/s);
    await assert.rejects(write({ ...GOOD, 'bug.json': JSON.stringify({ ...SPEC, test: null }) }), /neither a test nor words/);
  });
  it('shows the crew neither the hidden check nor the fix', async () => {
    const [bug] = await write(GOOD);
    assert.ok(bug);
    await layOut(bug, join(root, 'tree'));
    assert.deepEqual((await readdir(join(root, 'tree'))).sort(), ['.git', 'add.mjs', 'visible.mjs']);
  });
  it('lays a shared project under the base', async () => {
    await mkdir(join(root, '_projects', 'shop'), { recursive: true });
    await writeFile(join(root, '_projects', 'shop', 'index.mjs'), '');
    const [bug] = await write({ ...GOOD, 'bug.json': JSON.stringify({ ...SPEC, within: 'shop' }) });
    assert.ok(bug);
    await layOut(bug, join(root, 'tree'));
    assert.ok((await readdir(join(root, 'tree'))).includes('index.mjs'));
  });
  it('samples every language by its share, kinds in turn, always the same', () => {
    const bug = (language: Bug['language'], kind: Bug['kind'], index: number): Bug => ({ ...SPEC, language, kind, name: `${language}-${kind}-${index}`, folder: '', within: null, words: null });
    const bugs = (['javascript', 'python'] as const).flatMap((language) => (['missing guard', 'two places', 'one-line slip'] as const).flatMap((kind) => [1, 2, 3].map((index) => bug(language, kind, index))));
    const sample = sampleBugs(bugs, 6);
    assert.deepEqual(sampleBugs(bugs.toReversed(), 6), sample);
    assert.equal(sample.filter(({ language }) => language === 'python').length, 3);
    assert.equal(new Set(sample.map(({ language, kind }) => language + kind)).size, 6);
  });
});
