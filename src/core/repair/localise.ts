/** Decides where to look, without a model: evidence of every kind adds up per function, and the ten best are suspects. */
import { isOwnSource, isGenerated, isTestFile } from '../checks/testFiles.ts';
import type { Project } from '../checks/project.ts';
import type { Check, CheckOutcome } from '../domain/check.ts';
import { reachable } from './imports.ts';
import { ochiai, type LineScores } from './spectrum.ts';
import type { Coverage } from '../checks/coverage.ts';
import type { Suspect } from './suspect.ts';
import { callDistances, identifiersIn, wordsOf } from './references.ts';
import { unitsOf, type Unit } from './units.ts';

export interface LocaliseRequest {
  readonly failure: CheckOutcome;
  readonly check: Check;
  readonly project: Project;
  readonly changedFiles: readonly string[];
  /** The user's words; names of functions and files in them count. */
  readonly words?: string;
  readonly file?: string;
  readonly line?: number;
  readonly failingCoverage?: Coverage;
  readonly passingCoverages?: readonly Coverage[];
}

const SUSPECTS_MAX = 10;
/** Files parsed for suspects, nearest first. */
const FILES_MAX = 150;
/** Functions that the user's or the failure's words can be looked for in when no test says where to begin. */
const LOOSE_FILES_MAX = 80;

/**
 * Weights: start points by judgement, to be set by `npm run bench fix`. A line the user named and the spectrum weigh most;
 * being imported by the test says little, since a third of real bugs lie deeper.
 */
const WEIGHT = { namedLine: 4, namedFile: 1, frame: 2.5, spectrum: 3, ran: 0.3, called: 0.9, inWords: 0.8, inFailure: 0.5, likeTest: 0.4, changed: 0.4, imported: 0.3, size: 0.04 } as const;
/** A table at the top of a file holds fewer bugs than code that runs. */
const VALUE_FACTOR = 0.6;

/** At most ten, best first, never in tests, dependencies or generated files. Empty when nothing points anywhere. */
export async function localise(request: LocaliseRequest, signal: AbortSignal): Promise<readonly Suspect[]> {
  const { project, failingCoverage } = request;
  const tests = testFilesOf(request);
  const distance = await reachable(project, tests.length > 0 ? tests : namedFiles(request), signal);
  const files = candidateFiles(request, distance);
  const units: Unit[] = [];
  const texts = new Map<string, string>();
  for (const path of files) {
    signal.throwIfAborted();
    const text = (await project.read(path))?.text;
    if (text === undefined || isGenerated(path, text)) continue;
    texts.set(path, text);
    units.push(...(await unitsOf(path, text, project.syntax)));
  }
  const scores = failingCoverage === undefined ? undefined : ochiai(failingCoverage, request.passingCoverages ?? []);
  const testIds = await testIdentifiers(request, tests);
  const calls = callDistances(units, texts, testIds);
  const facts: Facts = { request, distance, scores, calls, hasPassing: (request.passingCoverages ?? []).length > 0, topScore: topOf(scores, units), failureIds: identifiersIn(failureWords(request)), testWords: wordsOf(testNames(request).join(' ')), userIds: identifiersIn(request.words ?? '') };
  const suspects = units.flatMap((unit) => judge(unit, units, facts) ?? []);
  return suspects.sort((a, b) => b.score - a.score || a.path.localeCompare(b.path) || a.line - b.line).slice(0, SUSPECTS_MAX);
}

interface Facts {
  readonly request: LocaliseRequest;
  readonly distance: ReadonlyMap<string, number>;
  readonly scores: LineScores | undefined;
  readonly calls: ReadonlyMap<Unit, number>;
  readonly hasPassing: boolean;
  /** Best score of any line: thirty passing tests lower all of them alike. */
  readonly topScore: number;
  readonly failureIds: ReadonlySet<string>;
  readonly testWords: ReadonlySet<string>;
  readonly userIds: ReadonlySet<string>;
}

