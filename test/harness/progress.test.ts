import assert from 'node:assert/strict';
import { createProgressPrinter, type Progress } from './progress.ts';

/** Each progress comes at its second; what was written. */
function check(steps: readonly (Progress & { readonly at: number })[], isTTY: boolean): string[] {
  const written: string[] = [];
  let seconds = 0;
  const print = createProgressPrinter({ isTTY, write: (text) => written.push(text) }, () => seconds * 1000);
  for (const { at, ...progress } of steps) {
    seconds = at;
    print(progress);
  }
  print.end();
  return written;
}

const FETCH = { step: 'model', detail: 'fetching', totalBytes: 100e6 };

describe('progress', () => {
  it('tells bytes, rate and time left once it knows a rate', () => {
    assert.deepEqual(check([{ at: 0, ...FETCH, bytes: 0 }, { at: 10, ...FETCH, bytes: 40e6 }], false), [
      'model: fetching, 0 kB of 100 MB\n',
      'model: fetching, 40 MB of 100 MB, 4.0 MB/s, 15 s left\n',
    ]);
  });
  it('counts the rate from where a resumed download began', () => {
    assert.equal(check([{ at: 0, ...FETCH, bytes: 80e6 }, { at: 10, ...FETCH, bytes: 90e6 }], false)[1], 'model: fetching, 90 MB of 100 MB, 1.0 MB/s, 10 s left\n');
  });
  it('writes few lines to a pipe', () => {
    assert.equal(check(Array.from({ length: 50 }, (_, index) => ({ at: index / 10, ...FETCH, bytes: index })), false).length, 1);
  });
  it('moves one line in a terminal and closes it', () => {
    const written = check([{ at: 0, step: 'server', detail: 'building', note: '1 package' }, { at: 1, step: 'server', detail: 'building', note: '2 packages' }], true);
    assert.deepEqual(written, ['\r\x1b[2Kserver: building, 1 package', '\r\x1b[2Kserver: building, 2 packages', '\n']);
  });
});
