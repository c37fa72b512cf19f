/** Decides nothing: a process of its own that uses a store as its arguments say, for tests that kill it. Not a test. */
import { createClock } from '../../src/node/clock.ts';
import { openStore } from '../../src/node/store.ts';
import { createRunLog } from '../../src/core/run/log.ts';

const [folder = '', mode = '', run = 'run-child'] = process.argv.slice(2);

try {
  const store = await openStore(folder);
  const lease = await store.lease({ pid: process.pid, run });
  const log = createRunLog({ store, lease, run, clock: createClock() });
  console.log('held');
  if (mode === 'intend') {
    await store.intend(lease.epoch, 'effect', run, { before: 'x' });
    console.log('intended');
  }
  if (mode === 'append' || mode === 'fill') {
    for (let i = 0; i < 1_000_000; i += 1) {
      log.emit('degraded', { what: `${i} ${mode === 'fill' ? 'x'.repeat(2_000) : ''}` });
      if (i % 100 !== 99) continue;
      await log.durable();
      console.log(`stored ${i + 1}`);
    }
  }
  process.stdin.resume(); // waits to be killed, or for its input to end
  await new Promise((resolve) => process.stdin.on('end', resolve));
  await log[Symbol.asyncDispose]();
  await lease[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
} catch (error) {
  console.log(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  process.exitCode = 3;
}
