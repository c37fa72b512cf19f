/** Decides who may do what: one table as data (design 05), settings that can only narrow it, and its picture for `doctor`. */
import picomatch from 'picomatch';
import * as z from 'zod';
import { Role } from '../domain/role.ts';

/** What a call needs, found from the tool's permission and what it touches: policy.ts. */
export const Capability = z.enum(['read', 'read-secret', 'write', 'delete', 'protected', 'git-read', 'git-write', 'check', 'command']);
export type Capability = z.infer<typeof Capability>;

/** `plan`: inside the plan's globs, else ask. `created`: what this run's role created, else ask. `approved`: an approved argv in the sandbox, else ask. */
export const Level = z.enum(['no', 'ask', 'created', 'plan', 'approved', 'yes']);
export type Level = z.infer<typeof Level>;

/** Matches a call when every part that is given matches; `paths` all paths that it touches, `commands` a prefix of its argv. */
const Scope = z.strictObject({
  role: Role.optional(),
  tool: z.string().min(1).optional().describe('A tool name or a capability.'),
  paths: z.array(z.string().min(1).max(256)).min(1).optional().describe('Globs relative to the workspace root.'),
  commands: z.array(z.array(z.string()).min(1)).min(1).optional().describe('Each an argv prefix.'),
});
export type Scope = z.infer<typeof Scope>;

/** The machine-scoped setting `grants`: it can take away and never add. */
export const GrantsSetting = z.strictObject({
  table: z.partialRecord(Role, z.partialRecord(Capability, Level)).default({}).describe('Lower levels for role × capability.'),
  rules: z.array(z.strictObject({ ...Scope.shape, grant: z.enum(['no', 'ask']) })).max(200).default([]).describe('Calls that are refused or asked for whatever the table says.'),
  only: z.array(Scope).max(200).optional().describe('When given: calls that match none of these are refused.'),
});
export type GrantsSetting = z.infer<typeof GrantsSetting>;

export interface Grants {
  readonly table: Readonly<Record<Role, Readonly<Record<Capability, Level>>>>;
  readonly rules: readonly (Scope & { readonly grant: 'no' | 'ask' })[];
  /** null: no such restriction. */
  readonly only: readonly Scope[] | null;
}

const readOnly = { read: 'yes', 'read-secret': 'no', write: 'no', delete: 'no', protected: 'no', 'git-read': 'yes', 'git-write': 'no', check: 'no', command: 'no' } as const;

/** Design 05, "Grants". The orchestrator is the engine: it applies and undoes what the coder's task was granted, and runs nothing. */
export const defaultGrants: Grants = {
  table: {
    planner: readOnly,
    coder: { ...readOnly, 'read-secret': 'ask', write: 'plan', delete: 'created', protected: 'ask', 'git-write': 'ask', check: 'approved', command: 'ask' },
    reviewer: readOnly,
    verifier: { ...readOnly, check: 'approved', command: 'ask' },
    judge: { ...readOnly, read: 'no', 'git-read': 'no' },
    orchestrator: { ...readOnly, write: 'plan', delete: 'created', protected: 'ask', 'git-write': 'ask' },
  },
  rules: [],
  only: null,
};

/** Nothing is granted to anyone. */
export const denyAll: Grants = { ...defaultGrants, only: [] };

/** Only calls that match one of `scopes`, and of these only what the table grants. */
export function grantOnly(...scopes: readonly Scope[]): Grants {
  return { ...defaultGrants, only: scopes };
}

/**
 * `base` with less. Order does not matter: the lower level of each pair stands.
 * @throws GrantsWidened when the setting grants more than `base`; z.ZodError when it has another shape.
 */
export function narrowGrants(base: Grants, setting: unknown): Grants {
  const { table, rules, only } = GrantsSetting.parse(setting);
  const narrowed = Object.fromEntries(
    Role.options.map((role) => {
      const levels = Capability.options.map((capability) => [capability, lower(role, capability, base.table[role][capability], table[role]?.[capability])] as const);
      return [role, Object.fromEntries(levels)];
    }),
  ) as unknown as Grants['table']; // built from all options of both enums; fromEntries cannot say so
  return { table: narrowed, rules: [...base.rules, ...rules], only: bothOnly(base.only, only) };
}

export class GrantsWidened extends Error {
  override readonly name = 'GrantsWidened';
  constructor(role: Role, capability: Capability, base: Level, wanted: Level) {
    super(`The setting "grants" gives ${role} × ${capability} = "${wanted}", but the crew grants "${base}" there, and a setting can only narrow. Remove the entry or choose one of: ${below(base).join(', ')}.`);
  }
}

/** Whether a call is inside `scope`. */
export function inScope(scope: Scope, call: { readonly role: Role; readonly tool: string; readonly capability: Capability; readonly paths: readonly string[]; readonly argv: readonly string[] | undefined }): boolean {
  if (scope.role !== undefined && scope.role !== call.role) return false;
  if (scope.tool !== undefined && scope.tool !== call.tool && scope.tool !== call.capability) return false;
  if (scope.paths !== undefined && !(call.paths.length > 0 && call.paths.every((path) => matchesGlobs(scope.paths ?? [], path)))) return false;
  if (scope.commands === undefined) return true;
  const { argv } = call;
  return argv !== undefined && scope.commands.some((prefix) => prefix.every((word, i) => argv[i] === word));
}

