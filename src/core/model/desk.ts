/** Decides what the calls to one model on one host share, and what one prepared call is. */
import type { Emit } from '../domain/event.ts';
import type { Clock, Ids } from '../ports.ts';
import type { FinishedCall, Question } from '../run/resume.ts';
import type { Breaker } from './breaker.ts';
import type { PromptCache } from './cache.ts';
import type { CallLabel, ToolSpec } from './chatModel.ts';
import type { ModelLimits } from './limits.ts';
import type { ChatBody, GenerateBody, Models } from './models.ts';
import type { Overlap } from './overlap.ts';
import type { Slots } from './slots.ts';
import type { Speed } from './speed.ts';
import type { PromptCount, TokenCounter } from './tokenCount.ts';

/** A finished call that asked just this; each is given once. */
export type Recall = (question: Question) => FinishedCall | undefined;

/** What all calls to one model on one host share. */
export interface Desk {
  readonly models: Models;
  readonly name: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly limits: ModelLimits;
  /** Smaller once the server said that it holds less. */
  windowTokens: number;
  readonly modelBytes: number;
  readonly allowCloud: boolean;
  readonly counter: TokenCounter;
  readonly speed: Speed;
  readonly cache: PromptCache;
  readonly slots: Slots;
  readonly overlap: Overlap;
  /** Known to compute on a CPU, where reading a long prompt takes its time. */
  readonly isSlow: boolean;
  readonly breaker: Breaker;
  /** Answers that an earlier process of this run already has. */
  readonly recall?: Recall | undefined;
  /** Until when the server keeps the model, on the clock's elapsedMs; 0: not loaded as far as we know. */
  loadedUntil: number;
}

/** One prompt, frozen: every attempt sends exactly this body. */
export type Prepared = {
  readonly label: CallLabel;
  readonly count: PromptCount;
  /** The prompt as one text, as far as caches are concerned. */
  readonly key: string;
  readonly tools: readonly ToolSpec[];
  readonly onText?: ((text: string) => boolean) | undefined;
} & ({ readonly endpoint: 'chat'; readonly body: ChatBody; readonly withoutTools?: () => Prepared; readonly without?: (key: 'think' | 'format') => Prepared } | { readonly endpoint: 'generate'; readonly body: GenerateBody });

/** Tools stand first in templates, so they lead. */
export function chatKey(body: Pick<ChatBody, 'tools' | 'messages'>): string {
  return [body.tools === undefined ? '' : JSON.stringify(body.tools), ...body.messages.map((message) => `\u0000${message.role}\n${message.content}`)].join('');
}
