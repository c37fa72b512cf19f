import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from '../src/options.js';

const OPTIONS = {
  offset: { type: 'number', short: 'o', default: 0 },
  title: { type: 'text', short: 't' },
  tag: { type: 'text', many: true },
  verbose: { type: 'flag', short: 'v' },
  colour: { type: 'flag', default: true },
};
const read = (line) => readOptions(line.split(' '), OPTIONS);

test('reads options and arguments', () => {
  assert.deepEqual(read('a.png --offset 5 -v --tag x --tag=y b.png'), { values: { offset: 5, tag: ['x', 'y'], verbose: true, colour: true }, args: ['a.png', 'b.png'] });
  assert.equal(read('-vo3 --no-colour').values.offset, 3);
  assert.deepEqual(read('-- --offset -v').args, ['--offset', '-v']);
});

test('refuses what does not fit', () => {
  assert.throws(() => read('--offset x'), /takes a number/);
  assert.throws(() => read('--title'), /needs a value/);
  assert.throws(() => read('--nothing'), /no option/);
});
