/** Decides how every tool call goes: schema, permission, limits, cache, the tool itself, output schema, one event. The only authority. */
import * as z from 'zod';
import type { Role } from '../domain/role.ts';
import type { ToolCall } from '../model/chatModel.ts';
import type { Clock } from '../ports.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { bindHost } from './boundHost.ts';
import { createRateLimit } from './budget.ts';
import type { Cost, ToolBudget } from './budget.ts';
import { lexicalPath } from './lexicalPath.ts';
import { createLoopGuard } from './loops.ts';
import { failureText, logged, resultText, specOf, tryArguments, unknownToolText } from './modelView.ts';
import { createPermission } from './permission.ts';
import type { Permit, PermissionParts } from './permission.ts';
import { createReadCache } from './readCache.ts';
import type { Label } from './taint.ts';
import type { SeenVersions, Tool } from './tool.ts';
import { ToolRefused } from './toolbox.ts';
import type { CalledByName, Toolbox } from './toolbox.ts';

export interface RegistryParts extends PermissionParts {
  /** Frozen definitions; names differ. */
  readonly tools: readonly Tool[];
  readonly clock: Clock;
  readonly budget: ToolBudget;
  /** Of a file, for the context of the role that reads it: taint.ts. */
  readonly labelOf: (path: string) => Label;
}

export interface Registry {
  /** The tools of one role. One toolbox per agent's turn: it remembers the calls of its model, to notice circles. */
  as(role: Role): Toolbox;
  list(category?: Tool['category']): readonly Tool[];
  /** Tools whose name, category or description holds every word. */
  find(words: string): readonly Tool[];
  spent(): Cost;
}

/** Arguments that do not fit the tool's schema. */
export class ToolInputInvalid extends Error {
  override readonly name = 'ToolInputInvalid';
}

/** The tool returned what its own schema does not allow: a defect of the tool. */
export class ToolOutputInvalid extends Error {
  override readonly name = 'ToolOutputInvalid';
}

type Ended = { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: unknown };

interface Progress {
  permit: Permit | undefined;
  cached: boolean;
}

interface Asked {
  readonly role: Role;
  readonly tool: Tool;
  readonly raw: unknown;
  readonly by: 'code' | 'model';
  readonly seen: SeenVersions;
}

