/** Decides what the log holds of a call: every attempt is started once and finished once, slices and retries too. */
import type { EventData } from '../domain/event.ts';
import type { Desk, Prepared } from './desk.ts';

type Finished = Omit<EventData<'model.finished'>, 'call'>;

export interface Journal {
  /** The attempt begun last, or undefined. */
  readonly last: string | undefined;
  /** `call` where it is not the prompt that the journal was made for: the same without tools. */
  start(retryOf?: string, call?: Prepared): string;
  queued(id: string): void;
  finish(id: string, data: Finished): void;
  /** Finishes what was started and never sent. */
  close(state: 'cancelled' | 'failed', why: string): void;
}

export function createJournal({ emit, ids, models, name, counter }: Desk, prompt: Prepared): Journal {
  let last: string | undefined;
  const open = new Set<string>();

  return {
    get last() {
      return last;
    },
    start(retryOf, call = prompt) {
      const id = ids.next('call');
      last = id;
      open.add(id);
      const { role, task, purpose } = call.label;
      emit('model.started', {
        call: id, role, task, purpose, model: name, host: models.host, endpoint: call.endpoint,
        messages: linesOf(call), options: { ...call.body.options }, promptTokens: counter.expected(call.count),
        ...(retryOf === undefined ? {} : { retryOf }),
      });
      return id;
    },
    queued: (id) => emit('model.progressed', { call: id, phase: 'queued', ratio: null, leftMs: null, tokens: 0 }),
    finish(id, data) {
      open.delete(id);
      emit('model.finished', { call: id, ...data });
    },
    close(state, why) {
      for (const id of open) {
        emit('model.finished', {
          call: id, state, reply: '', toolCalls: [], error: `not sent: ${why}`,
          tokens: { prompt: 0, reply: 0, estimated: false },
          timings: { totalMs: 0, queueMs: 0, loadMs: 0, promptMs: 0, replyMs: 0, firstTokenMs: null },
        });
      }
      open.clear();
    },
  };
}

export function linesOf(call: Prepared): EventData<'model.started'>['messages'] {
  if (call.endpoint === 'generate') return [call.body.prompt, call.body.suffix].map((content) => ({ role: 'user', content }));
  return call.body.messages.map(({ role, content, tool_calls }) => ({
    role,
    content: tool_calls === undefined ? content : `${content}${tool_calls.map((call) => `\n<tool_call>${JSON.stringify(call.function)}</tool_call>`).join('')}`,
  }));
}
