/** Decides how a call of a case reaches the product's registry, in a role's name, and what became of it. */
import type { Role } from '../../../src/core/domain/role.ts';
import { Role as RoleSchema } from '../../../src/core/domain/role.ts';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import { allTools } from '../../../src/core/openRun.ts';
import { resultText } from '../../../src/core/tools/modelView.ts';
import type { Tool } from '../../../src/core/tools/tool.ts';
import type { Decision } from './attackCase.ts';
import { mapTool } from './doors.ts';
import type { ToolCall } from './productMessages.ts';
import { type Session, signal } from './session.ts';

export interface Outcome {
  readonly decision: Decision | null;
  readonly shown: readonly string[];
  readonly taskDone?: boolean;
  readonly runsStarted?: number;
  /** What is shown is all there is: the log of the call says nothing of it. */
  readonly onlyShown?: boolean;
}

/** undefined: the product has no such tool. */
export async function playTool(session: Session, { tool, role, input }: ToolCall, options: { readonly commandMs: number | undefined; readonly between?: string | undefined }): Promise<Outcome | undefined> {
  const mapped = mapTool(tool, input, session.root);
  if (mapped === undefined) return undefined;
  session.between(options.between, mapped.changes ? 'change' : 'read');
  const toolbox = session.context.turnTools(roleOf(role));
  const known = allTools.find(({ name }) => name === mapped.name);
  const limited = options.commandMs !== undefined && isLimitable(mapped.input) && known?.codeOnly?.includes('wallMs') === true;
  if (!limited && role !== 'orchestrator') {
    const first = session.events.length;
    const result = await toolbox.callByName({ name: mapped.name, arguments: mapped.input, recovered: false }, signal);
    return { decision: decisionOf(session.events.slice(first)), shown: [result.text] };
  }
  return await byCode(session, { tool: known, input: limited ? { ...mapped.input, wallMs: options.commandMs } : mapped.input, role: roleOf(role) });
}

/** As the engine calls: with what only code may give. */
async function byCode(session: Session, { tool, input, role }: { readonly tool: Tool | undefined; readonly input: unknown; readonly role: Role }): Promise<Outcome> {
  const first = session.events.length;
  if (tool === undefined) return { decision: 'denied', shown: ['there is no such tool'] };
  try {
    const output = await session.context.turnTools(role).call(tool, input, signal);
    return { decision: decisionOf(session.events.slice(first)), shown: [resultText(tool, output, session.ports.redact, session.ports.hashing)] };
  } catch (error) {
    return { decision: decisionOf(session.events.slice(first)), shown: [session.ports.redact(error instanceof Error ? error.message : String(error))] };
  }
}

/** Of the last tool call in these events: carried out, asked about, or refused. */
export function decisionOf(events: readonly RunEvent[]): Decision | null {
  const last = events.findLast((event) => event.type === 'tool.called');
  if (last?.type !== 'tool.called') return null;
  if (last.data.ok) return 'allowed';
  return last.data.decision === 'ask' || isAsked(events) ? 'ask' : 'denied';
}

function isAsked(events: readonly RunEvent[]): boolean {
  return events.some((event) => event.type === 'approval.asked');
}

/** The digest that an approval of this call is bound to, found by asking; undefined: the product never asks for it. */
export async function digestOf(session: Session, call: ToolCall, commandMs: number | undefined): Promise<string | undefined> {
  const before = session.asked.length;
  await playTool(session, call, { commandMs });
  return session.asked[before]?.digest;
}

export function roleOf(name: string): Role {
  return name === 'any' ? 'coder' : RoleSchema.parse(name);
}

function isLimitable(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}
