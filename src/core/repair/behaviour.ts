/** Decides how survivors are watched: one sandboxed process for each, which runs the tests' own calls and prints what they give. */
import type { CheckOutcome } from '../domain/check.ts';
import type { Exhibit } from '../domain/debate.ts';
import type { CommandResult } from '../ports.ts';
import { type Probe, type ProbeSet, probesOf } from './inputs.ts';
import { PROBE_MARK, isProbe, type ProbeLine, pythonProgram, scriptProgram } from './kit/behaviourProgram.ts';
import type { Project } from '../checks/project.ts';

/** The same command for the base and every survivor; put the survivor's edits before `overlay`. */
export interface BehaviourPlan {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly overlay: readonly { readonly path: string; readonly text: string }[];
  readonly wallMs: number;
  readonly set: ProbeSet;
}

/** Output by probe; undefined where none came: the code hung, or could not be loaded at all. */
export type Behaviour = readonly (string | undefined)[];

const WALL_MS = 8_000;
const PYTHON_SOURCE_FOLDERS = ['', 'src', 'lib'] as const;

interface Options {
  readonly python?: string;
  /** Probes of the caller, watched before those that the tests give. */
  readonly first?: readonly Probe[];
}

/** Made from the test file that fails. undefined: as `watchTests`. */
export async function prepareBehaviour(outcome: CheckOutcome, project: Project, options: Options = {}): Promise<BehaviourPlan | undefined> {
  const failed = outcome.tests?.filter((test) => test.state === 'failed') ?? [];
  const path = failed.map((test) => test.path ?? test.frames.at(-1)?.path).find((one) => one !== undefined);
  if (path === undefined) return undefined;
  const failingLines = failed.flatMap((test) => [...test.frames.filter((frame) => frame.path === path).map((frame) => frame.line), ...(test.line === undefined ? [] : [test.line])]);
  return await watchTests(project, { path, failingLines, ...options });
}

/** undefined: another language than JavaScript, TypeScript or Python, a test file that cannot be read, or no assertion to watch. */
export async function watchTests(project: Project, { path, failingLines, python = 'python3', first = [], make = probesOf }: Options & { readonly path: string; readonly failingLines: readonly number[]; readonly make?: typeof probesOf }): Promise<BehaviourPlan | undefined> {
  const file = await project.read(path);
  const tree = file === undefined ? undefined : await project.syntax.parse(file.path, file.text);
  if (file === undefined || tree === undefined) return undefined;
  const language = project.syntax.languageOf(path);
  const found = make({ text: file.text, root: tree.root, language, failingLines });
  if (found === undefined) return undefined;
  const set: ProbeSet = { ...found, probes: [...first, ...found.probes] };
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const beside = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  if (language === 'python') {
    const probe = beside('groundcrew_probe.py');
    return { argv: [python, probe], cwd: '', overlay: [{ path: probe, text: pythonProgram(set, [...PYTHON_SOURCE_FOLDERS.map((one) => one || '.'), folder || '.']) }], wallMs: WALL_MS, set };
  }
  if (language !== 'javascript' && language !== 'typescript') return undefined;
  const probe = beside(`groundcrew-probe${/\.[cm]?[jt]s$/.exec(path)?.[0] ?? '.js'}`);
  const isModule = /^\s*(?:import|export)\b/m.test(file.text);
  const flags = language === 'typescript' ? ['--experimental-strip-types', '--no-warnings'] : [];
  return { argv: ['node', ...flags, probe], cwd: '', overlay: [{ path: probe, text: scriptProgram(set, { isModule, typed: language === 'typescript' }) }], wallMs: WALL_MS, set };
}

export function readBehaviour(plan: BehaviourPlan, result: Pick<CommandResult, 'stdout'>): Behaviour {
  const outputs: (string | undefined)[] = plan.set.probes.map(() => undefined);
  for (const [index, output] of linesOf(result)) if (index < outputs.length) outputs[index] = output;
  return outputs;
}

/** An error that left a probe: its class, its message, and the functions on its stack, innermost first. */
export interface Thrown {
  readonly error: string;
  readonly message: string;
  readonly functions: readonly string[];
}

/** By probe; undefined where it gave a value. */
export function readThrown(plan: BehaviourPlan, result: Pick<CommandResult, 'stdout'>): readonly (Thrown | undefined)[] {
  const found: (Thrown | undefined)[] = plan.set.probes.map(() => undefined);
  for (const [index, output, detail] of linesOf(result)) {
    if (index < found.length && detail != null) found[index] = { error: output.replace(/^throws /, ''), message: detail[0], functions: detail[1] };
  }
  return found;
}

function linesOf(result: Pick<CommandResult, 'stdout'>): readonly ProbeLine[] {
  return result.stdout.split('\n').flatMap((line) => {
    const read = line.startsWith(PROBE_MARK) ? tryJson(line.slice(PROBE_MARK.length)) : undefined;
    return isProbe(read) ? [read] : [];
  });
}

/** Calls on which two behaviours part, and what was given; at most `max`. */
export function partings(plan: BehaviourPlan, { affirmative, negative, base }: { readonly affirmative: Behaviour; readonly negative: Behaviour; readonly base: Behaviour }, max: number): readonly Exhibit[] {
  return plan.set.probes.flatMap((probe, at) => (affirmative[at] === negative[at] ? [] : [{ call: callOf(probe), affirmative: affirmative[at] ?? '', negative: negative[at] ?? '', base: base[at] ?? '' }])).slice(0, max);
}

/** For a person: the input on which two behaviours part, and what each gives. "" when they do not. */
export function describeDifference(plan: BehaviourPlan, a: Behaviour, b: Behaviour): string {
  const index = plan.set.probes.findIndex((_, at) => a[at] !== b[at]);
  const probe = plan.set.probes[index];
  if (probe === undefined) return '';
  return `${callOf(probe)} gives ${a[index] ?? 'nothing'} or ${b[index] ?? 'nothing'}`;
}

function callOf(probe: Probe): string {
  return [...probe.setup, probe.observe.replace(/^await \(([\s\S]*)\)$/, '$1')].join('; ').replaceAll(/\s+/g, ' ');
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
