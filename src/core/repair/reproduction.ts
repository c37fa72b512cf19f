/** Decides what a reproduction looks like: we write its frame (imports, test), the model only the assertions in it. */
import { narrowCheck } from '../checks/narrow.ts';
import type { Project } from '../checks/project.ts';
import { isTestFile } from '../checks/testFiles.ts';
import type { Check } from '../domain/check.ts';
import type { Probe, ProbeSet } from './inputs.ts';
import type { Suspect } from './suspect.ts';

export interface TestFrame {
  /** Where it stands in the copy; the user's tree never has it. */
  readonly path: string;
  readonly check: Check;
  /** What the model is asked for. */
  readonly instruction: string;
  fill(lines: string): string;
  /** The assertions of a reply: out of its fence, without imports; "" when there are none. */
  readReply(text: string): string;
}

const NAME = 'groundcrew_reproduction';

/** undefined: the suspect is no function that a test could import, or its language has no frame. */
export async function frameTest(project: Project, suspect: Suspect, near: Check | undefined): Promise<TestFrame | undefined> {
  const name = suspect.symbol.split('.').at(-1) ?? '';
  const owner = suspect.symbol.split('.')[0] ?? '';
  if (!/^[A-Za-z_$][\w$]*$/u.test(owner)) return undefined;
  const text = (await project.read(suspect.path))?.text ?? '';
  const extension = /\.[cm]?[jt]s$/u.exec(suspect.path)?.[0];
  if (extension !== undefined) return scriptFrame({ project, suspect, near, name, owner, text, extension });
  return suspect.path.endsWith('.py') ? pythonFrame({ project, suspect, near, name, owner, text, extension: '.py' }) : undefined;
}

/** A test of ours as a file. */
export interface WrittenTest {
  readonly path: string;
  readonly check: Check;
  readonly text: string;
}

