import assert from 'node:assert/strict';
import { StoreFailed } from '../../../src/core/run/storeErrors.ts';
import { type Upcaster, upcastEvent } from '../../../src/core/run/upcast.ts';

const degraded = { v: 1, seq: 1, at: 5, run: 'r', type: 'degraded', data: { what: 'x' } };

function refuses(value: unknown, kind: string, message: RegExp): void {
  assert.throws(() => upcastEvent(value), (error) => error instanceof StoreFailed && error.kind === kind && message.test(error.message));
}

describe('upcastEvent', () => {
  it('takes an event of this version as it is', () => assert.equal(upcastEvent(degraded), degraded));
  it('raises an older event one version after the other', () => {
    const old = { v: -1, seq: 4, at: 5, run: 'r', type: 'slowed', data: { text: 'slow' } };
    const upcasters = new Map<number, Upcaster>([
      [-1, (event) => ({ ...event, type: 'degraded' })],
      [0, (event) => ({ ...event, data: { what: Object(event.data).text } })],
    ]);
    assert.deepEqual(upcastEvent(old, upcasters), { ...degraded, seq: 4, data: { what: 'slow' } });
  });
  it('refuses a newer one, saying which it can read', () => refuses({ ...degraded, v: 2 }, 'newer', /schema 2; this one knows 1.*Update Groundcrew/));
  it('refuses an older one that nothing raises', () => refuses({ ...degraded, v: 0 }, 'corrupt', /nothing here raises version 0 to 1/));
  it('refuses a type that it never heard of', () => refuses({ ...degraded, type: 'moon.landed' }, 'corrupt', /moon.landed/));
  for (const value of [null, 7, 'x', [], { ...degraded, data: 3 }, { ...degraded, seq: '1' }]) {
    it(`refuses ${JSON.stringify(value)}`, () => refuses(value, 'corrupt', /is not an event/));
  }
});
