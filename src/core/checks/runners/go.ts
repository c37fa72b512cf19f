/** Decides how go test is narrowed, made to report, and read. */
import * as z from 'zod';
import { folderOf, relativeTo } from '../paths.ts';
import { GO_PROFILE } from '../reportFiles.ts';
import { tryJson } from './kitReport.ts';
import { splitArgs, withoutOptions } from './options.ts';
import { escapePattern, OUT, type RawTest, type RunnerModule } from './runner.ts';

const WITH_VALUE = ['-run', '-bench', '-count', '-tags', '-timeout', '-cpu', '-coverprofile', '-coverpkg', '-covermode', '-parallel', '-skip', '-C', '-mod', '-ldflags', '-gcflags', '-exec', '-o', '-p', '-vet'];

export const go: RunnerModule = {
  narrow(check, argv, { path, testName }) {
    const { options, positionals, tail } = splitArgs(argv.slice(2), WITH_VALUE);
    const kept = testName === undefined ? options : withoutOptions(options, ['-run']);
    const folder = path === undefined ? undefined : relativeTo(check.cwd, path.endsWith('.go') ? folderOf(path) : path);
    const packages = folder === undefined ? positionals : [folder === '' ? '.' : `./${folder}`];
    return [...argv.slice(0, 2), ...kept, ...runPattern(testName), ...packages, ...tail];
  },
  broaden(argv) {
    const { options, tail } = splitArgs(argv.slice(2), WITH_VALUE);
    return [...argv.slice(0, 2), ...withoutOptions(options, ['-run']), './...', ...tail];
  },
  prepare(_check, call, options) {
    const cover = options.coverage === true ? ['-coverpkg=./...', `-coverprofile=${OUT}/${GO_PROFILE}`] : [];
    // -count=1: a cached result is no run.
    return {
      argv: [...call.launcher, '-json', '-count=1', ...cover, ...runPattern(options.testOnly), ...withoutOptions(call.args, ['-json', '-v', '-count'])],
      env: {},
      kit: {},
      collect: options.coverage === true ? [GO_PROFILE] : [],
    };
  },
  read: (_check, result) => readGoEvents(result.stdout, result.stderr),
};

/** Each level of subtests is a pattern of its own; go shows spaces in names as underscores. */
function runPattern(name: string | undefined): readonly string[] {
  return name === undefined ? [] : ['-run', name.split(' > ').map((part) => `^${escapePattern(part.replaceAll(' ', '_'))}$`).join('/')];
}

const Event = z.looseObject({ Action: z.string(), Package: z.string().optional(), ImportPath: z.string().optional(), Test: z.string().optional(), Elapsed: z.number().optional(), Output: z.string().optional() });
type Event = z.infer<typeof Event>;
const STATE: Readonly<Record<string, RawTest['state']>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };
const NOISE = /^\s*(?:===|---) (?:RUN|PAUSE|CONT|NAME|FAIL|PASS|SKIP)/;

function readGoEvents(stdout: string, stderr: string): readonly RawTest[] | null {
  const events: Event[] = [];
  for (const line of stdout.split('\n')) {
    const parsed = Event.safeParse(line.startsWith('{') ? tryJson(line) : undefined);
    if (parsed.success) events.push(parsed.data);
  }
  if (events.length === 0) return null;
  const outputs = new Map<string, string>();
  for (const event of events) {
    const key = keyOf(event);
    if (event.Output !== undefined && !NOISE.test(event.Output)) outputs.set(key, (outputs.get(key) ?? '') + event.Output);
  }
  const ended = events.filter((event) => event.Test !== undefined && STATE[event.Action] !== undefined);
  const failedNames = new Set(ended.filter((event) => event.Action === 'fail').map(keyOf));
  const tests = ended.flatMap((event) => toTest(event, outputs.get(keyOf(event)) ?? '', failedNames) ?? []);
  return [...tests, ...brokenPackages(events, tests, outputs, stderr)];
}

const keyOf = (event: Event): string => `${event.Package ?? event.ImportPath?.split(' ')[0] ?? ''}\n${event.Test ?? ''}`;

function toTest(event: Event, output: string, failed: ReadonlySet<string>): RawTest | undefined {
  const { Package: pkg = '', Test: test = '' } = event;
  const state = STATE[event.Action];
  if (state === undefined) return undefined;
  // A parent fails because a subtest did: the subtest is the failure.
  if (state === 'failed' && output.trim() === '' && [...failed].some((name) => name.startsWith(`${pkg}\n${test}/`))) return undefined;
  const name = test.replaceAll('/', ' > ');
  const timing = event.Elapsed === undefined ? {} : { durationMs: event.Elapsed * 1000 };
  if (state !== 'failed') return { name, state, ...timing };
  const said = /^\s*([\w.-]+\.go):(\d+): /m.exec(output);
  const at = said?.[1] === undefined ? {} : { path: `${pkg}/${said[1]}`, line: Number(said[2]) };
  const frames = said?.[1] === undefined ? [] : [{ path: `${pkg}/${said[1]}`, line: Number(said[2]) }];
  const panicked = /^panic: .*(?:\n|$)/m.exec(output)?.[0];
  const message = (panicked ?? output.replace(/\n\s*goroutine [\s\S]*$/, '')).trim();
  return { name, state, ...timing, ...at, message, ...wantAndGot(message), ...(panicked === undefined ? { frames } : { trace: output }) };
}

/** A package that does not build, or dies outside any test, has no failed test of its own. */
function brokenPackages(events: readonly Event[], tests: readonly RawTest[], outputs: ReadonlyMap<string, string>, stderr: string): readonly RawTest[] {
  if (tests.some((test) => test.state === 'failed')) return [];
  return events
    .filter((event) => event.Action === 'fail' && event.Test === undefined)
    .map((event) => {
      const built = events.filter((other) => other.Action === 'build-output' && other.ImportPath?.split(' ')[0] === event.Package).map((other) => other.Output ?? '').join('');
      const text = (built !== '' ? built : `${outputs.get(keyOf(event)) ?? ''}${stderr}`).trim();
      return { name: `${event.Package ?? 'package'} (build)`, state: 'failed' as const, message: text, trace: text };
    });
}

const VALUES: readonly { readonly pattern: RegExp; readonly actualFirst: boolean }[] = [
  { pattern: /(?:=|got:?|returned|was)\s+(.+?)[,;]?\s+(?:but )?want(?:ed)?:?\s+(.+)$/im, actualFirst: true },
  { pattern: /got:?\s+(.+?)[,;]?\s+expected:?\s+(.+)$/im, actualFirst: true },
  { pattern: /(?:want(?:ed)?|expected):?\s+(.+?)[,;]?\s+(?:but )?(?:got|actual|was|found):?\s+(.+)$/im, actualFirst: false },
  { pattern: /expected\s*:\s*(.+)\n\s*actual\s*:\s*(.+)$/im, actualFirst: false },
];

/** Go has no assertions: these are the phrases of its own test comments (go.dev/wiki/TestComments) and of testify. */
export function wantAndGot(message: string): { readonly expected?: string; readonly actual?: string } {
  for (const { pattern, actualFirst } of VALUES) {
    const [, one, two] = pattern.exec(message) ?? [];
    if (one !== undefined && two !== undefined) return actualFirst ? { actual: one.trim(), expected: two.trim() } : { expected: one.trim(), actual: two.trim() };
  }
  return {};
}
