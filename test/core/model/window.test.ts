import assert from 'node:assert/strict';
import { chooseWindow, neededBytes, type WindowFacts } from '../../../src/core/model/loadOptions.ts';
import { planSlices } from '../../../src/core/model/prefill.ts';

const GB = 1e9;
/** Qwen2.5-Coder 1.5B, Q4_K_M. */
const SMALL: WindowFacts = { contextTokensMax: 32_768, bytesPerContextToken: 28_672, modelBytes: 1.12 * GB, memoryBytes: 16 * GB, wantedTokens: null };

describe('the window', () => {
  const check = (facts: Partial<WindowFacts>, expected: number): void => assert.equal(chooseWindow({ ...SMALL, ...facts }).windowTokens, expected);
  it('is what the crew needs, where memory allows', () => check({}, 8_192));
  it('is never more than the model was trained for', () => {
    check({ contextTokensMax: 4_096 }, 4_096);
    check({ contextTokensMax: 4_096, wantedTokens: 16_384 }, 4_096);
  });
  it('is what the user set', () => check({ wantedTokens: 16_384 }, 16_384));
  it('shrinks with memory, never under 2,048', () => {
    check({ memoryBytes: 2 * GB }, 4_096);
    check({ memoryBytes: 1.8 * GB }, 2_048);
    check({ memoryBytes: 1 * GB }, 2_048);
  });
  it('does not depend on figures that are missing', () => check({ memoryBytes: null, contextTokensMax: undefined, bytesPerContextToken: undefined, modelBytes: 0 }, 8_192));
  it('says why', () => assert.match(chooseWindow({ ...SMALL, contextTokensMax: 4_096, wantedTokens: 9_000 }).why, /9000 was set, but the model was trained for 4096/));
  it('costs memory beside the weights', () => {
    assert.equal(neededBytes({ ...SMALL, modelBytes: 0 }, 8_192), undefined);
    // `ollama ps` showed 1.385 GB for this model at 512 tokens, on 0.11.4.
    assert.ok(Math.abs((neededBytes(SMALL, 512) ?? 0) - 1.385 * GB) < 0.1 * GB);
  });
});

describe('reading ahead', () => {
  const text = Array.from({ length: 400 }, (_, index) => `line ${index}\n`).join('');
  const count = (part: string): number => Math.ceil(part.length / 2);
  const plan = (more: Partial<Parameters<typeof planSlices>[0]>) => planSlices({ messages: [{ role: 'system', content: 'be brief' }, { role: 'user', content: text }], countTokens: count, cachedTokens: 0, newTokens: count(text) + 4, readMs: 60_000, ...more });

  it('is not done for what is soon read', () => {
    assert.deepEqual(plan({ newTokens: 1_000 }), []);
    assert.deepEqual(plan({ readMs: 3_000 }), []);
  });
  it('grows, in whole lines, from the beginning', () => {
    const slices = plan({});
    assert.ok(slices.length >= 2);
    let before = 0;
    for (const slice of slices) {
      const content = slice.at(-1)?.content ?? '';
      assert.ok(text.startsWith(content) && content.endsWith('\n') && content.length > before && content.length < text.length);
      before = content.length;
    }
  });
  it('begins after what the cache holds', () => {
    const [first] = plan({ cachedTokens: 800, newTokens: 1_100 });
    assert.ok(count(first?.at(-1)?.content ?? '') > 800);
  });
  it('leaves a prompt without line ends whole', () => assert.deepEqual(planSlices({ messages: [{ role: 'user', content: 'x'.repeat(9_000) }], countTokens: count, cachedTokens: 0, newTokens: 4_500, readMs: 60_000 }), []));
});
