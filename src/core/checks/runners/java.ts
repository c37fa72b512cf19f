/** Decides how Maven and Gradle tests are narrowed, made to report, and read: from their console text, which needs no report folder. */
import type { RawTest, RunnerModule } from './runner.ts';

export const maven: RunnerModule = {
  narrow(_check, argv, { path, testName }) {
    const target = javaTarget(path, testName);
    if (target === undefined) return undefined;
    const name = target.method === undefined ? target.type : `${target.type}#${target.method}`;
    return [...argv.filter((word) => !word.startsWith('-Dtest=')), `-Dtest=${name}`, '-DfailIfNoTests=false', '-Dsurefire.failIfNoSpecifiedTests=false'];
  },
  broaden: (argv) => argv.filter((word) => !/^-D(?:test=|failIfNoTests|surefire\.failIfNoSpecifiedTests)/.test(word)),
  prepare(_check, call) {
    return { argv: [...call.launcher, '-B', '-DtrimStackTrace=false', ...call.args], env: {}, kit: {}, collect: [] };
  },
  read: (_check, result) => readSurefire(result.stdout),
};

export const gradle: RunnerModule = {
  narrow(_check, argv, { path, testName }) {
    const target = javaTarget(path, testName);
    if (target === undefined) return undefined;
    const base = withoutTests(argv);
    return [...base, '--tests', target.method === undefined ? `*${target.type}` : `*${target.type}.${target.method}`];
  },
  broaden: withoutTests,
  prepare(_check, call) {
    // No daemon outlives the check; without --rerun-tasks an unchanged test would be taken from the cache, which is its right.
    return { argv: [...call.launcher, '--no-daemon', '--console=plain', '--continue', ...call.args], env: {}, kit: {}, collect: [] };
  },
  read: (_check, result) => readGradle(result.stdout),
};

function withoutTests(argv: readonly string[]): readonly string[] {
  return argv.filter((word, i) => word !== '--tests' && argv[i - 1] !== '--tests');
}

function javaTarget(path: string | undefined, testName: string | undefined): { readonly type: string; readonly method?: string } | undefined {
  const parts = testName?.split(' > ') ?? [];
  const type = parts.length > 1 ? parts.at(-2)?.split('.').at(-1) : path === undefined ? undefined : /([^/]+)\.(?:java|kt|groovy)$/.exec(path)?.[1];
  if (type === undefined) return undefined;
  const method = parts.at(-1)?.replace(/\(.*$/, '');
  return method === undefined ? { type } : { type, method };
}

const TRACE_MAX = 40;

/** "[ERROR] shop.CartTest.adds -- Time elapsed: 0.01 s <<< FAILURE!" (surefire 3) or "adds(shop.CartTest)  Time elapsed…" (2). */
function readSurefire(text: string): readonly RawTest[] | null {
  const totals = /^(?:\[\w+\] )?Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)/m.exec(text);
  const lines = text.split('\n');
  const tests: RawTest[] = [];
  for (const [i, line] of lines.entries()) {
    const newer = /^(?:\[ERROR\] )?([\w.$]+)\.([\w$]+)(?:\([^)]*\))?(?:\[[^\]]*\])? -- Time elapsed: .*<<< (?:FAILURE|ERROR)!/.exec(line);
    const older = /^(?:\[ERROR\] )?([\w$]+)(?:\[[^\]]*\])?\(([\w.$]+)\)\s+Time elapsed: .*<<< (?:FAILURE|ERROR)!/.exec(line);
    const type = newer?.[1] ?? older?.[2];
    const method = newer?.[2] ?? older?.[1];
    if (type === undefined || method === undefined) continue;
    const trace = lines.slice(i + 1, i + TRACE_MAX).join('\n');
    tests.push(javaFailure(`${type} > ${method}`, trace));
  }
  if (tests.length > 0) return tests;
  const broken = lines.filter((line) => /^\[ERROR\] .*\.java:\[\d+,\d+\]/.test(line));
  if (broken.length > 0) return [{ name: 'mvn compile', state: 'failed', message: broken.slice(0, 3).join('\n'), trace: broken.map((line) => line.replace(/:\[(\d+),\d+\]/, ':$1')).join('\n') }];
  return totals === null ? null : [];
}

/** "CartTest > adds() FAILED" with the error on the lines below. */
function readGradle(text: string): readonly RawTest[] | null {
  const tests: RawTest[] = [];
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    const match = /^(\S+) > (.+?)(?:\(\))? (PASSED|FAILED|SKIPPED)$/.exec(line.trim());
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const name = `${match[1]} > ${match[2]}`;
    if (match[3] === 'FAILED') tests.push(javaFailure(name, lines.slice(i + 1, i + TRACE_MAX).join('\n')));
    else tests.push({ name, state: match[3] === 'PASSED' ? 'passed' : 'skipped' });
  }
  return tests.length === 0 ? null : tests;
}

function javaFailure(name: string, trace: string): RawTest {
  const body = trace.split(/\n\s*\n/)[0] ?? trace;
  const message = body.split('\n').filter((line) => !/^\s*at /.test(line)).join('\n').trim();
  return { name, state: 'failed', message, trace: body, ...javaValues(message) };
}

/** JUnit 5 "expected: <3> but was: <-1>", JUnit 4 "expected:<3> but was:<-1>", AssertJ and Hamcrest on lines of their own. */
export function javaValues(message: string): { readonly expected?: string; readonly actual?: string } {
  const junit = /expected:\s?<([\s\S]*?)> but was:\s?<([\s\S]*?)>/.exec(message) ?? /expected:?\s+(\S+) but was:?\s+(\S+)/i.exec(message) ?? /expected:?\s*\n?\s*(.+)\s*\n\s*but was:?\s*\n?\s*(.+)/i.exec(message);
  return junit?.[1] === undefined || junit[2] === undefined ? {} : { expected: junit[1], actual: junit[2] };
}
