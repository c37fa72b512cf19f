import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from '../src/options.js';

const OPTIONS = { offset: { type: 'number', short: 'o' }, step: { type: 'number', many: true }, title: { type: 'text', short: 't' }, verbose: { type: 'flag', short: 'v' } };
const read = (...argv) => readOptions(argv, OPTIONS);
for (const [text, value] of [['-5', -5], ['-0.5', -0.5], ['-.25', -0.25], ['-12', -12], ['7', 7]]) {
  test(`a value ${text}`, () => {
    for (const argv of [['--offset', text], ['-o', text], [`--offset=${text}`], [`-o${text}`]]) assert.equal(read(...argv).values.offset, value, argv.join(' '));
    assert.deepEqual(read('--offset', text, 'file', '-v'), { values: { offset: value, step: [], verbose: true }, args: ['file'] });
  });
}
test('many of them, and negative arguments', () => {
  assert.deepEqual(read('--step', '-1', '--step', '2', '--step', '-3', '-4').values.step, [-1, 2, -3]);
  assert.deepEqual(read('--step', '-1', '-4').args, ['-4']);
});
test('an option is no value', () => {
  for (const argv of [['--offset', '-v'], ['-o', '--title', 'x'], ['--offset', '--'], ['--title', '-v'], ['--title', '--verbose'], ['--offset'], ['-vo']]) assert.throws(() => read(...argv), { name: 'UsageError', message: /needs a value/ }, argv.join(' '));
});
test('what is no number is refused', () => {
  for (const text of ['x', '5x', '', '1e']) assert.throws(() => read(`--offset=${text}`), /takes a number/);
});
