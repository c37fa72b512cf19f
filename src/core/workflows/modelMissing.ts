/** Decides what a step does without an answer from the model: it goes on, and the run says what is missing. */
import { ModelUnavailable, PromptTooLong } from '../model/chatModel.ts';
import { ReplyMisshapen } from '../model/structured.ts';
import type { RunContext } from './runContext.ts';

/** undefined when the model cannot answer; every other error is thrown on. */
export async function missing<T>(context: Pick<RunContext, 'emit'>, who: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ModelUnavailable || error instanceof PromptTooLong || error instanceof ReplyMisshapen)) throw error;
    context.emit('degraded', { what: `${who}: ${error.message}` });
    return undefined;
  }
}
