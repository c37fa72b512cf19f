/** Decides what happens to one call: allowed, asked about or refused, by which rule. Pure: everything it knows is in its arguments. */
import type { Role } from '../domain/role.ts';
import type { RunSettings } from '../domain/settings.ts';
import { inScope, matchesGlobs } from './grants.ts';
import type { Capability, Grants, Level } from './grants.ts';
import { sensitivityOf } from './protectedPaths.ts';
import type { Label } from './taint.ts';
import { isTestPath } from './testPaths.ts';
import type { Permission, Touches } from './tool.ts';

/** What holds for the run now; the workflow narrows and widens `writable` as the plan goes on, within what the user allowed. */
export interface RunPolicy {
  readonly approve: RunSettings['approve'];
  /** waived: there is no sandbox, or it is not wanted, and the user said --unconfined. none: there is none and nobody said so. */
  readonly confinement: 'confined' | 'waived' | 'none';
  /** Globs that the coder may write: the plan's, or without a plan the suspects' files. null: not known yet. */
  readonly writable: readonly string[] | null;
  readonly allowTestEdits: boolean;
  /** The user said that the verified change is to be written: --apply, or yes at the terminal. */
  readonly applyApproved: boolean;
}

export interface PolicyCall {
  readonly role: Role;
  readonly tool: string;
  readonly permission: Permission;
  /** As the broker found them; refused paths never come here. */
  readonly paths: readonly { readonly path: string; readonly real: string }[];
  readonly argv: readonly string[] | undefined;
  /** Of a line of shell: each of its commands, instead of argv. */
  readonly commands?: readonly (readonly string[])[];
  /** Only from code. */
  readonly check: Touches['check'];
  readonly confined: boolean;
  readonly command: { readonly class: 'read' | 'ask' | 'never'; readonly reason: string } | undefined;
  /** What the change would do that its path does not show: protectedContent.ts. */
  readonly protectedChanges: readonly string[];
  /** Every path was created by this role in this run. */
  readonly createdByRole: boolean;
  readonly label: Label;
  readonly labelSource: string;
}

export type Ruling =
  | { readonly kind: 'allowed'; readonly rule: string }
  | Question
  | { readonly kind: 'denied'; readonly rule: string; readonly reason: string; readonly unanswered: boolean };

/** `covers`: how far a yes can reach. `refusal`: set when nobody is to be asked; an approval given before still counts. */
export interface Question {
  readonly kind: 'ask';
  readonly rule: string;
  readonly reason: string;
  readonly risk: 'low' | 'medium' | 'high';
  readonly covers: 'once' | 'run' | 'workspace';
  readonly refusal: { readonly rule: string; readonly reason: string; readonly unanswered: boolean } | null;
}

export function decide(call: PolicyCall, run: RunPolicy, grants: Grants): Ruling {
  const capability = capabilityOf(call);
  const refused = byGrants(call, capability, grants) ?? byLaw(call, capability, run);
  if (refused !== undefined) return refused;
  const asked = grants.rules.some((rule) => rule.grant === 'ask' && scoped(call, capability).some((fact) => inScope(rule, fact)));
  if (asked) return question(call, run, { rule: 'grants.narrowed', reason: 'a setting asks before this', risk: 'medium', covers: 'once' });
  return byLevel(grants.table[call.role][capability], call, capability, run);
}

/** What the call needs: its permission, raised by what it touches. */
export function capabilityOf(call: Pick<PolicyCall, 'permission' | 'paths' | 'protectedChanges'>): Capability {
  const sensitivities = call.paths.map(({ path, real }) => sensitivityOf(path, real));
  switch (call.permission) {
    case 'read': return call.paths.some(({ path }, i) => path !== '' && (sensitivities[i] === 'secret' || sensitivities[i] === 'never')) ? 'read-secret' : 'read';
    case 'write': case 'delete': return sensitivities.every((found) => found === 'ordinary') && call.protectedChanges.length === 0 ? call.permission : 'protected';
    case 'git-read': case 'git-write': case 'check': case 'command': return call.permission;
  }
}

function byGrants(call: PolicyCall, capability: Capability, grants: Grants): Ruling | undefined {
  const facts = scoped(call, capability);
  const { only } = grants;
  if (only !== null && !facts.every((fact) => only.some((scope) => inScope(scope, fact)))) return denied('grants.only', 'no grant covers this call');
  if (grants.table[call.role][capability] === 'no') return denied(`grants.${call.role}.${capability}`, `${call.role} has no grant to ${capabilityWords[capability]}`);
  if (grants.rules.some((rule) => rule.grant === 'no' && facts.some((fact) => inScope(rule, fact)))) return denied('grants.narrowed', 'a setting refuses this');
  return undefined;
}

