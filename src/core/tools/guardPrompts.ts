/** Decides what of the workspace's text never reaches a model as it is: secrets, invisible characters, control tokens of chat templates. */
import type { ChatModel } from '../model/chatModel.ts';
import { forPrompt } from './sanitize.ts';
import type { Redact } from './secrets.ts';

/** The same model, with every text that it is sent cleaned first; what is logged as sent is what was sent. */
export function guardPrompts(model: ChatModel | undefined, redact: Redact): ChatModel | undefined {
  if (model === undefined) return undefined;
  const clean = (text: string): string => forPrompt(redact(text));
  return {
    facts: model.facts,
    countTokens: model.countTokens,
    chat: async (request, signal) => await model.chat({ ...request, messages: request.messages.map((message) => ({ ...message, content: clean(message.content) })) }, signal),
    fill: async (request, signal) => await model.fill({ ...request, prefix: clean(request.prefix), suffix: clean(request.suffix) }, signal),
  };
}
