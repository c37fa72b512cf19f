/** Decides which browser shows the editor: the one that $CHROME names, one of the system, or one unpacked from an npm package. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { cacheFolder, type Environment, type Unavailable } from '../cache.ts';
import { createLock } from '../lock.ts';
import type { OnProgress } from '../progress.ts';
import { tryWhich } from '../which.ts';

const SPARTICUZ = '153.0.0';
const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const NPM_LIMIT_MS = 3 * 60_000;
const exec = promisify(execFile);

interface Program {
  readonly path: string;
  /** For the browser alone: Node must not see these libraries. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export async function launchBrowser({ env, onProgress }: { readonly env: Environment; readonly onProgress: OnProgress }, signal: AbortSignal): Promise<Browser | Unavailable> {
  const program = await findBrowser(env, onProgress, signal);
  if ('kind' in program) return program;
  return await chromium.launch({
    executablePath: program.path,
    headless: true,
    env: { ...definedIn(env), ...program.env },
    // The window talks to loopback from a page that is fulfilled by us; newer Chromium asks for a permission that a test cannot give.
    args: ['--no-sandbox', '--disable-gpu', '--disable-features=LocalNetworkAccessChecks', '--disable-background-networking', '--no-first-run', ...program.args],
  });
}

async function findBrowser(env: Environment, onProgress: OnProgress, signal: AbortSignal): Promise<Program | Unavailable> {
  const named = env['CHROME'];
  if (named !== undefined && named !== '') return { path: named, env: {}, args: [] };
  for (const name of SYSTEM_NAMES) {
    const path = await tryWhich(name, env);
    if (path !== undefined) return { path, env: {}, args: [] };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') return { kind: 'unavailable', reason: 'no Chromium or Chrome is on the PATH', remedy: 'install one, or name it in CHROME' };
  return await unpackBrowser(join(cacheFolder(env), `chromium-${SPARTICUZ}`), onProgress, signal);
}

/** Chromium with every library and font it needs, from an npm package. */
async function unpackBrowser(folder: string, onProgress: OnProgress, signal: AbortSignal): Promise<Program | Unavailable> {
  const program: Program = { path: join(folder, 'chromium'), env: { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts') }, args: ['--font-render-hinting=none'] };
  const stamp = join(folder, 'ready');
  const isReady = async (): Promise<boolean> => (await readFile(stamp, 'utf8').catch(() => '')) === SPARTICUZ;
  if (await isReady()) return program;
  await using _lock = await createLock(`${folder}.lock`, (pid) => onProgress({ step: 'browser', detail: `waiting for process ${pid}, which installs it` }), signal);
  if (await isReady()) return program;
  onProgress({ step: 'browser', detail: `@sparticuz/chromium ${SPARTICUZ} from the npm registry` });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  try {
    await exec('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `@sparticuz/chromium@${SPARTICUZ}`], { cwd: folder, signal, timeout: NPM_LIMIT_MS });
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unavailable', reason: `no Chromium is on the PATH, and @sparticuz/chromium could not be installed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`, remedy: 'install Chromium, or name it in CHROME' };
  }
  const bin = join(folder, 'node_modules/@sparticuz/chromium/bin');
  await writeFile(program.path, await unbrotli(join(bin, 'chromium.br')), { mode: 0o755 });
  for (const name of ['al2023', 'swiftshader', 'fonts']) await untar(join(bin, `${name}.tar.br`), join(folder, name === 'swiftshader' ? '.' : name));
  await writeFile(join(folder, 'fonts/fonts.conf'), `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'font-cache')}</cachedir><config></config></fontconfig>\n`);
  await rm(join(folder, 'node_modules'), { recursive: true, force: true });
  await writeFile(stamp, SPARTICUZ);
  return program;
}

async function unbrotli(file: string): Promise<Buffer> {
  return await promisify(brotliDecompress)(await readFile(file));
}

async function untar(file: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const tar = join(into, 'unpacked.tar');
  await writeFile(tar, await unbrotli(file));
  await exec('tar', ['xf', tar, '-C', into]);
  await rm(tar);
}

function definedIn(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
