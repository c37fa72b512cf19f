/** Decides what one run works with: its registry, policy, snapshot, verifier and model, made from the host's ports. */
import type { Emit, FixRequest } from './domain/event.ts';
import type { TextFile } from './domain/patch.ts';
import type { Role } from './domain/role.ts';
import type { RunSettings } from './domain/settings.ts';
import type { Project } from './checks/project.ts';
import { type ChatModel, ModelUnavailable } from './model/chatModel.ts';
import type { Approvals, Clock, Files, Git, Hashing, Ids, Processes, Snapshot, Store, Syntax } from './ports.ts';
import type { RunLog } from './run/log.ts';
import { createReceiptBook } from './run/receipts.ts';
import type { Finished } from './run/resume.ts';
import { createToolBudget } from './tools/budget.ts';
import { fileTools } from './tools/files/fileTools.ts';
import { listFiles } from './tools/files/listFiles.ts';
import { readFile } from './tools/files/readFile.ts';
import { gitTools } from './tools/git/gitTools.ts';
import { gitStatus } from './tools/git/status.ts';
import type { Grants } from './tools/grants.ts';
import type { RunPolicy } from './tools/policy.ts';
import { createRegistry, type RegistryParts } from './tools/registry.ts';
import { runCheck } from './tools/runCheck.ts';
import { runCommand } from './tools/runCommand.ts';
import { runScript } from './tools/runScript.ts';
import { guardPrompts } from './tools/guardPrompts.ts';
import type { Redact } from './tools/secrets.ts';
import { symbols } from './tools/symbols.ts';
import { createTaint, labelOfPath, type Taint } from './tools/taint.ts';
import { takeSnapshot } from './tools/takeSnapshot.ts';
import type { Tool, ToolHost } from './tools/tool.ts';
import { type Toolbox, ToolRefused } from './tools/toolbox.ts';
import { FileRefused } from './domain/fileErrors.ts';
import { type ApplyParts, createdPaths, writtenPaths } from './workflows/apply.ts';
import type { EditPlan } from './workflows/ownPlan.ts';
import type { RunContext } from './workflows/runContext.ts';
import { createVerifier } from './workflows/verifier.ts';

/** What a host gives. The model may be missing; everything else is there before a run begins. */
export interface CrewPorts {
  /** Absolute real path of the workspace. */
  readonly root: string;
  readonly pid: number;
  readonly files: Files;
  readonly processes: Processes;
  readonly git: Git;
  readonly syntax: Syntax;
  readonly approvals: Approvals;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hashing: Hashing;
  readonly grants: Grants;
  readonly redact: Redact;
  readonly identify: NonNullable<RegistryParts['identify']>;
  /** Hash of the bytes that a file will have. */
  readonly hashOf: ApplyParts['hashOf'];
  readonly modelName: string | null;
  /** @throws ModelUnavailable when there is no server, no model, or not enough memory for it. */
  readonly openModel: (emit: Emit, finished: Finished, signal: AbortSignal) => Promise<ChatModel>;
  readonly confirm: RunContext['confirm'];
  readonly editPlan?: EditPlan;
}

export const allTools: readonly Tool[] = [...fileTools, ...gitTools, runCheck, runCommand, runScript, takeSnapshot, symbols];

export interface OpenedRun extends AsyncDisposable {
  readonly applying: ApplyParts;
  /** How far each role's context can be trusted now. */
  readonly taint: Taint;
  context(finished: Finished, signal: AbortSignal): Promise<RunContext>;
}

/** Files listed for analysis; a bigger workspace is said to be cut. */
const PATHS_MAX = 100_000;
/** Copies of the workspace that checks run in at once: one for mechanical candidates, one for the model's. */
const SNAPSHOT_SLOTS = 2;

