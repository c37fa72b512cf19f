/** Decides what each agent of a run did, for its rows: its messages, model calls, tool calls and checks in the order of time. */
import type { Message } from '../core/domain/message.ts';
import type { Role } from '../core/domain/role.ts';
import type { CallView, RunView } from '../core/run/view.ts';

export interface AgentRow {
  readonly role: Role;
  readonly calls: number;
  readonly tokens: number;
  readonly tools: number;
  readonly messages: number;
  readonly isAtWork: boolean;
}

export type LogItem =
  | { readonly kind: 'call'; readonly at: number; readonly call: CallView }
  | { readonly kind: 'tool'; readonly at: number; readonly tool: RunView['toolCalls'][number] }
  | { readonly kind: 'message'; readonly at: number; readonly message: Message }
  | { readonly kind: 'check'; readonly at: number; readonly check: RunView['checks'][number] };

/** Rows of one agent: a mechanical search runs hundreds of checks, and nobody reads a list of them. */
export const ITEMS_MAX = 200;
const ORDER: readonly Role[] = ['planner', 'coder', 'reviewer', 'verifier', 'judge', 'orchestrator'];

/** Those that did something, in the order of the work. */
export function agentsOf(view: RunView): readonly AgentRow[] {
  return ORDER.flatMap((role) => {
    const calls = [...view.calls.values()].filter((call) => call.role === role);
    const tools = view.toolCalls.filter((tool) => tool.role === role).length;
    const messages = view.messages.filter((message) => message.sender === role || message.receiver === role).length;
    if (calls.length === 0 && tools === 0 && messages === 0) return [];
    const tokens = calls.reduce((sum, call) => sum + (call.tokens === null ? 0 : call.tokens.prompt + call.tokens.reply), 0);
    return [{ role, calls: calls.length, tokens, tools, messages, isAtWork: calls.some((call) => call.state === 'running') }];
  });
}

/** The last ones; `left` is how many earlier ones are not among them. The verifier's checks stand for its calls of run_check. */
export function itemsOf(view: RunView, role: Role): { readonly shown: readonly LogItem[]; readonly left: number } {
  const all: readonly LogItem[] = [
    ...[...view.calls.values()].filter((call) => call.role === role).map((call) => ({ kind: 'call' as const, at: call.startedAt, call })),
    ...view.toolCalls.filter((tool) => tool.role === role).map((tool) => ({ kind: 'tool' as const, at: tool.at, tool })),
    ...view.messages.filter((message) => message.sender === role || message.receiver === role).map((message) => ({ kind: 'message' as const, at: message.at, message })),
    ...(role === 'verifier' ? view.checks.map((check) => ({ kind: 'check' as const, at: check.at, check })) : []),
  ].toSorted((a, b) => a.at - b.at);
  return { shown: all.slice(-ITEMS_MAX), left: Math.max(0, all.length - ITEMS_MAX) };
}
