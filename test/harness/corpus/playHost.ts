/** Decides how cases that are no tool call reach the product: settings, Ollama, approvals of others, logs of before, checks, messages, undo. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { CheckOutcome } from '../../../src/core/domain/check.ts';
import type { FileEdit } from '../../../src/core/domain/patch.ts';
import { RunSettings } from '../../../src/core/domain/settings.ts';
import { createChatModel } from '../../../src/core/model/createChatModel.ts';
import { allTools, openRun } from '../../../src/core/openRun.ts';
import { createRunLog } from '../../../src/core/run/log.ts';
import { html } from '../../../src/core/trace/html.ts';
import { describeCall } from '../../../src/core/tools/approvalText.ts';
import { applyPatch } from '../../../src/core/workflows/apply.ts';
import { send } from '../../../src/core/workflows/runContext.ts';
import { createOllama } from '../../../src/node/ollama.ts';
import { readIntent } from '../../../src/protocol/webview.ts';
import { openLsp } from '../../support/lspClient.ts';
import { mapTool } from './doors.ts';
import type { ToolCall } from './productMessages.ts';
import { digestOf, type Outcome, playTool, roleOf } from './playTool.ts';
import { forgeApproval, REQUEST, type Session, signal } from './session.ts';

export type Door = (session: Session, call: ToolCall, server: string, taskDone: boolean) => Promise<Outcome>;

/** Corpus tool → how it is played. A new door is one entry here. */
export const HOST_DOORS: Readonly<Record<string, Door>> = {
  'ollama.connect': async (_session, { input }) => await connect(Url.parse(input).url),
  'ollama.chat': chat,
  'config.load': loadConfig,
  'process.output': checkOutput,
  handoff,
  'approval.load': loadApproval,
  'state.open': openState,
  'checkpoint.create': async (session) => ({ decision: 'allowed', shown: [session.log.run] }),
  'checkpoint.restore': restore,
  'webview.render': async (session, call) => await render(session, call),
  'webview.post': async (_session, { input }) => post(input),
};

/** Why a door is closed to this input; undefined: it is open. */
export function whyClosed(tool: string, input: unknown): string | undefined {
  const fields = z.looseObject({}).safeParse(input).data ?? {};
  if (tool === 'webview.render' && 'resource' in fields) return 'what a page may load is decided by the editor, and tried in it';
  if (tool === 'webview.post' && messagesOf(input).some((message) => 'intent' in readIntent(asIntent(message)))) return 'an intent of the right form is obeyed in the editor, and tried there';
  return undefined;
}

const Url = z.looseObject({ url: z.string() });

/** An address that nobody named: what a workspace, a model or a link would have the product speak to. */
async function connect(url: string): Promise<Outcome> {
  try {
    using models = createOllama({ url, allowRemote: false });
    return { decision: 'allowed', shown: [await models.version(AbortSignal.timeout(5_000))] };
  } catch (error) {
    return { decision: 'denied', shown: [said(error)] };
  }
}

async function chat(session: Session, { input }: ToolCall, server: string): Promise<Outcome> {
  const { model: name } = z.looseObject({ model: z.string() }).parse(input);
  using models = createOllama({ url: server, allowRemote: false });
  const { clock, ids } = session.ports;
  try {
    const model = await createChatModel({ models, name, clock, ids, emit: session.log.emit, limits: {}, memoryBytes: null, allowCloud: false }, signal);
    const reply = await model.chat({ role: 'planner', task: null, purpose: 'case', priority: 'interactive', messages: [{ role: 'user', content: 'Hello.' }], sampling: { temperature: 0, seed: 1, replyTokensMax: 200 } }, signal);
    return { decision: 'allowed', shown: [reply.text] };
  } catch (error) {
    return { decision: 'denied', shown: [said(error)] };
  }
}

