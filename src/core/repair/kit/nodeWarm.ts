/** Decides how one Node process tries many candidates: a fresh worker thread each, the next one booted while this one runs. */

/**
 * argv: mode (`file` imports each test file, `mocha` runs mocha's own command line) and what follows. The candidate's text stands
 * on disk while its thread lives, so it needs no loader hooks (module.registerHooks only came with 22.15) and works with any transpiler.
 */
export const NODE_WARM = String.raw`'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { fork } = require('node:child_process');
const { Worker } = require('node:worker_threads');
const PER_CANDIDATE = Number(process.env.GROUNDCREW_WARM_MS ?? 3000);
// A candidate that takes so many times what the base took is as good as hanging; the floor is for a loaded machine.
const FACTOR = 4, FLOOR = 400, HEAP_MB = 256, CRASHES_MAX = 20, UNSOUND = 86, STUCK_MS = 2000, STUCK_MAX = 3;
let stuck = 0;
const [mode, ...rest] = process.argv.slice(2);
const batch = JSON.parse(fs.readFileSync(path.join(__dirname, 'gc_candidates.json'), 'utf8'));
const folder = path.resolve(process.cwd(), batch.up);
const raw = {};
for (const name of Object.keys(batch.reference)) raw[name] = fs.readFileSync(path.join(folder, name));
const say = (fields) => fs.writeSync(1, JSON.stringify({ groundcrew: 'warm', ...fields }) + '\n');
const isUtf8 = (bytes) => Buffer.compare(Buffer.from(bytes.toString('utf8'), 'utf8'), bytes) === 0;
function write(candidate) {
  const base = raw[candidate.path], text = batch.reference[candidate.path];
  const whole = text.slice(0, candidate.start) + candidate.text + text.slice(text.length - candidate.rest);
  const bom = base.length >= 3 && base[0] === 0xef && base[1] === 0xbb && base[2] === 0xbf ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0);
  fs.writeFileSync(path.join(folder, candidate.path), Buffer.concat([bom, Buffer.from(whole, isUtf8(base) ? 'utf8' : 'latin1')]));
}
const restore = (candidate) => fs.writeFileSync(path.join(folder, candidate.path), raw[candidate.path]);
function boot() {
  const worker = new Worker(path.join(__dirname, 'gc_warm_thread.cjs'), { argv: rest, workerData: { mode, files: mode === 'mocha' ? [] : rest }, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  const state = { worker, code: undefined, unsupported: false, ended: undefined };
  // Output is read so that no thread waits for a full pipe; only the one message that makes threads unsound is looked for.
  const look = (chunk) => { if (String(chunk).includes('not supported in workers')) state.unsupported = true; };
  worker.stdout.on('data', look);
  worker.stderr.on('data', look);
  worker.on('error', (error) => { if (error && error.code === 'ERR_WORKER_UNSUPPORTED_OPERATION') state.unsupported = true; });
  state.ended = new Promise((resolve) => worker.on('exit', (code) => { state.code = code; resolve('exit'); }));
  return state;
}
async function attempt(state, limit) {
  const began = performance.now();
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve('late'), limit); });
  state.worker.postMessage('go');
  const end = await Promise.race([state.ended, late]);
  clearTimeout(timer);
  const ms = performance.now() - began;
  if (end === 'exit') return { verdict: state.code === 0 ? 'passed' : 'failed', ms, unsupported: state.unsupported };
  // A thread that will not end is left behind; a few of them eat the machine.
  const gone = state.worker.terminate().then(() => true);
  const waited = new Promise((resolve) => setTimeout(() => resolve(false), STUCK_MS).unref());
  if (!(await Promise.race([gone, waited])) && ++stuck > STUCK_MAX) process.exit(UNSOUND + 1);
  return { verdict: 'timeout', ms, unsupported: state.unsupported };
}
// A thread that runs out of memory can take the process along: a parent puts the file back and goes on after that candidate.
function supervise(from, crashes) {
  let at = from;
  const child = fork(__filename, process.argv.slice(2), { execArgv: process.execArgv, env: { ...process.env, GROUNDCREW_WARM_FROM: String(from) }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.on('message', (message) => { at = message.at; });
  child.on('error', () => process.exit(UNSOUND));
  child.on('exit', (code) => {
    for (const name of Object.keys(raw)) fs.writeFileSync(path.join(folder, name), raw[name]);
    if (code === 0 || code === UNSOUND) process.exit(code);
    const fallen = batch.candidates[at];
    if (fallen === undefined || crashes >= CRASHES_MAX) process.exit(UNSOUND + 1);
    say({ id: fallen.id, verdict: 'error', ms: 0 });
    supervise(at + 1, crashes + 1);
  });
}
async function tryAll(from) {
  let next = boot();
  let took = 0;
  let limit = PER_CANDIDATE;
  // The unchanged code twice: it must not pass, or what passes here says nothing; the second run tells the time.
  for (let round = 0; round < 2; round++) {
    const now = next;
    next = boot();
    const base = await attempt(now, PER_CANDIDATE);
    if (base.verdict === 'passed' || base.unsupported) process.exit(UNSOUND);
    took = base.ms;
    if (base.verdict !== 'timeout') limit = Math.min(PER_CANDIDATE, Math.max(FLOOR, FACTOR * took));
  }
  for (let at = from; at < batch.candidates.length; at++) {
    const candidate = batch.candidates[at];
    process.send({ at });
    const now = next;
    next = boot();
    write(candidate);
    const result = await attempt(now, limit);
    restore(candidate);
    say({ id: candidate.id, verdict: result.verdict, ms: Math.round(result.ms * 10) / 10 });
  }
  process.exit(0);
}
if (process.env.GROUNDCREW_WARM_FROM === undefined) supervise(0, 0);
else tryAll(Number(process.env.GROUNDCREW_WARM_FROM));
`;

/** Waits booted until it is told to go, then is the test run: its exit code is the answer. */
export const NODE_WARM_THREAD = String.raw`'use strict';
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const { parentPort, workerData } = require('node:worker_threads');
require('node:assert');
parentPort.once('message', async () => {
  parentPort.unref();
  if (workerData.mode === 'mocha') {
    const require_ = createRequire(path.join(process.cwd(), 'package.json'));
    const manifest = require_.resolve('mocha/package.json');
    const bin = require_(manifest).bin;
    const main = path.resolve(path.dirname(manifest), 'lib/cli/cli.js');
    process.argv[1] = path.resolve(path.dirname(manifest), typeof bin === 'string' ? bin : bin.mocha);
    const loaded = await import(pathToFileURL(main).href);
    await (loaded.main ?? loaded.default.main)(process.argv.slice(2));
    return;
  }
  for (const file of workerData.files) {
    process.argv[1] = path.resolve(file);
    await import(pathToFileURL(path.resolve(file)).href);
  }
});
`;
