/**
 * Decides what can happen in a run. The events are the truth: tree, trace, metrics, console and resume are folds of them.
 * Under --json each is one line, exactly as here.
 */
import * as z from 'zod';
import { Candidate, Verdict } from './candidate.ts';
import { Check, CheckOutcome } from './check.ts';
import { Debate } from './debate.ts';
import { Finding } from './finding.ts';
import { Message } from './message.ts';
import { Outcome } from './outcome.ts';
import { Plan, TaskState } from './plan.ts';
import { Receipt } from './receipt.ts';
import { Role } from './role.ts';
import { Timings, Tokens } from './tokens.ts';

export const SCHEMA_VERSION = 1;

export const FixRequest = z.object({
  command: z.enum(['fix', 'review']),
  words: z.string(),
  test: z.array(z.string()).nullable().describe('argv that the user named.'),
  file: z.string().nullable(),
  line: z.int().min(1).nullable(),
  paths: z.array(z.string()).default([]).describe('What review reads; empty: the changes.'),
  since: z.record(z.string(), z.string()).optional().describe('How named files differ from what was read of them last: unified diff by path. Only what changed is read.'),
  background: z.boolean().optional().describe('Nobody waits for it: one call to the model a file, after everything else.'),
});
export type FixRequest = z.infer<typeof FixRequest>;

export const Decision = z.enum(['allowed', 'approved', 'ask', 'denied']);
export type Decision = z.infer<typeof Decision>;

const ChatLine = z.object({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: z.string() });

/** Data of each event type, by its name; past tense. */
export const eventData = {
  'run.started': z.object({
    request: FixRequest,
    workspace: z.string(),
    model: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()).describe('Pinned for the whole run.'),
    versions: z.record(z.string(), z.string()).describe('Role cards and workflow: name → version.'),
  }),
  'run.resumed': z.object({ pid: z.int(), epoch: z.int() }),
  'run.finished': Outcome,
  'message.sent': Message,
  'plan.made': z.object({ plan: Plan, by: z.enum(['rules', 'model', 'user']) }),
  'task.started': z.object({ task: z.string(), attempt: z.int().min(1) }),
  'task.finished': z.object({ task: z.string(), state: TaskState, summary: z.string(), output: z.unknown().optional() }),
  'check.found': z.object({ checks: z.array(Check), chosen: z.int().nullable() }),
  'check.finished': z.object({
    key: z.string().describe('Effect key: equal key, equal result, never run twice.'),
    check: Check,
    purpose: z.string(),
    candidate: z.string().nullable(),
    outcome: CheckOutcome,
    output: z.string().describe('Head and tail, redacted.'),
    coverage: z.record(z.string(), z.array(z.int())).optional().describe('Lines run, by path, where it was asked for.'),
    receipt: z.string().nullable(),
  }),
  'suspects.ranked': z.object({
    suspects: z.array(z.object({ path: z.string(), line: z.int(), endLine: z.int(), symbol: z.string(), score: z.number(), evidence: z.string() })),
    by: z.string(),
  }),
  'tool.called': z.object({
    call: z.string(),
    role: Role,
    tool: z.string(),
    arguments: z.unknown(),
    decision: Decision,
    rule: z.string(),
    durationMs: z.number(),
    cached: z.boolean(),
    ok: z.boolean(),
    result: z.string().describe('Trimmed and redacted; the error where ok is false.'),
  }),
  'approval.asked': z.object({ id: z.string(), role: Role, tool: z.string(), what: z.string(), why: z.string(), rule: z.string(), digest: z.string(), risk: z.enum(['low', 'medium', 'high']), rememberable: z.boolean().default(false).describe('May be answered for the workspace.') }),
  'approval.answered': z.object({ id: z.string(), digest: z.string(), answer: z.enum(['once', 'run', 'workspace', 'refused', 'nobody']) }),
  'model.started': z.object({
    call: z.string(),
    role: Role,
    task: z.string().nullable(),
    purpose: z.string(),
    model: z.string(),
    host: z.string(),
    endpoint: z.enum(['chat', 'generate']),
    messages: z.array(ChatLine).describe('Exactly as sent; a fill has its prompt and suffix as two user lines.'),
    options: z.record(z.string(), z.unknown()),
    promptTokens: z.int().describe('Expected by our own count.'),
    retryOf: z.string().optional().describe('The earlier call with this same prompt that failed or made room.'),
  }),
  'model.progressed': z.object({
    call: z.string(),
    phase: z.enum(['queued', 'loading', 'reading', 'writing']),
    ratio: z.number().min(0).max(1).nullable(),
    leftMs: z.number().nullable().describe('Expected time left in this phase.'),
    tokens: z.int().min(0),
  }),
  'model.finished': z.object({
    call: z.string(),
    state: z.enum(['completed', 'cancelled', 'failed']),
    reply: z.string(),
    toolCalls: z.array(z.object({ name: z.string(), arguments: z.unknown(), recovered: z.boolean() })).default([]),
    tokens: Tokens,
    timings: Timings,
    cachedTokens: z.int().min(0).optional().describe('Of the prompt, what the server should have read before, by our own count.'),
    done: z.enum(['stop', 'length', 'ended']).nullable().default(null).describe('Why the reply ended, for resume; null where it did not complete.'),
    error: z.string().nullable(),
  }),
  'candidate.offered': Candidate,
  'candidate.gated': z.object({ candidate: z.string(), verdict: Verdict }),
  'candidate.chosen': z.object({
    candidate: z.string(),
    reason: z.string(),
    clusters: z.array(z.object({ candidates: z.array(z.string()), differsOn: z.string() })).describe('Survivors that behave alike; differsOn: an input that tells them from the first.'),
  }),
  'debate.ended': Debate,
  'sources.summarised': z.object({ source: z.string(), offered: z.int(), passed: z.int(), durationMs: z.number(), stopped: z.string() }),
  'finding.reported': Finding,
  'receipt.recorded': Receipt,
  'effect.intended': z.object({ key: z.string(), intent: z.unknown() }),
  'effect.done': z.object({ key: z.string(), result: z.unknown() }),
  'patch.applied': z.object({ paths: z.array(z.string()), patch: z.string() }),
  'patch.undone': z.object({ restored: z.array(z.string()), conflicts: z.array(z.string()) }),
  'degraded': z.object({ what: z.string() }),
  'user.advised': z.object({ text: z.string().describe('A question or remark for the person: both positions, evidence, choices.') }),
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.input<(typeof eventData)[T]>;

/** Appends one event to the run's log; returns at once. */
export type Emit = <T extends EventType>(type: T, data: EventData<T>) => void;

export type RunEvent = { [T in EventType]: {
  readonly v: typeof SCHEMA_VERSION;
  readonly seq: number;
  readonly at: number;
  readonly run: string;
  readonly type: T;
  readonly data: z.output<(typeof eventData)[T]>;
} }[EventType];

const Envelope = z.object({
  v: z.literal(SCHEMA_VERSION),
  seq: z.int().min(1).describe('Grows by one within a run.'),
  at: z.int().describe('Milliseconds since 1970.'),
  run: z.string(),
  type: z.enum(Object.keys(eventData) as [EventType, ...EventType[]]), // zod wants a non-empty tuple; Object.keys cannot say so
  data: z.unknown(),
});

/** Reads one stored or received event. @throws z.ZodError naming the field that does not fit. */
export function parseEvent(value: unknown): RunEvent {
  const envelope = Envelope.parse(value);
  const data = eventData[envelope.type].parse(envelope.data);
  return { ...envelope, data } as RunEvent; // TypeScript cannot tie `type` to `data` through the lookup above
}
