/** Decides which editor the tests use: a real VS Code (code-server's npm package), installed once into our cache and made strict. */
import { execFile } from 'node:child_process';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, type Environment, tryRoom, type Unavailable } from '../cache.ts';
import { createLock } from '../lock.ts';
import type { OnProgress } from '../progress.ts';
import { makeStrict, STRICT_VERSION } from './strict.ts';

/** VS Code 1.139.1. */
const CODE_SERVER = '4.139.1';
/** What it takes on disk once installed, measured: 630 MB. */
const ROOM_BYTES = 900_000_000;
const NPM_LIMIT_MS = 5 * 60_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const exec = promisify(execFile);

export interface EditorFiles {
  readonly kind: 'ready';
  /** Script that Node runs as the server. */
  readonly entry: string;
}

/** Rejects with signal.reason when aborted; a half install is made again by the next call. */
export async function installEditor({ env, onProgress }: { readonly env: Environment; readonly onProgress: OnProgress }, signal: AbortSignal): Promise<EditorFiles | Unavailable> {
  const folder = join(cacheFolder(env), `code-server-${CODE_SERVER}`);
  const stamp = join(folder, 'ready');
  const server = join(folder, 'node_modules/code-server');
  const made: EditorFiles = { kind: 'ready', entry: join(server, 'out/node/entry.js') };
  if (await isReady(stamp)) return made;
  await using _lock = await createLock(`${folder}.lock`, (pid) => onProgress({ step: 'editor', detail: `waiting for process ${pid}, which installs it` }), signal);
  if (await isReady(stamp)) return made;
  const full = await tryRoom(folder, ROOM_BYTES, 'the editor for tests');
  if (full !== undefined) return full;
  await rm(stamp, { force: true });
  try {
    for (const step of steps(folder, server)) {
      onProgress({ step: 'editor', detail: step.says });
      await npm(step.cwd, step.args, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    const said = error instanceof Error ? (error.message.split('\n').find((line) => line.startsWith('npm error')) ?? error.message.split('\n')[0] ?? '') : String(error);
    return { kind: 'unavailable', reason: `code-server ${CODE_SERVER} could not be installed: ${said}`, remedy: 'check that npm reaches its registry (npm ping), then try again' };
  }
  await makeStrict(join(server, 'lib/vscode'));
  await writeFile(stamp, STRICT_VERSION);
  return made;
}

/** No install script of any package runs: what would be built natively is replaced by stubs (strict.ts). */
const NPM = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

function steps(folder: string, server: string): readonly { readonly says: string; readonly cwd: string; readonly args: readonly string[] }[] {
  return [
    { says: `code-server ${CODE_SERVER} from the npm registry`, cwd: folder, args: [...NPM, `code-server@${CODE_SERVER}`] },
    { says: 'its own packages', cwd: join(server, 'lib/vscode'), args: [...NPM, '--omit=dev'] },
    { says: 'the packages of its built-in extensions', cwd: join(server, 'lib/vscode/extensions'), args: [...NPM, '--omit=dev'] },
  ];
}

async function npm(cwd: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  await mkdir(cwd, { recursive: true });
  const manifest = join(cwd, 'package.json');
  if (!(await access(manifest).then(() => true, () => false))) await writeFile(manifest, '{"private":true}\n');
  await exec(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args], { cwd, signal, timeout: NPM_LIMIT_MS, maxBuffer: OUTPUT_BYTES_MAX });
}

async function isReady(stamp: string): Promise<boolean> {
  return (await readFile(stamp, 'utf8').catch(() => '')) === STRICT_VERSION;
}
