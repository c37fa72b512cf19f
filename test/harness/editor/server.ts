/** Decides how one editor server runs: on a port of its own, with a profile of its own, ended with whoever started it. */
import { spawn } from 'node:child_process';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../cache.ts';
import type { EditorFiles } from './install.ts';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const OUTPUT_TAIL_CHARS = 20_000;
const SUPERVISE = fileURLToPath(new URL('../supervise.ts', import.meta.url));

export interface EditorServer extends AsyncDisposable {
  readonly port: number;
  /** The profile: settings, state of windows, logs. */
  readonly userData: string;
  /** Everything that server and extension hosts wrote to their logs. */
  logs(): Promise<string>;
}

export interface EditorServerOptions {
  readonly files: EditorFiles;
  /** Folder of its own; profile and extensions lie in it. */
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Packed extensions to install first. */
  readonly vsix: readonly string[];
  /** true: as on a user's machine, folders are not trusted until the user says so. */
  readonly asksForTrust: boolean;
  readonly port?: number;
  readonly env: Environment;
}

/** @throws Error with the server's own words when it does not come up, or an extension cannot be installed. */
export async function startEditorServer(options: EditorServerOptions, signal: AbortSignal): Promise<EditorServer> {
  const userData = join(options.folder, 'profile');
  const extensions = join(options.folder, 'extensions');
  await mkdir(extensions, { recursive: true });
  // The window is a remote one: settings of machine scope are read from the machine that it works on.
  for (const place of ['User', 'Machine']) {
    await mkdir(join(userData, place), { recursive: true });
    await writeFile(join(userData, place, 'settings.json'), JSON.stringify({ ...QUIET, ...options.settings }, undefined, 2));
  }
  const places = ['--user-data-dir', userData, '--extensions-dir', extensions];
  for (const file of options.vsix) await install([options.files.entry, ...places, '--install-extension', file], options.env, signal);
  const port = options.port ?? (await freePort());
  const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', ...(options.asksForTrust ? [] : ['--disable-workspace-trust'])];
  const child = spawn(process.execPath, [SUPERVISE, process.execPath, options.files.entry, ...places, ...flags], { env: { ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-OUTPUT_TAIL_CHARS)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    if (child.exitCode === null) await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
  };
  try {
    const deadline = performance.now() + START_LIMIT_MS;
    while (!(await isUp(port, signal))) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`The editor's server did not come up on port ${port}: ${output.trim() || 'it said nothing'}`);
      await delay(50, undefined, { signal });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, userData, logs: async () => `${output}\n${await readLogs(userData)}`, [Symbol.asyncDispose]: stop };
}

/** What would open by itself, ask, or reach the network. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.banner': 'always',
  'workbench.colorTheme': 'Default Dark Modern',
} as const;

async function install(args: readonly string[], env: Environment, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0 || /Failed Installing|Error while installing/u.test(output)) throw new Error(`The extension could not be installed in the editor: ${output.trim()}`);
}

async function isUp(port: number, signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`, { signal })).ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port.');
  return address.port;
}

async function readLogs(userData: string): Promise<string> {
  let text = '';
  for await (const file of glob('**/*.log', { cwd: userData })) text += `── ${file}\n${await readFile(join(userData, file), 'utf8').catch(() => '')}`;
  return text;
}
