/** Decides how one prompt becomes one reply: queued, read ahead in slices where that pays, sent, sent again after faults. */
import { attempt } from './attempt.ts';
import { PromptTooLong, type ModelReply } from './chatModel.ts';
import { chatKey, type Desk, type Prepared } from './desk.ts';
import { judgeFault, type FaultContext, type FaultVerdict } from './faults.ts';
import { createJournal, type Journal, linesOf } from './journal.ts';
import type { ModelLimits } from './limits.ts';
import { HostFault, type ChatBody } from './models.ts';
import { planSlices } from './prefill.ts';

/** A call that this run has finished before a crash is answered from its log. @throws PromptTooLong, ModelUnavailable, signal.reason. */
export async function performCall(desk: Desk, call: Prepared, signal: AbortSignal): Promise<ModelReply> {
  const needed = desk.counter.expected(call.count) + call.body.options.num_predict;
  if (needed > desk.windowTokens) throw new PromptTooLong(needed, desk.windowTokens);
  signal.throwIfAborted();
  const known = desk.recall?.({ model: desk.name, endpoint: call.endpoint, messages: linesOf(call), options: { ...call.body.options } });
  if (known?.done) return { call: known.call, text: known.reply, toolCalls: known.toolCalls, done: known.done, tokens: known.tokens, timings: known.timings };
  const broken = desk.breaker.open();
  if (broken !== undefined) throw broken;

  const journal = createJournal(desk, call);
  const first = journal.start();
  try {
    return await desk.slots.run(call.label.priority, (slot, round) => inSlot(desk, call, journal, round === 0 ? first : undefined, slot), () => journal.queued(first), signal);
  } catch (error) {
    // Stopped while it waited in the queue, or its reading ahead failed for good.
    journal.close(signal.aborted ? 'cancelled' : 'failed', error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function inSlot(desk: Desk, call: Prepared, journal: Journal, first: string | undefined, signal: AbortSignal): Promise<ModelReply> {
  const deadline = desk.clock.elapsedMs() + desk.limits.stepMs;
  await readAhead(desk, call, deadline, signal);
  let now = call;
  let retryOf = journal.last;
  let next = first;
  for (let tried = 0; ; tried++) {
    const id: string = next ?? journal.start(retryOf, now);
    next = undefined;
    retryOf = id;
    try {
      const reply = await attempt(desk, now, { id, deadline, journal }, signal);
      desk.breaker.succeeded();
      return reply;
    } catch (error) {
      if (!(error instanceof HostFault)) throw error;
      const verdict = judgeFault(error, contextOf(desk, call));
      learnWindow(desk, verdict.error);
      const fallback = fallbackOf(now, verdict);
      if (fallback !== undefined) {
        now = fallback;
        continue;
      }
      if (verdict.retry !== 'again' || tried >= retriesFor(error, desk.limits) || desk.clock.elapsedMs() >= deadline) {
        if (verdict.unwell && verdict.error.name === 'ModelUnavailable') desk.breaker.failed(verdict.error);
        throw verdict.error;
      }
      next = journal.start(id, now); // before the wait, so that it is seen
      await desk.clock.delay(backoffMs(desk.limits.backoffMs, tried, id), signal);
    }
  }
}

/** The same prompt without what the server refused; undefined where it does not hold that. */
function fallbackOf(call: Prepared, { retry }: FaultVerdict): Prepared | undefined {
  if (call.endpoint !== 'chat') return undefined;
  switch (retry) {
    case 'without-tools': return call.withoutTools?.();
    case 'without-think': return call.body.think === undefined ? undefined : call.without?.('think');
    case 'without-format': return call.body.format === undefined ? undefined : call.without?.('format');
    case 'again': case 'never': return undefined;
  }
}

/** The window that the server really has: prompts that it cannot hold are not sent again. */
function learnWindow(desk: Desk, error: Error): void {
  if (error instanceof PromptTooLong && error.windowTokens > 0) desk.windowTokens = Math.min(desk.windowTokens, error.windowTokens);
}

/** A stall has already cost minutes, and a stream that ends without its record mostly ends so again: once more is enough. */
const SLOW_RETRIES_MAX = 1;

function retriesFor(fault: HostFault, limits: ModelLimits): number {
  return fault.kind === 'stalled' || fault.kind === 'cut' ? Math.min(SLOW_RETRIES_MAX, limits.retryMax) : limits.retryMax;
}

const BACKOFF_MS_MAX = 30_000;

/** Doubling, with jitter between half and all of it. The jitter comes from the call's id, so that a replay waits alike. */
function backoffMs(baseMs: number, tried: number, id: string): number {
  const whole = Math.min(BACKOFF_MS_MAX, baseMs * 2 ** tried);
  let hash = 2_166_136_261;
  for (const character of id) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619) >>> 0;
  return Math.round(whole * (0.5 + (hash % 1_000) / 2_000));
}

/** Fills the server's cache with growing beginnings of a long prompt. A fault here is left to the call itself. */
async function readAhead(desk: Desk, call: Prepared, deadline: number, signal: AbortSignal): Promise<void> {
  // Where nothing says that reading is slow, the first reply tells; a fast server would only get more requests.
  if (call.endpoint !== 'chat' || (desk.speed.read === undefined && !desk.isSlow)) return;
  const { body } = call;
  const cachedTokens = desk.counter.count(call.key.slice(0, desk.cache.sharedChars(call.key)));
  const newTokens = desk.counter.expected(call.count) - cachedTokens;
  const slices = planSlices({ messages: body.messages, countTokens: desk.counter.count, cachedTokens, newTokens, readMs: desk.speed.readMs(newTokens) });
  for (const messages of slices) {
    const slice = sliceOf(desk, call, { ...body, messages, options: { ...body.options, num_predict: 1 } });
    const journal = createJournal(desk, slice);
    try {
      await attempt(desk, slice, { id: journal.start(), deadline, journal }, signal);
    } catch (error) {
      if (error instanceof HostFault && error.overflow === undefined) return;
      if (error instanceof HostFault) throw overflowOf(desk, call, error);
      throw error;
    }
  }
}

/** What holds of a beginning holds of the whole. */
function overflowOf(desk: Desk, call: Prepared, fault: HostFault): Error {
  const { error } = judgeFault(fault, contextOf(desk, call));
  learnWindow(desk, error);
  return error;
}

function contextOf(desk: Desk, call: Prepared): FaultContext {
  return { host: desk.models.host, model: desk.name, promptTokens: desk.counter.expected(call.count), windowTokens: desk.windowTokens };
}

function sliceOf(desk: Desk, call: Prepared, { format: _, ...body }: ChatBody): Prepared {
  const tools = body.tools === undefined ? undefined : JSON.stringify(body.tools);
  const parts = body.messages.map((message) => message.content);
  return {
    label: { ...call.label, purpose: `read ahead: ${call.label.purpose}` },
    endpoint: 'chat',
    body,
    count: desk.counter.countPrompt(parts, tools),
    key: chatKey(body),
    tools: [],
  };
}
