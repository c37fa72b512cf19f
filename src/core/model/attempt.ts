/** Decides the life of one request: how long it may take to show life, what is shown meanwhile, and what its end is worth. */
import type { EventData } from '../domain/event.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { ModelUnavailable, type ModelReply, type ToolCall } from './chatModel.ts';
import { cloudRefused } from './cloud.ts';
import type { Desk, Prepared } from './desk.ts';
import type { Journal } from './journal.ts';
import { HostFault, type FinalRecord, type StreamRecord } from './models.ts';
import { emptyDraft, readReply, type Draft } from './readReply.ts';
import { recoverToolCalls } from './toolCalls.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

const MINUTE_MS = 60_000;
/** A loaded model whose server may first have to finish another program's call: 68 s in its queue were seen with three programs on two cores. */
const FIRST_TOKEN_MS_MIN = 4 * MINUTE_MS;
/** Ollama itself gives a load 5 minutes (OLLAMA_LOAD_TIMEOUT). */
const FIRST_TOKEN_LOADING_MS_MIN = 6 * MINUTE_MS;
const IDLE_MS = MINUTE_MS;
/** How far a prediction may be off before a call counts as stalled. */
const LATE_FACTOR = 3;
/** As KEEP_ALIVE says it to the server. */
const LOADED_MS = 30 * MINUTE_MS;
/** Reading weights from a disk that does not have them cached; 1.1 GB took 9.9 s (0.11.4). Only for what is shown. */
const LOAD_BYTES_PER_MS = 120_000;
/** Pieces past the limit that may be odd counting. */
const ENDLESS_SLACK = 64;
/** Shown until the first token is really there. */
const RATIO_MAX = 0.99;

export interface AttemptContext {
  readonly id: string;
  readonly journal: Journal;
  /** On the clock's elapsedMs: the end of the whole step. */
  readonly deadline: number;
}

interface State {
  readonly sentAt: number;
  readonly newTokens: number;
  readonly draft: Draft;
  firstAt: number | undefined;
}

/** @throws HostFault (judged by the caller), ModelUnavailable cut-prompt and refused-cloud, signal.reason. The log has it all before. */
export async function attempt(desk: Desk, call: Prepared, context: AttemptContext, signal: AbortSignal): Promise<ModelReply> {
  const { clock, counter, cache } = desk;
  const cachedTokens = counter.count(call.key.slice(0, cache.sharedChars(call.key)));
  const state: State = { sentAt: clock.elapsedMs(), newTokens: Math.max(1, counter.expected(call.count) - cachedTokens), draft: emptyDraft(), firstAt: undefined };
  const tick = (): void => desk.emit('model.progressed', progressOf(desk, call, context.id, state));
  const tooLong = (): Error => stalled(`the call took longer than ${seconds(desk.limits.stepMs)}`);
  using watchdog = createWatchdog({ clock, tick, until: context.deadline, tooLong }, signal);
  try {
    const end = await converse(desk, call, state, watchdog);
    if (end === 'cut') throw new HostFault('cut', 'The reply ended without its final record: it may be incomplete, so it was thrown away.');
    return conclude(desk, call, context, state);
  } catch (error) {
    logFailure(desk, call, context, state, error, signal);
    throw error;
  } finally {
    if (state.firstAt !== undefined) desk.overlap.ended();
  }
}

async function converse(desk: Desk, call: Prepared, state: State, watchdog: Watchdog): Promise<'final' | 'ended' | 'cut'> {
  const { clock, limits, cache } = desk;
  const allow = (ms: number, what: string): void => watchdog.allow(Math.max(1, ms), () => stalled(`${what} for ${seconds(ms)}`));
  const firstTokenMs = firstTokenLimit(desk, state.newTokens);
  const idleMs = idleLimit(desk, call);
  allow(Math.min(firstTokenMs, limits.headerMs ?? firstTokenMs), 'no answer came');
  const stream = await (call.endpoint === 'chat' ? desk.models.chat(call.body, watchdog.signal) : desk.models.generate(call.body, watchdog.signal));
  allow(firstTokenMs - (clock.elapsedMs() - state.sentAt), 'no first token came');

  return readReply(stream, state.draft, {
    onText: call.onText,
    onRecord: (record) => {
      refuseRemote(desk, record);
      if (!isProgress(record)) return;
      if (state.firstAt === undefined) {
        state.firstAt = clock.elapsedMs();
        cache.remember(call.key);
        desk.overlap.began(desk.slots.running);
        desk.loadedUntil = state.firstAt + LOADED_MS;
        allow(idleMs, 'the reply stood still');
      }
      watchdog.alive();
      refuseEndless(call, state.draft);
    },
  });
}

