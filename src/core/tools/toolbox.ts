/** Decides how code and models reach tools: always in a role's name. The registry implements it. */
import type { ToolSpec, ToolCall } from '../model/chatModel.ts';
import type { Role } from '../domain/role.ts';
import type { Tool } from './tool.ts';

/** A tool call that the policy or a person refused. The message names role, tool and rule. */
export class ToolRefused extends Error {
  override readonly name = 'ToolRefused';
  readonly role: Role;
  readonly tool: string;
  readonly rule: string;
  /** true: nobody was there to answer a question (exit 4). */
  readonly unanswered: boolean;
  constructor(role: Role, tool: string, rule: string, reason: string, unanswered: boolean) {
    super(`${role} may not call ${tool}: ${reason} (rule: ${rule}).`);
    this.role = role;
    this.tool = tool;
    this.rule = rule;
    this.unanswered = unanswered;
  }
}

/** `stop` tells the turn loop to ask for the answer without tools: the calls go in circles, or the run's budget is spent. */
export interface CalledByName {
  readonly ok: boolean;
  readonly text: string;
  readonly stop?: 'loop' | 'budget';
}

/** The tools of one role in one run. */
export interface Toolbox {
  readonly role: Role;
  /** For code-driven steps. @throws ToolRefused; or the tool's own error; or signal.reason. */
  call<I, O>(tool: Tool<I, O>, input: I, signal: AbortSignal): Promise<O>;
  /** For models: never throws but for signal.reason; refusals and failures are text that the model can read. */
  callByName(call: ToolCall, signal: AbortSignal): Promise<CalledByName>;
  /** What the role's model is shown: granted tools only. */
  specs(): readonly ToolSpec[];
}
