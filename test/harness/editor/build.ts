/** Decides how the extension is built before it is packed or opened: by the project's own build, in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** @throws Error with the build's own words. */
export async function buildExtension(): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.ts'], { cwd: ROOT });
}
