/** Decides how the product meets a fault: one process that runs a coder's turn, lists models or pulls one, and prints what came of it. */
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { withoutModel } from '../../../src/core/workflows/whatIsMissing.ts';
import { runTextTurn, runTurn } from '../../../src/core/agents/turn.ts';
import { asData, layOut } from '../../../src/core/agents/prompt.ts';
import { coder } from '../../../src/core/agents/roles/coder.ts';
import { createCrew } from '../../../src/core/crew.ts';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import { exitCode, type Outcome } from '../../../src/core/domain/outcome.ts';
import { RunSettings } from '../../../src/core/domain/settings.ts';
import { ModelUnavailable, type ChatModel } from '../../../src/core/model/chatModel.ts';
import { offeredModels } from '../../../src/core/model/offered.ts';
import { pullModel, PullRefused } from '../../../src/core/model/pullModel.ts';
import { StoreFailed } from '../../../src/core/run/storeErrors.ts';
import { whyNotResumable } from '../../../src/core/run/resume.ts';
import { foldRun } from '../../../src/core/run/view.ts';
import { describeWaiting } from '../../../src/core/trace/text.ts';
import type { Toolbox } from '../../../src/core/tools/toolbox.ts';
import type { FixEnd } from '../../../src/core/workflows/fixBug.ts';
import type { RunContext } from '../../../src/core/workflows/runContext.ts';
import { createLineConsole } from '../../../src/cli/console.ts';
import { plainStyle } from '../../../src/cli/liveGraph.ts';
import { renderOutcome } from '../../../src/cli/summary.ts';
import { applyEvent, RunFold } from '../../../src/core/run/view.ts';
import { createNodeHost, type NodeHost } from '../../../src/node/host.ts';
import { stateFolder } from '../../../src/node/stateFolder.ts';
import { openStore } from '../../../src/node/store.ts';
import { storeFailure } from '../../../src/node/journalErrors.ts';
import { FaultLimits, FaultRun, type OutcomeName } from './faultCase.ts';

export const Order = z.object({ workspace: z.string(), url: z.string(), run: FaultRun, limits: FaultLimits });
export type Order = z.infer<typeof Order>;

/** Last line of the process. */
export interface Played {
  readonly outcome: OutcomeName;
  readonly text: string;
  readonly value?: unknown;
  /** Everything that the user is shown, in order. */
  readonly told: string;
  readonly toolCalls: number;
  readonly modelsOffered?: readonly string[];
  readonly resumable: boolean;
  readonly storeReadable: boolean;
  /** Milliseconds since 1970: when the product gave the last request up, or was stopped. */
  readonly refusedAt: number | undefined;
}

/** In a turn: more than any case needs, less than a loop would take. */
const TURNS_MAX = 12;
const REPLY_TOKENS_MAX = 512;

/** First the order, then the word to begin, then perhaps the word to stop. */
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function play(order: Order): Promise<Played> {
  const { run } = order;
  const stop = new AbortController();
  const { headerMs, firstTokenMs, idleMs, stepMs, retryMax, backoffMs, responseBytes } = order.limits;
  const limits = { headerMs, firstTokenMs, idleMs, stepMs, retryMax, backoffMs };
  const modelLimits = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  await using host = await createNodeHost({ cwd: order.workspace, model: 'm', hosts: [order.url], env: process.env, prompt: () => Promise.resolve('nobody'), modelLimits, ...(responseBytes === undefined ? {} : { responseBytes }) });
  await host.ports.processes.confinement(); // tried once per process, whatever is run
  console.log('ready');
  await lines.next();
  void lines.next().then(() => stop.abort(new Error('Stopped by the user.')));
  switch (run.kind) {
    case 'turn': return await playTurn(host, order, stop.signal);
    case 'list': return await playOther(async () => {
      const { offered, told } = await offeredModels(host.models, stop.signal);
      return { told, modelsOffered: offered.map((model) => model.name) };
    }, stop.signal);
    case 'pull': return await playOther(async () => {
      const lines: string[] = [];
      await pullModel({ models: host.models, name: 'm', agreed: () => Promise.resolve(run.consent === true), freeBytes: run.freeBytes ?? null, clock: host.ports.clock, ...(idleMs === undefined ? {} : { idleMs }), onProgress: ({ status }) => lines.push(status) }, stop.signal);
      return { told: lines.join('\n') };
    }, stop.signal);
  }
}

/** What follows is the harness's own. */
function ended(): void {
  console.log('ended');
}

