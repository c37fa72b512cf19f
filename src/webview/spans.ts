/** Decides what a run's trace lists: one span for each piece of work, under its task, its role or its kind; all folded from the log. */
import type { Role } from '../core/domain/role.ts';
import { brief } from '../core/run/brief.ts';
import type { CallView, RunView } from '../core/run/view.ts';
import { commandLine, count, short } from '../core/trace/text.ts';
import type { DetailOf } from '../protocol/webview.ts';
import { GATE_WORDS, ROLE_WORDS, SOURCE_WORDS, type Tone } from './words.ts';

export interface SpanPart {
  readonly kind: 'queue' | 'load' | 'prompt' | 'reply' | 'passed' | 'failed' | 'plain';
  readonly ms: number;
}

export interface Span {
  readonly id: string;
  readonly kind: 'call' | 'tool' | 'check' | 'candidate' | 'message';
  /** Its name in the fold: a call's id, an index of checks, tool calls or messages. */
  readonly ref: string;
  readonly role: Role;
  readonly task: string | null;
  readonly at: number;
  readonly parts: readonly SpanPart[];
  readonly ms: number;
  readonly title: string;
  readonly note: string;
  readonly word: string;
  readonly tone: Tone;
  /** Something went wrong: what "errors only" and `e` look for. A test that fails as the bug is shown, or a candidate that falls, is what a run is for. */
  readonly isError: boolean;
  /** Where its long texts are; undefined: it has none. */
  readonly detail: DetailOf | undefined;
}

export type Grouping = 'task' | 'role' | 'kind';

export type TraceRow =
  | { readonly kind: 'group'; readonly id: string; readonly title: string; readonly spans: number; readonly errors: number; readonly isOpen: boolean; readonly at: number; readonly ms: number }
  | { readonly kind: 'span'; readonly id: string; readonly span: Span };

export interface RowsWanted {
  readonly grouping: Grouping;
  readonly filter: string;
  readonly errorsOnly: boolean;
  readonly closed: ReadonlySet<string>;
}

/** In the order they began. */
export function spansOf(view: RunView, checkSeqs: readonly number[]): readonly Span[] {
  const taskAt = taskFinder(view);
  const spans: Span[] = [...view.calls.values()].map((call) => callSpan(call, view));
  view.toolCalls.forEach((tool, i) => {
    const wasStopped = tool.decision === 'denied' || tool.decision === 'ask';
    spans.push({
      id: `tool ${i}`, kind: 'tool', ref: String(i), role: tool.role, task: taskAt(tool.at, tool.role), at: tool.at - tool.durationMs, ms: tool.durationMs, parts: [{ kind: 'plain', ms: tool.durationMs }],
      title: `${tool.tool} ${short(brief(tool.arguments), 90)}`, note: `${tool.decision} by ${tool.rule}${tool.cached ? ', cached' : ''}`, word: wasStopped ? 'Refused' : tool.ok ? 'Done' : 'Failed', tone: wasStopped ? 'warn' : tool.ok ? 'good' : 'bad', isError: wasStopped || !tool.ok,
      detail: { kind: 'tool', id: tool.call },
    });
  });
  view.checks.forEach((entry, i) => {
    const { outcome, check } = entry;
    const failed = outcome.tests?.filter((test) => test.state === 'failed').length ?? 0;
    const task = entry.candidate === null ? null : (view.candidates.get(entry.candidate)?.task ?? null);
    const seq = checkSeqs[i];
    spans.push({
      id: `check ${i}`, kind: 'check', ref: String(i), role: 'verifier', task: task ?? taskAt(entry.at, 'verifier'), at: entry.at - outcome.durationMs, ms: outcome.durationMs, parts: [{ kind: outcome.passed ? 'passed' : 'failed', ms: outcome.durationMs }],
      title: short(commandLine(check.argv), 90), note: `${entry.purpose}${outcome.tests === null ? '' : ` · ${failed} of ${outcome.tests.length} failed`}, exit ${outcome.exit ?? 'none'}`, word: outcome.passed ? 'Passed' : 'Failed', tone: outcome.passed ? 'good' : 'bad', isError: outcome.environment !== undefined || outcome.exit === null || (!outcome.passed && entry.purpose.startsWith('verify')),
      detail: seq === undefined ? undefined : { kind: 'check', seq },
    });
  });
  for (const candidate of view.candidates.values()) {
    const fell = candidate.verdicts.findLast(({ passed }) => !passed);
    const ms = (candidate.verdicts.at(-1)?.at ?? candidate.offeredAt) - candidate.offeredAt;
    spans.push({
      id: `candidate ${candidate.id}`, kind: 'candidate', ref: candidate.id, role: 'coder', task: candidate.task, at: candidate.offeredAt, ms, parts: [{ kind: fell === undefined ? 'passed' : 'plain', ms }],
      title: candidate.note, note: `${SOURCE_WORDS[candidate.source]}${fell === undefined ? '' : `, ${GATE_WORDS[fell.gate]}`}`, word: fell !== undefined ? 'Fell' : candidate.state === 'chosen' ? 'Chosen' : candidate.state === 'open' ? 'Waiting' : 'Passed', tone: fell !== undefined || candidate.state === 'open' ? 'soft' : 'good', isError: false,
      detail: { kind: 'candidate', id: candidate.id },
    });
  }
  for (const [i, message] of view.messages.entries()) spans.push({
    id: `message ${i}`, kind: 'message', ref: String(i), role: message.sender, task: taskAt(message.at, message.sender), at: message.at, ms: 0, parts: [],
    title: `${ROLE_WORDS[message.sender]} to ${ROLE_WORDS[message.receiver]}: ${short(message.body, 90)}`, note: `${message.intent} · ${message.type}`, word: message.type === 'error' ? 'Error' : 'Sent', tone: message.type === 'error' ? 'bad' : 'soft', isError: message.type === 'error', detail: undefined,
  });
  return spans.sort((a, b) => a.at - b.at);
}

