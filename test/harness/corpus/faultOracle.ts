/** Decides whether what happened in a fault's case is what its oracle says; every difference is named. */
import { isDeepStrictEqual } from 'node:util';
import type { FaultOracle } from './faultCase.ts';
import type { Played } from './faultRun.ts';
import type { FakeRequest, FaultServer } from './faultServer.ts';

export interface Scene {
  readonly oracle: FaultOracle;
  readonly server: Pick<FaultServer, 'requests' | 'counted'>;
  /** undefined: the process hung or died; `why` says which. */
  readonly played: Played | undefined;
  readonly why: string;
  readonly ms: number;
  readonly stoppedAt: number | undefined;
  readonly peakMb: number;
  readonly changed: readonly string[];
  readonly sink: string;
}

/** Sentences, one for each part of the oracle that does not hold; empty when all do. */
export async function judge(scene: Scene): Promise<readonly string[]> {
  const { oracle, played, why, ms } = scene;
  if (played === undefined) return [why];
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  must(ms <= (oracle.withinMs ?? Number.POSITIVE_INFINITY), `hang: ${ms} ms`);
  const outcomes = oracle.outcome === undefined ? [played.outcome] : [oracle.outcome].flat();
  must(outcomes.includes(played.outcome), `outcome ${played.outcome}: ${played.told.slice(-400)}`);
  if (oracle.text !== undefined) must(played.text === oracle.text, `text ${JSON.stringify(played.text.slice(0, 200))}`);
  if (oracle.value !== undefined) must(isDeepStrictEqual(played.value, oracle.value), `value ${JSON.stringify(played.value)?.slice(0, 200)}`);
  judgeTold(oracle, played, must);
  judgeRequests(scene, must);
  const allowed = oracle.toolCallsExecuted === undefined ? undefined : [oracle.toolCallsExecuted].flat();
  if (allowed !== undefined) must(allowed.includes(played.toolCalls), `${played.toolCalls} tool calls were executed`);
  if (oracle.filesChanged !== undefined) must(isDeepStrictEqual([...oracle.filesChanged].sort(), [...scene.changed]), `files changed: ${scene.changed.join(', ') || 'none'}`);
  if (oracle.modelsOffered !== undefined) must(isDeepStrictEqual([...oracle.modelsOffered].sort(), [...(played.modelsOffered ?? [])].sort()), `models offered: ${played.modelsOffered?.slice(0, 20).join(', ')}`);
  if (oracle.rssMb !== undefined) must(scene.peakMb <= oracle.rssMb, `memory grew by ${Math.round(scene.peakMb)} MB`);
  if (oracle.noNet === true) must(scene.sink === '', `the network was used: ${scene.sink.slice(0, 200)}`);
  if (oracle.resumable !== undefined) must(played.resumable === oracle.resumable, `resumable: ${played.resumable}`);
  if (oracle.storeReadable !== undefined) must(played.storeReadable === oracle.storeReadable, `store readable: ${played.storeReadable}`);
  await judgeClosing(scene, played, must);
  return wrong;
}

type Must = (holds: boolean, what: string) => void;

function judgeTold(oracle: FaultOracle, { told }: Played, must: Must): void {
  const lower = told.toLowerCase();
  for (const entry of oracle.messageIncludes ?? []) must(entry.toLowerCase().split('|').some((words) => lower.includes(words)), `the user is not told "${entry}" but: ${told.slice(0, 500)}`);
  for (const words of oracle.messageExcludes ?? []) must(!lower.includes(words.toLowerCase()), `the user is told "${words}"`);
}

function judgeRequests({ oracle, server }: Scene, must: Must): void {
  const { counted, requests } = server;
  must(counted.length >= (oracle.requestsMin ?? 0), `${counted.length} requests`);
  must(counted.length <= (oracle.requestsMax ?? Number.POSITIVE_INFINITY), `${counted.length} requests`);
  for (const [path, most] of Object.entries(oracle.requestsTo ?? {})) {
    const count = requests.filter((request) => request.path === path).length;
    must(count <= most, `${count} requests to ${path}`);
  }
  const first = counted[0];
  const last = counted.at(-1);
  for (const [path, wanted] of Object.entries(oracle.requestsHave ?? {})) {
    must(counted.length > 0 && counted.every((request) => matches(at(request.body, path), wanted)), `${path} is ${JSON.stringify(counted.map((request) => at(request.body, path)))}`);
  }
  for (const key of oracle.lastRequestLacks ?? []) must(last !== undefined && at(last.body, key) === undefined, `the last request has ${key}`);
  if (oracle.lastRequestShorter === true) must(first !== undefined && last !== undefined && last !== first && promptOf(last).length < promptOf(first).length, 'the last request is not shorter');
  if (oracle.samePrompt === true) must(counted.length > 1 && counted.every((request) => promptOf(request) === promptOf(counted[0])), 'the prompts differ');
}

const promptOf = (request: FakeRequest | undefined): string => JSON.stringify([request?.body['messages'], request?.body['prompt'], request?.body['tools']]);

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? Object.entries(found).find(([name]) => name === key)?.[1] : undefined), value);
}

const TYPES = new Set(['number', 'string', 'boolean', 'object', 'array']);

/** A value, or the name of its type. */
function matches(found: unknown, wanted: unknown): boolean {
  if (isDeepStrictEqual(found, wanted)) return true;
  if (typeof wanted !== 'string' || !TYPES.has(wanted)) return false;
  return wanted === 'array' ? Array.isArray(found) : typeof found === wanted && found !== null;
}

/** From the stop, or from the moment in which the product gave the call up. */
async function judgeClosing({ oracle, server, stoppedAt }: Scene, { refusedAt }: Played, must: Must): Promise<void> {
  if (oracle.closedWithinMs === undefined) return;
  const from = stoppedAt ?? refusedAt;
  const last = server.counted.at(-1);
  if (from === undefined || last === undefined) return must(false, 'nothing was stopped or refused');
  for (const until = Date.now() + oracle.closedWithinMs; last.endedAt === undefined && Date.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 20));
  must(last.endedAt !== undefined && last.endedAt - from <= oracle.closedWithinMs, last.endedAt === undefined ? 'the connection stays open' : `closed after ${last.endedAt - from} ms`);
  must(last.end === 'closed', 'the reply was read to its end');
}
