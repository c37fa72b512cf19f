import assert from 'node:assert/strict';
import { brief } from '../../../src/core/run/brief.ts';

describe('brief', () => {
  for (const [value, expected] of [
    [{ path: 'src/a.js', text: 'long' }, 'src/a.js'],
    [{ check: { argv: ['node', '--test'], cwd: '' } }, 'node --test'],
    [{ from: 'a', to: 'b' }, 'a → b'],
    [{ pattern: 'total' }, 'total'],
    [{}, '{}'],
    ['text', 'text'],
    [null, 'null'],
    [undefined, ''],
    [{ argv: 'not a list' }, '{"argv":"not a list"}'],
    [{ path: 'x'.repeat(200) }, `${'x'.repeat(119)}…`],
  ] as const) it(`reads ${JSON.stringify(value)?.slice(0, 40)} as ${expected.slice(0, 20)}`, () => assert.equal(brief(value), expected));
});
