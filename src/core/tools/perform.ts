/** Decides how one tool call goes: schema, permission, limits, cache, the tool itself, output schema, one event. */
import * as z from 'zod';
import type { Role } from '../domain/role.ts';
import type { Clock } from '../ports.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { bindHost } from './boundHost.ts';
import { createRateLimit } from './budget.ts';
import type { ToolBudget } from './budget.ts';
import { logged, loggedText, resultText } from './modelView.ts';
import { createPermission } from './permission.ts';
import type { PermissionParts, Permit } from './permission.ts';
import { createReadCache } from './readCache.ts';
import type { Label } from './taint.ts';
import type { SeenVersions, Tool } from './tool.ts';
import { ToolRefused } from './toolbox.ts';

export interface PerformerParts extends PermissionParts {
  readonly clock: Clock;
  readonly budget: ToolBudget;
  /** Of a file, or of all below a folder, for the context of the role that reads it: taint.ts. */
  readonly labelOf: (path: string, isTree?: boolean) => Label;
  /** What this run created before, in a process that has died or ended. */
  readonly created?: readonly { readonly role: Role; readonly path: string }[];
  /** Awaited before anything that changes the world: a log that cannot be kept stops it here. */
  readonly beforeEffect?: () => Promise<void>;
}

export interface AskedFor {
  readonly role: Role;
  readonly tool: Tool;
  readonly raw: unknown;
  readonly by: 'code' | 'model';
  readonly seen: SeenVersions;
}

export type Ended = { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: unknown };

export interface Performer {
  /** Never throws: the one catch of all tools is here. */
  perform(asked: AskedFor, signal: AbortSignal): Promise<Ended>;
  /** Logs a model's call that names no tool or has no arguments; nothing else happened. */
  logUncalled(uncalled: Uncalled): void;
  /** Grows with every call that changed something. */
  writes(): number;
}

export interface Uncalled {
  readonly role: Role;
  readonly name: string;
  readonly raw: unknown;
  readonly rule: string;
  readonly text: string;
}

/** Arguments that do not fit the tool's schema. */
export class ToolInputInvalid extends Error {
  override readonly name = 'ToolInputInvalid';
}

/** The tool returned what its own schema does not allow: a defect of the tool. */
export class ToolOutputInvalid extends Error {
  override readonly name = 'ToolOutputInvalid';
}

interface Progress {
  permit: Permit | undefined;
  cached: boolean;
}

export function createPerformer(parts: PerformerParts): Performer {
  const permission = createPermission(parts);
  const cache = createReadCache();
  const rates = createRateLimit();
  const created = new Set(parts.created?.map(({ role, path }) => `${role}:${path}`));
  let writes = 0;

  /** The one catch: whatever a tool or the policy throws becomes a value, is logged, and is told to code or to the model. */
  async function perform(asked: AskedFor, signal: AbortSignal): Promise<Ended> {
    const started = parts.clock.elapsedMs();
    const progress: Progress = { permit: undefined, cached: false };
    let ended: Ended;
    try {
      ended = { ok: true, output: await run(asked, progress, signal) };
    } catch (error) {
      ended = { ok: false, error };
    }
    const durationMs = parts.clock.elapsedMs() - started;
    parts.budget.finish(durationMs);
    logCall(parts, asked, { ...progress, ended, durationMs });
    return ended;
  }

  async function run({ role, tool, raw, by, seen }: AskedFor, progress: Progress, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const parsed = tool.input.safeParse(raw);
    if (!parsed.success) throw new ToolInputInvalid(`The arguments of ${tool.name} do not fit, so nothing was done: ${said(parsed.error)}`);
    const input = parsed.data;
    const permit = await permission.permit({ role, tool, input, by }, (who, path) => created.has(`${who}:${path}`), { ...parts.host, seen }, signal);
    progress.permit = permit;
    takeLimits(role, tool);

    const key = tool.cacheable ? `${tool.name}:${canonicalJson(input)}` : undefined;
    const held = key === undefined ? undefined : await cache.get(key, parts.host.files);
    progress.cached = held !== undefined;
    const bound = bindHost(parts.host, permit.paths, seen, async (place) => await refuseOther({ role, tool, permit, identify: parts.identify }, place, signal));
    if (tool.permission !== 'read' && tool.permission !== 'git-read') await parts.beforeEffect?.();
    const output = held ?? checked(tool, await tool.run(input, bound.host, signal));
    if (key !== undefined && held === undefined) cache.put(key, bound.reads(), output);
    remember(role, tool, permit);
    if (isReadForContext(role, tool, by)) label(parts, { role, tool, permit, input, quoted: bound.quoted() });
    return output;
  }

  function takeLimits(role: Role, tool: Tool): void {
    const processes = tool.permission === 'check' || tool.permission === 'command' ? 1 : 0;
    if (!rates.tryTake(`${role}:${tool.name}`, tool.callsPerMinuteMax, parts.clock.elapsedMs())) {
      throw new ToolRefused(role, tool.name, 'limit.rate', `at most ${tool.callsPerMinuteMax} calls a minute`, false);
    }
    const spent = parts.budget.tryStart({ processes });
    if (spent !== undefined) throw new ToolRefused(role, tool.name, 'limit.budget', spent, false);
  }

  function remember(role: Role, tool: Tool, permit: Permit): void {
    if (tool.permission === 'write') for (const path of permit.absent) created.add(`${role}:${path}`);
    if (tool.permission === 'delete') for (const path of permit.paths.keys()) created.delete(`${role}:${path}`);
    if (tool.permission === 'write' || tool.permission === 'delete' || tool.permission === 'git-write') writes += 1;
  }

  return { perform, logUncalled: (uncalled) => logUncalled(parts, uncalled), writes: () => writes };
}

