/** Decides what the process does that is killed: a scripted run that reads, checks, edits, creates, deletes, applies and takes back; or going on with it. */
import * as z from 'zod';
import { Hit, createPoints } from './points.ts';

const Order = z.object({ root: z.string(), token: z.string(), hit: Hit, act: z.enum(['run', 'recover']), undo: z.boolean() });

const order = Order.parse(JSON.parse(process.argv[2] ?? ''));
const points = createPoints(order.hit);
// After the points, so that the product takes the patched functions.
const { createCrew } = await import('../../../src/core/crew.ts');
const { RunSettings } = await import('../../../src/core/domain/settings.ts');
const { createNodeHost } = await import('../../../src/node/host.ts');
const { scriptedRun } = await import('./script.ts');

await using host = await createNodeHost({ cwd: order.root, model: 'none', hosts: ['http://127.0.0.1:1'], env: process.env, prompt: () => Promise.resolve('once') }); // deleting what the run did not make is asked about
const ports = points.ports({ ...host.ports, confirm: () => Promise.resolve('nobody') });
const crew = createCrew(ports, { fix: scriptedRun(order.token), review: scriptedRun(order.token) });
const signal = new AbortController().signal;
const said: Record<string, unknown> = {};

try {
  points.arm();
  if (order.act === 'run') {
    const settings = RunSettings.parse({ approve: 'ask', apply: 'yes' });
    const ended = await crew.start({ command: 'fix', words: 'A scripted run.', test: null, file: null, line: null, paths: [] }, settings, (event) => {
      said['run'] ??= event.run;
    }, signal);
    said['outcome'] = ended.outcome.kind;
    said['reason'] = ended.outcome.reason;
  } else {
    const [newest] = await host.ports.store.runs(1);
    if (newest !== undefined && newest.last.type !== 'run.finished') said['resumed'] = await crew.resume(newest.run, () => undefined, signal).then((ended) => ended.outcome.kind, String);
    said['run'] = newest?.run;
  }
  const [newest] = await host.ports.store.runs(1);
  if (order.undo && newest !== undefined) said['undone'] = await crew.undo(newest.run, signal);
} catch (error) {
  said['error'] = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
process.stdout.write(`${JSON.stringify({ ...said, points: points.names })}\n`);
