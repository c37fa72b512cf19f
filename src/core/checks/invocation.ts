/** Decides which runner a command line starts, and where options for it can be put. */
import type { Runner } from '../domain/check.ts';
import type { Invocation } from './runners/runner.ts';

const PACKAGE_RUNNERS: Readonly<Record<string, readonly string[]>> = {
  npx: ['--no-install', '--no', '--offline', '-y', '--yes', '--'],
  bunx: [],
  pnpx: [],
};
/** Commands that start the command after them: ["poetry", "run", "pytest"]. */
const STARTERS: readonly (readonly string[])[] = [
  ['poetry', 'run'], ['uv', 'run'], ['pipenv', 'run'], ['hatch', 'run'], ['pdm', 'run'], ['npm', 'exec', '--'], ['npm', 'exec'], ['pnpm', 'exec'], ['pnpm', 'dlx'], ['yarn', 'exec'], ['yarn', 'run'], ['c8'], ['nyc'],
];
const JS_TOOLS: Readonly<Record<string, Runner>> = { mocha: 'mocha', _mocha: 'mocha', jest: 'jest', vitest: 'vitest' };

export interface Recognised extends Invocation {
  readonly runner: Runner;
}

/** `script` for what is not known: its exit alone decides. npm and its kind are not looked into here: see wrapperOf. */
export function recognise(argv: readonly string[]): Recognised {
  const skipped = starterLength(argv);
  const rest = argv.slice(skipped);
  const tool = baseName(rest[0] ?? '');
  const found = byTool(tool, rest);
  const length = skipped + found.length;
  return { runner: found.runner, launcher: argv.slice(0, length), args: argv.slice(length), wrapped: false };
}

function byTool(tool: string, rest: readonly string[]): { readonly runner: Runner; readonly length: number } {
  const js = JS_TOOLS[tool];
  if (js !== undefined) return { runner: js, length: 1 };
  if (/^node(?:js)?$/.test(tool)) return nodeTool(rest);
  if (/^(?:python|pypy)[\d.]*$/.test(tool) || tool === 'py') return pythonTool(rest);
  if (tool === 'tsx' || tool === 'ts-node') return rest.includes('--test') ? { runner: 'node-test', length: 1 } : { runner: 'script', length: 1 };
  if (tool === 'pytest' || tool === 'py.test') return { runner: 'pytest', length: 1 };
  if (tool === 'go' && rest[1] === 'test') return { runner: 'go', length: 2 };
  if (tool === 'cargo' && (rest[1] === 'test' || rest[1] === 't')) return { runner: 'cargo', length: 2 };
  if (tool === 'cargo' && rest[1]?.startsWith('+') === true && rest[2] === 'test') return { runner: 'cargo', length: 3 };
  if (tool === 'mvn' || tool === 'mvnw') return { runner: 'maven', length: 1 };
  if (tool === 'gradle' || tool === 'gradlew') return { runner: 'gradle', length: 1 };
  if (tool === 'make' || tool === 'gmake') return { runner: 'make', length: 1 };
  return { runner: 'script', length: 1 };
}

function nodeTool(rest: readonly string[]): { readonly runner: Runner; readonly length: number } {
  if (rest.includes('--test')) return { runner: 'node-test', length: 1 };
  const script = /node_modules\/(?:\.bin\/)?(mocha|jest|vitest)\b/.exec(rest[1]?.replaceAll('\\', '/') ?? '')?.[1];
  const runner = script === undefined ? undefined : JS_TOOLS[script];
  return runner === undefined ? { runner: 'script', length: 1 } : { runner, length: 2 };
}

function pythonTool(rest: readonly string[]): { readonly runner: Runner; readonly length: number } {
  const at = rest.indexOf('-m');
  const module = at < 0 ? undefined : rest[at + 1];
  if (module === 'pytest' || module === 'py.test') return { runner: 'pytest', length: at + 2 };
  if (module === 'unittest') return { runner: 'unittest', length: at + 2 };
  return { runner: 'script', length: 1 };
}

function starterLength(argv: readonly string[]): number {
  const tool = baseName(argv[0] ?? '');
  const flags = PACKAGE_RUNNERS[tool];
  if (flags !== undefined) {
    let at = 1;
    while (flags.includes(argv[at] ?? '')) at++;
    return at;
  }
  const starter = STARTERS.find((words) => words.every((word, i) => (i === 0 ? tool : argv[i]) === word) && argv.length > words.length);
  if (starter === undefined) return 0;
  return starter.length === 1 ? 1 : starter.length;
}

export interface Wrapper {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  readonly script: string;
  /** Arguments that the user already passes on to the script. */
  readonly passed: readonly string[];
  /** The command up to its script's name, and what must stand before passed arguments. */
  readonly launcher: readonly string[];
}

/** npm test, npm run x, pnpm x, yarn x: the package.json script decides what runs. */
export function wrapperOf(argv: readonly string[]): Wrapper | undefined {
  const manager = /^(npm|pnpm|yarn|bun)(?:\.cmd)?$/.exec(baseName(argv[0] ?? ''))?.[1];
  if (manager !== 'npm' && manager !== 'pnpm' && manager !== 'yarn' && manager !== 'bun') return undefined;
  let at = 1;
  while (/^(?:-s|--silent|--if-present)$/.test(argv[at] ?? '')) at++;
  let script = argv[at];
  if (script === 'run' || script === 'run-script') script = argv[++at];
  else if (manager === 'npm' && script !== undefined && /^(?:t|tst)$/.test(script)) script = 'test';
  else if (manager === 'npm' && script !== 'test') return undefined;
  if (script === undefined || script.startsWith('-') || script === 'exec' || script === 'dlx') return undefined;
  const rest = argv.slice(at + 1);
  const dashes = rest.indexOf('--');
  const launcher = argv.slice(0, at + 1);
  return { manager, script, passed: dashes < 0 ? rest : rest.slice(dashes + 1), launcher: manager === 'npm' ? [...launcher, '--'] : launcher };
}

export function baseName(path: string): string {
  return (path.replaceAll('\\', '/').split('/').at(-1) ?? path).replace(/\.(?:exe|cmd|bat)$/i, '');
}
