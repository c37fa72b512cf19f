/** Decides whether one call may go on: finds what it touches, asks the policy, then the approvals that exist, then a person. */
import type { Decision, Emit } from '../domain/event.ts';
import type { Role } from '../domain/role.ts';
import type { ApprovalAnswer, Approvals, Hashing, Ids } from '../ports.ts';
import { describeCall } from './approvalText.ts';
import { classifyCommand } from './commandClass.ts';
import { approvalDigest, noIdentity } from './digest.ts';
import type { CommandIdentity } from './digest.ts';
import type { Grants } from './grants.ts';
import { lexicalPath } from './lexicalPath.ts';
import { decide } from './policy.ts';
import type { PolicyCall, Question, RunPolicy } from './policy.ts';
import { protectedChange } from './protectedContent.ts';
import { writesMarkBack } from './secrets.ts';
import type { Redact } from './secrets.ts';
import { classifyScript, commandsOfScript } from './scriptClass.ts';
import type { Taint } from './taint.ts';
import type { Preview, Tool, ToolHost, Touches } from './tool.ts';
import { ToolRefused } from './toolbox.ts';

export interface PermissionParts {
  readonly host: ToolHost;
  readonly grants: Grants;
  readonly policy: () => RunPolicy;
  readonly approvals: Approvals;
  readonly emit: Emit;
  readonly ids: Ids;
  readonly hashing: Hashing;
  readonly taint: Taint;
  readonly redact: Redact;
  /** What the machine makes of an argv, in the workspace or in the copy of it at `place`; left out, approvals are bound to the argv alone. */
  readonly identify?: (touches: Touches, signal: AbortSignal, place?: string) => Promise<CommandIdentity>;
  /** Digests that a person approved for this run before it was resumed. */
  readonly approvedInRun?: readonly string[];
}

export interface AskedCall {
  readonly role: Role;
  readonly tool: Tool;
  readonly input: unknown;
  readonly by: 'code' | 'model';
}

export interface Permit {
  readonly decision: Decision;
  readonly rule: string;
  /** Normalised path → the real path that was decided on. */
  readonly paths: ReadonlyMap<string, string>;
  /** Of these, the ones that did not exist. */
  readonly absent: readonly string[];
  /** What the approved command means; the copy that it runs in must mean the same. Only where an approval was needed. */
  readonly bound?: { readonly touches: Touches; readonly identity: CommandIdentity };
}

export interface Permission {
  /** @throws ToolRefused naming role, tool and rule; what a tool's preview throws; signal.reason. */
  permit(call: AskedCall, isCreated: (role: Role, path: string) => boolean, toolHost: ToolHost, signal: AbortSignal): Promise<Permit>;
}

/** Questions in one run: more is not consent but fatigue (design 05: at most 3 in an ordinary task). */
const QUESTIONS_MAX = 12;

export function createPermission(parts: PermissionParts): Permission {
  const approved = new Set(parts.approvedInRun);
  let questions = 0;
  /** One question at a time, so that equal ones are asked once. */
  let turn: Promise<unknown> = Promise.resolve();

  async function permit(call: AskedCall, isCreated: (role: Role, path: string) => boolean, toolHost: ToolHost, signal: AbortSignal): Promise<Permit> {
    const touches = believed(call);
    const named = namedPaths(parts, call, touches);
    const asked = policyCall(parts, call, touches, named.map((path) => ({ path, real: path })));
    refuseIfDenied(call, decide({ ...asked, createdByRole: true }, parts.policy(), parts.grants));

    const found = await brokered(parts, call, named);
    const createdByRole = found.length > 0 && found.every(({ path, kind }) => kind !== 'folder' && isCreated(call.role, path));
    const located: PolicyCall = { ...asked, paths: found, createdByRole };
    refuseIfDenied(call, decide(located, parts.policy(), parts.grants));

    const previews = call.tool.preview === undefined ? [] : await call.tool.preview(call.input, toolHost);
    refuseMarks(call, previews);
    const ruling = decide({ ...located, protectedChanges: previews.flatMap((preview) => protectedChange(preview) ?? []) }, parts.policy(), parts.grants);
    refuseIfDenied(call, ruling);

    const paths = new Map(found.map(({ path, real }) => [path, real]));
    const absent = found.filter(({ kind }) => kind === 'absent').map(({ path }) => path);
    if (ruling.kind !== 'ask') return { decision: 'allowed', rule: ruling.rule, paths, absent };
    const runs = touches.argv !== undefined || touches.check !== undefined;
    const identity = runs ? ((await parts.identify?.(touches, signal)) ?? noIdentity) : noIdentity;
    const rule = await settle(call, touches, { paths, previews, identity }, ruling, signal);
    return { decision: 'approved', rule, paths, absent, ...(runs ? { bound: { touches, identity } } : {}) };
  }

  async function settle(call: AskedCall, touches: Touches, { paths, previews, identity }: { readonly paths: Permit['paths']; readonly previews: readonly Preview[]; readonly identity: CommandIdentity }, question: Question, signal: AbortSignal): Promise<string> {
    const digest = approvalDigest(
      { workspace: parts.host.files.root, role: call.role, tool: call.tool.name, touches, paths: [...paths], previews, input: call.input, identity, bindsContent: question.covers !== 'run' },
      parts.hashing,
    );
    const mine = turn.then(async () => await answered(call, touches, previews, question, digest, signal));
    turn = mine.catch(() => undefined);
    return await mine;
  }

  async function answered(call: AskedCall, touches: Touches, previews: readonly Preview[], question: Question, digest: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (approved.has(digest)) return `${question.rule}: approved for this run`;
    if (question.covers === 'workspace' && (await parts.approvals.isStored(digest))) return `${question.rule}: approved for this workspace`;
    if (question.refusal !== null) throw refusal(call, question.refusal);
    if (questions >= QUESTIONS_MAX) throw refusal(call, { rule: 'approvals.too-many', reason: `${questions} questions were asked in this run, and no more are`, unanswered: false });
    questions += 1;
    const what = parts.redact(describeCall(call.role, call.tool.name, touches, previews));
    const id = parts.ids.next('approval');
    const request = { id, role: call.role, tool: call.tool.name, what, why: question.reason, rule: question.rule, digest, risk: question.risk, rememberable: question.covers === 'workspace' };
    parts.emit('approval.asked', request);
    const answer = within(question, await parts.approvals.ask({ ...request, ...(touches.check === undefined ? {} : { check: touches.check.argv }) }, signal));
    parts.emit('approval.answered', { id, digest, answer });
    if (answer === 'nobody') throw refusal(call, { rule: question.rule, reason: `${question.reason}, and nobody is there to ask`, unanswered: true });
    if (answer === 'refused') throw refusal(call, { rule: question.rule, reason: 'the user refused it', unanswered: false });
    // A yes to a check is a yes to this check for this run: it runs once per candidate.
    if (answer !== 'once' || call.tool.permission === 'check') approved.add(digest);
    if (answer === 'workspace') await parts.approvals.store(digest, what);
    return `${question.rule}: approved ${answer === 'once' ? 'once' : `for this ${answer}`}`;
  }

  return { permit };
}

