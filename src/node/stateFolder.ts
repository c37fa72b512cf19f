/** Decides where a workspace's log and approvals lie: in the user's own state folder, never in the workspace. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { StoreFailed } from '../core/run/storeErrors.ts';

/** Enough of the hash that two workspaces of one user never meet. */
const NAME_DIGITS = 24;

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * Makes (0700) and returns the folder of this workspace, the same for command line and editor. All who open one folder by
 * different links get one state folder.
 * @throws StoreFailed when it would lie in the workspace, is not the user's own, or cannot be made.
 */
export function stateFolder(workspace: string, machine: Machine = { platform: process.platform, env: process.env, home: homedir() }): string {
  const real = realpathSync.native(workspace);
  const base = path.join(stateHome(machine), 'groundcrew');
  const folder = path.join(base, createHash('sha256').update(real).digest('hex').slice(0, NAME_DIGITS));
  if (isWithin(real, realOf(folder))) {
    throw new StoreFailed('misuse', `The run log would lie at ${folder}, inside the workspace ${real}, where a model's tools reach. Set XDG_STATE_HOME to a folder elsewhere, or open a folder below your home.`);
  }
  for (const each of [base, folder]) makePrivate(each);
  return folder;
}

/** XDG says that a relative value is to be ignored; it is honoured on every platform, since whoever sets it means it. */
function stateHome({ platform, env, home }: Machine): string {
  const named = env.XDG_STATE_HOME;
  if (named !== undefined && path.isAbsolute(named)) return named;
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local');
  return path.join(home, '.local', 'state');
}

function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const stranger = process.getuid !== undefined && found.uid !== process.getuid();
    if (!found.isDirectory() || stranger) {
      throw new StoreFailed('misuse', `${folder} is ${found.isDirectory() ? "another user's" : 'not a folder'}; runs keep secrets of the workspace there, so it must be a folder of yours. Move it away and try again.`);
    }
    if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch (error) {
    if (error instanceof StoreFailed) throw error;
    throw new StoreFailed('read-only', `The folder for run logs, ${folder}, cannot be made (${error instanceof Error ? error.message : String(error)}). Make it writable, or set XDG_STATE_HOME to a folder that is.`);
  }
}

/** The real path of the deepest part that exists, with the rest as written. */
function realOf(target: string): string {
  try {
    return realpathSync.native(target);
  } catch {
    const parent = path.dirname(target);
    return parent === target ? target : path.join(realOf(parent), path.basename(target));
  }
}

function isWithin(folder: string, target: string): boolean {
  const relative = path.relative(folder, target);
  return relative === '' || !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative));
}
