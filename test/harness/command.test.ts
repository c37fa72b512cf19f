import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const MODULE = new URL('./command.ts', import.meta.url).href;

/** Exit of a program that runs this body as a command; it is sent SIGINT once it says "ready". */
async function check(body: string): Promise<{ readonly exit: number; readonly said: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `import { runCommand } from ${JSON.stringify(MODULE)}; await runCommand(async (signal) => { ${body} });`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (text.includes('ready')) child.kill('SIGINT');
  });
  const [exit] = await once(child, 'close');
  return { exit: Number(exit), said: said.trim() };
}

describe('a command of the harness', () => {
  it('ends with its own code', async () => assert.deepEqual(await check('return 3;'), { exit: 3, said: '' }));
  it('says why it cannot go on, without a stack', async () => assert.deepEqual(await check("throw new Error('no network');"), { exit: 2, said: 'no network' }));
  it('stops what it started at Ctrl+C', async () => {
    const body = `try { setInterval(() => undefined, 1000); await new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); console.log('ready'); }); } finally { console.log('cleaned'); setTimeout(() => process.exit(), 10); }`;
    assert.deepEqual(await check(body), { exit: 130, said: 'ready\ncleaned\nstopped' });
  });
});