export function openRun(ports: CrewPorts, log: RunLog, asked: { readonly settings: RunSettings; readonly request: FixRequest | null; readonly purpose: 'fix' | 'review' | 'undo' }): OpenedRun {
  const { settings } = asked;
  let writable: readonly string[] | null = asked.purpose === 'undo' ? writtenPaths(log.view) : null;
  let applyApproved = settings.apply === 'yes' || asked.purpose === 'undo';
  const unlogged = allowUnlogged(log);
  let confinement: RunPolicy['confinement'] = 'none';
  const snapshots = createSnapshots(ports);
  const host: ToolHost = { files: ports.files, git: ports.git, syntax: ports.syntax, snapshot: snapshots.get };
  const facts = { untracked: new Set<string>(), named: new Set(asked.request?.file === null || asked.request === null ? [] : [asked.request.file]) };
  const taint = createTaint();
  const registry = createRegistry({
    tools: allTools,
    host,
    grants: ports.grants,
    policy: () => ({ approve: settings.approve, confinement, writable, allowTestEdits: settings.allowTestEdits, applyApproved }),
    approvals: ports.approvals,
    emit: log.emit,
    ids: ports.ids,
    hashing: ports.hashing,
    taint,
    redact: ports.redact,
    identify: ports.identify,
    approvedInRun: [...log.view.approvals.values()].filter((approval) => approval.answer === 'run').map((approval) => approval.digest),
    clock: ports.clock, budget: createToolBudget(),
    labelOf: (path, isTree) => labelOfPath(path, facts, isTree),
    beforeEffect: unlogged.beforeEffect,
    created: asked.purpose === 'undo' ? createdPaths(log.view).map((path) => ({ role: 'orchestrator' as const, path })) : [],
  });
  const toolboxes = new Map<Role, Toolbox>();
  const tools = (role: Role): Toolbox => {
    const toolbox = toolboxes.get(role) ?? registry.as(role);
    toolboxes.set(role, toolbox);
    return toolbox;
  };
  const applying: ApplyParts = { store: ports.store, log, toolbox: tools(asked.purpose === 'undo' ? 'orchestrator' : 'coder'), hashOf: ports.hashOf, evenUnlogged: unlogged.within };

  async function context(finished: Finished, signal: AbortSignal): Promise<RunContext> {
    confinement = await confinementOf(ports.processes, settings);
    const project = await openProject(tools('planner'), ports.syntax, signal);
    const status = await tools('planner').call(gitStatus, {}, signal);
    for (const file of status?.changed ?? []) if (file.state === 'untracked') facts.untracked.add(file.path);
    const book = createReceiptBook({ store: ports.store, log, hashing: ports.hashing, ids: ports.ids, clock: ports.clock });
    const verifier = createVerifier({
      known: project.paths,
      toolbox: tools('verifier'), emit: log.emit, hashing: ports.hashing, root: ports.root, confined: confinement === 'confined',
      recordReceipt: book.record, finished, receipts: new Map(log.view.receipts.map((receipt) => [receipt.id, receipt])), redact: ports.redact,
    });
    return {
      run: log.run, request: asked.request ?? noRequest, settings, emit: log.emit, view: () => log.view, tools, turnTools: registry.as, handOver: taint.handOver,
      model: guardPrompts(await openModel(ports, log.emit, finished, signal), ports.redact),
      project, changed: (status?.changed ?? []).map((file) => file.path), verifier, applying, base: new Map<string, TextFile>(), syntax: ports.syntax, clock: ports.clock, ids: ports.ids, hashing: ports.hashing,
      confined: confinement === 'confined',
      allowWrites(paths) {
        writable = paths;
      },
      async renewSnapshot() {
        await snapshots.renew();
        verifier.forgetTree();
      },
      ...(ports.editPlan === undefined ? {} : { editPlan: ports.editPlan }),
      async confirm(question, stop) {
        const answer = await ports.confirm(question, stop);
        if (answer !== 'no' && answer !== 'nobody') applyApproved = true;
        return answer;
      },
    };
  }

  return { applying, taint, context, [Symbol.asyncDispose]: async () => await snapshots.renew() };
}

/** No effect without its log, but for putting back what the log already holds: see ApplyParts. */
function allowUnlogged(log: RunLog): { readonly beforeEffect: () => Promise<void>; readonly within: ApplyParts['evenUnlogged'] } {
  let isOpen = false;
  return {
    async beforeEffect() {
      if (!(isOpen && log.failed.aborted)) await log.flush();
    },
    async within(work) {
      isOpen = true;
      try {
        return await work();
      } finally {
        isOpen = false;
      }
    },
  };
}

const noRequest: FixRequest = { command: 'fix', words: '', test: null, file: null, line: null, paths: [] };

async function confinementOf(processes: Processes, settings: RunSettings): Promise<RunPolicy['confinement']> {
  if (settings.unconfined) return 'waived';
  return (await processes.confinement()).kind === 'none' ? 'none' : 'confined';
}

/** Without a model the run goes on with what needs none, and says so. */
async function openModel(ports: CrewPorts, emit: Emit, finished: Finished, signal: AbortSignal): Promise<ChatModel | undefined> {
  try {
    return await ports.openModel(emit, finished, signal);
  } catch (error) {
    if (!(error instanceof ModelUnavailable)) throw error;
    emit('degraded', { what: `no model: ${error.message} ${error.remedy}`.trim() });
    return undefined;
  }
}

/** One copy at a time, made when first needed; `renew` throws it away. */
function createSnapshots(ports: CrewPorts): { get(signal: AbortSignal): Promise<Snapshot>; renew(): Promise<void> } {
  let current: Promise<Snapshot> | undefined;
  return {
    async get(signal) {
      current ??= ports.processes.snapshot({ slots: SNAPSHOT_SLOTS }, signal);
      return await current;
    },
    async renew() {
      const old = current;
      current = undefined;
      await (await old?.catch(() => undefined))?.[Symbol.asyncDispose](); // one that could not be made told its caller why
    },
  };
}

/** The workspace as analysis sees it: read in the planner's name, each file once. */
async function openProject(toolbox: Toolbox, syntax: Syntax, signal: AbortSignal): Promise<Project> {
  const { paths } = await toolbox.call(listFiles, { under: '', max: PATHS_MAX }, signal);
  const texts = new Map<string, Promise<TextFile | undefined>>();
  const read = async (path: string): Promise<TextFile | undefined> => {
    try {
      return (await toolbox.call(readFile, readFile.input.parse({ path }), signal)).file;
    } catch (error) {
      signal.throwIfAborted();
      const isAboutThePath = error instanceof FileRefused || (error instanceof ToolRefused && !error.rule.startsWith('grants.'));
      if (isAboutThePath) return undefined;
      throw error;
    }
  };
  return {
    paths,
    syntax,
    read(path) {
      const text = texts.get(path) ?? read(path);
      texts.set(path, text);
      return text;
    },
  };
}
