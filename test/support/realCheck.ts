/** Decides how a test runs a check for real: files in a temp folder, the prepared command as a process, its report read back. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCoverage, type Coverage } from '../../src/core/checks/coverage.ts';
import { readOutcome } from '../../src/core/checks/outcome.ts';
import { prepareCheck } from '../../src/core/checks/prepare.ts';
import type { Project } from '../../src/core/checks/project.ts';
import type { PrepareOptions } from '../../src/core/checks/runners/runner.ts';
import type { Check, CheckOutcome, Runner } from '../../src/core/domain/check.ts';
import type { CommandResult, Syntax } from '../../src/core/ports.ts';

const WALL_MS = 30_000;

export interface Bench extends Disposable {
  readonly root: string;
  readonly project: Project;
  run(check: Check, options?: PrepareOptions): Promise<{ readonly outcome: CheckOutcome; readonly coverage: Coverage; readonly result: CommandResult }>;
}

/** `path` puts folders before the user's PATH. */
export function createBench(files: Readonly<Record<string, string>>, path = ''): Bench {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'groundcrew-check-')));
  for (const [name, text] of Object.entries(files)) put(join(root, name), text);
  const project = projectOf(root);
  return {
    root,
    project,
    async run(check, options = {}) {
      const result = await runPrepared(root, check, options, path);
      return { outcome: readOutcome(check, result, root, project.paths), coverage: readCoverage(check, result, root, project.paths), result };
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A project of texts alone. */
export function textProject(files: Readonly<Record<string, string>>, syntax: Syntax = NO_SYNTAX): Project {
  return {
    paths: Object.keys(files).filter((name) => !name.startsWith('node_modules/')).sort(),
    syntax,
    read: async (name) => (files[name] === undefined ? undefined : { path: name, text: files[name], encoding: 'utf8', bom: false, sha256: sha(files[name]) }),
  };
}

export const makeCheck = (runner: Runner, argv: readonly string[], more: Partial<Check> = {}): Check => ({ argv: [...argv], cwd: '', runner, origin: 'user', scope: 'all', definedBy: '', ...more });

const NO_SYNTAX: Syntax = { languageOf: () => 'other', parse: async () => undefined };
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function projectOf(root: string): Project {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => !name.includes('node_modules/'))
    .sort();
  return {
    paths,
    syntax: NO_SYNTAX,
    async read(name) {
      const file = join(root, name);
      if (!existsSync(file)) return undefined;
      const text = readFileSync(file, 'utf8');
      return { path: name, text, encoding: 'utf8', bom: false, sha256: sha(text) };
    },
  };
}

async function runPrepared(root: string, check: Check, options: PrepareOptions, path: string): Promise<CommandResult> {
  const prepared = prepareCheck(check, options);
  const helper = realpathSync(mkdtempSync(join(tmpdir(), 'groundcrew-kit-')));
  const kit = join(helper, 'kit');
  const out = join(helper, 'out');
  mkdirSync(kit);
  mkdirSync(out);
  for (const [name, text] of Object.entries(prepared.kit)) put(join(kit, name), text);
  const fill = (text: string): string => text.replaceAll('$GROUNDCREW_KIT', kit).replaceAll('$GROUNDCREW_OUT', out);
  const [tool = '', ...args] = prepared.argv.map(fill);
  const added = Object.fromEntries(Object.entries(prepared.env).map(([name, value]) => [name, fill(value)]));
  // node:test tells its children by this name; a check of the user's must not think that it is one of ours.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const env = { ...inherited, PATH: [path, process.env['PATH']].filter(Boolean).join(':'), ...added, GROUNDCREW_KIT: kit, GROUNDCREW_OUT: out };
  const began = performance.now();
  try {
    const ended = await spawned(tool, args, join(root, check.cwd), env);
    const collected: Record<string, string> = {};
    for (const name of prepared.collect) if (existsSync(join(out, name))) collected[name] = readFileSync(join(out, name), 'utf8');
    return { ...ended, collected, durationMs: performance.now() - began, outputSha256: '', confined: false, environmentSha256: '' };
  } finally {
    rmSync(helper, { recursive: true, force: true });
  }
}

function spawned(tool: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Pick<CommandResult, 'ended' | 'exit' | 'stdout' | 'stderr'>> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(tool, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: WALL_MS });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => resolve({ ended: 'unstarted', exit: null, stdout, stderr: error.message }));
    child.on('close', (exit) => resolve({ ended: exit === null ? 'wall-limit' : 'exited', exit, stdout, stderr }));
  });
}