interface Bound {
  readonly role: Role;
  readonly tool: Tool;
  readonly permit: Permit;
  readonly identify: PerformerParts['identify'];
}

/** The copy was made at another moment than the approval was given: what defines the command there must be what was approved. */
async function refuseOther({ role, tool, permit: { bound }, identify }: Bound, place: string, signal: AbortSignal): Promise<void> {
  if (bound === undefined || identify === undefined) return;
  const there = await identify(bound.touches, signal, place);
  if (there.definedBy === bound.identity.definedBy && there.executableSha256 === bound.identity.executableSha256) return;
  throw new ToolRefused(role, tool.name, 'approval.changed', 'what defines the command is not the same in the copy that it would run in; a file was changed meanwhile', false);
}

/** The verifier's and the engine's code reads to run things, not to put text before a model. */
function isReadForContext(role: Role, tool: Tool, by: 'code' | 'model'): boolean {
  if (tool.permission === 'write' || tool.permission === 'delete') return false;
  return by === 'model' || (role !== 'verifier' && role !== 'orchestrator');
}

interface Read {
  readonly role: Role;
  readonly tool: Tool;
  readonly permit: Permit;
  readonly input: unknown;
  readonly quoted: readonly string[];
}

function label(parts: PerformerParts, { role, tool, permit, input, quoted }: Read): void {
  const own = tool.labelOf?.(input) ?? tool.label;
  if (own !== undefined) parts.taint.raise(role, own, tool.name);
  // A program that is given a folder may print any file below it.
  const isTree = tool.permission === 'command';
  for (const path of [...permit.paths].flat().concat(quoted)) parts.taint.raise(role, parts.labelOf(path, isTree), path);
}

function logCall(parts: PerformerParts, { role, tool, raw }: AskedFor, { permit, cached, ended, durationMs }: Progress & { readonly ended: Ended; readonly durationMs: number }): void {
  const error = ended.ok ? undefined : ended.error;
  const refusal = error instanceof ToolRefused ? error : undefined;
  parts.emit('tool.called', {
    call: parts.ids.next('tool'),
    role,
    tool: tool.name,
    arguments: logged(raw, parts.redact),
    decision: refusal === undefined ? (permit?.decision ?? 'denied') : refusal.unanswered ? 'ask' : 'denied',
    rule: refusal?.rule ?? permit?.rule ?? (error instanceof ToolInputInvalid ? 'input.schema' : 'failed'),
    durationMs,
    cached,
    ok: ended.ok,
    result: ended.ok ? resultText(tool, ended.output, parts.redact) : loggedText(error instanceof Error ? error.message : String(error), parts.redact),
  });
}

function logUncalled({ emit, ids, redact }: PerformerParts, { role, name, raw, rule, text }: Uncalled): void {
  emit('tool.called', {
    call: ids.next('tool'), role, tool: loggedText(name, redact), arguments: logged(raw, redact), decision: 'denied', rule, durationMs: 0, cached: false, ok: false, result: loggedText(text, redact),
  });
}

function checked(tool: Tool, output: unknown): unknown {
  const parsed = tool.output.safeParse(output);
  if (!parsed.success) throw new ToolOutputInvalid(`${tool.name} returned what its schema does not allow: ${said(parsed.error)}`);
  return parsed.data;
}

const SAID_CHARS_MAX = 1_000;

function said(error: z.ZodError): string {
  return z.prettifyError(error).slice(0, SAID_CHARS_MAX);
}
