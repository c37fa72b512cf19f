/** Decides how the ports of a run are made on this machine: one function that builds them all and one disposal that ends them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, totalmem } from 'node:os';
import path from 'node:path';
import { type ChatModel, ModelUnavailable } from '../core/model/chatModel.ts';
import { chooseModel } from '../core/model/chooseModel.ts';
import { createChatModel } from '../core/model/createChatModel.ts';
import type { ModelLimits } from '../core/model/limits.ts';
import { HostFault, type Models } from '../core/model/models.ts';
import type { CrewPorts } from '../core/openRun.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../core/ports.ts';
import { defaultGrants, GrantsWidened, narrowGrants } from '../core/tools/grants.ts';
import { createRedactor } from '../core/tools/secrets.ts';
import { createApprovals } from './approvals.ts';
import { createCommandIdentity } from './commandIdentity.ts';
import { createClock } from './clock.ts';
import { createFiles } from './files.ts';
import { encodeText, sha256Of } from './fileText.ts';
import { createGit } from './git.ts';
import { hashing } from './hashing.ts';
import { createIds } from './ids.ts';
import { findLimit, pickHost } from './pickHost.ts';
import { createProcesses } from './processes.ts';
import { stateFolder } from './stateFolder.ts';
import { openForRoles, type RoleModels } from './roleModels.ts';
import { secretValues } from './secretValues.ts';
import { openStore } from './store.ts';
import { createSyntax } from './syntax.ts';
import { findIn, userPath } from './userPath.ts';
import { workspaceRoot } from './workspaceRoot.ts';

export interface HostOptions {
  readonly cwd: string;
  readonly model: string | undefined;
  /** Roles that another model answers. */
  readonly roleModels?: RoleModels['roles'];
  /** As the user named them, in order of preference; empty: OLLAMA_HOST, else this machine. */
  readonly hosts: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Ends the look for a host. */
  readonly signal?: AbortSignal;
  readonly prompt: (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;
  /** Of each call to the model; left out: the product's own. */
  readonly modelLimits?: Partial<ModelLimits>;
  /** The most that one reply of the model's host may hold. */
  readonly responseBytes?: number;
}

export interface NodeHost extends AsyncDisposable {
  readonly ports: Omit<CrewPorts, 'confirm'>;
  readonly stateFolder: string;
  readonly models: Models;
  readonly memoryBytes: number;
}

/** Set on the machine, never by a workspace: a JSON file that narrows the grants. */
const GRANTS_FILE = 'grants.json';

/** @throws WorkspaceMissing; StoreFailed; GrantsWidened; HostFault for an address that is none. */
export async function createNodeHost(options: HostOptions): Promise<NodeHost> {
  const root = workspaceRoot(options.cwd);
  const folder = stateFolder(root, { platform: process.platform, env: options.env, home: homedir() });
  const models = await pickHost(options);
  const store = await openStore(folder);
  const clock = createClock();
  const ids = createIds(clock.now);
  const memoryBytes = totalmem();
  const modelName = options.model ?? options.env['GROUNDCREW_MODEL'] ?? (await installedModel(models, memoryBytes, findLimit(options)));
  const processes = createProcesses({ root, tmpFolder: path.join(folder, 'snapshots'), cacheFolder: path.join(path.dirname(folder), 'caches'), env: options.env, clock });
  const ports: NodeHost['ports'] = {
    root,
    pid: process.pid,
    files: createFiles(root, { searchPath: options.env['PATH'] }),
    processes,
    identify: createCommandIdentity({ root, which: processes.which, sandbox: (await processes.confinement()).kind }),
    git: createGit(root, { env: options.env, program: findIn(userPath({ root, env: options.env }), 'git') }),
    syntax: createSyntax(),
    approvals: createApprovals({ folder, workspace: root, now: clock.now, prompt: options.prompt }),
    store,
    clock,
    ids,
    hashing,
    grants: await readGrants(path.dirname(folder)),
    redact: createRedactor(await secretValues(root, options.env)),
    hashOf: (text, like) => sha256Of(encodeText(like?.path ?? '', text, { encoding: like?.encoding ?? 'utf8', bom: like?.bom ?? false })),
    modelName: modelName ?? null,
    async openModel(emit, finished, signal): Promise<ChatModel> {
      if (modelName === undefined) throw new ModelUnavailable('no-model', `No model is installed on ${models.host}, or nothing answers there.`, 'Start Ollama and run: ollama pull qwen2.5-coder:1.5b');
      return await openForRoles({ main: modelName, roles: options.roleModels ?? {} }, async (name) => await createChatModel({ models, name, clock, ids, emit, limits: options.modelLimits ?? {}, memoryBytes, allowCloud: false, recall: finished.takeCall }, signal));
    },
  };
  return {
    ports,
    stateFolder: folder,
    models,
    memoryBytes,
    async [Symbol.asyncDispose]() {
      models[Symbol.dispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function installedModel(models: Models, memoryBytes: number, signal: AbortSignal): Promise<string | undefined> {
  try {
    return chooseModel(await models.list(signal), models.isLocal ? memoryBytes : null);
  } catch (error) {
    if (error instanceof HostFault || signal.aborted) return undefined; // stopped or not, the run that begins says so
    throw error;
  }
}

/** The machine's rules are there and say nothing that can be read: refused rather than taken for none. */
class GrantsUnreadable extends Error {
  override readonly name = 'GrantsUnreadable';
}

async function readGrants(folder: string): Promise<CrewPorts['grants']> {
  const file = path.join(folder, GRANTS_FILE);
  if (!existsSync(file)) return defaultGrants;
  try {
    return narrowGrants(defaultGrants, JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof GrantsWidened) throw error;
    throw new GrantsUnreadable(`The file ${file} narrows what the crew may do, and it cannot be read (${error instanceof Error ? error.message : String(error)}). Nothing runs until it is mended or removed.`, { cause: error });
  }
}