/** Globs come from plans too, so from models: long ones and extglobs, which can take exponential time, match nothing. */
export function matchesGlobs(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => glob.length <= GLOB_LENGTH_MAX && (glob === path || picomatch.isMatch(path, glob, { dot: true, noextglob: true, nonegate: true, maxLength: GLOB_LENGTH_MAX })));
}

const GLOB_LENGTH_MAX = 256;

/** The role × tool table that `doctor` prints; `tools` in the order to print. */
export function renderGrants(grants: Grants, tools: readonly { readonly name: string; readonly permission: Capability }[]): string {
  const rows = [...tools.map((tool) => ({ name: tool.name, capability: tool.permission })), { name: '(secret files)', capability: 'read-secret' as const }, { name: '(protected paths)', capability: 'protected' as const }];
  const cells = rows.map((row) => [row.name, ...Role.options.map((role) => cell(grants, role, row.name, row.capability))]);
  const table = [['tool', ...Role.options], ...cells];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => (line[column] ?? '').length))) ?? [];
  const lines = table.map((line) => line.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
  return [...lines, ...notes(grants)].join('\n');
}

const words: Readonly<Record<Level, string>> = { no: 'no', ask: 'ask', created: 'own files', plan: "plan's files", approved: 'approved', yes: 'yes' };

function cell(grants: Grants, role: Role, tool: string, capability: Capability): string {
  const call = { role, tool, capability, paths: [], argv: undefined };
  const touchesSome = (scope: Scope) => inScope({ role: scope.role, tool: scope.tool }, call);
  if (grants.only !== null && !grants.only.some(touchesSome)) return 'no';
  const level = grants.table[role][capability];
  const whole = grants.rules.filter((rule) => rule.paths === undefined && rule.commands === undefined && touchesSome(rule));
  if (level === 'no' || whole.some((rule) => rule.grant === 'no')) return 'no';
  if (whole.length > 0) return 'ask';
  const isPartly = grants.rules.some(touchesSome) || (grants.only ?? []).some((scope) => touchesSome(scope) && (scope.paths ?? scope.commands) !== undefined);
  return `${words[level]}${isPartly ? '*' : ''}`;
}

function notes(grants: Grants): readonly string[] {
  const parts = [...grants.rules.map((rule) => ({ ...rule, kind: rule.grant === 'no' ? 'refused' : 'asked' })), ...(grants.only ?? []).map((scope) => ({ ...scope, kind: 'only' }))];
  return parts
    .filter((part) => part.paths !== undefined || part.commands !== undefined)
    .map((part) => `* ${part.kind}: ${part.role ?? 'every role'} × ${part.tool ?? 'every tool'}${part.paths === undefined ? '' : ` on ${part.paths.join(', ')}`}${part.commands === undefined ? '' : ` for ${part.commands.map((argv) => argv.join(' ')).join(' | ')}`}`);
}

function lower(role: Role, capability: Capability, base: Level, wanted: Level | undefined): Level {
  if (wanted === undefined) return base;
  if (!below(base).includes(wanted)) throw new GrantsWidened(role, capability, base, wanted);
  return wanted;
}

/** Levels that grant no more than `level`. The three in the middle are not comparable with each other. */
function below(level: Level): readonly Level[] {
  switch (level) {
    case 'no': return ['no'];
    case 'ask': return ['no', 'ask'];
    case 'created': case 'plan': case 'approved': return ['no', 'ask', level];
    case 'yes': return Level.options;
  }
}

function bothOnly(base: Grants['only'], more: readonly Scope[] | undefined): Grants['only'] {
  if (more === undefined) return base;
  if (base === null) return more;
  return base.flatMap((scope) => more.flatMap((other) => intersection(scope, other)));
}

/** What both scopes allow; paths of both cannot be merged into one glob, so the narrower text wins only when equal. */
function intersection(a: Scope, b: Scope): readonly Scope[] {
  const isDisjoint = (x: string | undefined, y: string | undefined) => x !== undefined && y !== undefined && x !== y;
  if (isDisjoint(a.role, b.role) || isDisjoint(a.tool, b.tool)) return [];
  const paths = a.paths === undefined ? b.paths : b.paths === undefined ? a.paths : a.paths.filter((glob) => b.paths?.includes(glob));
  const commands = a.commands === undefined ? b.commands : b.commands === undefined ? a.commands : a.commands.filter((argv) => b.commands?.some((other) => other.join('\0') === argv.join('\0')));
  if (paths?.length === 0 || commands?.length === 0) return [];
  return [{ role: a.role ?? b.role, tool: a.tool ?? b.tool, paths, commands }];
}
