/** Decides how mocha is narrowed, made to report, and read. */
import { MOCHA_REPORTER } from '../kit/nodeReport.ts';
import { relativeTo } from '../paths.ts';
import { readKitReport, TESTS_FILE } from './kitReport.ts';
import { nodeHooks, nodeOptions } from './nodeTest.ts';
import { splitArgs, withoutOptions } from './options.ts';
import { escapePattern, KIT, type RunnerModule } from './runner.ts';

const WITH_VALUE = [
  '-r', '--require', '-R', '--reporter', '-g', '--grep', '-f', '--fgrep', '-t', '--timeout', '--config', '--package', '--file', '--ignore', '--exclude', '--extension', '--ui', '-u', '--reporter-option', '-O',
  '--reporter-options', '--import', '--loader', '--jobs', '-j', '--retries', '--slow', '-s', '--spec', '--watch-files', '--watch-ignore', '--node-option', '-n',
];
const REPORTER = 'gc_mocha.cjs';
const REPORTER_OPTIONS = ['-R', '--reporter', '-O', '--reporter-option', '--reporter-options'];

export const mocha: RunnerModule = {
  narrow(check, argv, { path, testName }) {
    const at = launcherLength(argv);
    const { options, positionals } = splitArgs(argv.slice(at), WITH_VALUE);
    const kept = withoutOptions(options, [...(testName === undefined ? [] : ['-g', '--grep', '-f', '--fgrep']), ...(path === undefined ? [] : ['--spec'])]);
    const pattern = testName === undefined ? [] : ['--grep', titlePattern(testName)];
    return [...argv.slice(0, at), ...kept, ...pattern, ...(path === undefined ? positionals : [relativeTo(check.cwd, path)])];
  },
  broaden(argv) {
    const at = launcherLength(argv);
    return [...argv.slice(0, at), ...withoutOptions(splitArgs(argv.slice(at), WITH_VALUE).options, ['-g', '--grep', '-f', '--fgrep', '--spec'])];
  },
  prepare(_check, call, options) {
    const hooks = nodeHooks(options);
    const only = options.testOnly === undefined ? [] : ['--grep', titlePattern(options.testOnly)];
    return {
      argv: [...call.launcher, ...withoutOptions(call.args, REPORTER_OPTIONS), '--reporter', `${KIT}/${REPORTER}`, ...only],
      env: nodeOptions(hooks.flags),
      kit: { [REPORTER]: MOCHA_REPORTER, ...hooks.kit },
      collect: [TESTS_FILE, ...hooks.collect],
    };
  },
  read: (_check, result) => readKitReport(result.collected[TESTS_FILE]),
};

const titlePattern = (name: string): string => `^${escapePattern(name.replaceAll(' > ', ' '))}$`;

/** Words up to and with "mocha". */
function launcherLength(argv: readonly string[]): number {
  const at = argv.findIndex((word) => /(?:^|\/)_?mocha(?:\.[cm]?js)?$/.test(word.replaceAll('\\', '/')));
  return at < 0 ? 1 : at + 1;
}