/** Records without any of these may come for ever from a server that makes nothing. */
function isProgress({ text, thinking, toolCalls, final }: StreamRecord): boolean {
  return text !== '' || thinking !== '' || toolCalls.length > 0 || final !== undefined;
}

/** A server that was told when to stop and goes on would go on for ever; pieces hold a token or more. */
function refuseEndless(call: Prepared, { pieces }: Draft): void {
  const most = call.body.options.num_predict;
  if (pieces > most + ENDLESS_SLACK) throw new HostFault('too-large', `The reply went on past the ${most} tokens that were asked for; it was stopped.`);
}

function refuseRemote({ allowCloud, name }: Desk, record: StreamRecord): void {
  if (record.remoteHost !== undefined && !allowCloud) throw cloudRefused(name, record.remoteHost);
}

/** What the prompt should take × 3; never less than other work on the same server, or a load, may take. */
function firstTokenLimit({ limits, speed, clock, loadedUntil }: Desk, newTokens: number): number {
  if (limits.firstTokenMs !== null) return limits.firstTokenMs;
  const least = clock.elapsedMs() < loadedUntil ? FIRST_TOKEN_MS_MIN : FIRST_TOKEN_LOADING_MS_MIN;
  return Math.max(least, speed.readMs(newTokens) * LATE_FACTOR);
}

/** With tools a server may hold the whole reply back until it knows whether it is a call. */
function idleLimit({ limits, speed }: Desk, call: Prepared): number {
  if (limits.idleMs !== null) return limits.idleMs;
  return call.tools.length === 0 ? IDLE_MS : Math.max(IDLE_MS, speed.writeMs(call.body.options.num_predict) * LATE_FACTOR);
}

function stalled(what: string): HostFault {
  return new HostFault('stalled', `Ollama stalled: ${what}.`);
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}

/** Turns what came into a reply, or refuses it: only `stop` and `length` are ends of a reply, and only the whole prompt counts. */
function conclude(desk: Desk, call: Prepared, { id, journal }: AttemptContext, state: State): ModelReply {
  const { final, text } = state.draft;
  const timings = timingsOf(desk, state);
  if (final === undefined) {
    const tokens = estimate(desk, call, state.draft);
    const reply: ModelReply = { call: id, text, toolCalls: [], done: 'ended', tokens, timings };
    journal.finish(id, { state: 'completed', reply: text, toolCalls: [], tokens, timings, done: 'ended', error: null });
    return reply;
  }
  if (final.doneReason !== 'stop' && final.doneReason !== 'length') {
    throw new HostFault('garbage', `The reply ended for the reason "${final.doneReason}", which is no end of a reply.`);
  }
  const cut = final.promptTokens !== undefined && desk.counter.observe(call.count, final.promptTokens) === 'cut';
  if (cut) throw cutPrompt(desk, call, final.promptTokens ?? 0);
  desk.speed.observe(final, state.newTokens);
  const toolCalls = final.doneReason === 'stop' ? toolCallsOf(call, state.draft) : [];
  const tokens = countsOf(desk, call, final, state.draft);
  journal.finish(id, { state: 'completed', reply: text, toolCalls: toolCalls.map((tool) => ({ ...tool })), tokens, timings, cachedTokens: Math.max(0, tokens.prompt - state.newTokens), done: final.doneReason, error: null });
  return { call: id, text, toolCalls, done: final.doneReason, tokens, timings };
}

function toolCallsOf(call: Prepared, draft: Draft): readonly ToolCall[] {
  const native = draft.toolCalls.map((tool) => ({ ...tool, recovered: false }));
  return once(native.length > 0 ? native : recoverToolCalls(draft.text, call.tools));
}

