/** Decides which commands of a workspace are checks, nearest first, and what a command that the user named is. */
import picomatch from 'picomatch';
import * as z from 'zod';
import type { Check, Runner } from '../domain/check.ts';
import { splitCommand } from './argv.ts';
import { recognise, wrapperOf } from './invocation.ts';
import { discoverNative } from './discoverNative.ts';
import { folderOf, joinPath, relativeTo } from './paths.ts';
import type { Project } from './project.ts';
import { tryJson } from './runners/kitReport.ts';
import { isDependency, isTestFile } from './testFiles.ts';

/** Packages of a monorepo that are looked into. */
const PACKAGES_MAX = 40;

/**
 * Nearest first: the shallowest package with its own checks before what covers everything; typechecks (scope `types`) last.
 * Only what the files say: nothing is run, and a check may still turn out not to work.
 */
export async function discoverChecks(project: Project, signal: AbortSignal): Promise<readonly Check[]> {
  const found: Check[] = [];
  const manifests = project.paths.filter((path) => /(?:^|\/)package\.json$/.test(path) && !isDependency(path) && !/(?:^|\/)(?:fixtures?|testdata)\//.test(path));
  const shallow = [...manifests].sort((a, b) => a.split('/').length - b.split('/').length).slice(0, PACKAGES_MAX);
  for (const manifest of shallow) {
    signal.throwIfAborted();
    found.push(...(await packageChecks(project, manifest)));
  }
  found.push(...(await looseNodeTests(project, manifests)));
  found.push(...(await discoverNative(project)));
  return orderChecks(unique(found));
}

/**
 * What runs when the user's words run. The command is kept as it was typed; `plain` is what npm test comes to.
 * `argv` must hold at least one word.
 */
export async function checkFromArgv(argv: readonly string[], project: Project, signal: AbortSignal): Promise<Check> {
  signal.throwIfAborted();
  const base = { argv: [...argv], cwd: '', origin: 'user' as const };
  const wrapper = wrapperOf(argv);
  if (wrapper !== undefined) {
    const script = await readScript(project, 'package.json', wrapper.script);
    if (script === undefined) return { ...base, runner: 'script', scope: 'all', definedBy: '' };
    const plain = script.plain === undefined ? {} : { plain: [...script.plain, ...wrapper.passed] };
    return { ...base, runner: script.runner, scope: 'all', definedBy: script.definedBy, ...plain };
  }
  const { runner, args } = recognise(argv);
  if (runner === 'make') return { ...base, runner, scope: 'all', definedBy: (await project.read('Makefile'))?.sha256 ?? '' };
  const real = runner === 'script' ? await runnerOfScript(args, project) : runner;
  return { ...base, runner: real, scope: scopeOf(args, real), definedBy: '' };
}

/** `node test/a.js` is a node:test run when that file uses node:test. */
async function runnerOfScript(args: readonly string[], project: Project): Promise<Runner> {
  const file = args.find((word) => /\.[cm]?[jt]s$/.test(word));
  const text = file === undefined ? undefined : (await project.read(joinPath(file)))?.text;
  return text !== undefined && USES_NODE_TEST.test(text) ? 'node-test' : 'script';
}

const USES_NODE_TEST = /(?:from|require\()\s*['"]node:test['"]/;
const NAME_OPTION = /^(?:--test-name-pattern|-t$|--testNamePattern|-g$|--grep|-f$|--fgrep|-k$|-run$|-Dtest=.*#|--exact)/;

function scopeOf(args: readonly string[], runner: Runner): Check['scope'] {
  if (args.some((word) => NAME_OPTION.test(word) || /\.py::/.test(word))) return 'test';
  if (runner === 'script') return 'all';
  return args.some((word) => !word.startsWith('-') && /\.(?:[cm]?[jt]sx?|py|java|go)$/.test(word) && !/[*?{]/.test(word)) ? 'file' : 'all';
}

const Manifest = z.looseObject({
  scripts: z.record(z.string(), z.string()).optional(),
  packageManager: z.string().optional(),
  workspaces: z.unknown().optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

/** npm init's own placeholder is no test. */
const NO_TEST = /no test specified/;

async function packageChecks(project: Project, path: string): Promise<readonly Check[]> {
  const cwd = folderOf(path);
  const manifest = await readManifest(project, path);
  if (manifest === undefined) return [];
  const checks: Check[] = [];
  const script = await readScript(project, path, 'test');
  if (script !== undefined && !NO_TEST.test(script.definedBy)) {
    const manager = managerOf(project, manifest.packageManager);
    const whole = { cwd, runner: script.runner, origin: 'discovered' as const, scope: 'all' as const };
    if (script.plain !== undefined) checks.push({ ...whole, argv: [...script.plain], definedBy: '' });
    else checks.push({ ...whole, argv: [manager, 'test'], definedBy: script.definedBy });
  } else {
    for (const tool of ['vitest', 'jest', 'mocha'] as const) {
      if (manifest.devDependencies?.[tool] === undefined && manifest.dependencies?.[tool] === undefined) continue;
      const bin = await binOf(project, cwd, tool);
      if (bin !== undefined) checks.push({ argv: tool === 'vitest' ? [bin, 'run'] : [bin], cwd, runner: tool, origin: 'discovered', scope: 'all', definedBy: '' });
    }
  }
  if (project.paths.includes(joinPath(cwd, 'tsconfig.json'))) {
    const tsc = await binOf(project, cwd, 'tsc');
    if (tsc !== undefined) checks.push({ argv: [tsc, '--noEmit', '-p', '.'], cwd, runner: 'script', origin: 'discovered', scope: 'types', definedBy: '' });
  }
  return checks;
}

interface Script {
  readonly runner: Runner;
  /** The script's text with its pre and post scripts: what an approval of npm test stands for. */
  readonly definedBy: string;
  readonly plain?: readonly string[];
}

async function readScript(project: Project, path: string, name: string): Promise<Script | undefined> {
  const scripts = (await readManifest(project, path))?.scripts;
  const text = scripts?.[name];
  if (scripts === undefined || text === undefined) return undefined;
  const parts = [`pre${name}`, name, `post${name}`].flatMap((part) => (scripts[part] === undefined ? [] : [`${part}: ${scripts[part]}`]));
  const definedBy = parts.join('\n');
  const last = splitCommand(lastCommand(text));
  const words = last.kind === 'words' ? last.words.filter((word, i, all) => !(isAssignment(word) && all.slice(0, i).every(isAssignment)) && word !== 'cross-env') : [];
  if (words.length === 0) return { runner: 'script', definedBy };
  const { runner } = recognise(words);
  const real = runner === 'script' ? await runnerOfScript(words.slice(1), project) : runner;
  const whole = splitCommand(text);
  const isPlain = whole.kind === 'words' && whole.words.length === words.length && parts.length === 1 && real !== 'script';
  const plain = isPlain ? await plainArgv(project, folderOf(path), words) : undefined;
  return { runner: real, definedBy, ...(plain === undefined ? {} : { plain }) };
}

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word);

/** Words passed on by npm reach the last command of `tsc && mocha`. A pipe or anything after it does not count. */
function lastCommand(text: string): string {
  const at = text.lastIndexOf('&&');
  return at < 0 ? text : text.slice(at + 2);
}

/** The script's command as it starts without npm: its tool from the nearest node_modules */
async function plainArgv(project: Project, cwd: string, words: readonly string[]): Promise<readonly string[] | undefined> {
  const [tool = '', ...args] = words;
  if (tool === 'node') return args.some((word) => /\$/.test(word)) ? undefined : [tool, ...args.flatMap((word) => expand(project, cwd, word))];
  if (!/^(?:mocha|jest|vitest)$/.test(tool)) return undefined;
  const bin = await binOf(project, cwd, tool);
  return bin === undefined ? undefined : [bin, ...args];
}

/** npm's shell expands globs, and node itself does so only from version 21 on. */
function expand(project: Project, cwd: string, word: string): readonly string[] {
  if (word.startsWith('-') || !/[*?{]/.test(word)) return [word];
  const matches = picomatch(joinPath(cwd, word));
  const found = project.paths.filter((path) => matches(path)).map((path) => relativeTo(cwd, path));
  return found.length === 0 || found.length > FILES_MAX ? [word] : found;
}

const PACKAGE_OF: Readonly<Record<string, string>> = { tsc: 'typescript' };

/** Relative to `cwd`; hoisted packages are found in the folders above. */
async function binOf(project: Project, cwd: string, tool: string): Promise<string | undefined> {
  const depth = cwd === '' ? 0 : cwd.split('/').length;
  for (let up = 0; up <= depth; up++) {
    const steps = '../'.repeat(up);
    const manifest = joinPath(cwd, steps, 'node_modules', PACKAGE_OF[tool] ?? tool, 'package.json');
    if ((await project.read(manifest)) !== undefined) return `${steps}node_modules/.bin/${tool}`;
  }
  return undefined;
}

async function readManifest(project: Project, path: string): Promise<z.infer<typeof Manifest> | undefined> {
  const file = await project.read(path);
  const parsed = Manifest.safeParse(file === undefined ? undefined : tryJson(file.text));
  return parsed.success ? parsed.data : undefined;
}

function managerOf(project: Project, named: string | undefined): string {
  const said = /^(npm|pnpm|yarn|bun)@/.exec(named ?? '')?.[1];
  if (said !== undefined) return said;
  if (project.paths.includes('pnpm-lock.yaml')) return 'pnpm';
  return project.paths.includes('yarn.lock') ? 'yarn' : 'npm';
}

/** Test files that use node:test where no package says how to run them. */
async function looseNodeTests(project: Project, manifests: readonly string[]): Promise<readonly Check[]> {
  const folders = new Set<string>();
  for (const manifest of manifests) {
    const script = await readScript(project, manifest, 'test');
    if (script !== undefined && !NO_TEST.test(script.definedBy)) folders.add(folderOf(manifest));
  }
  const files: string[] = [];
  for (const path of project.paths.filter((one) => /\.[cm]?[jt]s$/.test(one) && isTestFile(one) && !isDependency(one))) {
    if ([...folders].some((folder) => folder === '' || path.startsWith(`${folder}/`))) continue;
    if (files.length < FILES_MAX && USES_NODE_TEST.test((await project.read(path))?.text ?? '')) files.push(path);
  }
  return files.length === 0 ? [] : [{ argv: ['node', '--test', ...files], cwd: '', runner: 'node-test', origin: 'discovered', scope: 'all', definedBy: '' }];
}

/** Test files that are named one by one on a command line. */
const FILES_MAX = 200;

function orderChecks(checks: readonly Check[]): readonly Check[] {
  const rank = (check: Check): number => (check.scope === 'types' ? 100 : 0) + (check.runner === 'make' ? 20 : check.runner === 'script' ? 10 : 0) + (check.cwd === '' ? 0 : check.cwd.split('/').length);
  return [...checks].sort((a, b) => rank(a) - rank(b));
}

/** Checks that apply to a file, nearest package first: the deepest folder that holds it. */
export function nearestChecks(checks: readonly Check[], path: string): readonly Check[] {
  const holds = (check: Check): boolean => check.cwd === '' || path.startsWith(`${check.cwd}/`);
  return [...checks].sort((a, b) => Number(holds(b)) - Number(holds(a)) || (holds(a) && holds(b) && a.scope !== 'types' && b.scope !== 'types' ? b.cwd.length - a.cwd.length : 0));
}

function unique(checks: readonly Check[]): readonly Check[] {
  const seen = new Set<string>();
  return checks.filter((check) => {
    const key = JSON.stringify([check.cwd, check.argv]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
