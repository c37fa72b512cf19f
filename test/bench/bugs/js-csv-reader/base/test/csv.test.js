import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRows, parseRecords, parseRows } from '../src/csv.js';

test('reads plain rows', () => {
  assert.deepEqual(parseRows('a,b\r\n1,2\n'), [['a', 'b'], ['1', '2']]);
  assert.deepEqual(parseRows('a;b', { delimiter: ';' }), [['a', 'b']]);
});

test('reads delimiters and line ends within quotes', () => {
  assert.deepEqual(parseRows('"Doe, Jane","two\nlines"\n'), [['Doe, Jane', 'two\nlines']]);
});

test('reads quotes within quotes', () => {
  assert.deepEqual(parseRows('4711,"Screen 24"" wide",in stock\n'), [['4711', 'Screen 24" wide', 'in stock']]);
});

test('names the columns of records', () => {
  assert.deepEqual(parseRecords('id,name\n1,Ann\n2\n'), [{ id: '1', name: 'Ann' }, { id: '2', name: '' }]);
  assert.throws(() => parseRecords('id,id\n'), /there twice/);
});

test('refuses what is not finished', () => {
  assert.throws(() => parseRows('"open'), /does not end/);
  assert.throws(() => parseRows('"a"b,c'), /unexpected "b"/);
});

test('quotes what has to be quoted', () => {
  assert.equal(formatRows([['a', 'b,c', 3]]), 'a,"b,c",3\n');
});
