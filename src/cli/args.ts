/** Decides what the command line accepts; anything else is a usage error with exit code 2. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Source } from '../core/domain/candidate.ts';
import { RunSettings } from '../core/domain/settings.ts';
import { ArgvError, splitArgv } from './splitArgv.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Common {
  readonly cwd: string;
  readonly model: string | undefined;
  readonly hosts: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
}

export type Invocation =
  | { readonly kind: 'help'; readonly topic: string | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'fix'; readonly common: Common; readonly settings: RunSettings; readonly words: string; readonly test: readonly string[] | null; readonly file: string | null; readonly line: number | null }
  | { readonly kind: 'review'; readonly common: Common; readonly settings: RunSettings; readonly paths: readonly string[]; /** File for SARIF 2.1.0. */ readonly sarif: string | undefined }
  | { readonly kind: 'trace'; readonly common: Common; readonly run: string; readonly html: string | undefined }
  | { readonly kind: 'resume' | 'undo'; readonly common: Common; readonly settings: RunSettings; readonly run: string }
  | { readonly kind: 'runs' | 'doctor' | 'models'; readonly common: Common }
  | { readonly kind: 'lsp'; readonly common: Common; /** Nobody is there to ask. */ readonly approve: 'safe' | 'never' };

const common = {
  cwd: { type: 'string' },
  model: { type: 'string' },
  host: { type: 'string', multiple: true },
  approve: { type: 'string' },
  unconfined: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const fix = {
  test: { type: 'string' },
  file: { type: 'string' },
  'plan-first': { type: 'boolean' },
  apply: { type: 'boolean' },
  'no-apply': { type: 'boolean' },
  samples: { type: 'string' },
  sources: { type: 'string' },
  'budget-minutes': { type: 'string' },
  'budget-tokens': { type: 'string' },
} as const;

const OPTIONS: Readonly<Record<string, NonNullable<ParseArgsConfig['options']>>> = {
  fix: { ...common, ...fix },
  review: { ...common, changes: { type: 'boolean' }, sarif: { type: 'string' } },
  trace: { ...common, html: { type: 'string' } },
  resume: common,
  undo: common,
  runs: common,
  doctor: common,
  models: common,
  // Editors add clientProcessId by themselves.
  lsp: { ...common, stdio: { type: 'boolean' }, clientProcessId: { type: 'string' } },
};

/** @throws UsageError naming the word that does not fit and what does. */
export function parseInvocation(argv: readonly string[]): Invocation {
  const [command, ...rest] = argv;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') return { kind: 'help', topic: rest[0] };
  if (command === '--version' || command === '-V') return { kind: 'version' };
  const options = Object.hasOwn(OPTIONS, command) ? OPTIONS[command] : undefined;
  if (options === undefined) throw new UsageError(`There is no command "${command}": use one of ${Object.keys(OPTIONS).join(', ')}, or --help.`);
  const { values, positionals } = parse(rest, options);
  if (values['help'] === true) return { kind: 'help', topic: command };
  return build(command, values, positionals);
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

function parse(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function build(command: string, values: Values, positionals: readonly string[]): Invocation {
  const shared: Common = {
    cwd: text(values, 'cwd') ?? '.',
    model: text(values, 'model'),
    hosts: Array.isArray(values['host']) ? values['host'].map(String) : [],
    json: values['json'] === true,
    quiet: values['quiet'] === true,
  };
  switch (command) {
    case 'fix': return { kind: 'fix', common: shared, settings: settingsOf(values), words: positionals.join(' '), test: testOf(values), ...placeOf(values) };
    case 'review': {
      if (values['changes'] === true && positionals.length > 0) throw new UsageError('review takes paths or --changes, not both.');
      if (text(values, 'sarif') === '') throw new UsageError('--sarif takes the file to write, not an empty name.');
      return { kind: 'review', common: shared, settings: settingsOf(values), paths: positionals, sarif: text(values, 'sarif') };
    }
    case 'trace': return { kind: 'trace', common: shared, run: oneRun(command, positionals), html: text(values, 'html') };
    case 'resume': case 'undo': return { kind: command, common: shared, settings: settingsOf(values), run: oneRun(command, positionals) };
    case 'runs': case 'doctor': case 'models': {
      if (positionals.length > 0) throw new UsageError(`${command} takes no words, but got "${positionals[0]}".`);
      return { kind: command, common: shared };
    }
    case 'lsp': {
      if (positionals.length > 0) throw new UsageError(`lsp takes no words, but got "${positionals[0]}".`);
      if (values['stdio'] !== true) throw new UsageError('lsp speaks on standard input and output only: groundcrew lsp --stdio. An editor starts it so.');
      return { kind: 'lsp', common: shared, approve: settingsOf(values).approve === 'safe' ? 'safe' : 'never' };
    }
    default: throw new UsageError(`There is no command "${command}".`);
  }
}

function settingsOf(values: Values): RunSettings {
  if (values['apply'] === true && values['no-apply'] === true) throw new UsageError('--apply and --no-apply exclude each other.');
  const approve = text(values, 'approve') ?? 'ask';
  const sources = text(values, 'sources')?.split(',').map((name) => name.trim());
  const parsed = RunSettings.safeParse({
    approve,
    apply: values['apply'] === true ? 'yes' : values['no-apply'] === true ? 'no' : 'ask',
    unconfined: values['unconfined'] === true,
    planFirst: values['plan-first'] === true,
    ...(sources === undefined ? {} : { sources }),
    ...numberOf(values, 'samples', 'samples', 1),
    ...numberOf(values, 'budget-minutes', 'budgetMs', 60_000),
    ...numberOf(values, 'budget-tokens', 'budgetTokens', 1),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = String(issue?.path[0] ?? '');
  if (field === 'approve') throw new UsageError(`--approve takes ask, safe or never, not "${approve}".`);
  if (field === 'sources') throw new UsageError(`--sources takes a list of ${Source.options.join(', ')}, not "${text(values, 'sources')}".`);
  throw new UsageError(`--${field === 'budgetMs' ? 'budget-minutes' : field === 'budgetTokens' ? 'budget-tokens' : field}: ${issue?.message ?? 'does not fit'}.`);
}

function numberOf(values: Values, option: string, field: string, factor: number): Readonly<Record<string, number>> {
  const given = text(values, option);
  if (given === undefined) return {};
  const value = Number(given) * factor;
  if (given.trim() === '' || !Number.isFinite(value) || value <= 0) throw new UsageError(`--${option} takes a number above 0, not "${given}".`);
  return { [field]: Math.round(value) };
}

function testOf(values: Values): readonly string[] | null {
  const given = text(values, 'test');
  if (given === undefined) return null;
  try {
    return splitArgv(given);
  } catch (error) {
    if (error instanceof ArgvError) throw new UsageError(error.message);
    throw error;
  }
}

/** `path:line`; a path that itself ends in `:digits` cannot be named without a line. */
function placeOf(values: Values): { readonly file: string | null; readonly line: number | null } {
  const given = text(values, 'file');
  if (given === undefined) return { file: null, line: null };
  const match = /^(?<file>.+):(?<line>[1-9]\d*)$/u.exec(given);
  return match?.groups === undefined ? { file: given, line: null } : { file: match.groups['file'] ?? given, line: Number(match.groups['line']) };
}

function oneRun(command: string, positionals: readonly string[]): string {
  const [run] = positionals;
  if (run === undefined || positionals.length > 1) throw new UsageError(`${command} takes one run, as \`groundcrew runs\` lists them.`);
  return run;
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