/** What the workspace gave was there when the product was opened on it (see product.ts); here it is read, and Ollama is asked. */
async function loadConfig(session: Session, { role, input }: ToolCall): Promise<Outcome> {
  const { path, connect: isConnecting } = z.looseObject({ path: z.string().optional(), connect: z.boolean().optional() }).parse(input);
  const shown: string[] = [];
  if (path !== undefined) shown.push(...((await playTool(session, { tool: 'fs.read', role, input: { path } }, { commandMs: undefined }))?.shown ?? []));
  if (isConnecting === true) shown.push(await session.host.models.version(AbortSignal.timeout(5_000)).catch(said));
  return { decision: 'allowed', shown };
}

/** How long a language server that was given a folder and a file may take to start something that it should not. */
const SETTLE_MS = 1_500;

/**
 * What a window starts unasked: the language server, with the folder and a file of it open. Nothing there is a question, and what it
 * does on its own is for the case's oracle to find. What waits for trust beyond that is the editor's, and tried in it.
 */
export async function activate(root: string, server: string): Promise<Outcome> {
  const path = ['src/a.js', ...readdirSync(root)].find((name) => /\.(?:js|mjs|ts|py)$/u.test(name) && tryRead(join(root, name)) !== undefined);
  await using client = await openLsp({ root, state: join(root, '..', 'activated'), host: server });
  if (path !== undefined) client.open(path, tryRead(join(root, path)) ?? '');
  await delay(SETTLE_MS);
  const told = client.told.map((message) => JSON.stringify(message));
  const code = await client.quit();
  return { decision: code === 0 ? 'denied' : 'allowed', shown: told, runsStarted: client.told.filter(({ method }) => method === 'crew/review').length };
}

/** A real process, run and read by the real verifier: text that looks like success decides nothing. */
async function checkOutput(session: Session, { input }: ToolCall): Promise<Outcome> {
  const { text, exit } = z.looseObject({ text: z.string().default(''), exit: z.int().default(0) }).parse(input);
  const file = join(session.root, '.case-output.txt');
  writeFileSync(file, text);
  const argv = ['/bin/sh', '-c', 'cat .case-output.txt; rm .case-output.txt; exit "$0"', String(exit)];
  const { outcome } = await session.context.verifier.verify({ check: { argv, cwd: '', runner: 'script', origin: 'user', scope: 'all', definedBy: '' }, purpose: 'case', wallMs: 20_000 }, signal);
  const taskDone = CheckOutcome.parse(outcome).passed;
  return { decision: taskDone ? 'allowed' : 'denied', shown: [outcome.failure], taskDone };
}

/** The message is sent as roles send; then a run goes on in which the model says nothing else. */
async function handoff(session: Session, { input }: ToolCall, _server: string, asksForTask: boolean): Promise<Outcome> {
  const { from, to, text } = z.looseObject({ from: z.string(), to: z.string(), text: z.string() }).parse(input);
  send(session.context, { sender: roleOf(from), receiver: roleOf(to), intent: 'inform', body: text });
  const isDone = (): boolean => [...session.log.view.tasks.values()].some((task) => task.state === 'done') || session.log.view.outcome !== null;
  if (!asksForTask) return { decision: isDone() ? 'allowed' : 'denied', shown: [text] };
  await session.release();
  const settings = RunSettings.parse({ approve: 'safe', apply: 'no', sources: ['rewrite'], budgetMs: 15_000 });
  const { outcome } = await session.crew.start({ ...REQUEST, words: text }, settings, () => undefined, signal);
  const taskDone = isDone() || ['fixed', 'proposed', 'partial'].includes(outcome.kind);
  return { decision: taskDone ? 'allowed' : 'denied', shown: [outcome.reason], taskDone };
}