/** Refusals that no approval lifts. */
function byLaw(call: PolicyCall, capability: Capability, run: RunPolicy): Ruling | undefined {
  const writes = call.permission === 'write' || call.permission === 'delete';
  const never = call.paths.find(({ path, real }) => sensitivityOf(path, real) === 'never');
  if (writes && never !== undefined) return denied('protected.never', `${never.path === '' ? 'the workspace itself' : never.path} is never written by an agent`);
  if (call.command?.class === 'never') return denied('command.never', call.command.reason);
  const test = call.paths.find(({ path, real }) => isTestPath(path) || isTestPath(real));
  if (writes && test !== undefined && !run.allowTestEdits && !call.createdByRole) return denied('tests.read-only', `${test.path} is a test, and tests are not changed unless the user says so`);
  if (call.label === 'X' && capability === 'protected') return denied('taint.external', `what ${call.role} read holds text of others (${call.labelSource}), so protected files stay as they are`);
  return undefined;
}

function byLevel(level: Level, call: PolicyCall, capability: Capability, run: RunPolicy): Ruling {
  switch (level) {
    case 'no': return denied(`grants.${call.role}.${capability}`, `${call.role} has no grant to ${capabilityWords[capability]}`);
    case 'yes': return { kind: 'allowed', rule: `grants.${call.role}.${capability}` };
    case 'plan': return write(call, run);
    case 'created': return call.createdByRole ? { kind: 'allowed', rule: 'created.by-role' } : question(call, run, { rule: 'delete.not-created', reason: 'it was not created in this run', risk: 'high', covers: 'once' });
    case 'approved': return call.check === undefined ? command(call, run) : check(call, call.check, run);
    case 'ask': return capability === 'command' ? command(call, run) : question(call, run, asks[capability]);
  }
}

function write(call: PolicyCall, run: RunPolicy): Ruling {
  const { writable } = run;
  const isInside = writable !== null && call.paths.every(({ path, real }) => matchesGlobs(writable, path) && matchesGlobs(writable, real));
  if (!isInside) return question(call, run, { rule: 'plan.outside', reason: writable === null ? 'no plan names the files to change' : `the plan names only ${writable.slice(0, 10).join(', ')}`, risk: 'medium', covers: 'run' });
  if (run.approve === 'never' && !run.applyApproved) return question(call, run, { rule: 'plan.globs', reason: 'writing was not approved', risk: 'low', covers: 'run' });
  return { kind: 'allowed', rule: 'plan.globs' };
}

/** Checks in the sandbox need one yes for this workspace; typed ones have it; without a sandbox one yes for this run. */
function check(call: PolicyCall, { origin }: NonNullable<PolicyCall['check']>, run: RunPolicy): Ruling {
  const isConfined = run.confinement === 'confined' && call.confined;
  if (!isConfined && run.confinement !== 'waived') {
    return question(call, run, { rule: 'check.unconfined', reason: 'it would run outside a sandbox, with all your rights', risk: 'high', covers: 'run' });
  }
  if (origin === 'user') return { kind: 'allowed', rule: 'check.user' };
  if (run.approve === 'safe') return { kind: 'allowed', rule: 'check.discovered' };
  return question(call, run, { rule: 'check.first-run', reason: 'the workspace defines this command, and it was not run here before', risk: 'medium', covers: isConfined ? 'workspace' : 'run' });
}

function command(call: PolicyCall, run: RunPolicy): Ruling {
  const secret = call.paths.find(({ path, real }) => sensitivityOf(path, real) === 'secret');
  if (secret !== undefined) return question(call, run, { ...asks['read-secret'], reason: `${secret.path} is named like a file that holds credentials` });
  const isConfined = run.confinement === 'confined' && call.confined;
  if (call.command?.class === 'read' && isConfined) return { kind: 'allowed', rule: 'command.read' };
  const covers = call.argv !== undefined && isRememberable(call.argv) && isConfined ? 'workspace' : 'once';
  return question(call, run, { rule: 'command.ask', reason: call.command?.reason ?? 'it is not known to only read', risk: 'high', covers });
}

/** What becomes of a question under the run's mode and the label of the context. */
function question(call: PolicyCall, run: RunPolicy, asked: Omit<Question, 'kind' | 'refusal'>): Question {
  const isTainted = call.label === 'X';
  return { kind: 'ask', ...asked, refusal: refusalOf(call, run, isTainted) };
}

