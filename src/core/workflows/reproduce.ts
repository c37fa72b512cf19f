/** Decides how a bug that no check shows becomes one that fails: the verifier writes a test, kept only if it fails twice on the base tree. */
import { asData, layOut } from '../agents/prompt.ts';
import { verifier } from '../agents/roles/verifier.ts';
import { localise } from '../repair/localise.ts';
import { type Crash, readCrash } from '../repair/crash.ts';
import { frameTest, type TestFrame, type WrittenTest } from '../repair/reproduction.ts';
import type { Suspect } from '../repair/suspect.ts';
import { suspectText } from '../repair/suspectText.ts';
import { discoverChecks } from '../checks/discover.ts';
import type { Check, CheckOutcome } from '../domain/check.ts';
import type { Baseline, Failure } from './baseline.ts';
import { missing } from './modelMissing.ts';
import { findCrash } from './reproduceCrash.ts';
import { type RunContext, send } from './runContext.ts';

const TRIES_MAX = 3;
const SHOWN_TOKENS = 320;
const WALL_MS = 20_000;
/** A test that fails for these reasons says something of itself, nothing of the code. */
const OWN_FAULT = /_FailedTest|SyntaxError|ERR_MODULE_NOT_FOUND|Cannot find (?:module|package)|ModuleNotFoundError|ImportError|ReferenceError: (?!.*before init)|NameError|is not a function|IndentationError/u;

/** The test file itself could not be loaded. */
const LOADING = /_FailedTest|ERR_MODULE_NOT_FOUND|Cannot find (?:module|package)|errors? during collection|ERROR collecting/u;

/** What was found before, unless the user's words, file or line give something to reproduce and a model is there to write it. */
export async function reproduce(context: RunContext, before: Baseline, signal: AbortSignal): Promise<Baseline> {
  const { request, project } = context;
  if (before.kind === 'environment' || before.kind === 'reproduced' || !isAsked(request)) return before;
  const near = (await discoverChecks(project, signal)).find((one) => one.scope !== 'types');
  const crash = readCrash(request.words, project.paths);
  const crashed = crash === undefined ? undefined : await fromCrash(context, crash, near, signal);
  if (crashed !== undefined) return crashed;
  if (context.model === undefined) return before;
  const found = await firstFrame(context, near, signal);
  if (found === undefined) return before;
  const message = send(context, { sender: 'orchestrator', receiver: 'verifier', intent: 'ask', type: 'request', expects: 'receipt', body: `Reproduce: ${request.words}` });
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const lines = await ask(context, found, attempt, signal);
    if (lines === undefined) return before;
    const test = { path: found.frame.path, check: found.frame.check, text: found.frame.fill(lines) };
    const outcome = lines.trim() === '' ? undefined : await failsTwice(context, test, { attempt, crash }, signal);
    if (outcome === undefined) continue;
    send(context, { sender: 'verifier', receiver: 'orchestrator', intent: 'inform', type: 'response', replyTo: message, body: `A test of ${found.suspect.symbol} fails twice on the unchanged code:\n${lines}` });
    return await toBaseline(context, found.frame.check, outcome, signal);
  }
  return { kind: 'not-reproduced', reason: `${before.kind === 'not-reproduced' ? before.reason : 'No check was found.'} ${TRIES_MAX} tests written from your words did not fail because of the code. Name the failing command: --test "<command>" or groundcrew.verify.command.` };
}

async function fromCrash(context: RunContext, crash: Crash, near: Check | undefined, signal: AbortSignal): Promise<Baseline | undefined> {
  const test = await findCrash(context, crash, near, signal);
  const outcome = test === undefined ? undefined : await failsTwice(context, test, { attempt: 0, crash }, signal);
  if (test === undefined || outcome === undefined) return undefined;
  send(context, { sender: 'verifier', receiver: 'orchestrator', intent: 'inform', body: `A call as the tests make it, a little changed, ends in ${crash.error} as reported:\n${test.text}` });
  return await toBaseline(context, test.check, outcome, signal);
}

