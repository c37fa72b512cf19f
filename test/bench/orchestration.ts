/** Decides what the crew adds between its calls to the model: a whole run on a paced server, against the bare replay of its calls. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCrew } from '../../src/core/crew.ts';
import type { RunEvent } from '../../src/core/domain/event.ts';
import { RunSettings } from '../../src/core/domain/settings.ts';
import { createNodeHost } from '../../src/node/host.ts';
import { createBareCaller } from './bareCaller.ts';
import { atMost, plain, type Row } from './row.ts';

/** 256 tokens at this pace take about as long as four gaps of a 1.5B. */
const PACE_MS = 4;
const SAMPLES = 8;
const RATIO_MAX = 1.02;

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{"name":"sums","type":"module"}',
  'sum.js': 'export function sum(a, b) {\n  return a - b;\n}\n',
  'sum.test.js': "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { sum } from './sum.js';\ntest('sum', () => assert.equal(sum(1, 2), 3));\n",
};

/** The server's replies hold no code, so nothing but the model is waited for from the first call to the last. */
export async function benchOrchestration(signal: AbortSignal): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'groundcrew-bench-'));
  const server = spawn(process.execPath, [fileURLToPath(new URL('./streamServer.ts', import.meta.url)), String(PACE_MS)], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [said] = await once(server.stdout, 'data', { signal });
    const url = `http://127.0.0.1:${Number(String(said))}`;
    const events = await runCrew(folder, url, signal);
    const calls = events.filter((event) => event.type === 'model.started');
    const first = calls[0];
    const last = events.findLast((event) => event.type === 'model.finished');
    if (first === undefined || last === undefined || calls.length < SAMPLES) throw new Error(`The run made ${calls.length} calls: nothing to compare.`);
    const crewMs = last.at - first.at;
    using bare = createBareCaller(url);
    const startedAt = performance.now();
    for (const { data } of calls) await bare.call({ model: data.model, stream: true, messages: data.messages, options: data.options });
    const bareMs = performance.now() - startedAt;
    return [plain(`bare replay of ${calls.length} calls`, bareMs, 'ms'), atMost('model phase of a whole run ÷ bare replay of its calls', crewMs / bareMs, '×', RATIO_MAX)];
  } finally {
    server.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runCrew(folder: string, url: string, signal: AbortSignal): Promise<readonly RunEvent[]> {
  const root = join(folder, 'workspace');
  mkdirSync(root);
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(root, path), text);
  const events: RunEvent[] = [];
  await using host = await createNodeHost({ cwd: root, model: 'm', hosts: [url], env: { ...process.env, XDG_STATE_HOME: join(folder, 'state') }, prompt: async () => 'nobody' });
  const crew = createCrew({ ...host.ports, confirm: async () => 'nobody' });
  const request = { command: 'fix' as const, words: '', test: ['node', '--test', 'sum.test.js'], file: null, line: null, paths: [] };
  await crew.start(request, RunSettings.parse({ approve: 'safe', apply: 'no', sources: ['rewrite'], samples: SAMPLES, review: false }), (event) => events.push(event), signal);
  return events;
}
