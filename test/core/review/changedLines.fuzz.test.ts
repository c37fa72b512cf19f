import assert from 'node:assert/strict';
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { changedRanges, textBefore } from '../../../src/core/review/changedLines.ts';
import { fuzzing, fuzzTimeout } from '../../support/fuzzing.ts';

const line = fc.constantFrom('', 'a', 'b', '+c', '-d', '@@ -1 +1 @@', 'diff --git', '\\ No newline at end of file', ' x');
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));

describe('reading any patch', () => {
  it('finds the text that a patch began with', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(text, text, (before, after) => {
      if (before === after) return;
      assert.equal(textBefore(after, createTwoFilesPatch('f', 'f', before, after)), before);
    }), fuzzing(800));
  });

  it('gives lines in order for any text, and never throws', function () {
    this.timeout(fuzzTimeout(20_000));
    const written = fc.array(fc.oneof(line, fc.constantFrom('@@ -1,2 +3,4 @@', '@@ -0,0 +1 @@', '--- a/f', '+++ b/f', '@@ -9999999999 +9999999999999999999 @@'), fc.string()), { maxLength: 20 }).map((lines) => lines.join('\n'));
    fc.assert(fc.property(written, (diff) => {
      for (const { from, to } of changedRanges(diff)) assert.ok(from >= 1 && to >= from, `${from}–${to}`);
    }), fuzzing(2_000));
  });

  it('says of a patch that is none that it does not fit', function () {
    this.timeout(fuzzTimeout(20_000));
    const written = fc.array(fc.oneof(line, fc.constantFrom('@@ -1,2 +3,4 @@', '--- a/f', '+++ b/f'), fc.string()), { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(fc.property(text, written, (now, diff) => {
      const before = textBefore(now, diff);
      assert.ok(before === undefined || typeof before === 'string');
    }), fuzzing(2_000));
  });
});
