/** Decides how node:test is narrowed, made to report, and read. */
import { NODE_COVERAGE, NODE_OPERANDS } from '../kit/nodeHooks.ts';
import { NODE_TEST_REPORTER } from '../kit/nodeReport.ts';
import { relativeTo } from '../paths.ts';
import { COVERAGE_FILE } from '../reportFiles.ts';
import { readKitReport, TESTS_FILE } from './kitReport.ts';
import { splitArgs, withoutOptions } from './options.ts';
import { escapePattern, KIT, ownTitle, type PrepareOptions, type RunnerModule } from './runner.ts';

const WITH_VALUE = ['--import', '--require', '-r', '--loader', '--experimental-loader', '--test-name-pattern', '--test-skip-pattern', '--test-reporter', '--test-reporter-destination', '--test-concurrency', '--test-timeout', '--test-shard', '--conditions', '-C', '--env-file'];
const REPORTER = 'gc_node_test.cjs';

export const nodeTest: RunnerModule = {
  narrow(check, argv, { path, testName }) {
    const [node = 'node', ...rest] = argv;
    const { options, positionals } = splitArgs(rest, WITH_VALUE);
    const kept = testName === undefined ? options : withoutOptions(options, ['--test-name-pattern']);
    const pattern = testName === undefined ? [] : [`--test-name-pattern=${namePattern(testName)}`];
    return [node, ...kept, ...pattern, ...(path === undefined ? positionals : [relativeTo(check.cwd, path)])];
  },
  broaden(argv) {
    const [node = 'node', ...rest] = argv;
    return [node, ...withoutOptions(splitArgs(rest, WITH_VALUE).options, ['--test-name-pattern'])];
  },
  prepare(_check, call, options) {
    const reporter = [`--test-reporter=${KIT}/${REPORTER}`, '--test-reporter-destination=stdout'];
    const only = options.testOnly === undefined ? [] : [`--test-name-pattern=${namePattern(options.testOnly)}`];
    const hooks = nodeHooks(options);
    const args = withoutOptions(call.args, ['--test-reporter', '--test-reporter-destination']);
    const inArgv = !call.wrapped;
    return {
      argv: inArgv ? [...call.launcher, ...reporter, ...only, ...args] : [...call.launcher, ...call.args],
      env: nodeOptions(inArgv ? hooks.flags : [...hooks.flags, ...reporter, ...only.map((flag) => `"${flag.replaceAll('\\', '\\\\')}"`)]),
      kit: { [REPORTER]: NODE_TEST_REPORTER, ...hooks.kit },
      collect: [TESTS_FILE, ...hooks.collect],
    };
  },
  read(check, result) {
    const tests = readKitReport(result.collected[TESTS_FILE]);
    // A file in which no test was selected reports itself as passed: that proves nothing about one test.
    return check.scope === 'test' && tests !== null ? tests.filter((test) => test.state !== 'passed' || test.path?.endsWith(`/${test.name}`) !== true) : tests;
  },
};

/** Before Node 22 a pattern meets the test's own title, later the titles of its suites and it, joined by spaces: both end alike. */
const namePattern = (name: string): string => `${escapePattern(ownTitle(name))}$`;

export interface NodeHooks {
  readonly flags: readonly string[];
  readonly kit: Readonly<Record<string, string>>;
  readonly collect: readonly string[];
}

export function nodeHooks(options: PrepareOptions): NodeHooks {
  const kit: Record<string, string> = {};
  if (options.coverage === true) kit['gc_coverage.cjs'] = NODE_COVERAGE;
  if (options.operands === true) kit['gc_operands.cjs'] = NODE_OPERANDS;
  return { flags: Object.keys(kit).map((name) => `--require=${KIT}/${name}`), kit, collect: options.coverage === true ? [COVERAGE_FILE] : [] };
}

/** CI keeps runners from watching for changes. */
export function nodeOptions(flags: readonly string[]): Readonly<Record<string, string>> {
  return flags.length === 0 ? { CI: '1' } : { CI: '1', NODE_OPTIONS: flags.join(' ') };
}
