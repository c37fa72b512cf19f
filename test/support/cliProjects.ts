/** Decides the small projects that tests of the command line fix, and the model behind them: a real socket that always answers the same. */
import { createOllamaStandIn, filling, type OllamaStandIn, type Reply, saying } from './ollamaStandIn.ts';

const manifest = '{"name":"shop","type":"module","scripts":{"test":"node --test"}}\n';
const head = "import test from 'node:test';\nimport assert from 'node:assert/strict';\n";

/** One comparison is the wrong way round: solved without a model. */
export const slip = {
  'package.json': manifest,
  'src/discount.js': ['export function discount(age, total) {', '  let rate = 0;', '  if (age < 65) rate = 0.2;', '  return total * rate;', '}', ''].join('\n'),
  'test/discount.test.js': [
    `${head}import { discount } from '../src/discount.js';`,
    "test('seniors', () => assert.equal(discount(70, 100), 20));",
    "test('at once', () => assert.equal(discount(65, 100), 20));",
    "test('adults', () => assert.equal(discount(30, 100), 0));",
    '',
  ].join('\n'),
} as const;

/** A rule is missing that no mechanical edit can guess. */
export const missingRule = {
  'package.json': manifest,
  'src/discount.js': ['export function discount(age, total) {', '  let rate = 0;', '  if (age >= 65) rate = 0.2;', '  return total * rate;', '}', ''].join('\n'),
  'test/discount.test.js': [
    `${head}import { discount } from '../src/discount.js';`,
    "test('seniors', () => assert.equal(discount(70, 100), 20));",
    "test('adults', () => assert.equal(discount(30, 100), 0));",
    "test('students pay 13 less of 130', () => assert.equal(discount(17, 130), 13));",
    '',
  ].join('\n'),
} as const;
export const RIGHT_LINE = '  if (age < 18) rate = 0.1;';

/** A project whose only test does `body`. */
export function oneTest(body: string): Readonly<Record<string, string>> {
  return { 'package.json': manifest, 'src/one.js': 'export const one = () => 1;\n', 'test/one.test.js': `${head}import { one } from '../src/one.js';\n${body}\n` };
}

export interface Counts {
  readonly promptTokens: number;
  readonly replyTokens: number;
}

export interface CrewModel extends OllamaStandIn {
  readonly address: string;
  /** Bodies of the model's calls that came so far. */
  prompts(): readonly string[];
  /** Those that were answered to the end. */
  finished(): readonly string[];
  /** Counts that its final records gave, sent or about to be. */
  readonly sent: readonly Counts[];
  release(): void;
}

export interface CrewModelOptions {
  readonly fill?: string;
  /** Waits before each piece of a fill. */
  readonly delayMs?: number;
  readonly canFill?: boolean;
  /** What the planner answers; left out: nothing of use. */
  readonly plan?: unknown;
  /** Calls after so many get no answer until `release`: a run stays where it is. */
  readonly holdFrom?: number;
}

/** Fills every gap with the same line and finds every change right. Each call gets its own counts, so that sums can be told apart. */
export async function createCrewModel({ fill = RIGHT_LINE, delayMs = 0, canFill = true, plan, holdFrom = Number.POSITIVE_INFINITY }: CrewModelOptions = {}): Promise<CrewModel> {
  const sent: Counts[] = [];
  const counts = (): Counts => {
    const next = { promptTokens: 61 + sent.length, replyTokens: 5 + sent.length };
    sent.push(next);
    return next;
  };
  let released = false;
  const held = (reply: () => Reply): Reply => (sent.length >= holdFrom && !released ? { action: 'never' } : reply());
  const fillReply = (): Reply => held(() => ({ chunks: filling([fill, '\n'], counts()).map((chunk) => ({ ...chunk, delayMs })) }));
  const approval = JSON.stringify({ correct: true, claim: 'It fixes the cause.', counterExample: null });
  const chatReply = ({ format, messages }: Readonly<Record<string, unknown>>): Reply => held(() => ({ chunks: saying([plan !== undefined && JSON.stringify(messages).includes('You are the planner') ? JSON.stringify(plan) : format === undefined ? `\`\`\`\n${fill}\n\`\`\`` : approval], counts()) }));
  const finished: string[] = [];
  const standIn = await createOllamaStandIn({
    onAnswered: (request) => void (isCall(request) && finished.push(request.text)),
    models: [{ name: 'crew-coder:1.5b', capabilities: canFill ? ['completion', 'insert'] : ['completion'] }],
    replies: { '/api/generate': [fillReply], '/api/chat': [chatReply] },
  });
  return {
    ...standIn,
    sent,
    address: `127.0.0.1:${standIn.port}`,
    prompts: () => standIn.requests.filter(isCall).map(({ text }) => text),
    finished: () => [...finished],
    release() {
      released = true;
    },
  };
}

const isCall = ({ path }: { readonly path: string }): boolean => path === '/api/generate' || path === '/api/chat';
