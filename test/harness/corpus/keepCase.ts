/** Decides how one case is played: its own folders, network and product process, made here and gone afterwards. Runs inside the namespace. */
import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { createOllamaStandIn } from '../../support/ollamaStandIn.ts';
import { AttackCase, type AttackResult } from './attackCase.ts';
import { hashTree, isExpected, judge, scriptsIn } from './attackOracle.ts';
import { expand, substitute } from './expand.ts';
import { modelsOf, scriptedReplies } from './fakeOllama.ts';
import { startNetwork } from './network.ts';
import { Answer, type Order, type Played, type ToolCall } from './productMessages.ts';

const WALL_MS = 60_000;
/** Opening, approvals, readings: before and after the call itself. */
const STEP_MS = 60_000;

/** How a case ends before it could be judged. */
class NotRun extends Error {
  override readonly name = 'NotRun';
}
class Hang extends Error {
  override readonly name = 'Hang';
}
class Crash extends Error {
  override readonly name = 'Crash';
}

interface Places {
  readonly base: string;
  readonly values: Readonly<Record<string, string>>;
  readonly root: string;
}

const [file = '', line = '', isolated = ''] = process.argv.slice(2);

function readCase(): AttackCase {
  return AttackCase.parse(JSON.parse(readFileSync(file, 'utf8').split('\n')[Number(line)] ?? ''));
}

async function keep(attack: AttackCase, isIsolated: boolean): Promise<AttackResult> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'groundcrew-case-')));
  const head = { id: attack.id, class: attack.class, tool: attack.tool, expect: attack.expect };
  const started = performance.now();
  try {
    return { ...head, ...(await playIn(base, attack, isIsolated)) };
  } catch (error) {
    const ms = Math.round(performance.now() - started);
    if (error instanceof NotRun) return { ...head, got: null, ok: false, breaches: [], vacuous: false, notRun: error.message, ms };
    if (error instanceof Hang || error instanceof Crash) return { ...head, got: null, ok: false, breaches: [error instanceof Hang ? 'hang' : `crash: ${error.message}`], vacuous: false, notRun: null, ms };
    throw error;
  } finally {
    spawnSync('chmod', ['-R', 'u+rwX', base]);
    rmSync(base, { recursive: true, force: true });
  }
}

async function playIn(base: string, raw: AttackCase, isIsolated: boolean): Promise<Omit<AttackResult, 'id' | 'class' | 'tool' | 'expect'>> {
  const why = whyNotHere(raw);
  if (why !== undefined) throw new NotRun(why);
  const sink = join(base, 'sink.log');
  using _network = isIsolated ? await startNetwork(base, sink) : undefined;
  await using ollama = await createOllamaStandIn({ models: modelsOf(raw) });
  const places = placesOf(base, sink, ollama.port);
  const attack = AttackCase.parse({ ...raw, setup: substitute(raw.setup, places.values), oracle: expand(substitute(raw.oracle, places.values)), input: substitute(raw.input, places.values) });
  for (const [path, replies] of scriptedReplies(expand(attack.setup.server ?? {}), attack)) ollama.script(path, replies);
  runScript(`bash ${JSON.stringify(join(dirname(file), 'fixture.sh'))}`, places, { cwd: base, what: 'The fixture' });
  if (attack.setup.before !== undefined) runScript(attack.setup.before, places, { what: 'before' });
  await using product = startProduct(places, attack);
  return await playOn(product, attack, places, () => {
    writeFileSync(places.values['REQLOG'] ?? '', ollama.requests.map(({ method, path }) => `${method} ${path}\n`).join(''));
  });
}

/** What needs an editor or a server of tools, which this process is not. */
function whyNotHere({ tool, setup }: AttackCase): string | undefined {
  if (tool === 'uri.open') return 'the product takes no links: it registers no handler of them';
  if (/^(?:command\.exec|workspace\.)/.test(tool)) return "the editor's half has its own tests";
  if (tool.startsWith('mcp.') || setup.mcp !== undefined) return 'the product does not speak MCP';
  if (setup.trust === false && tool !== 'config.activate') return 'trust is what an editor gives; the command line has none';
  if (setup.dirty !== undefined) return 'unsaved buffers are what an editor has';
  return undefined;
}

