/** Decides which folder a workspace is: the real path of one that exists. */
import { existsSync, realpathSync, statSync } from 'node:fs';

/** The workspace folder is missing or is no folder. */
export class WorkspaceMissing extends Error {
  override readonly name = 'WorkspaceMissing';
}

/** @throws WorkspaceMissing. */
export function workspaceRoot(cwd: string): string {
  if (!existsSync(cwd) || !statSync(cwd).isDirectory()) throw new WorkspaceMissing(`"${cwd}" is not a folder. Give the folder of your project with --cwd.`);
  return realpathSync(cwd);
}