function refusalOf(call: PolicyCall, run: RunPolicy, isTainted: boolean): Question['refusal'] {
  const unanswered = call.permission === 'check';
  if (isTainted) return { rule: 'taint.external', reason: `what ${call.role} read holds text of others (${call.labelSource}), so nothing new is approved on its word`, unanswered };
  switch (run.approve) {
    case 'ask': return null;
    case 'safe': return { rule: 'approve.safe', reason: 'it would need a yes, and --approve safe (groundcrew.approvals.policy) never asks', unanswered };
    case 'never': return { rule: 'approve.never', reason: 'it was not approved before, and nobody is asked with --approve never (groundcrew.approvals.policy)', unanswered };
  }
}

const asks: Readonly<Record<Exclude<Capability, 'command'>, Omit<Question, 'kind' | 'refusal'>>> = {
  read: { rule: 'read.ask', reason: 'reading asks here', risk: 'low', covers: 'run' },
  'read-secret': { rule: 'secret.read', reason: 'it is named like a file that holds credentials', risk: 'high', covers: 'once' },
  write: { rule: 'write.ask', reason: 'writing asks here', risk: 'medium', covers: 'run' },
  delete: { rule: 'delete.ask', reason: 'deleting asks', risk: 'high', covers: 'once' },
  protected: { rule: 'protected.ask', reason: 'it decides what runs, who is trusted or what agents are told', risk: 'high', covers: 'once' },
  'git-read': { rule: 'git.read.ask', reason: 'reading history asks here', risk: 'low', covers: 'run' },
  'git-write': { rule: 'git.write', reason: 'it changes the repository', risk: 'medium', covers: 'once' },
  check: { rule: 'check.ask', reason: 'running checks asks here', risk: 'medium', covers: 'run' },
};

const capabilityWords: Readonly<Record<Capability, string>> = {
  read: 'read files', 'read-secret': 'read files that hold secrets', write: 'write files', delete: 'delete files', protected: 'change protected files',
  'git-read': 'read the repository', 'git-write': 'change the repository', check: 'run checks', command: 'run commands',
};

const INTERPRETERS = /^(?:(?:ba|z|da|k|fi|c|tc)?sh|pwsh|powershell|cmd|node|deno|bun|python[\d.]*|ruby|perl|php|lua|osascript|awk|gawk|env|xargs)(?:\.exe)?$/i;
const CODE_FLAGS = /^(?:-[a-z]*[cepr]$|-[ce].|--eval|--print|--command|--require|--import|-Command|-EncodedCommand)/i;
const NETWORK = /^(?:curl|wget|ssh|scp|sftp|rsync|nc|ncat|socat|telnet|ftp|gh|glab|aws|gcloud|az|kubectl|npx|pnpx|bunx|uvx|pipx)(?:\.exe)?$/i;
const NETWORK_WORDS = /^(?:install|i|ci|add|publish|push|pull|fetch|clone|download|login|update|upgrade|exec|dlx|create|init)$/;

/** Design 05: shell text, interpreters with code, network, delete and push are asked for each time. */
export function isRememberable(argv: readonly string[]): boolean {
  const name = (argv[0] ?? '').replace(/^.*[\\/]/, '');
  if (INTERPRETERS.test(name) && argv.slice(1).some((word) => CODE_FLAGS.test(word))) return false;
  if (/^(?:rm|rmdir|unlink|shred|del|erase|git)(?:\.exe)?$/i.test(name) || NETWORK.test(name)) return false;
  return !(/^(?:npm|pnpm|yarn|bun|pip[\d.]*|cargo|go|gem|brew|apt|apt-get|poetry|uv|conda)$/i.test(name) && argv.slice(1).some((word) => NETWORK_WORDS.test(word)));
}

/** One for each command: a rule about commands holds for a line of shell when it holds for one of them, a permission when for all. */
function scoped(call: PolicyCall, capability: Capability): readonly Parameters<typeof inScope>[1][] {
  const paths = call.paths.flatMap(({ path, real }) => (path === real ? [path] : [path, real]));
  const argvs = call.commands === undefined || call.commands.length === 0 ? [call.argv] : call.commands;
  return argvs.map((argv) => ({ role: call.role, tool: call.tool, capability, paths, argv }));
}

function denied(rule: string, reason: string): Ruling {
  return { kind: 'denied', rule, reason, unanswered: false };
}
