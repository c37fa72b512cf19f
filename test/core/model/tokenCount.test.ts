import assert from 'node:assert/strict';
import { createTokenCounter } from '../../../src/core/model/tokenCount.ts';

/** By the merges of Qwen2.5-Coder, as /api/show gives them; applied so, they gave the prompt_eval_count of the real server to the token. */
const TEXTS: readonly (readonly [text: string, tokens: number])[] = [
  ['def add(a, b):\n    return a + b\n', 12],
  ['function total(items) {\n  return items.reduce((sum, item) => sum + item.price * item.count, 0);\n}\n', 27],
  ['The quick brown fox jumps over the lazy dog.', 10],
  ['{"name":"read_file","arguments":{"path":"src/a.ts","lineCount":200}}', 21],
];

describe('counting tokens', () => {
  it('is a little high before anything was measured', () => {
    for (const [text, tokens] of TEXTS) {
      const counted = createTokenCounter().count(text);
      assert.ok(counted >= tokens * 0.9 && counted <= tokens * 1.7 + 2, `${counted} for ${tokens}: ${text}`);
    }
  });
  it('counts nothing for nothing, and more for more', () => {
    const { count } = createTokenCounter();
    assert.equal(count(''), 0);
    assert.ok(count('日本語のテキスト') >= 5);
    assert.ok(count('🙂🙂🙂') >= 3);
    assert.ok(count('x = 1234567890') >= 10, 'Qwen writes each digit as a token');
  });

  const prompt = createTokenCounter().countPrompt(['const total = items.map((item) => item.price);\n'.repeat(100)], undefined);
  it('converges to what the server counts, from above', () => {
    const counter = createTokenCounter();
    const truth = Math.round(prompt.pieces * 0.8);
    for (let call = 0; call < 20; call++) assert.equal(counter.observe(prompt, truth), 'fits');
    const expected = counter.expected(prompt);
    assert.ok(expected >= truth && expected <= truth * 1.1, `${expected} for ${truth}`);
  });
  it('goes up at once', () => {
    const counter = createTokenCounter();
    counter.observe(prompt, Math.round(prompt.pieces * 1.4));
    assert.ok(counter.expected(prompt) >= prompt.pieces * 1.4);
  });

  it('tells a cut prompt from a count that fits', () => {
    const fresh = (counted: number): string => createTokenCounter().observe(prompt, counted);
    assert.ok(prompt.pieces > 1_300 && prompt.pieces < 2_200, String(prompt.pieces));
    assert.equal(fresh(512), 'cut');
    assert.equal(fresh(1_024), prompt.pieces * 0.72 > 1_024 ? 'cut' : 'fits');
    assert.equal(fresh(Math.round(prompt.pieces * 0.75)), 'fits');
    assert.equal(fresh(10), 'fits', 'a server that counts only what its cache lacked');
  });
  it('sees smaller cuts once the model is known', () => {
    const counter = createTokenCounter();
    for (let call = 0; call < 3; call++) counter.observe(prompt, Math.round(prompt.pieces * 0.9));
    assert.equal(counter.observe(prompt, Math.round(prompt.pieces * 0.65)), 'cut');
  });
  it('finds no cut in what is smaller than any window', () => {
    const small = createTokenCounter().countPrompt(['word '.repeat(400)], undefined);
    assert.equal(createTokenCounter().observe(small, 150), 'fits');
  });
});