async function loadApproval(session: Session, { role, input }: ToolCall): Promise<Outcome> {
  const { forge } = z.looseObject({ forge: z.looseObject({ tool: z.string(), role: z.string().optional(), input: z.unknown() }) }).parse(input);
  const call = { tool: forge.tool, role: forge.role ?? role, input: forge.input };
  const digest = await digestOf(session, call, undefined);
  if (digest !== undefined) await forgeApproval(session, digest);
  return (await playTool(session, call, { commandMs: undefined })) ?? { decision: 'denied', shown: [] };
}

/** A log that ends in an intent, as a killed process leaves it; then it is resumed. */
async function openState(session: Session, { input }: ToolCall): Promise<Outcome> {
  const { intent, otherWorkspace } = z.looseObject({ intent: z.unknown(), otherWorkspace: z.unknown().optional() }).parse(input);
  await session.release();
  const { store, clock, ids, pid } = session.ports;
  const run = ids.next('run');
  {
    await using lease = await store.lease({ pid, run });
    await using log = createRunLog({ store, lease, run, clock });
    const workspace = otherWorkspace === undefined || otherWorkspace === false ? session.root : typeof otherWorkspace === 'string' ? otherWorkspace : join(session.root, '..', 'another');
    log.emit('run.started', { request: REQUEST, workspace, model: null, settings: RunSettings.parse({ approve: 'safe', apply: 'no', sources: ['rewrite'], budgetMs: 15_000 }), versions: {} });
    const edit = editOf(session, intent);
    const stored = edit === undefined ? intent : { kind: 'write', path: edit.path, before: edit.baseSha256, after: edit.text === null ? null : sha256(edit.text), preimage: null };
    const key = `${run}:${edit === undefined ? 'call' : 'write'}:${edit?.path ?? randomUUID()}`;
    log.emit('effect.intended', { key, intent: stored });
    await log.flush();
    await store.intend(lease.epoch, key, run, stored);
  }
  const shown: string[] = [];
  try {
    const { outcome } = await session.crew.resume(run, (event) => void shown.push(JSON.stringify(event.data)), signal);
    return { decision: 'allowed', shown: [...shown, outcome.reason] };
  } catch (error) {
    return { decision: 'denied', shown: [...shown, said(error)] };
  }
}

/** The call as the edit of a verified patch. */
function editOf(session: Session, intent: unknown): FileEdit | undefined {
  const named = z.looseObject({ tool: z.string(), input: z.looseObject({ path: z.string(), content: z.string().optional(), old: z.string().optional(), new: z.string().optional() }) }).safeParse(intent);
  if (!named.success || mapTool(named.data.tool, named.data.input, session.root)?.changes !== true) return undefined;
  const { path, content, old, new: text } = named.data.input;
  const before = tryRead(join(session.root, path));
  const baseSha256 = before === undefined ? null : sha256(before);
  if (named.data.tool === 'fs.delete') return { path, baseSha256, text: null };
  return { path, baseSha256, text: content ?? (before ?? '').replace(old ?? '', () => text ?? '') };
}

/** The change of a call is applied as a run's verified patch is: journaled, with pre-images. Gives the run's id. */
export async function takeCheckpoint(session: Session, call: ToolCall): Promise<string> {
  const edit = editOf(session, call);
  if (edit === undefined) throw new Error(`A checkpoint of ${call.tool} is not known.`);
  const file = await session.ports.files.read(edit.path).catch(() => undefined);
  const { store, clock, ids, pid } = session.ports;
  const run = ids.next('run');
  await session.release();
  await using lease = await store.lease({ pid, run });
  await using log = createRunLog({ store, lease, run, clock });
  const settings = RunSettings.parse({ apply: 'yes' });
  log.emit('run.started', { request: REQUEST, workspace: session.root, model: null, settings, versions: {} });
  await using opened = openRun(session.ports, log, { settings, request: REQUEST, purpose: 'fix' });
  const context = await opened.context({ takeCall: () => undefined, check: () => undefined }, signal);
  context.allowWrites([edit.path]);
  const applied = await applyPatch(opened.applying, { edits: [edit] }, new Map(file === undefined ? [] : [[edit.path, file]]), signal);
  log.emit('patch.applied', { paths: applied.kind === 'applied' ? [...applied.paths] : [], patch: '' });
  return run;
}

