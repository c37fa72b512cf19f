/** Places and edits of open texts, for any text and any place that a client may send. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createDocuments, TEXT_CHARACTERS_MAX } from '../../src/server/documents.ts';
import { type Encoding, lineStarts, offsetAt, positionAt } from '../../src/server/positions.ts';
import { fuzzing, fuzzTimeout } from '../support/fuzzing.ts';

const text = fc.array(fc.constantFrom('a', 'é', '€', '𝄞', '\n', '\r\n', '\r', '\t', '\0', '\uD800'), { maxLength: 40 }).map((parts) => parts.join(''));
const encoding = fc.constantFrom<Encoding>('utf-8', 'utf-16');
const place = fc.record({ line: fc.integer({ min: -2, max: 50 }), character: fc.oneof(fc.integer({ min: -2, max: 50 }), fc.constant(2 ** 31 - 1)) });

describe('places of a text', () => {
  it('lead back to the offset that they were made of, unless it stands within a line break or a sign', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(text, encoding, fc.nat(60), (own, unit, at) => {
      const offset = Math.min(at, own.length);
      const starts = lineStarts(own);
      const back = offsetAt(own, starts, positionAt(own, starts, offset, unit), unit);
      const isInside = /[\r\n]/.test(own[offset - 1] ?? '') || /[\uDC00-\uDFFF]/.test(own[offset] ?? '');
      if (isInside) assert.ok(back <= own.length);
      else assert.equal(back, offset);
    }), fuzzing(1_000));
  });

  it('lie within the text, wherever a client says they are', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(text, encoding, place, (own, unit, at) => {
      const offset = offsetAt(own, lineStarts(own), at, unit);
      assert.ok(offset >= 0 && offset <= own.length);
    }), fuzzing(1_000));
  });

  it('are counted as the encoding says', () => {
    const check = (own: string, offset: number, unit: Encoding, expected: readonly [number, number]): void => {
      const { line, character } = positionAt(own, lineStarts(own), offset, unit);
      assert.deepEqual([line, character], expected);
    };
    check('é𝄞x', 3, 'utf-16', [0, 3]);
    check('é𝄞x', 3, 'utf-8', [0, 6]);
    check('a\r\nb', 3, 'utf-16', [1, 0]);
    check('a\rb', 2, 'utf-16', [1, 0]);
    check('a\r\nb', 2, 'utf-16', [0, 1]);
    check('', 9, 'utf-8', [0, 0]);
  });
});

describe('open documents', () => {
  it('are changed as an editor changes them, piece by piece', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(text, fc.array(fc.record({ from: fc.nat(40), length: fc.nat(10), inserted: text }), { maxLength: 4 }), encoding, (own, changes, unit) => {
      const documents = createDocuments(() => unit);
      documents.open('file:///a', 1, own);
      let expected = own;
      const sent = changes.map(({ from, length, inserted }) => {
        const starts = lineStarts(expected);
        const range = { start: positionAt(expected, starts, from, unit), end: positionAt(expected, starts, from + length, unit) };
        const [start, end] = [offsetAt(expected, starts, range.start, unit), offsetAt(expected, starts, range.end, unit)];
        expected = expected.slice(0, start) + inserted + expected.slice(end);
        return { range, text: inserted };
      });
      assert.equal(documents.change('file:///a', 2, sent), undefined);
      assert.equal(documents.get('file:///a')?.text, expected);
    }), fuzzing(500));
  });

  it('are not kept when they are too large, and come back whole', () => {
    const documents = createDocuments(() => 'utf-16');
    documents.open('file:///a', 1, 'x'.repeat(TEXT_CHARACTERS_MAX + 1));
    assert.equal(documents.get('file:///a')?.text, undefined);
    documents.change('file:///a', 2, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } }, text: '' }]);
    assert.equal(documents.get('file:///a')?.text, undefined);
    documents.change('file:///a', 3, [{ text: 'short' }]);
    assert.equal(documents.get('file:///a')?.text, 'short');
    assert.deepEqual([documents.close('file:///a'), documents.close('file:///a'), documents.all.length], [true, false, 0]);
  });
});
