/** Decides how jest and vitest are narrowed, made to report, and read: both write jest's JSON. */
import * as z from 'zod';
import { relativeTo } from '../paths.ts';
import { nodeHooks, nodeOptions } from './nodeTest.ts';
import { splitArgs, withoutOptions } from './options.ts';
import { escapePattern, OUT, type RawTest, type RunnerModule } from './runner.ts';
import { tryJson } from './kitReport.ts';

const WITH_VALUE = [
  '-c', '--config', '-t', '--testNamePattern', '--env', '--environment', '--maxWorkers', '-w', '--reporters', '--reporter', '--outputFile', '--testTimeout', '--rootDir', '--root', '-r', '--dir', '--project',
  '--selectProjects', '--setupFiles', '--testRunner', '--pool', '--shard', '--mode',
];
const REPORT = 'jest.json';
const REPORT_OPTIONS = ['--json', '--outputFile', '--reporters', '--reporter', '--watch', '--watchAll'];
const NAME_OPTIONS = ['-t', '--testNamePattern'];
const SUBCOMMANDS = ['run', 'watch', 'dev', 'related'];

export const jest: RunnerModule = {
  narrow(check, argv, { path, testName }) {
    const at = launcherLength(argv, 'jest');
    const { options, positionals } = splitArgs(argv.slice(at), WITH_VALUE);
    const kept = withoutOptions(options, [...(testName === undefined ? [] : NAME_OPTIONS), '--runTestsByPath']);
    const paths = path === undefined ? positionals : ['--runTestsByPath', relativeTo(check.cwd, path)];
    return [...argv.slice(0, at), ...kept, ...namePattern(testName), ...paths];
  },
  broaden(argv) {
    const at = launcherLength(argv, 'jest');
    return [...argv.slice(0, at), ...withoutOptions(splitArgs(argv.slice(at), WITH_VALUE).options, [...NAME_OPTIONS, '--runTestsByPath'])];
  },
  prepare(_check, call, options) {
    const hooks = nodeHooks(options);
    // One process: no worker outlives the run, and coverage is that of the tests alone.
    const alone = options.coverage === true ? ['--runInBand', '--coverage=false'] : [];
    const report = ['--json', `--outputFile=${OUT}/${REPORT}`, '--testLocationInResults', '--ci', ...alone, ...namePattern(options.testOnly)];
    return {
      argv: [...call.launcher, ...report, ...withoutOptions(call.args, REPORT_OPTIONS)],
      env: nodeOptions(hooks.flags),
      kit: hooks.kit,
      collect: [REPORT, ...hooks.collect],
    };
  },
  read: (_check, result) => readJestReport(result.collected[REPORT]),
};

export const vitest: RunnerModule = {
  narrow(check, argv, { path, testName }) {
    const at = launcherLength(argv, 'vitest');
    const { options, positionals } = splitArgs(argv.slice(at), WITH_VALUE);
    const kept = withoutOptions(options, testName === undefined ? [] : NAME_OPTIONS);
    const paths = path === undefined ? positionals.filter((word) => !SUBCOMMANDS.includes(word)) : [relativeTo(check.cwd, path)];
    return [...argv.slice(0, at), 'run', ...kept, ...namePattern(testName), ...paths];
  },
  broaden(argv) {
    const at = launcherLength(argv, 'vitest');
    return [...argv.slice(0, at), 'run', ...withoutOptions(splitArgs(argv.slice(at), WITH_VALUE).options, NAME_OPTIONS)];
  },
  prepare(_check, call, options) {
    const hooks = nodeHooks(options);
    const report = ['--reporter=default', '--reporter=json', `--outputFile.json=${OUT}/${REPORT}`, '--includeTaskLocation', ...namePattern(options.testOnly)];
    const alone = options.coverage === true ? ['--coverage.enabled=false', '--pool=forks', '--no-file-parallelism'] : [];
    const args = withoutOptions(call.args, REPORT_OPTIONS);
    const first = args[0] ?? '';
    const run = call.wrapped || first === 'run' ? [] : ['run'];
    return {
      argv: [...call.launcher, ...run, ...(SUBCOMMANDS.includes(first) && first !== 'run' ? args.slice(1) : args), ...report, ...alone],
      env: nodeOptions(hooks.flags),
      kit: hooks.kit,
      collect: [REPORT, ...hooks.collect],
    };
  },
  read: (_check, result) => readJestReport(result.collected[REPORT]),
};

