import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRows, parseRecords, parseRows } from '../src/csv.js';

for (const [text, rows] of [
  ['"a ""b"" c"', [['a "b" c']]],
  ['""""', [['"']]],
  ['""', [['']]],
  ['"",""', [['', '']]],
  ['"""",x\n', [['"', 'x']]],
  ['"a""","b"\r\n', [['a"', 'b']]],
  ['"""a",b', [['"a', 'b']]],
  ['""""""', [['""']]],
  ['"x""\ny",z\n', [['x"\ny', 'z']]],
  ['"a"",""b"', [['a","b']]],
  ['a"b,c""d\n', [['a"b', 'c""d']]],
  ['"a","b"\n', [['a', 'b']]],
]) {
  test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseRows(text), rows));
}
test('reads back whatever it writes', () => {
  const values = ['', '"', '""', 'a"b', '"a"', 'a,b', '",', ',"', '\n"', '"\r\n"', 'plain'];
  for (const one of values) for (const two of values) assert.deepEqual(parseRows(formatRows([['x', one, two], ['y', two, one]])), [['x', one, two], ['y', two, one]]);
});
test('still refuses what is wrong', () => {
  for (const text of ['"open', '"open""', 'a,"', '"""', '"a"b', '"a" ,b']) assert.throws(() => parseRows(text), { name: 'CsvError' }, text);
});
test('reads quotes in records', () => assert.deepEqual(parseRecords('size\n"5"""\n'), [{ size: '5"' }]));