/** The same call twice in one reply is meant once: a server that repeats a record, or a model that stammers. */
function once(calls: readonly ToolCall[]): readonly ToolCall[] {
  const seen = new Set<string>();
  return calls.filter((call) => {
    const key = canonicalJson([call.name, call.arguments]);
    return !seen.has(key) && seen.add(key);
  });
}

function cutPrompt({ counter, windowTokens, name }: Desk, call: Prepared, counted: number): ModelUnavailable {
  return new ModelUnavailable(
    'cut-prompt',
    `Ollama read only ${counted} of about ${counter.expected(call.count)} prompt tokens: it cut the prompt of ${name} without saying so. The reply was thrown away.`,
    `The server seems to hold a smaller window than the ${windowTokens} tokens it was asked for. Set a smaller window, free memory, or update Ollama (0.12.6 and later say so instead of cutting).`,
  );
}

function logFailure(desk: Desk, call: Prepared, { id, journal }: AttemptContext, state: State, error: unknown, signal: AbortSignal): void {
  const { draft } = state;
  // A server that was never reached, or refused, has read nothing; one that was left alone reads on to the end of the prompt (prefill.ts).
  const wasReading = state.firstAt !== undefined || signal.aborted || (error instanceof HostFault && error.kind === 'stalled');
  const tokens = draft.final !== undefined ? countsOf(desk, call, draft.final, draft) : wasReading ? estimate(desk, call, draft) : { prompt: 0, reply: 0, estimated: false };
  const state_ = signal.aborted ? 'cancelled' : 'failed';
  journal.finish(id, { state: state_, reply: draft.text, tokens, timings: timingsOf(desk, state), error: error instanceof Error ? error.message : String(error) });
}

function countsOf(desk: Desk, call: Prepared, final: FinalRecord, draft: Draft): EventData<'model.finished'>['tokens'] {
  const guess = estimate(desk, call, draft);
  const prompt = final.promptTokens ?? guess.prompt;
  const reply = final.replyTokens ?? guess.reply;
  return { prompt, reply, estimated: final.promptTokens === undefined || final.replyTokens === undefined };
}

function estimate(desk: Desk, call: Prepared, draft: Draft): EventData<'model.finished'>['tokens'] {
  return { prompt: desk.counter.expected(call.count), reply: draft.pieces, estimated: true };
}

function timingsOf({ clock }: Desk, { sentAt, firstAt, draft: { final } }: State): ModelReply['timings'] {
  const now = clock.elapsedMs();
  const firstTokenMs = firstAt === undefined ? null : firstAt - sentAt;
  if (final === undefined) {
    return { totalMs: now - sentAt, queueMs: 0, loadMs: 0, promptMs: firstTokenMs ?? now - sentAt, replyMs: firstAt === undefined ? 0 : now - firstAt, firstTokenMs };
  }
  const { totalMs, loadMs, promptMs, replyMs } = final;
  return { totalMs, queueMs: Math.max(0, totalMs - loadMs - promptMs - replyMs), loadMs, promptMs, replyMs, firstTokenMs };
}

function progressOf(desk: Desk, call: Prepared, id: string, { sentAt, firstAt, newTokens, draft }: State): EventData<'model.progressed'> {
  const { clock, speed, loadedUntil, modelBytes } = desk;
  const now = clock.elapsedMs();
  if (firstAt !== undefined) {
    const most = call.body.options.num_predict;
    return { call: id, phase: 'writing', ratio: Math.min(RATIO_MAX, draft.pieces / most), leftMs: Math.round(speed.writeMs(Math.max(0, most - draft.pieces))), tokens: draft.pieces };
  }
  const loadMs = now < loadedUntil ? 0 : (speed.loadMs ?? modelBytes / LOAD_BYTES_PER_MS);
  const spent = now - sentAt;
  if (spent < loadMs) return { call: id, phase: 'loading', ratio: Math.min(RATIO_MAX, spent / loadMs), leftMs: Math.round(loadMs - spent), tokens: 0 };
  const readMs = speed.readMs(newTokens);
  const left = Math.max(0, readMs - (spent - loadMs));
  return { call: id, phase: 'reading', ratio: Math.min(RATIO_MAX, 1 - left / readMs), leftMs: Math.round(left), tokens: 0 };
}
