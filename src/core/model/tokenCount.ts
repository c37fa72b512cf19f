/** Decides how many tokens a text has for one model: counted in pieces, scaled by what the server counted, always a little high. */

/** Before the first measurement; the piece count below is within 20 % of Qwen's tokenizer on code and prose (test/core/model/tokenCount.test.ts). */
const FACTOR_AT_FIRST = 1.2;
/** Kept above what was measured, since texts differ more than one measurement tells. */
const HEADROOM = 1.06;
/** How fast the factor comes down; it goes up at once. */
const DESCENT = 0.25;
/** A smaller prompt says more of the template than of the text. */
const CALIBRATION_TOKENS_MIN = 80;
/** Role names, separators and the opening of the reply: ChatML takes 5 for each message and 3 at the end. */
const MESSAGE_TOKENS = 6;
const PROMPT_TOKENS = 4;
/** What templates write around the list of tools; 75 in the one that Qwen models share. */
const TOOLS_TOKENS = 80;

/**
 * A server that cuts keeps between half and all of a window, and no server's window is under 256. A smaller count is a server that
 * counts only what its cache lacked, which says nothing.
 */
const CUT_COUNT_MIN = 128;
/** A prompt that fits into the smallest window is never cut. */
const CUT_EXPECTED_MIN = 512;
/** Under this share of the expected count the prompt was cut. Lower while nothing was measured. */
const CUT_SHARE = 0.7;
const CUT_SHARE_AT_FIRST = 0.5;
const CALIBRATIONS_ENOUGH = 2;

export interface PromptCount {
  readonly pieces: number;
  /** Template tokens that do not scale with the text. */
  readonly overhead: number;
}

export interface TokenCounter {
  count(text: string): number;
  countPrompt(parts: readonly string[], tools: string | undefined): PromptCount;
  expected(prompt: PromptCount): number;
  /** Tells what the server counted: `cut` when it cannot have read the whole prompt; else it calibrates. */
  observe(prompt: PromptCount, counted: number): 'fits' | 'cut';
}

export function createTokenCounter(): TokenCounter {
  let factor = FACTOR_AT_FIRST;
  let calibrations = 0;
  const expected = (prompt: PromptCount): number => Math.ceil(prompt.pieces * factor) + prompt.overhead;

  return {
    count: (text) => Math.ceil(countPieces(text) * factor),
    countPrompt: (parts, tools) => ({
      pieces: parts.reduce((sum, part) => sum + countPieces(part), 0) + (tools === undefined ? 0 : countPieces(tools)),
      overhead: PROMPT_TOKENS + MESSAGE_TOKENS * parts.length + (tools === undefined ? 0 : TOOLS_TOKENS),
    }),
    expected,
    observe(prompt, counted) {
      if (counted < CUT_COUNT_MIN) return 'fits';
      const text = expected(prompt) - prompt.overhead; // What templates add is a guess, so it proves nothing.
      const share = calibrations >= CALIBRATIONS_ENOUGH ? CUT_SHARE : CUT_SHARE_AT_FIRST;
      if (text >= CUT_EXPECTED_MIN && counted < text * share) return 'cut';
      const measured = (Math.max(0, counted - prompt.overhead) / Math.max(1, prompt.pieces)) * HEADROOM;
      if (prompt.pieces < CALIBRATION_TOKENS_MIN) return 'fits';
      factor = measured > factor ? measured : factor + (measured - factor) * DESCENT;
      calibrations++;
      return 'fits';
    },
  };
}

/** Runs of letters, single digits, runs of signs, runs of space: roughly how byte-pair tokenizers of code models cut first. */
const PIECE = /[A-Z]?[a-z]+|[A-Z]+|\d|[ \t]+|[\r\n]+|[^\S\r\n]+|[\p{L}\p{M}]|[^\p{L}\p{N}\s]+/gu;
/** Letters that one token holds on average in a run longer than itself. */
const LETTERS_PER_TOKEN = 7;
const SIGNS_PER_TOKEN = 2;

function countPieces(text: string): number {
  let pieces = 0;
  for (const [piece] of text.matchAll(PIECE)) pieces += tokensOfPiece(piece);
  return Math.ceil(pieces);
}

function tokensOfPiece(piece: string): number {
  const first = piece.charCodeAt(0);
  // One space joins the word that follows it; a longer run is one token with its last space given to the word.
  if (first === 32 || first === 9) return piece.length === 1 ? 0 : 1;
  if (first === 10 || first === 13) return 1;
  if (first > 127) return piece.length * 1.5;
  if ((first >= 65 && first <= 90) || (first >= 97 && first <= 122)) return Math.max(1, piece.length / LETTERS_PER_TOKEN);
  if (first >= 48 && first <= 57) return 1;
  return Math.ceil(piece.length / SIGNS_PER_TOKEN);
}