function callSpan(call: CallView, view: RunView): Span {
  const { timings, tokens } = call;
  const elapsed = Math.max(0, (call.finishedAt ?? view.lastAt) - call.startedAt);
  const parts: readonly SpanPart[] = timings === null
    ? [{ kind: call.phase === 'writing' ? 'reply' : call.phase === 'reading' ? 'prompt' : call.phase === 'loading' ? 'load' : 'queue', ms: elapsed }]
    : [{ kind: 'queue', ms: timings.queueMs }, { kind: 'load', ms: timings.loadMs }, { kind: 'prompt', ms: timings.promptMs }, { kind: 'reply', ms: timings.replyMs }];
  const isBad = call.state === 'failed';
  return {
    id: `call ${call.call}`, kind: 'call', ref: call.call, role: call.role, task: call.task, at: call.startedAt, parts, ms: timings?.totalMs ?? elapsed,
    title: call.purpose, note: tokens === null ? 'at work' : `${tokens.estimated ? 'about ' : ''}${count(tokens.prompt + tokens.reply)} tokens`,
    word: CALL_WORDS[call.state], tone: isBad ? 'bad' : call.state === 'running' ? 'busy' : call.state === 'completed' ? 'good' : 'soft', isError: isBad,
    detail: { kind: 'call', id: call.call },
  };
}

const CALL_WORDS = { running: 'Running', completed: 'Done', failed: 'Failed', cancelled: 'Cancelled', interrupted: 'Interrupted' } as const;

/** The log ties tool calls and messages to a role and a moment: the task of that role that was at work then, else the one begun last. */
function taskFinder(view: RunView): (at: number, role: Role) => string | null {
  const begun = [...view.tasks.values()].flatMap(({ id, role, startedAt, finishedAt }) => (startedAt === null ? [] : [{ id, role, from: startedAt, to: finishedAt ?? Number.POSITIVE_INFINITY }])).sort((a, b) => b.from - a.from);
  return (at, role) => {
    const open = begun.filter(({ from, to }) => from <= at && at <= to);
    const before = open.filter(({ from }) => from < at); // what ends as the next task begins was done before it
    const likely = before.length > 0 ? before : open;
    return (likely.find((task) => task.role === role) ?? likely[0])?.id ?? null;
  };
}

const KIND_WORDS = { call: 'Model calls', tool: 'Tool calls', check: 'Checks', candidate: 'Candidates', message: 'Messages' } as const;

export function traceRows(view: RunView, spans: readonly Span[], wanted: RowsWanted): readonly TraceRow[] {
  const words = wanted.filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const groups = new Map<string, Span[]>();
  if (wanted.grouping === 'task') for (const id of view.tasks.keys()) groups.set(id, []);
  for (const span of spans) {
    if ((wanted.errorsOnly && !span.isError) || !fits(span, words)) continue;
    const key = wanted.grouping === 'task' ? (span.task ?? '') : span[wanted.grouping];
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [span]);
    else known.push(span);
  }
  const isFiltered = words.length > 0 || wanted.errorsOnly;
  return [...groups].flatMap(([key, members]): TraceRow[] => {
    if (members.length === 0 && (isFiltered || key === '')) return [];
    const id = `group ${key}`;
    const isOpen = !wanted.closed.has(id);
    const at = members[0]?.at ?? view.tasks.get(key)?.startedAt ?? view.startedAt;
    const end = members.reduce((last, span) => Math.max(last, span.at + span.ms), at);
    const group: TraceRow = { kind: 'group', id, title: groupTitle(view, wanted.grouping, key), spans: members.length, errors: members.filter(({ isError }) => isError).length, isOpen, at, ms: end - at };
    return isOpen ? [group, ...members.map((span): TraceRow => ({ kind: 'span', id: span.id, span }))] : [group];
  });
}

function groupTitle(view: RunView, grouping: Grouping, key: string): string {
  switch (grouping) {
    case 'task': return key === '' ? 'Outside of tasks' : (view.tasks.get(key)?.title ?? key);
    case 'role': return Object.entries(ROLE_WORDS).find(([role]) => role === key)?.[1] ?? key;
    case 'kind': return Object.entries(KIND_WORDS).find(([kind]) => kind === key)?.[1] ?? key;
  }
}

function fits(span: Span, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${span.kind} ${span.role} ${span.title} ${span.note} ${span.word}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The next row with an error after `from`, going round; undefined: there is none. */
export function nextError(rows: readonly TraceRow[], from: number): number | undefined {
  for (let step = 1; step <= rows.length; step += 1) {
    const at = (from + step + rows.length) % rows.length;
    const row = rows[at];
    if (row?.kind === 'span' && row.span.isError) return at;
  }
  return undefined;
}
