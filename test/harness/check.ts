/** Decides whether the project keeps its own rules: types, lint, dead code, layers, cycles, lengths, dependencies, and names that must not be committed. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSyntax } from '../../src/node/syntax.ts';
import { dependencyFaults } from './dependencies.ts';
import { importCycles, layerFaults } from './layers.ts';
import { lengthFaults, lengthsText } from './lengths.ts';
import { lockFaults } from './lockFile.ts';
import { printCounts } from './mocha.ts';
import { readSource, type SourceFile } from './sources.ts';
import { workplaceNames } from './workplaceNames.ts';

interface Rule {
  readonly name: string;
  /** What is wrong; none: the rule holds. */
  readonly faults: readonly string[];
  readonly note?: string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUTPUT_BYTES_MAX = 32 * 1024 * 1024;
const UNCHECKED = /^test\/(fixtures|bench\/(?:bugs|reviews))\//;

const rules = (await Promise.all([ownRules(), program('types', 'typescript/bin/tsc', ['-p', '.']), program('types of the webview', 'typescript/bin/tsc', ['-p', 'src/webview']), program('lint', '@biomejs/biome/bin/biome', ['check', '--colors=off', '--error-on-warnings', '--max-diagnostics=50']), program('dead code', 'knip/bin/knip.js', ['--no-progress', '--no-config-hints'])])).flat();
for (const { name, faults, note } of rules) {
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}${note === undefined ? '' : `: ${note}`}`);
  for (const fault of faults) console.log(`       ${fault.replaceAll('\n', '\n       ')}`);
}
const failed = rules.filter(({ faults }) => faults.length > 0).length;
printCounts({ passed: rules.length - failed, failed });
process.exitCode = failed > 0 ? 1 : 0;

async function ownRules(): Promise<readonly Rule[]> {
  const tracked = await gitFiles();
  const syntax = createSyntax();
  const files: SourceFile[] = [];
  for (const path of tracked) if (/\.tsx?$/.test(path) && !UNCHECKED.test(path)) files.push(await readSource(syntax, ROOT, path));
  const sources = files.filter(({ path }) => path.startsWith('src/'));
  const texts = await Promise.all(tracked.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })));
  const [manifest, lock] = await Promise.all(['package.json', 'package-lock.json'].map((name) => readFile(join(ROOT, name), 'utf8')));
  return [
    { name: 'layers', faults: layerFaults(files, await readFile(join(ROOT, 'ARCHITECTURE.md'), 'utf8')), note: `${files.length} files` },
    { name: 'cycles', faults: importCycles(files), note: 'types included' },
    { name: 'lengths', faults: lengthFaults(sources), note: `src: ${lengthsText(sources)}` },
    { name: 'lock file', faults: lockFaults(lock ?? '') },
    { name: 'dependencies', faults: dependencyFaults(manifest ?? '', lock ?? ''), note: 'pinned, hashed, permissive' },
    { name: 'workplace names', faults: workplaceNames(texts) },
  ];
}

/** Committed files and those that would be; deleted ones left out. */
async function gitFiles(): Promise<readonly string[]> {
  const list = async (...args: string[]): Promise<readonly string[]> => {
    const { exit, output } = await run('git', ['ls-files', '-z', ...args]);
    if (exit !== 0) throw new Error(`git ls-files failed in ${ROOT}: ${output.trim()}. The check needs a git work tree to know which files are the project's.`);
    return output.split('\0').filter((path) => path !== '');
  };
  const deleted = new Set(await list('--deleted'));
  return (await list('--cached', '--others', '--exclude-standard')).filter((path) => !deleted.has(path));
}

async function program(name: string, script: string, args: readonly string[]): Promise<Rule> {
  const startedAt = performance.now();
  const { exit, output } = await run(process.execPath, [join(ROOT, 'node_modules', script), ...args]);
  return { name, faults: exit === 0 ? [] : [output.trim() || `${script} ended with ${exit}`], note: `${((performance.now() - startedAt) / 1000).toFixed(1)} s` };
}

function run(command: string, args: readonly string[]): Promise<{ readonly exit: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: ROOT, maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, output: stdout + stderr });
    });
  });
}
