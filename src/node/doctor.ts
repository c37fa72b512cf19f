/** Decides what is looked at to say whether a machine is ready: each line says what was found and, where it is not well, what to do. */
import { discoverChecks } from '../core/checks/discover.ts';
import { ModelUnavailable } from '../core/model/chatModel.ts';
import { inspectModel } from '../core/model/inspect.ts';
import { KEEP_ALIVE, loadOptions } from '../core/model/loadOptions.ts';
import { gatewayHosts } from './gateways.ts';
import type { NodeHost } from './host.ts';

export interface DoctorLine {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  /** "" where nothing need be done. */
  readonly remedy: string;
}

/** What to do, in the words of the surface that says it. */
export interface RemedyWords {
  readonly useHost: (url: string) => string;
  readonly unconfined: string;
  readonly nameCheck: string;
}

const ASK_MS = 20_000;
const FILES_MAX = 20_000;

/** One line after the other, as each is found. */
export async function* examine(host: NodeHost, words: RemedyWords, outer: AbortSignal): AsyncGenerator<DoctorLine> {
  for (const look of [node, ollama, model, sandbox, store, git, checks]) yield await look(host, words, AbortSignal.any([AbortSignal.timeout(ASK_MS), outer]));
}

async function node(): Promise<DoctorLine> {
  return { what: 'node', ok: true, found: process.versions.node, remedy: '' };
}

async function ollama(host: NodeHost, words: RemedyWords, signal: AbortSignal): Promise<DoctorLine> {
  try {
    const version = await host.models.version(signal);
    return { what: 'ollama', ok: true, found: `${version} at ${host.models.host}`, remedy: '' };
  } catch (error) {
    const others = await gatewayHosts(signal);
    const remedy = others[0] === undefined ? 'Install it from https://ollama.com and start it with: ollama serve' : `One answers at ${others[0]}: ${words.useHost(others[0])}`;
    return { what: 'ollama', ok: false, found: error instanceof Error ? error.message : String(error), remedy };
  }
}

async function model(host: NodeHost, _words: RemedyWords, signal: AbortSignal): Promise<DoctorLine> {
  const name = host.ports.modelName;
  if (name === null) return { what: 'model', ok: false, found: 'none is installed', remedy: 'ollama pull qwen2.5-coder:1.5b (1 GB), or a bigger one of the family where memory allows' };
  try {
    const report = await inspectModel({ models: host.models, name, limits: { windowTokens: null }, memoryBytes: host.memoryBytes, allowCloud: false }, signal);
    const speed = await measureSpeed(host, name, report.window.windowTokens, signal);
    return { what: 'model', ok: true, found: `${name}: ${report.parametersB} B, window ${report.window.windowTokens}, ${report.canFill ? 'fills gaps' : 'no gap filling'}, ${speed}`, remedy: '' };
  } catch (error) {
    if (!(error instanceof ModelUnavailable)) throw error;
    return { what: 'model', ok: false, found: error.message, remedy: error.remedy };
  }
}

/** One short call with the crew's own window, so that nothing is loaded twice. */
async function measureSpeed(host: NodeHost, name: string, windowTokens: number, signal: AbortSignal): Promise<string> {
  const options = { ...loadOptions(windowTokens), num_predict: 16, temperature: 0, seed: 1 };
  const messages = [{ role: 'user' as const, content: 'Count from 1 to 9.' }];
  const stream = await host.models.chat({ model: name, messages, stream: true, keep_alive: KEEP_ALIVE, truncate: false, shift: false, options }, signal);
  let found = 'answers';
  await stream.each(({ final }) => {
    if (final?.replyTokens !== undefined && final.replyMs > 0) found = `writes ${Math.round((final.replyTokens * 1000) / final.replyMs)} tokens a second`;
    return true;
  });
  return found;
}

async function sandbox(host: NodeHost, words: RemedyWords): Promise<DoctorLine> {
  const found = await host.ports.processes.confinement();
  if (found.kind === 'none') return { what: 'sandbox', ok: false, found: found.reason, remedy: `${found.remedy} (or ${words.unconfined}, which runs checks with all your rights)` };
  return { what: 'sandbox', ok: true, found: `${found.kind}: no network, home hidden, a disposable copy`, remedy: '' };
}

async function store(host: NodeHost): Promise<DoctorLine> {
  const runs = await host.ports.store.runs(1);
  return { what: 'store', ok: true, found: `${host.stateFolder}${runs[0] === undefined ? ', no runs yet' : ''}`, remedy: '' };
}

async function git(host: NodeHost, _words: RemedyWords, signal: AbortSignal): Promise<DoctorLine> {
  const status = await host.ports.git.status(signal);
  const found = status === undefined ? 'no git work tree: everything works, undo too, but nothing can be compared with a commit' : `${status.branch ?? 'detached'}, ${status.changed.length} changed files`;
  return { what: 'git', ok: true, found, remedy: '' };
}

async function checks(host: NodeHost, words: RemedyWords, signal: AbortSignal): Promise<DoctorLine> {
  const { paths } = await host.ports.files.list({ under: '', max: FILES_MAX }, signal);
  const project = { paths, syntax: host.ports.syntax, read: async (path: string) => await host.ports.files.read(path).catch(() => undefined) }; // unreadable counts as absent here
  const found = await discoverChecks(project, signal);
  if (found.length === 0) return { what: 'checks', ok: false, found: 'none found', remedy: words.nameCheck };
  return { what: 'checks', ok: true, found: found.map((check) => check.argv.join(' ')).slice(0, 5).join(' · '), remedy: '' };
}