async function playOther(work: () => Promise<Partial<Played>>, signal: AbortSignal): Promise<Played> {
  const nothing: Played = { outcome: 'ok', text: '', told: '', toolCalls: 0, resumable: true, storeReadable: true, refusedAt: undefined };
  try {
    const worked = await work();
    ended();
    return { ...nothing, ...worked };
  } catch (error) {
    ended();
    const told = error instanceof ModelUnavailable ? `${error.message} ${error.remedy}` : error instanceof Error ? error.message : String(error);
    const outcome = signal.aborted || error instanceof PullRefused ? 'cancelled' : error instanceof ModelUnavailable ? 'paused' : 'failed';
    return { ...nothing, outcome, told, modelsOffered: [], refusedAt: Date.now() };
  }
}

/** What a person sees of a run: the lines, the row of the call that is waited for, the summary. */
function createScreen(): { listen(event: RunEvent): void; end(outcome: Outcome, run: string): void; text(): string } {
  const shown: string[] = [];
  const lines = createLineConsole({ isTTY: false, columns: 200, colour: false, write: (text) => void shown.push(text) });
  const view = new RunFold();
  return {
    listen(event) {
      lines.listen(event);
      applyEvent(view, event);
      const waiting = describeWaiting(view);
      if (waiting !== '' && shown.at(-1) !== waiting) shown.push(waiting);
    },
    end: (outcome, run) => void shown.push(renderOutcome(outcome, run, plainStyle)),
    text: () => shown.join('\n'),
  };
}

async function playTurn(host: NodeHost, order: Order, signal: AbortSignal): Promise<Played> {
  const said: Said = { text: '', corrected: false };
  const screen = createScreen();
  const events: RunEvent[] = [];
  const listen = (event: RunEvent): void => {
    events.push(event);
    screen.listen(event);
  };
  const store = failing(host.ports.store, order.run.storeFails);
  const crew = createCrew({ ...host.ports, store, confirm: () => Promise.resolve('nobody') }, { fix: (context, stop) => coderTurns(context, order.run, said, stop), review: unused });
  let outcome: OutcomeName;
  let told: string;
  try {
    const settings = RunSettings.parse({ approve: 'safe', apply: 'yes' });
    const ended = await crew.start({ command: 'fix', words: 'A corpus case.', test: null, file: null, line: null, paths: [] }, settings, listen, signal);
    screen.end(ended.outcome, ended.run);
    outcome = nameOf(ended.outcome, events, said);
    told = screen.text();
  } catch (error) {
    if (!(error instanceof StoreFailed)) throw error;
    outcome = 'paused';
    told = `${screen.text()}\n${error.message}`;
  }
  ended();
  const stored = await readBack(host, order.workspace, events[0]?.run ?? '');
  if (outcome === 'paused' && !stored.resumable) outcome = 'failed';
  const executed = events.filter((event) => event.type === 'tool.called' && event.data.role === 'coder' && event.data.ok);
  const refusedAt = events.findLast((event) => event.type === 'model.finished' && event.data.state !== 'completed')?.at;
  return { outcome, text: said.text, ...('value' in said ? { value: said.value } : {}), told, toolCalls: executed.length, ...stored, refusedAt };
}

interface Said {
  text: string;
  value?: unknown;
  corrected: boolean;
}

function nameOf(outcome: Outcome, events: readonly RunEvent[], { corrected }: Said): OutcomeName {
  if (outcome.kind === 'stopped') return 'cancelled';
  if (outcome.kind === 'environment') return 'paused';
  if (exitCode(outcome) !== 0) return 'failed';
  const calls = events.flatMap((event) => (event.type === 'model.started' ? [event.data] : []));
  const cut = events.some((event) => event.type === 'model.finished' && event.data.done === 'length');
  const failed = cut || events.some((event) => event.type === 'model.finished' && event.data.state === 'failed');
  return failed || corrected || calls.some((call) => call.retryOf !== undefined) ? 'retried-ok' : 'ok';
}

const unused = (): Promise<FixEnd> => Promise.reject(new Error('A corpus case only runs a fix.'));