const namePattern = (name: string | undefined): readonly string[] => (name === undefined ? [] : ['-t', `^${escapePattern(name.replaceAll(' > ', ' '))}$`]);

function launcherLength(argv: readonly string[], tool: string): number {
  const at = argv.findIndex((word) => new RegExp(`(?:^|/)${tool}(?:\\.[cm]?js)?$`).test(word.replaceAll('\\', '/')));
  return at < 0 ? 1 : at + 1;
}

const Detail = z.looseObject({ message: z.string().optional(), matcherResult: z.looseObject({ actual: z.unknown(), expected: z.unknown(), message: z.string().optional() }).optional() });
const Report = z.looseObject({
  testResults: z.array(
    z.looseObject({
      name: z.string(),
      message: z.string().nullish(),
      status: z.string(),
      assertionResults: z.array(
        z.looseObject({
          title: z.string(),
          ancestorTitles: z.array(z.string()).default([]),
          status: z.string(),
          duration: z.number().nullish(),
          location: z.looseObject({ line: z.int() }).nullish(),
          failureMessages: z.array(z.string()).nullish(),
          failureDetails: z.array(z.unknown()).nullish(),
        }),
      ),
    }),
  ),
});
type FileReport = z.infer<typeof Report>['testResults'][number];
const MESSAGE_MAX = 1_500;

function readJestReport(text: string | undefined): readonly RawTest[] | null {
  const parsed = Report.safeParse(text === undefined ? undefined : tryJson(text));
  return parsed.success ? parsed.data.testResults.flatMap(readFile) : null;
}

function readFile(file: FileReport): readonly RawTest[] {
  const tests = file.assertionResults.map((one) => readTest(file, one));
  if (file.status !== 'failed' || tests.some((test) => test.state === 'failed')) return tests;
  const message = plain(file.message ?? 'The file failed before its tests ran.');
  return [...tests, { name: `${file.name.split('/').at(-1) ?? file.name} (import)`, state: 'failed', path: file.name, message: headOf(message), trace: message }];
}

function readTest(file: FileReport, one: FileReport['assertionResults'][number]): RawTest {
  const state = one.status === 'passed' ? 'passed' : one.status === 'failed' ? 'failed' : 'skipped';
  const full = plain(one.failureMessages?.[0] ?? '');
  const detail = Detail.safeParse(one.failureDetails?.[0]).data?.matcherResult;
  const values = detail === undefined ? printedValues(full) : { actual: show(detail.actual), expected: show(detail.expected) };
  return {
    name: [...one.ancestorTitles.filter((title) => title !== ''), one.title].join(' > '),
    state,
    path: file.name,
    ...(one.location == null || one.location.line < 1 ? {} : { line: one.location.line }),
    ...(one.duration == null ? {} : { durationMs: one.duration }),
    ...(state === 'failed' ? { message: headOf(full), trace: full, ...values } : {}),
  };
}

/** jest prints "Expected: 3\nReceived: 4", vitest "expected 4 to be 3". */
function printedValues(text: string): { readonly expected?: string; readonly actual?: string } {
  const expected = /^\s*Expected:\s*(.+)$/m.exec(text)?.[1];
  const actual = /^\s*Received:\s*(.+)$/m.exec(text)?.[1];
  if (expected !== undefined && actual !== undefined) return { expected, actual };
  const said = /expected (.+?) to (?:be|equal|deeply equal|strictly equal|loosely equal|deep equal) (.+?)(?: \/\/ .*)?$/m.exec(text);
  return said?.[1] === undefined || said[2] === undefined ? {} : { actual: said[1], expected: said[2] };
}

function show(value: unknown): string {
  return value === undefined ? 'undefined' : (JSON.stringify(value) ?? String(value)).slice(0, 400);
}

const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

/** The message without its stack. */
function headOf(text: string): string {
  const lines = text.split('\n');
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  return (stack < 0 ? lines : lines.slice(0, stack)).join('\n').trim().slice(0, MESSAGE_MAX);
}