/** What code says of a call is believed; a model's call is judged by its words alone. */
function believed({ tool, input, by }: AskedCall): Touches {
  const touches = tool.touches(input);
  if (by === 'code') return touches;
  return { ...(touches.paths === undefined ? {} : { paths: touches.paths }), ...(touches.argv === undefined ? {} : { argv: touches.argv }), ...(touches.cwd === undefined ? {} : { cwd: touches.cwd }), ...(touches.script === undefined ? {} : { script: touches.script }) };
}

function namedPaths(parts: PermissionParts, call: AskedCall, touches: Touches): readonly string[] {
  return (touches.paths ?? []).map((path) => {
    const lexical = lexicalPath(path, parts.host.files.root);
    if (lexical.kind === 'refused') throw refusal(call, { rule: `path.${lexical.rule}`, reason: lexical.reason, unanswered: false });
    return lexical.path;
  });
}

function policyCall(parts: PermissionParts, call: AskedCall, touches: Touches, paths: PolicyCall['paths']): PolicyCall {
  const { role, tool } = call;
  const command = touches.script !== undefined ? classifyScript(touches.script) : touches.argv === undefined ? undefined : classifyCommand(touches.argv);
  const commands = touches.script !== undefined ? commandsOfScript(touches.script) : undefined;
  return {
    role, tool: tool.name, permission: tool.permission, paths, argv: touches.argv ?? touches.check?.argv, check: touches.check, confined: touches.confined ?? true,
    command, ...(commands === undefined ? {} : { commands }), protectedChanges: [], createdByRole: false, label: parts.taint.of(role), labelSource: parts.taint.sourceOf(role),
  };
}

async function brokered(parts: PermissionParts, call: AskedCall, named: readonly string[]): Promise<readonly { readonly path: string; readonly real: string; readonly kind: 'file' | 'folder' | 'absent' }[]> {
  const found = [];
  for (const path of named) {
    const resolved = await parts.host.files.resolve(path);
    if (resolved.kind === 'refused') throw refusal(call, { rule: `path.${resolved.rule}`, reason: `${path}: ${resolved.reason}`, unanswered: false });
    found.push({ path: resolved.path, real: resolved.real, kind: resolved.kind });
  }
  return found;
}

function refuseIfDenied(call: AskedCall, ruling: ReturnType<typeof decide>): void {
  if (ruling.kind === 'denied') throw refusal(call, ruling);
}

function refuseMarks(call: AskedCall, previews: readonly Preview[]): void {
  const marked = previews.find(({ before, after }) => after !== null && writesMarkBack(before, after));
  if (marked !== undefined) throw refusal(call, { rule: 'redacted.write-back', reason: `${marked.path} would hold the mark of a redacted secret in place of the secret; change other lines only`, unanswered: false });
}

function refusal(call: AskedCall, why: { readonly rule: string; readonly reason: string; readonly unanswered: boolean }): ToolRefused {
  return new ToolRefused(call.role, call.tool.name, why.rule, why.reason, why.unanswered);
}

/** A yes reaches no further than the question's kind lets it. */
function within(question: Question, answer: ApprovalAnswer): ApprovalAnswer {
  if (answer === 'workspace' && question.covers !== 'workspace') return question.covers;
  return answer === 'run' && question.covers === 'once' ? 'once' : answer;
}
