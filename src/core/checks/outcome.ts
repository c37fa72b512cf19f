/** Decides what one run of a check means: passed only by exit 0 without a failed test; a fault of the place is told apart. */
import type { Check, CheckOutcome, EnvironmentFault, Frame, TestResult } from '../domain/check.ts';
import type { CommandResult } from '../ports.ts';
import { endedBadly, faultIn } from './environment.ts';
import { failureText, outputExcerpt, type FailedTest } from './failureText.ts';
import { parseFrames } from './frames.ts';
import { bySuffix, insideRoot } from './paths.ts';
import { moduleOf } from './runners/all.ts';
import type { RawFrame, RawTest } from './runners/runner.ts';
import { javaValues } from './runners/java.ts';
import { isTestFile } from './testFiles.ts';

type CodeFrame = Frame & { readonly code?: string };
const MESSAGE_MAX = 2_000;

/**
 * `root`: absolute path of the workspace, or of the snapshot that stood in for it. `known`: the workspace's paths, which resolve
 * what Go, Rust and Java name by package only.
 */
export function readOutcome(check: Check, result: CommandResult, root: string, known: readonly string[] = []): CheckOutcome {
  const place: Place = { root, cwd: check.cwd, known };
  const raw = check.scope === 'types' ? null : moduleOf(check.runner).read(check, result);
  const tests = raw?.map((test) => toResult(test, place)) ?? null;
  const failed = tests?.filter((test) => test.result.state === 'failed') ?? [];
  const ranNone = tests !== null && check.scope !== 'all' && !tests.some((test) => test.result.state !== 'skipped');
  const passed = result.ended === 'exited' && result.exit === 0 && failed.length === 0 && !ranNone;
  const results = tests?.map((test) => test.result) ?? null;
  const base = { exit: result.exit, durationMs: result.durationMs };
  if (passed) return { ...base, passed, tests: results, failure: '' };

  const output = [result.stdout, result.stderr].filter((part) => part.trim() !== '').join('\n');
  const environment = faultOf(result, failed.map((test) => `${test.result.message ?? ''}\n${test.trace}`), output, place);
  if (failed.length > 0) return { ...base, passed, tests: results, failure: failureText(failed.map(toFailed)), ...faulty(environment) };
  if (ranNone && result.exit === 0) return { ...base, passed, tests: results, failure: `"${check.argv.join(' ')}" ended well but ran no test: nothing is proven by it.` };
  const script = scriptFailure(check, output, place);
  return { ...base, passed, tests: results ?? script?.tests ?? null, failure: environment?.evidence ?? script?.failure ?? outputExcerpt(output), ...faulty(environment) };
}

interface Place {
  readonly root: string;
  readonly cwd: string;
  readonly known: readonly string[];
}

interface ReadTest {
  readonly result: TestResult;
  readonly frames: readonly CodeFrame[];
  readonly trace: string;
}

const faulty = (environment: EnvironmentFault | undefined): { readonly environment?: EnvironmentFault } => (environment === undefined ? {} : { environment });

/** Where single tests failed, only their own words count, and each must show a fault: a log that mentions a refused connection proves nothing. */
function faultOf(result: CommandResult, failures: readonly string[], output: string, place: Place): EnvironmentFault | undefined {
  const ended = endedBadly(result);
  if (ended !== undefined) return ended;
  if (failures.length === 0) return faultIn(output, place.known);
  const faults = failures.map((text) => faultIn(text, place.known));
  return faults.every((fault) => fault !== undefined) ? faults[0] : undefined;
}

function toResult(test: RawTest, place: Place): ReadTest {
  const path = test.path === undefined ? undefined : resolve(test.path, place);
  const frames = framesOf(test, place);
  // Rust keeps unit tests in the source itself: the panic's own file is the test's.
  const own = frames.find((frame) => isTestFile(frame.path)) ?? frames.find((frame) => frame.path.endsWith('.rs'));
  const result: TestResult = {
    name: test.name,
    state: test.state,
    ...(path !== undefined ? { path } : own === undefined ? {} : { path: own.path }),
    ...(test.line !== undefined ? { line: test.line } : {}),
    ...(test.message === undefined ? {} : { message: test.message.replaceAll(`${place.root}/`, '').slice(0, MESSAGE_MAX) }),
    ...(test.expected === undefined ? {} : { expected: test.expected }),
    ...(test.actual === undefined ? {} : { actual: test.actual }),
    ...(test.durationMs === undefined ? {} : { durationMs: test.durationMs }),
    frames: frames.map(({ code: _, ...frame }) => frame),
  };
  return { result, frames, trace: test.trace ?? '' };
}

function framesOf(test: RawTest, place: Place): readonly CodeFrame[] {
  const raw: readonly RawFrame[] = test.frames ?? (test.trace === undefined ? [] : parseFrames(test.trace));
  const seen = new Set<string>();
  return raw.flatMap((frame) => {
    const path = resolve(frame.path, place);
    if (path === undefined || seen.has(`${path}:${frame.line}`)) return [];
    seen.add(`${path}:${frame.line}`);
    const code = frame.code ?? test.codeAt?.get(`${frame.path.replace(/^file:\/\//, '')}:${frame.line}`);
    return [{ ...frame, path, ...(code === undefined ? {} : { code }) }];
  });
}

/** A path that the workspace does not hold as printed may be named by package (Go, Java) or from a crate's own folder (Rust). */
function resolve(raw: string, place: Place): string | undefined {
  const inside = insideRoot(raw, place.root, place.cwd);
  if (inside === undefined || place.known.length === 0 || place.known.includes(inside)) return inside;
  return raw.startsWith('/') ? inside : (bySuffix(raw, place.known) ?? inside);
}

function toFailed(test: ReadTest): FailedTest {
  const { name, path, line, message, expected, actual } = test.result;
  return {
    name,
    message: message ?? '',
    frames: test.frames,
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  };
}

/** A script names no tests, but the error that ended it has a message, values and a stack. */
function scriptFailure(check: Check, output: string, place: Place): { readonly failure: string; readonly tests: TestResult[] | null } | undefined {
  const raw: RawTest = { name: check.argv.join(' '), state: 'failed', message: outputExcerpt(output), trace: output, ...printedValues(output) };
  const read = toResult(raw, place);
  if (read.frames.length === 0 && read.result.expected === undefined) return undefined;
  const error = /^(?:Uncaught |Exception in thread "[^"]*" )?((?:[\w.]*(?:Error|Exception)|AssertionError)\b.*)$/m.exec(output)?.[1];
  const failed = { ...toFailed(read), message: error ?? read.result.message ?? '' };
  const tests = check.runner === 'script' ? [{ ...read.result, message: failed.message }] : null;
  return { failure: failureText([failed]), tests };
}

/** Node prints an uncaught AssertionError's fields; Java's assertions say them in words. */
function printedValues(output: string): { readonly expected?: string; readonly actual?: string } {
  const actual = /^\s+actual: (.+?),?$/m.exec(output)?.[1];
  const expected = /^\s+expected: (.+?),?$/m.exec(output)?.[1];
  if (actual !== undefined && expected !== undefined) return { actual, expected };
  return javaValues(output);
}
