/** Decides how what a model replies reaches the product: through the real turn loop of a role, on a model that follows a script. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { runTurn } from '../../../src/core/agents/turn.ts';
import { PlanReply } from '../../../src/core/agents/roles/planner.ts';
import type { ModelReply, ToolCall as ModelCall } from '../../../src/core/model/chatModel.ts';
import { createScriptedModel, type ScriptedReply } from '../../../src/core/model/scriptedModel.ts';
import { guardPrompts } from '../../../src/core/tools/guardPrompts.ts';
import { parsePlan } from '../../../src/core/plan/graph.ts';
import { type Fields, mapText, mapTool } from './doors.ts';
import { decisionOf, type Outcome, roleOf } from './playTool.ts';
import { type Session, signal } from './session.ts';

const Output = z.looseObject({
  text: z.string().optional(),
  calls: z.array(z.object({ tool: z.string(), input: z.unknown() })).optional(),
  raw: z.string().optional(),
  tool: z.string().optional(),
  plan: z.array(z.unknown()).optional(),
  toolResult: z.string().optional(),
});

/** Far above the product's own bound, so that it is the product that stops. */
const TURNS_MAX = 400;
/** The next result of a real tool holds a text: a file of that content is read. */
const RESULT_FILE = 'tool-result.txt';

export async function playModel(session: Session, role: string, input: unknown): Promise<Outcome> {
  const output = Output.parse(input);
  const first = session.events.length;
  const isPlan = output.plan !== undefined && !output.plan.every(isCall);
  const soundPlan = isPlan ? isSound(output.plan) : true;
  const file = join(session.root, RESULT_FILE);
  if (output.toolResult !== undefined) writeFileSync(file, output.toolResult);
  const shown = await converse(session, role, replies(session, output));
  if (output.toolResult !== undefined) rmSync(file);
  const decision = decisionOf(session.events.slice(first)) ?? (isPlan && soundPlan ? 'allowed' : 'denied');
  return { decision, shown };
}

/** What the model is shown in the loop, tool results and all. */
async function converse(session: Session, roleName: string, script: readonly ScriptedReply[]): Promise<readonly string[]> {
  const role = roleOf(roleName);
  const { clock, ids, redact } = session.ports;
  const shown: string[] = [];
  let next = 0;
  const scripted = createScriptedModel({
    clock, ids, emit: session.log.emit, facts: { parametersB: 7, windowTokens: 131_072, canCallTools: true },
    script: [{
      reply(request) {
        if (request.kind === 'chat') shown.push(...request.messages.filter((message) => message.role === 'tool').map((message) => message.content));
        next += 1;
        return script[next - 1] ?? { text: '{"cause":"done","steps":[{"suspect":1,"change":"none"}]}' };
      },
    }],
  });
  const model = guardPrompts(scripted, redact);
  if (model === undefined) throw new Error('The scripted model is gone.');
  try {
    const toolbox = session.context.turnTools(role);
    const messages = [{ role: 'user' as const, content: 'Do what is to be done.' }];
    const { replies: said } = await runTurn({ model, messages, toolbox, label: { role, task: null, purpose: 'case', priority: 'repair' }, sampling: { temperature: 0, seed: 1, replyTokensMax: 20_000 }, schema: PlanReply, turnsMax: Math.min(TURNS_MAX, script.length + 2) }, signal);
    shown.push(...said.map((reply: ModelReply) => reply.text));
  } catch (error) {
    shown.push(session.ports.redact(error instanceof Error ? error.message : String(error)));
  }
  return [...new Set(shown)];
}

function replies(session: Session, { text, calls, raw, tool, plan, toolResult }: z.infer<typeof Output>): readonly ScriptedReply[] {
  const asModelCall = (name: string, input: unknown): Omit<ModelCall, 'recovered'> => {
    const mapped = mapTool(name, input, session.root);
    return { name: mapped?.name ?? name, arguments: mapped?.input ?? input };
  };
  if (calls !== undefined) return [{ text: '', toolCalls: calls.map((call) => asModelCall(call.tool, call.input)) }];
  if (raw !== undefined) return [tool === undefined ? { text: mapText(raw) } : { text: '', toolCalls: [{ name: asModelCall(tool, {}).name, arguments: mapText(raw) }] }];
  if (toolResult !== undefined) return [{ text: '', toolCalls: [{ name: 'read_file', arguments: { path: RESULT_FILE } }] }];
  if (plan?.every(isCall)) return plan.filter(isCall).map((step) => ({ text: '', toolCalls: [asModelCall(step.tool, step.input)] }));
  return [{ text: plan === undefined ? mapText(text ?? '') : JSON.stringify({ cause: 'as planned', steps: plan }) }];
}

function isCall(step: unknown): step is Fields & { readonly tool: string } {
  return typeof step === 'object' && step !== null && 'tool' in step && typeof step.tool === 'string';
}

/** Whether the product's own rules take it for a plan: at most twelve tasks, no cycle, each with an owner. */
function isSound(tasks: readonly unknown[] | undefined): boolean {
  try {
    parsePlan({ tasks });
    return true;
  } catch {
    return false;
  }
}
