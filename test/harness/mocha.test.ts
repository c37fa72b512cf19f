import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCounts, runMocha } from './mocha.ts';

const never = new AbortController().signal;

describe('counting tests', () => {
  const closings: readonly [string, number | null, number, number][] = [
    ['  12 passing (3s)\n', 0, 12, 0],
    ['  12 passing (3s)\n  2 failing\n', 2, 12, 2],
    ['  12 passing (3s)\n', 1, 12, 1], // an error after the last test
    ['  12 passing (3s)\n', null, 12, 1], // killed
    ['SyntaxError: x\n', 1, 0, 1],
    ['', 0, 0, 1],
  ];
  for (const [output, exit, passed, failed] of closings) {
    it(`reads ${JSON.stringify(output)} with exit ${exit} as ${passed} passed, ${failed} failed`, () => assert.deepEqual(parseCounts(output, exit), { passed, failed }));
  }
  it('calls a run without files a failure', async () => assert.deepEqual(await runMocha({ files: [], jobs: 1, limitMs: 60_000 }, never), { passed: 0, failed: 1 }));

  it('counts a real run, ends one that hangs, and sees a file that does not load', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'groundcrew-mocha-'));
    try {
      const good = join(folder, 'good.test.ts');
      await writeFile(good, "describe('a', () => { it('b', () => undefined); it('c', () => { throw new Error('meant'); }); });\n");
      assert.deepEqual(await runMocha({ files: [good], jobs: 1, limitMs: 60_000, quiet: true }, never), { passed: 1, failed: 1 });
      const broken = join(folder, 'broken.test.ts');
      const endless = join(folder, 'endless.test.ts');
      await writeFile(endless, "describe('a', () => { it('never ends', () => { for (;;); }); });\n");
      assert.deepEqual(await runMocha({ files: [endless, good], jobs: 2, limitMs: 2_000, quiet: true }, never), { passed: 0, failed: 1 });
      await writeFile(broken, "describe('a', () => {\n");
      assert.deepEqual(await runMocha({ files: [broken], jobs: 1, limitMs: 60_000, quiet: true }, never), { passed: 0, failed: 1 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