/** undefined: nothing points there, or the failing test does not run it. */
function judge(unit: Unit, units: readonly Unit[], facts: Facts): Suspect | undefined {
  const { request } = facts;
  const parts: { readonly score: number; readonly say: string }[] = [];
  const add = (score: number, say: string): void => void (score > 0 && parts.push({ score, say }));
  if (request.file === unit.path && request.line !== undefined && innermost(unit, units, request.line)) add(WEIGHT.namedLine, 'the line that you named');
  else if (request.file === unit.path) add(WEIGHT.namedFile, 'in the file that you named');
  const frame = frameOf(unit, units, request);
  if (frame !== undefined) add(WEIGHT.frame / (1 + frame.at), `frame ${frame.at + 1} of the failure, line ${frame.line}`);
  const spectrum = spectrumOf(unit, units, facts);
  if (spectrum === 'not run' && frame === undefined && parts.every((part) => part.score < WEIGHT.namedLine)) return undefined;
  if (typeof spectrum === 'object') {
    add(facts.hasPassing ? (WEIGHT.spectrum * spectrum.score) / facts.topScore : WEIGHT.ran, facts.hasPassing ? `${spectrum.score.toFixed(2)} by spectrum (Ochiai), line ${spectrum.line}` : 'run by the failing test');
  }
  const call = facts.calls.get(unit);
  if (call !== undefined) add(WEIGHT.called / (1 + call), call === 0 ? 'named in the failing test' : `${call} ${call === 1 ? 'call' : 'calls'} away from the failing test`);
  if (unit.name !== '' && facts.userIds.has(unit.name)) add(WEIGHT.inWords, 'named in your words');
  if (unit.name !== '' && facts.failureIds.has(unit.name)) add(WEIGHT.inFailure, 'named in the failure');
  const alike = [...wordsOf(unit.name)].filter((word) => facts.testWords.has(word)).length;
  if (alike > 0) add((WEIGHT.likeTest * alike) / Math.max(1, wordsOf(unit.name).size), 'its name is like the test');
  if (request.changedFiles.includes(unit.path)) add(WEIGHT.changed, 'in a changed file');
  const steps = facts.distance.get(unit.path);
  if (steps !== undefined && steps > 0) add(WEIGHT.imported / steps, steps === 1 ? 'imported by the test' : `${steps} imports from the test`);
  if (parts.length === 0) return undefined;
  const sum = parts.reduce((total, part) => total + part.score, 0) + WEIGHT.size * Math.log2(1 + unit.endLine - unit.line);
  const pointed = frame !== undefined || (request.file === unit.path && request.line !== undefined);
  const evidence = parts.sort((a, b) => b.score - a.score).slice(0, 4).map((part) => part.say).join('; ');
  return { path: unit.path, line: unit.line, endLine: unit.endLine, symbol: unit.symbol, score: round(unit.kind === 'value' && !pointed ? sum * VALUE_FACTOR : sum), evidence };
}

/** Lines of a named function inside another one are the inner one's. */
function innermost(unit: Unit, units: readonly Unit[], line: number): boolean {
  if (line < unit.line || line > unit.endLine) return false;
  return !units.some((other) => other.path === unit.path && other !== unit && other.line >= unit.line && other.endLine <= unit.endLine && line >= other.line && line <= other.endLine && other.endLine - other.line < unit.endLine - unit.line);
}

function frameOf(unit: Unit, units: readonly Unit[], request: LocaliseRequest): { readonly at: number; readonly line: number } | undefined {
  let best: { readonly at: number; readonly line: number } | undefined;
  for (const test of request.failure.tests ?? []) {
    if (test.state !== 'failed') continue;
    const own = test.frames.filter((frame) => isOwnSource(frame.path));
    const at = own.findIndex((frame) => frame.path === unit.path && innermost(unit, units, frame.line));
    const frame = own[at];
    if (frame !== undefined && (best === undefined || at < best.at)) best = { at, line: frame.line };
  }
  return best;
}

function spectrumOf(unit: Unit, units: readonly Unit[], facts: Facts): { readonly score: number; readonly line: number } | 'not run' | undefined {
  if (facts.scores === undefined) return undefined;
  const lines = facts.scores.get(unit.path);
  let best: { readonly score: number; readonly line: number } | undefined;
  for (const [line, score] of lines ?? []) {
    // The first line of a function is run by defining it (Python, and V8 where a file is imported).
    if (unit.kind === 'function' && line === unit.line && unit.endLine > unit.line) continue;
    if (innermost(unit, units, line) && (best === undefined || score > best.score)) best = { score, line };
  }
  return best ?? 'not run';
}

function topOf(scores: LineScores | undefined, units: readonly Unit[]): number {
  const files = new Set(units.map((unit) => unit.path));
  let top = 0;
  for (const [path, lines] of scores ?? []) if (files.has(path)) for (const score of lines.values()) top = Math.max(top, score);
  return top === 0 ? 1 : top;
}