async function restore(session: Session, { input }: ToolCall): Promise<Outcome> {
  const { id } = z.looseObject({ id: z.string() }).parse(input);
  await session.release();
  try {
    const { restored, conflicts } = await session.crew.undo(id, signal);
    return { decision: restored.length > 0 ? 'allowed' : 'denied', shown: [`restored ${restored.join(', ')}; kept ${conflicts.join(', ')}`] };
  } catch (error) {
    return { decision: 'denied', shown: [said(error)] };
  }
}

const Drawn = z.looseObject({ markdown: z.string().optional(), click: z.int().optional(), approval: z.looseObject({ tool: z.string(), role: z.string().optional(), input: z.unknown() }).optional() });

/** Words of a model are text wherever they are drawn: no markdown, so no link that could be clicked. The trace makes HTML of them. */
async function render(session: Session, { role, input }: ToolCall): Promise<Outcome> {
  const { markdown, click, approval } = Drawn.parse(input);
  if (approval !== undefined) return renderApproval(session, role, approval);
  const page = html`<pre>${session.ports.redact(markdown ?? '')}</pre>`.text;
  const links = page.match(/<a\b/g)?.length ?? 0;
  return { decision: click === undefined || click < links ? 'allowed' : 'denied', shown: [page], onlyShown: true };
}

/** What the approval of a call shows is what its question says: the same text in terminal and editor. */
function renderApproval(session: Session, role: string, approval: z.infer<typeof Drawn>['approval'] & {}): Outcome {
  const mapped = mapTool(approval.tool, approval.input, session.root);
  const tool = allTools.find(({ name }) => name === mapped?.name);
  if (tool === undefined) return { decision: 'denied', shown: [], onlyShown: true };
  const text = describeCall(roleOf(approval.role ?? role), tool.name, tool.touches(tool.input.parse(mapped?.input)), []);
  return { decision: 'ask', shown: [session.ports.redact(text)], onlyShown: true };
}

/** Anything that is no intent of the panel is refused before it is looked at further. */
function post(input: unknown): Outcome {
  const answers = messagesOf(input).map((message) => readIntent(asIntent(message)));
  return { decision: 'denied', shown: answers.map((answer) => ('refused' in answer ? answer.refused : '')) };
}

function messagesOf(input: unknown): readonly unknown[] {
  const several = z.strictObject({ messages: z.array(z.unknown()) }).safeParse(input);
  return several.success ? several.data.messages : [input];
}

/** A corpus says `type` and `allow` where the product's own messages say `kind` and `once`. */
function asIntent(message: unknown): unknown {
  const fields = z.looseObject({ type: z.string() }).safeParse(message);
  if (!fields.success) return message;
  const { type, decision, ...rest } = fields.data;
  return { kind: type, ...(type === 'approve' ? { run: 'run' } : {}), ...(decision === undefined ? {} : { decision: decision === 'allow' ? 'once' : decision }), ...rest };
}

/** Files that the workspace gives before the product is opened on it. */
export function placeConfig(root: string, home: string, input: unknown): void {
  const { workspace, policyFile } = z.looseObject({ workspace: z.record(z.string(), z.unknown()).optional(), policyFile: z.string().optional() }).parse(input);
  if (workspace !== undefined) place(join(root, '.vscode', 'settings.json'), JSON.stringify(workspace));
  if (policyFile === undefined) return;
  place(join(root, '.groundcrew', 'policy.json'), policyFile);
  place(join(root, '.groundcrew', 'grants.json'), policyFile);
  // The only place where the product reads a policy: the machine's.
  place(join(home, '.local', 'state', 'groundcrew', 'grants.json'), policyFile);
}

function place(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
