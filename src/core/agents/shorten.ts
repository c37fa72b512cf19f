/** Decides what is left out of a prompt that the server's window cannot hold: the middle of the longest text, seen by model and user. */
import { PromptTooLong, type ChatMessage, type ChatModel } from '../model/chatModel.ts';

/** Our count is an estimate; a server that just said no is not asked at its very edge. */
const WINDOW_SHARE = 0.9;
/** A prompt of which less would be left says too little to be worth an answer. */
const KEPT_SHARE_MIN = 0.1;
const NOTICE_TOKENS = 40;
const MESSAGE_TOKENS = 8;
const CUTS_MAX = 8;

/** The same model; a prompt that does not fit is sent once more, shortened. `told` gets a sentence for the user. @throws PromptTooLong when that fails too. */
export function withShorterPrompts(model: ChatModel, told: (what: string) => void = () => undefined): ChatModel {
  return {
    facts: model.facts,
    countTokens: model.countTokens,
    fill: model.fill,
    async chat(request, signal) {
      try {
        return await model.chat(request, signal);
      } catch (error) {
        if (!(error instanceof PromptTooLong)) throw error;
        const tools = request.tools === undefined ? 0 : model.countTokens(JSON.stringify(request.tools));
        const room = Math.floor(error.windowTokens * WINDOW_SHARE) - request.sampling.replyTokensMax - tools;
        const messages = shorten(request.messages, room, model.countTokens);
        if (messages === undefined) throw error;
        told(`The server's window of ${error.windowTokens} tokens is smaller than the prompt: the middle of what it was shown was left out.`);
        return await model.chat({ ...request, messages }, signal);
      }
    },
  };
}

/** System and last message stay whole: who the model is, and what it is to do. undefined: what is left would be too little. */
export function shorten(messages: readonly ChatMessage[], room: number, count: (text: string) => number): readonly ChatMessage[] | undefined {
  const sizeOf = (message: ChatMessage): number => count(`${message.content}${message.toolCalls === undefined ? '' : JSON.stringify(message.toolCalls)}`) + MESSAGE_TOKENS;
  const before = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  if (room < before * KEPT_SHARE_MIN) return undefined;
  let now = messages;
  for (let cuts = 0; cuts < CUTS_MAX; cuts++) {
    const over = now.reduce((sum, message) => sum + sizeOf(message), 0) - room;
    if (over <= 0) return now === messages ? undefined : now;
    const longest = now.map((message, index) => ({ index, tokens: isKept(now, index) ? 0 : count(message.content) })).toSorted((a, b) => b.tokens - a.tokens)[0];
    if (longest === undefined || longest.tokens <= NOTICE_TOKENS) return undefined;
    const share = Math.max(0, longest.tokens - over - NOTICE_TOKENS) / longest.tokens;
    now = now.map((message, index) => (index === longest.index ? { ...message, content: withoutMiddle(message.content, share) } : message));
  }
  return undefined;
}

function isKept(messages: readonly ChatMessage[], index: number): boolean {
  return index === messages.length - 1 || messages[index]?.role === 'system';
}

/** Whole lines: the oldest and the newest of them. */
function withoutMiddle(text: string, share: number): string {
  const half = Math.floor((text.length * share) / 2);
  const head = text.slice(0, text.lastIndexOf('\n', half) + 1);
  const from = text.indexOf('\n', text.length - half);
  const tail = from < 0 ? '' : text.slice(from);
  return `${head}[${text.length - head.length - tail.length} characters left out here: they did not fit the model's window]${tail}`;
}
