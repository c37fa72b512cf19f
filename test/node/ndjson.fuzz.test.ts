import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseStreamRecord } from '../../src/core/model/wire.ts';
import { HostFault } from '../../src/core/model/models.ts';
import { createLineSplitter, LINE_BYTES_MAX } from '../../src/node/ndjson.ts';
import { fuzzing, fuzzTimeout } from '../support/fuzzing.ts';

const cuts = fc.array(fc.nat(), { maxLength: 12 });

function linesOf(bytes: Uint8Array, at: readonly number[]): readonly string[] {
  const splitter = createLineSplitter();
  const ends = [...new Set(at.map((cut) => cut % (bytes.length + 1))), bytes.length].toSorted((a, b) => a - b);
  let from = 0;
  const lines = ends.flatMap((end) => {
    const found = splitter.push(bytes.subarray(from, end));
    from = end;
    return found;
  });
  return [...lines, ...splitter.end()];
}

describe('reading lines of any bytes', () => {
  it('gives every text back, wherever it is cut', function () {
    this.timeout(fuzzTimeout(20_000));
    const text = fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\n\n', '🐍', 'é', '\u2028')), { maxLength: 20 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, cuts, (written, at) => {
      const bytes = Buffer.from(written);
      const whole = bytes.toString().replace(/^(\s*)\uFEFF/, '$1').split('\n').filter((line) => line.trim() !== '');
      assert.deepEqual(linesOf(bytes, at), whole);
    }), fuzzing(1_500));
  });

  it('throws nothing but a fault of the host, for any bytes', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, at) => {
      try {
        for (const line of linesOf(bytes, at)) assert.equal(Buffer.from(line).includes(0x0a), false);
      } catch (error) {
        assert.ok(error instanceof HostFault && error.kind === 'garbage', String(error));
      }
    }), fuzzing(1_500));
  });

  it('throws nothing but a fault of the host, for any record', function () {
    this.timeout(fuzzTimeout(20_000));
    const field = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('done', true, { function: {} }, [{ function: { name: 'a', arguments: '{' } }]));
    const record = fc.dictionary(fc.constantFrom('message', 'done', 'done_reason', 'error', 'response', 'thinking', 'prompt_eval_count', 'remote_host', '__proto__'), fc.oneof(field, fc.dictionary(fc.constantFrom('content', 'thinking', 'tool_calls', 'role'), field)));
    fc.assert(fc.property(fc.oneof(record.map((value) => JSON.stringify(value)), fc.string()), (line) => {
      try {
        const read = parseStreamRecord(line);
        assert.equal(typeof read.text, 'string');
        for (const call of read.toolCalls) assert.equal(typeof call.name, 'string');
      } catch (error) {
        assert.ok(error instanceof HostFault, String(error));
        assert.doesNotMatch(error.message, /\p{Cc}/u);
      }
    }), fuzzing(2_000));
  });

  it('holds no more than its limit of a line without end', () => {
    const splitter = createLineSplitter();
    const piece = new Uint8Array(1024 * 1024).fill(0x78);
    assert.throws(() => {
      for (let size = 0; size <= LINE_BYTES_MAX + piece.length; size += piece.length) splitter.push(piece);
    }, { kind: 'too-large' });
  });
});