/** Words, a file or a line give something to write a test from; a command that the user named is the test. */
export const isAsked = (request: RunContext['request']): boolean => request.test === null && (request.words !== '' || request.file !== null);

interface Found {
  readonly suspect: Suspect;
  readonly frame: TestFrame;
}

async function toBaseline(context: RunContext, target: Check, outcome: CheckOutcome, signal: AbortSignal): Promise<Baseline> {
  const failing = (outcome.tests ?? []).filter((test) => test.state === 'failed');
  return { kind: 'reproduced', failure: { shownBy: 'check', target, wider: await allChecks(context, signal), outcome, failing, passing: [], wallMs: WALL_MS } };
}

/** The most suspicious function that a test can call; undefined where none can. */
async function firstFrame(context: RunContext, check: Check | undefined, signal: AbortSignal): Promise<Found | undefined> {
  const { request, project } = context;
  const nothing: CheckOutcome = { passed: false, exit: null, tests: null, failure: request.words, durationMs: 0 };
  const suspects = await localise({
    failure: nothing, check: check ?? { argv: ['true'], cwd: '', runner: 'script', origin: 'discovered', scope: 'all', definedBy: '' }, project, changedFiles: [], words: request.words,
    ...(request.file === null ? {} : { file: request.file }), ...(request.line === null ? {} : { line: request.line }),
  }, signal);
  for (const suspect of suspects) {
    const frame = await frameTest(project, suspect, check);
    if (frame !== undefined) return { suspect, frame };
  }
  return undefined;
}

async function ask(context: RunContext, { suspect, frame }: Found, attempt: number, signal: AbortSignal): Promise<string | undefined> {
  const { model, settings, request } = context;
  if (model === undefined) return undefined;
  const records = [asData(suspect.path, await suspectText(context.project, suspect, model, SHOWN_TOKENS)), `The user reports: ${request.words}`];
  const reply = await missing(context, 'verifier', async () => await model.chat({
    role: 'verifier', task: 'reproduce', purpose: 'reproduce', priority: 'verify',
    messages: layOut({ records }, verifier, frame.instruction),
    sampling: { temperature: attempt === 0 ? 0 : 0.6, seed: settings.seed + attempt, replyTokensMax: verifier.limits.replyTokensMax },
  }, signal));
  return reply === undefined ? undefined : frame.readReply(reply.text);
}

/** Its outcome when it fails twice for a reason that is not its own fault; a reported crash must be the same one. */
async function failsTwice(context: RunContext, test: WrittenTest, { attempt, crash }: { readonly attempt: number; readonly crash: Crash | undefined }, signal: AbortSignal): Promise<CheckOutcome | undefined> {
  context.verifier.support({ path: test.path, text: test.text });
  let last: CheckOutcome | undefined;
  for (let run = 0; run < 2; run += 1) {
    const { outcome } = await context.verifier.verify({ check: test.check, purpose: `reproduction ${attempt + 1}`, wallMs: WALL_MS, again: run }, signal);
    const isShown = crash === undefined ? !OWN_FAULT.test(outcome.failure) : outcome.failure.includes(crash.error) && !LOADING.test(outcome.failure);
    if (outcome.passed || outcome.environment !== undefined || !isShown) {
      context.verifier.withdraw(test.path);
      return undefined;
    }
    last = outcome;
  }
  return last;
}

/** What is left when nothing fails: the report, and every check that passes now and must go on passing. undefined: nobody wrote it down. */
export async function fromWords(context: RunContext, signal: AbortSignal): Promise<Failure | undefined> {
  const { request, settings } = context;
  if (!isAsked(request) || context.model === undefined || !settings.sources.includes('rewrite')) return undefined;
  const [target] = await allChecks(context, signal);
  if (target === undefined) return undefined;
  const outcome: CheckOutcome = { passed: false, exit: null, tests: null, failure: request.words, durationMs: 0 };
  return { shownBy: 'words', target, wider: [], outcome, failing: [], passing: [], wallMs: settings.checkWallMs };
}

async function allChecks(context: RunContext, signal: AbortSignal) {
  return (await discoverChecks(context.project, signal)).filter((check) => check.scope === 'all').slice(0, 1);
}
