/** Decides which tools there are and who sees them, and hands each role its toolbox. The only way to any tool. */
import type { Role } from '../domain/role.ts';
import type { ToolCall } from '../model/chatModel.ts';
import type { Cost } from './budget.ts';
import { lexicalPath } from './lexicalPath.ts';
import { createLoopGuard } from './loops.ts';
import { failureText, resultText, specOf, tryArguments, unknownToolText } from './modelView.ts';
import { createPerformer } from './perform.ts';
import type { Performer, PerformerParts } from './perform.ts';
import type { SeenVersions, Tool } from './tool.ts';
import { ToolRefused } from './toolbox.ts';
import type { CalledByName, Toolbox } from './toolbox.ts';

export interface RegistryParts extends PerformerParts {
  /** Frozen definitions; names differ. */
  readonly tools: readonly Tool[];
}

export interface Registry {
  /** The tools of one role. One toolbox per agent's turn: it remembers the calls of its model, to notice circles. */
  as(role: Role): Toolbox;
  list(category?: Tool['category']): readonly Tool[];
  /** Tools whose name, category or description holds every word. */
  find(words: string): readonly Tool[];
  spent(): Cost;
}

export function createRegistry(parts: RegistryParts): Registry {
  const tools = new Map(parts.tools.map((tool) => [tool.name, tool]));
  if (tools.size !== parts.tools.length) throw new Error(`Two tools share a name among: ${parts.tools.map((tool) => tool.name).join(', ')}. Rename one.`);
  const performer = createPerformer(parts);
  const versions = new Map<string, string>();
  return {
    as: (role) => createToolbox(parts, { role, tools, performer, seen: seenBy(role, versions, parts.host.files.root) }),
    list: (category) => parts.tools.filter((tool) => category === undefined || tool.category === category),
    find: (words) => parts.tools.filter((tool) => words.toLowerCase().split(/\s+/).every((word) => `${tool.name} ${tool.category} ${tool.description}`.toLowerCase().includes(word))),
    spent: () => parts.budget.spent(),
  };
}

interface ToolboxParts {
  readonly role: Role;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly performer: Performer;
  readonly seen: SeenVersions;
}

function createToolbox(parts: RegistryParts, { role, tools, performer, seen }: ToolboxParts): Toolbox {
  const loops = createLoopGuard();
  // Changes start reading anew, but never each other: the same one again is no progress.
  const changes = createLoopGuard();
  const shown = parts.tools.filter((tool) => isShown(parts, role, tool));
  let writesBefore = performer.writes();

  async function call<I, O>(tool: Tool<I, O>, input: I, signal: AbortSignal): Promise<O> {
    if (tools.get(tool.name) !== (tool as Tool)) throw new ToolRefused(role, tool.name, 'tool.unknown', 'it is not registered', false); // compared, not used
    const ended = await performer.perform({ role, tool: tool as Tool, raw: input, by: 'code', seen }, signal); // Tool's methods take what its own schema parsed
    if (!ended.ok) throw ended.error;
    return ended.output as O; // parsed by tool.output
  }

  function uncalled({ name, arguments: raw }: ToolCall, rule: string, text: string): CalledByName {
    performer.logUncalled({ role, name, raw, rule, text });
    return { ok: false, text };
  }

  async function callByName(wanted: ToolCall, signal: AbortSignal): Promise<CalledByName> {
    const tool = tools.get(wanted.name);
    if (tool === undefined || tool.notForModels === true) return uncalled(wanted, 'tool.unknown', unknownToolText(wanted.name, shown));
    const raw = tryArguments(wanted.arguments, tool);
    if (raw === undefined) return uncalled(wanted, 'input.json', `The arguments of ${tool.name} are not one complete JSON object. Nothing was done. Send the whole call again.`);
    if (performer.writes() !== writesBefore) loops.reset();
    writesBefore = performer.writes();
    const digest = parts.hashing.sha256(`${tool.name}:${JSON.stringify(raw)}`);
    const guard = tool.permission === 'write' || tool.permission === 'delete' || tool.permission === 'git-write' ? changes : loops;
    if (guard.isStuck(digest)) return { ok: false, text: stuckText(tool.name), stop: 'loop' };
    const ended = await performer.perform({ role, tool, raw, by: 'model', seen }, signal);
    signal.throwIfAborted();
    const text = ended.ok ? resultText(tool, ended.output, parts.redact, parts.hashing) : failureText(ended.error, parts.redact);
    if (guard.record(digest, parts.hashing.sha256(text))) return { ok: ended.ok, text: `${text}\n${stuckText(tool.name)}`, stop: 'loop' };
    const isSpent = !ended.ok && ended.error instanceof ToolRefused && ended.error.rule === 'limit.budget';
    return { ok: ended.ok, text, ...(isSpent ? { stop: 'budget' as const } : {}) };
  }

  return { role, call, callByName, specs: () => shown.map(specOf) };
}

/** One record for all toolboxes of a role: what it read in one turn it knows in the next. */
function seenBy(role: Role, versions: Map<string, string>, root: string): SeenVersions {
  const key = (path: string): string => {
    const lexical = lexicalPath(path, root);
    return `${role}:${lexical.kind === 'path' ? lexical.path : path}`;
  };
  return {
    of: (path) => versions.get(key(path)),
    saw: (path, sha256) => void (sha256 === undefined ? versions.delete(key(path)) : versions.set(key(path), sha256)),
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

function stuckText(name: string): string {
  return `You called ${name} with these arguments before and got the same result. Stop calling it and give your answer from what you know.`;
}
