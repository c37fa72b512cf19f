/** Decides what the core itself costs, as ratios measured side by side in one run. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ChatRequest } from '../../src/core/model/chatModel.ts';
import { createChatModel } from '../../src/core/model/createChatModel.ts';
import { createClock } from '../../src/node/clock.ts';
import { createIds } from '../../src/node/ids.ts';
import { createOllama } from '../../src/node/ollama.ts';
import { createBareCaller } from './bareCaller.ts';
import { buildCommandLine } from './crewRun.ts';
import { median } from './fixTable.ts';
import { benchOrchestration } from './orchestration.ts';
import { atMost, plain, type Bench, type Row } from './row.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CALLS = 40;
const ROUNDS = 9;
const STARTS = 15;
const CPU_RATIO_MAX = 1.25;
const HELP_MS_MAX = 100;

const REQUEST: ChatRequest = {
  role: 'coder', task: null, purpose: 'bench', priority: 'interactive',
  messages: [{ role: 'user', content: 'Say 256 tokens.' }],
  sampling: { temperature: 0, seed: 7, replyTokensMax: 300 },
};
const BARE_BODY = { model: 'm', stream: true, messages: REQUEST.messages, options: { num_ctx: 4096, num_predict: 300, temperature: 0, seed: 7 } };

export const bench: Bench = async (_options, signal) => [...(await streamedCalls(signal)), ...(await benchOrchestration(signal)), ...(await helpStart(signal))];

/** CPU of this process alone, the server being another; rounds alternate, so that a busy machine hurts both. */
async function streamedCalls(signal: AbortSignal): Promise<readonly Row[]> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('./streamServer.ts', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [said] = await once(server.stdout, 'data', { signal });
    const url = `http://127.0.0.1:${Number(String(said))}`;
    using ollama = createOllama({ url, allowRemote: false });
    using bare = createBareCaller(url);
    const call = (): Promise<number> => bare.call(BARE_BODY);
    let events = 0;
    const model = await createChatModel({ models: ollama, name: 'm', clock: createClock(), ids: createIds(), emit: () => void events++, limits: { slotsMax: 1 }, memoryBytes: null, allowCloud: false }, signal);
    const ours = async (): Promise<number> => (await model.chat(REQUEST, signal)).text.length;
    if ((await ours()) !== (await call())) throw new Error('The two ways read different replies: their costs cannot be compared.');
    const samples = { ours: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      const [oursMs, bareMs] = [await cpuMs(ours), await cpuMs(call)];
      if (round === 0) continue; // while the code is being compiled
      samples.ours.push(oursMs);
      samples.bare.push(bareMs);
    }
    const ratios = samples.ours.map((ms, index) => ms / (samples.bare[index] ?? Number.NaN));
    return [
      plain('events emitted per call', events / (CALLS * (ROUNDS + 1) + 1), ''),
      plain('CPU of a 256-token call, bare node:http', median(samples.bare), 'ms'),
      plain('CPU of a 256-token call, ours', median(samples.ours), 'ms'),
      atMost('CPU of a 256-token call ÷ bare node:http', median(ratios), '×', CPU_RATIO_MAX),
    ];
  } finally {
    server.stdin.end();
  }
}

async function cpuMs(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < CALLS; index++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / CALLS;
}

/** The bundle as it is packed, built now. */
async function helpStart(signal: AbortSignal): Promise<readonly Row[]> {
  const run = promisify(execFile);
  await buildCommandLine(signal);
  const wall = async (...args: string[]): Promise<number> => {
    const startedAt = performance.now();
    await run(process.execPath, args, { cwd: ROOT, signal });
    return performance.now() - startedAt;
  };
  const differences: number[] = [];
  for (let start = 0; start <= STARTS; start++) {
    const [bare, help] = [await wall('-e', '0'), await wall('dist/groundcrew.js', '--help')];
    if (start > 0) differences.push(help - bare);
  }
  return [atMost('groundcrew --help over bare node', median(differences), 'ms', HELP_MS_MAX)];
}
