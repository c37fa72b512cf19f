import assert from 'node:assert/strict';
import { createClock } from '../../src/node/clock.ts';
import { hashing } from '../../src/node/hashing.ts';
import { nodeVersionProblem } from '../../src/node/nodeVersion.ts';

describe('clock', () => {
  const clock = createClock();
  it('waits at least as long as asked', async () => {
    const before = clock.elapsedMs();
    await clock.delay(15, new AbortController().signal);
    assert.ok(clock.elapsedMs() - before >= 14);
  });
  it('ends a wait at once when aborted, with the reason', async () => {
    const stop = new AbortController();
    const wait = clock.delay(60_000, stop.signal);
    const reason = new Error('stopped');
    stop.abort(reason);
    await assert.rejects(wait, reason);
    await assert.rejects(clock.delay(60_000, stop.signal), reason);
  });
});

describe('hashing', () => {
  it('is SHA-256, of text as of its UTF-8 bytes', () => {
    assert.equal(hashing.sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.equal(hashing.sha256('ä'), hashing.sha256(new Uint8Array([0xc3, 0xa4])));
  });
});

describe('nodeVersionProblem', () => {
  function check(version: string, fits: boolean): void {
    assert.equal(nodeVersionProblem(version) === undefined, fits, version);
  }
  for (const version of ['22.13.0', '22.13.1', '23.0.0', '24.21.0', '100.0.0-nightly']) it(`takes ${version}`, () => check(version, true));
  for (const version of ['22.12.9', '20.20.2', '9.0.0', '']) it(`refuses "${version}"`, () => check(version, false));
});
