/** Decides how pytest, unittest and plain Python scripts are narrowed, made to report, and read. */
import { PYTHON_COVERAGE, PYTHON_OPERANDS, PYTHON_REPORT } from '../kit/python.ts';
import { PYTEST_PLUGIN, SCRIPT_MAIN, UNITTEST_MAIN } from '../kit/pythonRunners.ts';
import { folderOf, relativeTo } from '../paths.ts';
import { COVERAGE_FILE } from '../reportFiles.ts';
import { readKitReport, TESTS_FILE } from './kitReport.ts';
import { splitArgs, withoutOptions } from './options.ts';
import { KIT, ownTitle, type Invocation, type Prepared, type PrepareOptions, type RunnerModule } from './runner.ts';

const PYTEST_VALUES = ['-k', '-m', '-c', '-p', '-o', '-W', '-n', '-r', '--rootdir', '--maxfail', '--tb', '--cov', '--cov-report', '--cov-config', '--ignore', '--deselect', '--durations', '--junitxml', '--log-level', '--confcutdir', '--basetemp', '--override-ini', '--import-mode', '--timeout', '--dist'];

export const pytest: RunnerModule = {
  narrow(check, argv, { path, testName }) {
    const at = launcherLength(argv, /(?:^|\/)(?:pytest|py\.test)$/);
    const { options, positionals } = splitArgs(argv.slice(at), PYTEST_VALUES);
    const kept = testName === undefined ? options : withoutOptions(options, ['-k']);
    const target = nodeId(check.cwd, path, testName, positionals);
    return target === undefined ? undefined : [...argv.slice(0, at), ...kept, ...target];
  },
  broaden(argv) {
    const at = launcherLength(argv, /(?:^|\/)(?:pytest|py\.test)$/);
    return [...argv.slice(0, at), ...withoutOptions(splitArgs(argv.slice(at), PYTEST_VALUES).options, ['-k', '--deselect'])];
  },
  prepare(_check, call, options) {
    const args = withoutOptions(call.args, ['--cov', '--cov-report', '--junitxml']);
    const only = options.testOnly === undefined ? [] : ['-k', ownTitle(options.testOnly).split('[')[0] ?? ''];
    return {
      argv: [...call.launcher, '-p', 'gc_pytest', '-p', 'no:cacheprovider', ...args, ...only],
      env: { ...pythonEnv(options), PYTHONPATH: KIT },
      kit: { ...pythonKit(options), 'gc_pytest.py': PYTEST_PLUGIN },
      collect: collected(options),
    };
  },
  read: (_check, result) => readKitReport(result.collected[TESTS_FILE]),
};

/** Our names are node ids: "tests/test_x.py > Cart > test_total[1]"; rootdir may differ from the working folder, so the path given wins. */
function nodeId(cwd: string, path: string | undefined, testName: string | undefined, positionals: readonly string[]): readonly string[] | undefined {
  if (testName === undefined) return path === undefined ? undefined : [relativeTo(cwd, path)];
  const parts = testName.replace(/ \((?:setup|teardown|import)\)$/, '').split(' > ');
  const named = /\.py$/.test(parts[0] ?? '') ? parts.slice(1) : parts;
  const file = path !== undefined ? relativeTo(cwd, path) : /\.py$/.test(parts[0] ?? '') ? parts[0] : undefined;
  if (file !== undefined) return [[file, ...named].join('::')];
  return [...positionals, '-k', named.at(-1)?.split('[')[0] ?? testName];
}

const UNITTEST_VALUES = ['-k', '-s', '--start-directory', '-p', '--pattern', '-t', '--top-level-directory'];

export const unittest: RunnerModule = {
  narrow(check, argv, { path, testName }) {
    const at = launcherLength(argv, /^unittest$/);
    const { options, positionals } = splitArgs(argv.slice(at), UNITTEST_VALUES);
    const discovers = positionals.length === 0 || positionals[0] === 'discover';
    const name = testName === undefined ? [] : ['-k', testName.split(' ')[0]?.split('.').slice(-2).join('.') ?? testName];
    const kept = testName === undefined ? options : withoutOptions(options, ['-k']);
    if (path === undefined) return [...argv.slice(0, at), ...positionals, ...kept, ...name];
    const file = relativeTo(check.cwd, path);
    if (!discovers) return [...argv.slice(0, at), ...kept, ...name, file];
    // Discovery puts its start folder on the path, and tests may rely on it: the same search, for this file only.
    const started = options.includes('-s') || options.includes('--start-directory');
    const start = started ? [] : ['-s', folderOf(file) || '.'];
    return [...argv.slice(0, at), 'discover', ...withoutOptions(kept, ['-p', '--pattern']), ...start, '-p', file.split('/').at(-1) ?? file, ...name];
  },
  broaden(argv) {
    const at = launcherLength(argv, /^unittest$/);
    const { options, positionals } = splitArgs(argv.slice(at), UNITTEST_VALUES);
    const discovers = positionals[0] === 'discover';
    return [...argv.slice(0, at), ...(discovers ? ['discover'] : []), ...withoutOptions(options, discovers ? ['-k', '-p', '--pattern'] : ['-k'])];
  },
  prepare(_check, call, options) {
    const only = options.testOnly === undefined ? [] : ['-k', options.testOnly.split(' ')[0] ?? ''];
    const plain = call.launcher.at(-2) === '-m';
    return {
      argv: plain && !call.wrapped ? [...call.launcher.slice(0, -2), `${KIT}/gc_unittest.py`, ...call.args, ...only] : [...call.launcher, ...call.args, ...only],
      env: pythonEnv(options),
      kit: { ...pythonKit(options), 'gc_unittest.py': UNITTEST_MAIN },
      collect: collected(options),
    };
  },
  read: (_check, result) => readKitReport(result.collected[TESTS_FILE]),
};

/** undefined: not a script that our main can stand in for. Only reruns need it. */
export function preparePythonScript(call: Invocation, options: PrepareOptions): Prepared | undefined {
  const at = call.args.findIndex((word) => word.endsWith('.py'));
  if (at < 0 || (options.operands !== true && options.coverage !== true)) return undefined;
  return {
    argv: [...call.launcher, ...call.args.slice(0, at), `${KIT}/gc_main.py`, ...call.args.slice(at)],
    env: pythonEnv(options),
    kit: { ...pythonKit(options), 'gc_main.py': SCRIPT_MAIN },
    collect: collected(options),
  };
}

/**
 * No bytecode is written: it is keyed by seconds and size, so two candidates of one size within a second would run the first one's.
 */
export function pythonEnv(options: PrepareOptions): Readonly<Record<string, string>> {
  const modes = [...(options.coverage === true ? ['coverage'] : []), ...(options.operands === true ? ['operands'] : [])];
  return { PYTHONDONTWRITEBYTECODE: '1', ...(modes.length === 0 ? {} : { GROUNDCREW_MODES: modes.join(',') }) };
}

function pythonKit(options: PrepareOptions): Readonly<Record<string, string>> {
  return {
    'gc_report.py': PYTHON_REPORT,
    ...(options.coverage === true ? { 'gc_coverage.py': PYTHON_COVERAGE } : {}),
    ...(options.operands === true ? { 'gc_operands.py': PYTHON_OPERANDS } : {}),
  };
}

const collected = (options: PrepareOptions): readonly string[] => (options.coverage === true ? [TESTS_FILE, COVERAGE_FILE] : [TESTS_FILE]);

function launcherLength(argv: readonly string[], tool: RegExp): number {
  const at = argv.findIndex((word) => tool.test(word.replaceAll('\\', '/')));
  return at < 0 ? 1 : at + 1;
}