/** What code throws that was not meant to: an error of another kind may be the right answer to a bad call. */
const ACCIDENTS = { script: ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'], python: ['TypeError', 'AttributeError', 'NameError', 'UnboundLocalError', 'KeyError', 'IndexError', 'ZeroDivisionError', 'RecursionError', 'AssertionError'] } as const;

export function isAccident(error: string): boolean {
  return [...ACCIDENTS.script, ...ACCIDENTS.python].some((name) => name === error);
}

/** Tests that make calls as a test file of the project makes them, a little changed; each fails by `error` and by accidents. */
export function testOfCalls(source: { readonly path: string; readonly set: ProbeSet }, { probes, error, near }: { readonly probes: readonly Probe[]; readonly error: string; readonly near: Check | undefined }): WrittenTest | undefined {
  const folder = source.path.slice(0, source.path.lastIndexOf('/') + 1);
  const extension = /\.(?:[cm]?[jt]s|py)$/u.exec(source.path)?.[0];
  if (extension === undefined || probes.length === 0) return undefined;
  const isPython = extension === '.py';
  const path = isPython ? `${folder}test_${NAME}.py` : `${folder}${NAME}.test${extension}`;
  const check = checkOf(path, near);
  return { path, check, text: isPython ? pythonCalls(source.set, probes, error, check) : scriptCalls(source.set, probes, error, check) };
}

/** As the project runs its tests, narrowed to ours; where that cannot be said, by what comes with the language. */
function checkOf(path: string, near: Check | undefined): Check {
  const fits = near !== undefined && path.endsWith('.py') === /^(?:pytest|unittest)$/u.test(near.runner);
  const named = fits ? narrowCheck(near, { path }) : undefined;
  const plain = path.endsWith('.py') ? { argv: ['python3', '-m', 'unittest', path], runner: 'unittest' as const } : { argv: ['node', '--test', path], runner: 'node-test' as const };
  return { ...(named ?? { ...plain, cwd: '', scope: 'file', definedBy: '' }), origin: 'reproduction' };
}

function pythonCalls({ prelude }: ProbeSet, probes: readonly Probe[], error: string, check: Check): string {
  const accidents = `(${[...new Set([error, ...ACCIDENTS.python])].map((name) => `'${name}'`).join(', ')})`;
  const isPytest = check.runner === 'pytest';
  const indent = isPytest ? '    ' : '        ';
  const tests = probes.map((probe, index) => {
    const call = ['try:', ...probe.observe.split('\n').map((line) => `    ${line}`), 'except Exception as error:', `    if type(error).__name__ in ${accidents}:`, '        raise'];
    const body = [...(isPytest ? ['self = types.SimpleNamespace()'] : []), ...probe.setup.flatMap((text) => text.split('\n')), ...call];
    const head = isPytest ? `def test_reproduction_${index + 1}():` : `    def test_reproduction_${index + 1}(self):`;
    return `${head}\n${body.map((line) => `${indent}${line}`).join('\n')}\n`;
  });
  const head = `${isPytest ? '' : 'import unittest\n'}import sys\nimport types\nsys.path[:0] = ['.', 'src', 'lib']\n${prelude.join('\n')}\n`;
  return `${head}\n\n${isPytest ? '' : 'class Reproduction(unittest.TestCase):\n'}${tests.join('\n')}`;
}

function scriptCalls({ prelude }: ProbeSet, probes: readonly Probe[], error: string, check: Check): string {
  const isModule = prelude.some((text) => /^\s*(?:import|export)\b/u.test(text));
  const accidents = JSON.stringify([...new Set([error, ...ACCIDENTS.script])]);
  const keyword = check.runner === 'mocha' ? 'it' : 'test';
  const tests = probes.map((probe, index) => `${keyword}('reproduction ${index + 1}', async () => {\n${probe.setup.join('\n')}\ntry {\n${probe.observe};\n} catch (error) {\nif (${accidents}.includes(error?.constructor?.name)) throw error;\n}\n});\n`);
  return `${runnerImport(check.runner, isModule)}${prelude.join('\n')}\n\n${tests.join('\n')}`;
}

function runnerImport(runner: Check['runner'] | undefined, isModule: boolean): string {
  if (runner === 'vitest') return "import { test } from 'vitest';\n";
  if (runner === 'jest' || runner === 'mocha') return '';
  return isModule ? "import test from 'node:test';\n" : "const test = require('node:test');\n";
}

interface Facts {
  readonly project: Project;
  readonly suspect: Suspect;
  readonly near: Check | undefined;
  readonly name: string;
  readonly owner: string;
  readonly text: string;
  readonly extension: string;
}

function scriptFrame({ project, suspect, near, owner, text, extension }: Facts): TestFrame | undefined {
  const isModule = extension.startsWith('.m') || /^\s*(?:import|export)\b/mu.test(text);
  const isDefault = new RegExp(`export\\s+default\\s+(?:async\\s+)?(?:function|class)?\\s*${owner.replaceAll('$', '\\$')}\\b`, 'u').test(text);
  const isExported = isDefault || (isModule ? new RegExp(`export\\b[^;]*\\b${owner.replaceAll('$', '\\$')}\\b`, 'u').test(text) : new RegExp(`exports\\b[^;]*\\b${owner.replaceAll('$', '\\$')}\\b`, 'u').test(text));
  if (!isExported) return undefined;
  const folder = testFolder(project.paths, suspect.path);
  const path = `${folder}${NAME}.test${extension}`;
  const from = relative(folder, suspect.path);
  const runner = runnerImport(near?.runner, isModule);
  const assertion = isModule ? "import assert from 'node:assert/strict';\n" : "const assert = require('node:assert/strict');\n";
  const subject = isModule ? `import ${isDefault ? owner : `{ ${owner} }`} from '${from}';\n` : `const { ${owner} } = require('${from}');\n`;
  const keyword = near?.runner === 'mocha' ? 'it' : 'test';
  return {
    path,
    check: checkOf(path, near),
    instruction: `Write 1 to 3 lines like \`assert.deepEqual(${owner}(…), …);\` that show the reported bug: each must hold for correct code and fails now. ${owner} and assert are imported. Lines only.`,
    fill: (lines) => `${runner}${assertion}${subject}\n${keyword}('reproduction', async () => {\n${lines}\n});\n`,
    readReply: (reply) => unfenced(reply).split('\n').filter((line) => !/^\s*(?:import\b|const .*require\(|test\(|it\(|\}\);?\s*$)/u.test(line)).filter((line) => line.trim() !== '').join('\n'),
  };
}

function pythonFrame({ project, suspect, near, owner }: Facts): TestFrame | undefined {
  const folder = testFolder(project.paths, suspect.path);
  const path = `${folder}test_${NAME}.py`;
  const module = suspect.path.replace(/\.py$/u, '').replace(/\/__init__$/u, '').split('/');
  const dotted = (module[0] === 'src' || module[0] === 'lib' ? module.slice(1) : module).join('.');
  const check = checkOf(path, near);
  return {
    path,
    check,
    instruction: `Write 1 to 3 lines like \`assert ${owner}(…) == …\` that show the reported bug: each must hold for correct code and fails now. ${owner} is imported. Lines only.`,
    fill(lines) {
      const head = `import sys\nsys.path[:0] = ['.', 'src', 'lib']\nfrom ${dotted} import ${owner}\n`;
      const body = lines.split('\n').map((line) => line.trimEnd());
      if (check.runner === 'pytest') return `${head}\n\ndef test_reproduction():\n${body.map((line) => `    ${line}`).join('\n')}\n`;
      return `import unittest\n${head}\n\nclass Reproduction(unittest.TestCase):\n    def test_reproduction(self):\n${body.map((line) => `        ${line}`).join('\n')}\n`;
    },
    readReply: (reply) => dedent(unfenced(reply).split('\n').filter((line) => !/^\s*(?:import\b|from .* import|def test|class )/u.test(line) && line.trim() !== '')),
  };
}

/** Folder of the nearest test file, with a slash at its end; beside the suspect where the project has none. */
function testFolder(paths: readonly string[], suspect: string): string {
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  const shared = (path: string): number => [...path].findIndex((char, index) => char !== suspect[index]);
  const tests = paths.filter((path) => isTestFile(path) && /\.(?:[cm]?[jt]sx?|py)$/u.test(path));
  const near = tests.toSorted((a, b) => shared(b) - shared(a))[0];
  return folderOf(near ?? suspect);
}

function relative(fromFolder: string, to: string): string {
  const from = fromFolder.split('/').filter((part) => part !== '');
  const target = to.split('/');
  let same = 0;
  while (same < from.length && from[same] === target[same]) same += 1;
  const up = from.slice(same).map(() => '..');
  const path = [...up, ...target.slice(same)].join('/');
  return up.length === 0 ? `./${path}` : path;
}

function unfenced(text: string): string {
  return /```[^\n]*\n([\s\S]*?)```/u.exec(text)?.[1] ?? text;
}

function dedent(lines: readonly string[]): string {
  const indent = Math.min(...lines.map((line) => /^\s*/u.exec(line)?.[0].length ?? 0));
  return lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join('\n');
}