/** Failing tests' own files, test files among their frames, and test files on the command line. */
function testFilesOf(request: LocaliseRequest): readonly string[] {
  const known = new Set(request.project.paths);
  const found = new Set<string>();
  for (const test of request.failure.tests ?? []) {
    if (test.state !== 'failed') continue;
    for (const path of [test.path, ...test.frames.map((frame) => frame.path)]) if (path !== undefined && known.has(path) && isTestFile(path)) found.add(path);
    if (test.path !== undefined && known.has(test.path)) found.add(test.path);
  }
  if (found.size === 0) {
    const prefix = request.check.cwd === '' ? '' : `${request.check.cwd}/`;
    for (const word of request.check.argv) {
      const path = prefix + (word.replace(/^\.\//, '').split('::')[0] ?? '');
      if (known.has(path)) found.add(path);
      else if (request.check.runner === 'go' && word.startsWith('./') && !word.includes('...')) for (const one of request.project.paths) if (one.startsWith(`${path}/`) && one.endsWith('_test.go')) found.add(one);
    }
  }
  return [...found];
}

function namedFiles(request: LocaliseRequest): readonly string[] {
  const said = `${request.words ?? ''} ${request.failure.failure}`;
  const named = request.project.paths.filter((path) => isOwnSource(path) && said.includes(path.split('/').at(-1) ?? path));
  return [...new Set([...(request.file === undefined ? [] : [request.file]), ...named])];
}

/** Nearest first; where nothing is known of the test, whatever source there is. */
function candidateFiles(request: LocaliseRequest, distance: ReadonlyMap<string, number>): readonly string[] {
  const near = [...distance].sort((a, b) => a[1] - b[1]).map(([path]) => path);
  const frames = (request.failure.tests ?? []).flatMap((test) => test.frames.map((frame) => frame.path));
  const ran = [...(request.failingCoverage?.keys() ?? [])];
  const known = new Set(request.project.paths);
  const files = new Set([...(request.file === undefined ? [] : [request.file]), ...frames, ...ran, ...near].filter((path) => known.has(path) && isSuspectFile(path, request)));
  if (files.size === 0) for (const path of request.project.paths.filter(isOwnSource).slice(0, LOOSE_FILES_MAX)) files.add(path);
  for (const path of request.changedFiles) if (files.size < FILES_MAX && known.has(path) && isOwnSource(path) && request.failingCoverage === undefined) files.add(path);
  return [...files].slice(0, FILES_MAX);
}

/** Rust keeps unit tests in the source itself, and a script may be its own test. */
function isSuspectFile(path: string, request: LocaliseRequest): boolean {
  return isOwnSource(path) && !(request.check.runner === 'script' && request.check.argv.includes(path));
}

const testNames = (request: LocaliseRequest): readonly string[] => (request.failure.tests ?? []).filter((test) => test.state === 'failed').map((test) => test.name);

function failureWords(request: LocaliseRequest): string {
  const failed = (request.failure.tests ?? []).filter((test) => test.state === 'failed');
  // The failure's text quotes the test's own code, whose names count already as named in the test.
  return failed.length === 0 ? request.failure.failure : failed.map((test) => test.message ?? '').join('\n');
}

const LINES_BEFORE = 12;
const LINES_WHOLE_TEST = 60;

/** What the failing test's own lines name: from its first line to the assertion, or the whole file where neither is known. */
async function testIdentifiers(request: LocaliseRequest, tests: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const failed = (request.failure.tests ?? []).filter((test) => test.state === 'failed');
  const places = failed.flatMap((test) => {
    const frame = test.frames.findLast((one) => tests.includes(one.path));
    const path = frame?.path ?? test.path;
    if (path === undefined) return [];
    const last = frame?.line ?? (test.line === undefined ? undefined : test.line + LINES_WHOLE_TEST);
    return [{ path, first: test.line !== undefined && test.line <= (last ?? 0) ? test.line : Math.max(1, (last ?? 1) - LINES_BEFORE), last: last ?? Number.MAX_SAFE_INTEGER }];
  });
  for (const place of places.length > 0 ? places : tests.map((path) => ({ path, first: 1, last: Number.MAX_SAFE_INTEGER }))) {
    const lines = (await request.project.read(place.path))?.text.split('\n') ?? [];
    for (const name of identifiersIn(lines.slice(place.first - 1, place.last).join('\n'))) found.add(name);
  }
  return found;
}

const round = (score: number): number => Math.round(score * 1000) / 1000;