async function coderTurns(context: RunContext, run: FaultRun, said: Said, signal: AbortSignal): Promise<FixEnd> {
  const end = (kind: FixEnd['kind'], reason: string): FixEnd => ({ kind, reason, candidate: undefined, applied: false, receipt: undefined });
  const { model } = context;
  if (model === undefined) return end('environment', withoutModel(context, 'for the coder').trim());
  context.allowWrites(['**']);
  for (let turn = 1; turn <= run.turns; turn++) {
    const records = run.promptTokens === undefined ? [] : longRecords(run.promptTokens, model);
    const talk = {
      model,
      messages: layOut({ records }, coder, `Turn ${turn}: do what the task says; use your tools where they are needed.`),
      toolbox: named(context.turnTools('coder')),
      label: { role: 'coder' as const, task: null, purpose: 'turn', priority: 'repair' as const },
      sampling: { temperature: 0, seed: context.settings.seed, replyTokensMax: REPLY_TOKENS_MAX },
      turnsMax: TURNS_MAX,
      told: (what: string) => context.emit('degraded', { what }),
      ...(run.think === undefined ? {} : { think: run.think }),
    };
    if (run.schema === undefined) {
      said.text = (await runTextTurn(talk, signal)).value;
    } else {
      const schema: z.ZodType = z.fromJSONSchema(run.schema as Parameters<typeof z.fromJSONSchema>[0]); // the case's own; zod refuses what is none
      const answer = await runTurn({ ...talk, turnsMax: 1, schema }, signal);
      said.value = answer.value;
      said.corrected ||= answer.replies.length > 1;
      said.text = answer.replies.at(-1)?.text ?? '';
    }
  }
  return end('reviewed', '');
}

/** The corpus has names of its own for tools; the model is offered those, and the registry gets ours. */
const NAMES: Readonly<Record<string, { readonly name: string; readonly fields: Readonly<Record<string, string>> }>> = {
  'fs.write': { name: 'write_file', fields: { content: 'text' } },
  'fs.edit': { name: 'edit_file', fields: {} },
  'fs.read': { name: 'read_file', fields: {} },
  'fs.list': { name: 'list_files', fields: { path: 'under' } },
  'fs.search': { name: 'search_text', fields: { path: 'under' } },
  'fs.move': { name: 'move_file', fields: {} },
  'fs.delete': { name: 'delete_file', fields: {} },
  'git.status': { name: 'git_status', fields: {} },
};

function named(toolbox: Toolbox): Toolbox {
  return {
    ...toolbox,
    specs: () => toolbox.specs().flatMap((spec) => {
      const alias = Object.entries(NAMES).find(([, ours]) => ours.name === spec.name);
      return alias === undefined ? [spec] : [{ ...spec, name: alias[0] }];
    }),
    callByName(call, signal) {
      const ours = NAMES[call.name];
      if (ours === undefined) return toolbox.callByName(call, signal);
      const { arguments: given } = call;
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return toolbox.callByName({ ...call, name: ours.name }, signal);
      const renamed = Object.fromEntries(Object.entries(given).map(([key, value]) => [ours.fields[key] ?? key, value]));
      return toolbox.callByName({ ...call, name: ours.name, arguments: renamed }, signal);
    },
  };
}

/** About so many tokens by the product's own count, as files that were shown. */
function longRecords(tokens: number, model: ChatModel): readonly string[] {
  const record = asData('lib/table.js', Array.from({ length: 40 }, (_, line) => `export const value${line} = table.get(${line}) ?? ${line * 7};`).join('\n'));
  return Array.from({ length: Math.max(1, Math.round(tokens / model.countTokens(record))) }, () => record);
}

/** The n-th event and all later ones cannot be kept. */
function failing(store: NodeHost['ports']['store'], fails: FaultRun['storeFails']): NodeHost['ports']['store'] {
  if (fails === undefined) return store;
  const broken = (): Error => storeFailure('the run log', Object.assign(new Error(`${fails.code}: write failed`), { code: fails.code }));
  let isBroken = false;
  const guard = <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    if (isBroken) throw broken();
    return await call(...args);
  };
  return {
    ...store,
    append: guard(async (epoch, events, durable) => {
      const kept = events.filter((event) => event.seq < fails.atRecord);
      if (kept.length > 0 || events.length === 0) await store.append(epoch, kept, durable);
      if (kept.length === events.length) return;
      isBroken = true;
      throw broken();
    }),
    intend: guard(store.intend),
    finishEffect: guard(store.finishEffect),
    appendReceipt: guard(store.appendReceipt),
    putBlob: guard(store.putBlob),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** As another process would find it. */
async function readBack(host: NodeHost, workspace: string, run: string): Promise<Pick<Played, 'resumable' | 'storeReadable'>> {
  try {
    await using store = await openStore(stateFolder(workspace, { platform: process.platform, env: process.env, home: homedir() }));
    const events = await store.read(run);
    return { storeReadable: true, resumable: whyNotResumable(foldRun(events)) === undefined };
  } catch (error) {
    if (!(error instanceof StoreFailed)) throw error;
    console.error(`${host.stateFolder}: ${error.message}`);
    return { storeReadable: false, resumable: false };
  }
}

const played = await play(Order.parse(JSON.parse((await lines.next()).value ?? '')));
process.stdout.write(`${JSON.stringify(played)}\n`, () => process.exit(0));