export function createRegistry(parts: RegistryParts): Registry {
  const { clock, emit, ids } = parts;
  const tools = new Map(parts.tools.map((tool) => [tool.name, tool]));
  if (tools.size !== parts.tools.length) throw new Error(`Two tools share a name among: ${parts.tools.map((tool) => tool.name).join(', ')}. Rename one.`);
  const permission = createPermission(parts);
  const cache = createReadCache();
  const rates = createRateLimit();
  const created = new Set<string>();
  const versions = new Map<string, string>();
  let writes = 0;

  /** The one catch: whatever a tool or the policy throws becomes a value, is logged, and is told to code or to the model. */
  async function perform(asked: Asked, signal: AbortSignal): Promise<Ended> {
    const started = clock.elapsedMs();
    const progress: Progress = { permit: undefined, cached: false };
    let ended: Ended;
    try {
      ended = { ok: true, output: await run(asked, progress, signal) };
    } catch (error) {
      ended = { ok: false, error };
    }
    const durationMs = clock.elapsedMs() - started;
    parts.budget.finish(durationMs);
    log(asked, progress, ended, durationMs);
    return ended;
  }

  async function run({ role, tool, raw, by, seen }: Asked, progress: Progress, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const parsed = tool.input.safeParse(raw);
    if (!parsed.success) throw new ToolInputInvalid(`The arguments of ${tool.name} do not fit, so nothing was done: ${z.prettifyError(parsed.error).slice(0, 1_000)}`);
    const input = parsed.data;
    const permit = await permission.permit({ role, tool, input, by }, (who, path) => created.has(`${who}:${path}`), { ...parts.host, seen }, signal);
    progress.permit = permit;
    takeLimits(role, tool);

    const key = tool.cacheable ? `${tool.name}:${canonicalJson(input)}` : undefined;
    const held = key === undefined ? undefined : await cache.get(key, parts.host.files);
    progress.cached = held !== undefined;
    const bound = bindHost(parts.host, permit.paths, seen);
    const output = held ?? checked(tool, await tool.run(input, bound.host, signal));
    if (key !== undefined && held === undefined) cache.put(key, bound.reads(), output);
    after({ role, tool, by }, permit);
    return output;
  }

  function takeLimits(role: Role, tool: Tool): void {
    const processes = tool.permission === 'check' || tool.permission === 'command' ? 1 : 0;
    if (!rates.tryTake(`${role}:${tool.name}`, tool.callsPerMinuteMax, clock.elapsedMs())) {
      throw new ToolRefused(role, tool.name, 'limit.rate', `at most ${tool.callsPerMinuteMax} calls a minute`, false);
    }
    const spent = parts.budget.tryStart({ processes });
    if (spent !== undefined) throw new ToolRefused(role, tool.name, 'limit.budget', spent, false);
  }

  /** What a call that went well leaves behind: labels of what was read, files that now exist, circles that are none any more. */
  function after({ role, tool, by }: Pick<Asked, 'role' | 'tool' | 'by'>, permit: Permit): void {
    const writesFiles = tool.permission === 'write' || tool.permission === 'delete';
    if (writesFiles || tool.permission === 'git-write') writes += 1;
    if (tool.permission === 'write') for (const path of permit.absent) created.add(`${role}:${path}`);
    if (tool.permission === 'delete') for (const path of permit.paths.keys()) created.delete(`${role}:${path}`);
    // The verifier's and the engine's code reads to run things, not to put text before a model.
    if (writesFiles || (by === 'code' && (role === 'verifier' || role === 'orchestrator'))) return;
    if (tool.label !== undefined) parts.taint.raise(role, tool.label, tool.name);
    for (const [path, real] of permit.paths) {
      parts.taint.raise(role, parts.labelOf(path), path);
      if (real !== path) parts.taint.raise(role, parts.labelOf(real), real);
    }
  }

  function log({ role, tool, raw }: Asked, { permit, cached }: Progress, ended: Ended, durationMs: number): void {
    const error = ended.ok ? undefined : ended.error;
    const refusal = error instanceof ToolRefused ? error : undefined;
    emit('tool.called', {
      call: ids.next('tool'),
      role,
      tool: tool.name,
      arguments: logged(raw, parts.redact),
      decision: refusal === undefined ? (permit?.decision ?? 'denied') : refusal.unanswered ? 'ask' : 'denied',
      rule: refusal?.rule ?? permit?.rule ?? (error instanceof ToolInputInvalid ? 'input.schema' : 'failed'),
      durationMs,
      cached,
      ok: ended.ok,
      result: ended.ok ? resultText(tool, ended.output, parts.redact) : parts.redact(messageOf(error)),
    });
  }

  function seenBy(role: Role): SeenVersions {
    const key = (path: string): string => {
      const lexical = lexicalPath(path, parts.host.files.root);
      return `${role}:${lexical.kind === 'path' ? lexical.path : path}`;
    };
    return {
      of: (path) => versions.get(key(path)),
      saw: (path, sha256) => void (sha256 === undefined ? versions.delete(key(path)) : versions.set(key(path), sha256)),
    };
  }

  function as(role: Role): Toolbox {
    const loops = createLoopGuard();
    const seen = seenBy(role);
    let writesBefore = writes;
    const shown = (): readonly Tool[] => [...tools.values()].filter((tool) => isShown(parts, role, tool));

    async function call<I, O>(tool: Tool<I, O>, input: I, signal: AbortSignal): Promise<O> {
      if (tools.get(tool.name) !== (tool as Tool)) throw new ToolRefused(role, tool.name, 'tool.unknown', 'it is not registered', false); // compared, not used
      const ended = await perform({ role, tool: tool as Tool, raw: input, by: 'code', seen }, signal); // Tool's methods take what its own schema parsed
      if (!ended.ok) throw ended.error;
      return ended.output as O; // parsed by tool.output
    }

    async function callByName(wanted: ToolCall, signal: AbortSignal): Promise<CalledByName> {
      const tool = tools.get(wanted.name);
      if (tool === undefined || tool.notForModels === true) return { ok: false, text: unknownToolText(wanted.name, shown()) };
      const raw = tryArguments(wanted.arguments, tool);
      if (raw === undefined) return { ok: false, text: `The arguments of ${tool.name} are not one complete JSON object. Nothing was done. Send the whole call again.` };
      if (writes !== writesBefore) loops.reset();
      writesBefore = writes;
      const digest = parts.hashing.sha256(`${tool.name}:${JSON.stringify(raw)}`);
      if (loops.isStuck(digest)) return stuck(tool.name);
      const ended = await perform({ role, tool, raw, by: 'model', seen }, signal);
      signal.throwIfAborted();
      const text = ended.ok ? resultText(tool, ended.output, parts.redact, parts.hashing) : failureText(ended.error, parts.redact);
      const isCircle = loops.record(digest, parts.hashing.sha256(text));
      const isSpent = !ended.ok && ended.error instanceof ToolRefused && ended.error.rule === 'limit.budget';
      return { ok: ended.ok, text: isCircle ? `${text}\n${stuck(tool.name).text}` : text, ...(isCircle ? { stop: 'loop' as const } : isSpent ? { stop: 'budget' as const } : {}) };
    }

    return { role, call, callByName, specs: () => shown().map(specOf) };
  }

  return {
    as,
    list: (category) => [...tools.values()].filter((tool) => category === undefined || tool.category === category),
    find: (words) => [...tools.values()].filter((tool) => words.toLowerCase().split(/\s+/).every((word) => `${tool.name} ${tool.category} ${tool.description}`.toLowerCase().includes(word))),
    spent: () => parts.budget.spent(),
  };
}

/** A tool that is denied to a role is not shown to its model (design 05). */
function isShown({ grants }: RegistryParts, role: Role, tool: Tool): boolean {
  if (tool.notForModels === true || grants.table[role][tool.permission] === 'no') return false;
  const concerns = (scope: { readonly role?: Role | undefined; readonly tool?: string | undefined }): boolean =>
    (scope.role ?? role) === role && (scope.tool === undefined || scope.tool === tool.name || scope.tool === tool.permission);
  if (grants.rules.some((rule) => rule.grant === 'no' && rule.paths === undefined && rule.commands === undefined && concerns(rule))) return false;
  return grants.only === null || grants.only.some(concerns);
}

function checked(tool: Tool, output: unknown): unknown {
  const parsed = tool.output.safeParse(output);
  if (!parsed.success) throw new ToolOutputInvalid(`${tool.name} returned what its schema does not allow: ${z.prettifyError(parsed.error).slice(0, 1_000)}`);
  return parsed.data;
}

function stuck(name: string): CalledByName {
  return { ok: false, text: `You called ${name} with these arguments before and got the same result. Stop calling it and give your answer from what you know.`, stop: 'loop' };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