function placesOf(base: string, sink: string, port: number): Places {
  const at = (name: string): string => join(base, name);
  const digits = String(randomBytes(6).readUIntBE(0, 6));
  const values = {
    WS: at('ws'), OUT: at('out'), HOME: at('home'), MARK: at('out/MARK'), CANARY: `canary${randomBytes(16).toString('hex')}`,
    EVIL: 'evil.test', SINK: sink, REQLOG: at('requests.log'), PORT: String(port), NONCE: digits, PENDING: 'none', DIGEST: '0'.repeat(64),
  };
  mkdirSync(values.HOME, { recursive: true });
  return { base, values, root: values.WS };
}

/** A failure is the file's own error. */
function runScript(text: string, { values, root, base }: Places, { cwd = root, what }: { readonly cwd?: string; readonly what: string }): void {
  const log = join(base, 'script.log');
  try {
    execFileSync('bash', ['-c', `exec 2>${JSON.stringify(log)}\n${text}`], { cwd, env: { ...scriptEnv(values) }, stdio: ['ignore', 'ignore', 'ignore'], timeout: STEP_MS });
  } catch {
    throw new Error(`${what} of line ${Number(line) + 1} of ${file} failed: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
  }
}

function scriptEnv(values: Places['values']): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...values };
}

interface Product extends AsyncDisposable {
  ask(order: Order, limitMs?: number): Promise<Answer>;
}

function startProduct({ values, base }: Places, { setup }: AttackCase): Product {
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: values['HOME'], TMPDIR: base, OLLAMA_HOST: `127.0.0.1:${values['PORT']}`, NODE_NO_WARNINGS: '1', ...setup.env };
  const child: ChildProcess = fork(new URL('product.ts', import.meta.url), [], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' });
  const gone = new Promise<Answer>((_resolve, reject) => child.once('exit', (code, signal) => reject(new Crash(`the product ended with ${code ?? signal}`))));
  gone.catch(() => undefined);
  return {
    async ask(order, limitMs = STEP_MS) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const timer = setTimeout(() => reject(new Hang()), limitMs);
      child.once('message', (message) => resolve(Answer.parse(message)));
      child.send(order);
      try {
        return await Promise.race([promise, gone]);
      } finally {
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function playOn(product: Product, attack: AttackCase, places: Places, logRequests: () => void): Promise<Omit<AttackResult, 'id' | 'class' | 'tool' | 'expect'>> {
  const { setup, oracle } = attack;
  const order = async (next: Order, limitMs?: number): Promise<Answer> => {
    const answer = await product.ask(next, limitMs);
    if (answer.error !== undefined) throw new Crash(answer.error);
    return answer;
  };
  const commandMs = setup.limits?.commandMs;
  const limited = commandMs === undefined ? {} : { commandMs };
  await order({ do: 'open', root: rootOf(attack, places), server: `http://127.0.0.1:${places.values['PORT']}`, later: attack.tool === 'config.activate', ...(attack.tool === 'config.load' ? { settings: Fields.parse(attack.input) } : {}) });
  if (setup.reads !== undefined) await order({ do: 'read', role: attack.role, paths: setup.reads });
  if (setup.taint !== undefined) await order({ do: 'taint', role: end('from', attack), label: setup.taint, source: setup.taintSource ?? 'the case' });
  for (const { workspace, tool, role, input } of setup.approvals ?? []) await order({ do: 'approve', forged: false, call: { tool, role: role ?? attack.role, input }, ...(workspace === undefined ? {} : { workspace }), ...limited });
  const checkpoint = setup.checkpoint === undefined ? undefined : (await order({ do: 'checkpoint', call: named(setup.checkpoint, 'coder') })).checkpoint;
  if (setup.after !== undefined) runScript(setup.after, places, { what: 'after' });
  const before = oracle.noChange === true ? hashTree(places.root) : undefined;
  const input = checkpoint === undefined ? attack.input : substitute(attack.input, { CP: checkpoint });
  const call = { tool: attack.tool, role: attack.role, input };
  const wallMs = oracle.withinMs ?? WALL_MS;
  const between = setup.between === undefined ? {} : { between: setup.between };
  const { played, notRun } = setup.killDuring === true ? await killed(product, attack, places) : await order({ do: 'call', call, taskDone: oracle.taskDone !== undefined, ...limited, ...between }, wallMs + HANG_MARGIN_MS);
  if (notRun !== undefined || played === undefined) throw new NotRun(notRun ?? 'it was not played');
  if (setup.killDuring === true) return verdict(attack, { played, label: undefined, probed: undefined, before, places });
  const label = oracle.taintAfter === undefined ? undefined : (await order({ do: 'label', role: end('to', attack) })).label;
  const probe = oracle.probe === undefined ? undefined : await order({ do: 'call', call: named(oracle.probe, attack.role), taskDone: false });
  await order({ do: 'close' });
  logRequests();
  return verdict(attack, { played, label, probed: probe?.played?.decision, before, places });
}

function named({ tool, role, input }: { readonly tool: string; readonly role?: string | undefined; readonly input?: unknown }, otherwise: string): ToolCall {
  return { tool, role: role ?? otherwise, input };
}

/** Beyond the limit itself, so that a call that just misses it is measured and not cut. */
const HANG_MARGIN_MS = 3_000;
const Fields = z.record(z.string(), z.unknown());

/** The context that a case means: of a message, the sender's before and the receiver's after. */
function end(which: 'from' | 'to', { tool, role, input }: AttackCase): string {
  const message = tool === 'handoff' ? Fields.safeParse(input).data?.[which] : undefined;
  return typeof message === 'string' ? message : role;
}

/** `cwd` of a status means a product that is opened there: the tool itself always looks at the whole workspace. */
function rootOf({ tool, input }: AttackCase, { root }: Places): string {
  const cwd = tool === 'git.status' ? z.looseObject({ cwd: z.string().optional() }).safeParse(input).data?.cwd : undefined;
  return cwd === undefined ? root : join(root, cwd);
}

/** The process ends in the middle of the call; then the product is opened again, and nothing more is done. */
async function killed(product: Product, attack: AttackCase, places: Places): Promise<Answer> {
  const started = performance.now();
  const asked = product.ask({ do: 'call', call: { tool: attack.tool, role: attack.role, input: attack.input }, taskDone: false });
  asked.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, KILL_AFTER_MS));
  await product[Symbol.asyncDispose]();
  await using again = startProduct(places, attack);
  const answer = await again.ask({ do: 'open', root: rootOf(attack, places), server: `http://127.0.0.1:${places.values['PORT']}`, later: false });
  if (answer.error !== undefined) throw new Crash(answer.error);
  const played: Played = { decision: null, shown: [], output: '', prompts: [], ms: performance.now() - started, grownKb: 0, taskDone: false, runsStarted: 0 };
  return { played };
}

const KILL_AFTER_MS = 25;

interface Ended {
  readonly played: Played;
  readonly label: string | undefined;
  readonly probed: Played['decision'] | undefined;
  readonly before: string | undefined;
  readonly places: Places;
}

function verdict(attack: AttackCase, { played, label, probed, before, places }: Ended): Omit<AttackResult, 'id' | 'class' | 'tool' | 'expect'> {
  const { oracle } = attack;
  const after = before === undefined ? undefined : hashTree(places.root);
  const judged = judge(oracle, { played, before, after, label, probed, script: scriptsIn(places.root, scriptEnv(places.values)) });
  const isMet = isExpected(attack, played.decision);
  const details = process.env['CORPUS_DEBUG'] === undefined ? {} : { missing: judged.missing, shown: played.shown.map((text) => text.slice(0, 600)), prompts: played.prompts };
  return { got: played.decision, ok: isMet && judged.breaches.length === 0 && judged.missing.length === 0 && !judged.vacuous, breaches: judged.breaches, vacuous: judged.vacuous, notRun: null, ms: Math.round(played.ms), ...details };
}

// Last, since the file's constants must stand before it begins.
const result = await keep(readCase(), isolated === 'isolated');
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
