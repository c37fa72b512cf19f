import assert from 'node:assert/strict';
import fc from 'fast-check';
import { INTENT_CHARS_MAX, readIntent } from '../../src/protocol/webview.ts';

/** What is wrong with it, or undefined. */
function check(raw: unknown, refusal: RegExp | undefined): void {
  const read = readIntent(raw);
  if (refusal === undefined) assert.deepEqual(read, { intent: raw });
  else assert.match('refused' in read ? read.refused : 'accepted', refusal);
}

describe('readIntent', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  it('takes what a panel sends', () => {
    check({ kind: 'ready' }, undefined);
    check({ kind: 'act', run: 'run-1', action: 'stop' }, undefined);
    check({ kind: 'approve', run: 'run-1', id: 'a', digest: 'd', decision: 'once' }, undefined);
    check({ kind: 'detail', run: 'run-1', request: 1, of: { kind: 'call', id: 'call-1' } }, undefined);
    check({ kind: 'open', run: 'run-1', path: 'src/cart.js', line: 6 }, undefined);
  });
  const wrong: readonly [string, unknown, RegExp][] = [
    ['nothing', undefined, /no JSON/],
    ['null', null, /expected object/],
    ['a string', 'ready', /expected object/],
    ['a list', [{ kind: 'ready' }], /expected object|discriminator|Invalid input/],
    ['a circle', circle, /no JSON/],
    ['a big number', { kind: 'detail', run: 'r', request: 1n, of: {} }, /no JSON/],
    ['a function', () => 1, /no JSON/],
    ['an unknown kind', { kind: 'eval', code: '1' }, /kind/],
    ['an unknown action', { kind: 'act', run: 'r', action: 'rm' }, /action/],
    ['a command of another extension', { kind: 'act', run: 'r', action: 'workbench.action.quit' }, /action/],
    ['more than was asked for', { kind: 'ready', command: 'x' }, /command/],
    ['an answer that nobody may give', { kind: 'approve', run: 'r', id: 'a', digest: 'd', decision: 'nobody' }, /decision/],
    ['an answer without digest', { kind: 'approve', run: 'r', id: 'a', decision: 'once' }, /digest/],
    ['line 0', { kind: 'open', run: 'r', path: 'a', line: 0 }, /line/],
    ['a line between two', { kind: 'open', run: 'r', path: 'a', line: 1.5 }, /line/],
    ['an endless id', { kind: 'act', run: 'x'.repeat(201), action: 'stop' }, /run/],
    ['too much', { kind: 'open', run: 'r', path: 'x'.repeat(INTENT_CHARS_MAX), line: 1 }, /characters/],
  ];
  for (const [what, raw, refusal] of wrong) it(`refuses ${what}`, () => check(raw, refusal));
  it('never throws', () => fc.assert(fc.property(fc.anything(), (raw) => {
    const read = readIntent(raw);
    assert.ok('intent' in read || read.refused !== '');
  })));
});
