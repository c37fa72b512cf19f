/** Decides which checks Python, Go, Rust, Java, make and single scripts offer. */
import type { Check } from '../domain/check.ts';
import { folderOf } from './paths.ts';
import type { Project } from './project.ts';
import { isDependency, isTestFile } from './testFiles.ts';

/** Test files whose text tells pytest from unittest. */
const LOOKED_AT_MAX = 60;

export async function discoverNative(project: Project): Promise<readonly Check[]> {
  const own = project.paths.filter((path) => !isDependency(path) && !/(?:^|\/)(?:fixtures?|testdata)\//.test(path));
  return [...(await pythonChecks(project, own)), ...goChecks(own), ...rustChecks(own), ...javaChecks(own), ...(await makeChecks(project, own)), ...scriptChecks(own)];
}

const discovered = (fields: Pick<Check, 'argv' | 'cwd' | 'runner'> & { readonly definedBy?: string }): Check => ({ origin: 'discovered', scope: 'all', definedBy: '', ...fields });

async function pythonChecks(project: Project, paths: readonly string[]): Promise<readonly Check[]> {
  const tests = paths.filter((path) => path.endsWith('.py') && (isTestFile(path) || /(?:^|\/)test[^/]*\.py$/.test(path)));
  const real = tests.filter((path) => /(?:^|\/)(?:test_[^/]*|[^/]*_test|tests?)\.py$/.test(path));
  if (real.length === 0) return [];
  const python = await pythonOf(project, paths);
  const texts = await Promise.all(real.slice(0, LOOKED_AT_MAX).map(async (path) => (await project.read(path))?.text ?? ''));
  const configured = (await Promise.all(['pytest.ini', 'pyproject.toml', 'setup.cfg', 'tox.ini', 'conftest.py'].map(async (path) => [path, (await project.read(path))?.text] as const))).some(
    ([path, text]) => text !== undefined && (path === 'pytest.ini' || path === 'conftest.py' || /pytest/.test(text)),
  );
  const usesPytest = configured || paths.some((path) => path.endsWith('conftest.py')) || texts.some((text) => /^\s*(?:import pytest|from pytest)/m.test(text) || /^(?:async )?def test_/m.test(text));
  const usesUnittest = texts.some((text) => /unittest/.test(text));
  if (usesPytest) return [discovered({ argv: [python, '-m', 'pytest', '-q'], cwd: '', runner: 'pytest' })];
  if (!usesUnittest) return [];
  return [discovered({ argv: [python, '-m', 'unittest', ...startFolder(paths, real)], cwd: '', runner: 'unittest' })];
}

/** Plain search looks only into packages: a test folder without __init__.py must be named. */
function startFolder(paths: readonly string[], tests: readonly string[]): readonly string[] {
  const folders = new Set(tests.map(folderOf));
  if ([...folders].every((folder) => folder === '' || paths.includes(`${folder}/__init__.py`))) return [];
  const top = [...folders].sort((a, b) => a.length - b.length)[0] ?? '';
  return top === '' ? [] : ['discover', '-s', top];
}

/** The project's own virtual environment where there is one: its packages are the ones that the tests need. */
async function pythonOf(project: Project, paths: readonly string[]): Promise<string> {
  for (const folder of ['.venv', 'venv']) {
    if (paths.includes(`${folder}/pyvenv.cfg`) || (await project.read(`${folder}/pyvenv.cfg`)) !== undefined) return `${folder}/bin/python`;
  }
  return 'python3';
}

function goChecks(paths: readonly string[]): readonly Check[] {
  return paths.filter((path) => /(?:^|\/)go\.mod$/.test(path) && hasTests(paths, folderOf(path), /_test\.go$/)).map((path) => discovered({ argv: ['go', 'test', './...'], cwd: folderOf(path), runner: 'go' }));
}

function rustChecks(paths: readonly string[]): readonly Check[] {
  const manifests = paths.filter((path) => /(?:^|\/)Cargo\.toml$/.test(path));
  // A workspace's members are run from its root.
  const tops = manifests.filter((path) => !manifests.some((other) => other !== path && (folderOf(other) === '' || path.startsWith(`${folderOf(other)}/`))));
  return tops.map((path) => discovered({ argv: ['cargo', 'test'], cwd: folderOf(path), runner: 'cargo' }));
}

function javaChecks(paths: readonly string[]): readonly Check[] {
  const checks: Check[] = [];
  if (paths.includes('pom.xml')) checks.push(discovered({ argv: [paths.includes('mvnw') ? './mvnw' : 'mvn', '-o', 'test'], cwd: '', runner: 'maven' }));
  if (paths.some((path) => /^(?:build|settings)\.gradle(?:\.kts)?$/.test(path))) checks.push(discovered({ argv: [paths.includes('gradlew') ? './gradlew' : 'gradle', '--offline', 'test'], cwd: '', runner: 'gradle' }));
  return checks;
}

async function makeChecks(project: Project, paths: readonly string[]): Promise<readonly Check[]> {
  const file = paths.find((path) => /^(?:GNUmakefile|makefile|Makefile)$/.test(path));
  const text = file === undefined ? undefined : (await project.read(file))?.text;
  const target = text === undefined ? undefined : /^(test|check|tests)\s*:(?!=)/m.exec(text)?.[1];
  if (text === undefined || target === undefined) return [];
  const recipe = new RegExp(`^${target}\\s*:[^\\n]*(?:\\n\\t[^\\n]*)*`, 'm').exec(text)?.[0] ?? '';
  return [discovered({ argv: ['make', target], cwd: '', runner: 'make', definedBy: recipe })];
}

function scriptChecks(paths: readonly string[]): readonly Check[] {
  const script = paths.find((path) => /^(?:run[-_]?tests?|test|scripts\/(?:run[-_]?)?tests?|bin\/test)\.(?:sh|py|js|mjs)$/.test(path));
  if (script === undefined) return [];
  const tool = script.endsWith('.sh') ? 'sh' : script.endsWith('.py') ? 'python3' : 'node';
  return [discovered({ argv: [tool, script], cwd: '', runner: 'script' })];
}

function hasTests(paths: readonly string[], folder: string, name: RegExp): boolean {
  return paths.some((path) => name.test(path) && (folder === '' || path.startsWith(`${folder}/`)));
}
