/** Decides what a run in the editor works with: the ports of this machine, with the editor's text, edits and questions in their place. */
import * as vscode from 'vscode';
import { type Crew, createCrew } from '../core/crew.ts';
import type { RunEvent } from '../core/domain/event.ts';
import type { Role } from '../core/domain/role.ts';
import type { RunSettings } from '../core/domain/settings.ts';
import type { CrewPorts } from '../core/openRun.ts';
import type { ApprovalAnswer, ApprovalRequest, Store } from '../core/ports.ts';
import { withPinnedFile } from '../core/review/pinnedFile.ts';
import { narrowGrants } from '../core/tools/grants.ts';
import { createNodeHost } from '../node/host.ts';
import { stateFolder } from '../node/stateFolder.ts';
import { openStore } from '../node/store.ts';
import { workspaceRoot } from '../node/workspaceRoot.ts';
import { withEditor, withUnsaved } from './editorFiles.ts';
import { parseSettings, runSettings, type Settings } from './settings.ts';

export interface Asker {
  approve(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
  confirm: CrewPorts['confirm'];
  editPlan: NonNullable<CrewPorts['editPlan']>;
}

export interface CrewHost extends AsyncDisposable {
  readonly crew: Crew;
  readonly runSettings: RunSettings;
  readonly settings: Settings;
  /** Everything that the log has of a run. */
  read(run: string): Promise<readonly RunEvent[]>;
}

/** `folder`: absolute path of a workspace folder; `pinned`: a file that is read as it was saved. @throws SettingInvalid, StoreFailed, GrantsWidened, HostFault. */
export async function openCrewHost(folder: string, asker: Asker, signal: AbortSignal, pinned?: { readonly path: string; readonly text: string }): Promise<CrewHost> {
  const settings = readSettings(folder);
  const host = await createNodeHost({
    cwd: folder,
    model: settings['models.default'] === '' ? undefined : settings['models.default'],
    roleModels: roleModels(settings),
    hosts: settings['ollama.hosts'],
    env: process.env,
    prompt: asker.approve,
    signal,
  });
  const { ports } = host;
  const files = withEditor(ports.files, folder);
  const crew = createCrew({
    ...ports,
    files: pinned === undefined ? files : withPinnedFile(files, pinned, ports.hashing),
    processes: withUnsaved(ports.processes, ports.root, folder),
    confirm: asker.confirm,
    // Only who asked for plans is kept waiting by one; a plan in the middle of a search goes on by itself.
    ...(settings['plan.first'] ? { editPlan: asker.editPlan } : {}),
    ...(settings['humanInput'] === 'writes' ? { grants: narrowGrants(ports.grants, ASK_WRITES) } : {}),
  });
  return { crew, settings, runSettings: runSettings(settings), read: (run) => ports.store.read(run), [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

/** For looking only: a run opens its own. */
export async function openFolderStore(folder: string): Promise<Store> {
  return await openStore(stateFolder(workspaceRoot(folder)));
}

/** The roles that write, asked each time. */
const ASK_WRITES = { rules: (['write', 'delete'] as const).map((tool) => ({ role: 'coder', tool, grant: 'ask' })) };

const ROLES = ['planner', 'coder', 'reviewer', 'verifier', 'judge'] as const;

function roleModels(settings: Settings): Partial<Record<Role, string>> {
  return Object.fromEntries(ROLES.flatMap((role) => (settings[`models.${role}`] === '' ? [] : [[role, settings[`models.${role}`]] as const])));
}

/** @throws SettingInvalid. */
export function readSettings(folder: string): Settings {
  const configuration = vscode.workspace.getConfiguration('groundcrew', vscode.Uri.file(folder));
  return parseSettings((name) => configuration.get(name));
}
