/** Decides what a test of the editor starts with: the packed extension in a fresh editor, a project in a folder of its own, a model that answers from a socket. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../harness/editor/browser.ts';
import { installEditor } from '../harness/editor/install.ts';
import { type EditorServer, startEditorServer } from '../harness/editor/server.ts';
import { openWindow } from '../harness/editor/window.ts';
import { DEAD_HOST } from '../support/cli.ts';
import { type CrewModel, createCrewModel, type CrewModelOptions } from '../support/cliProjects.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { createDriver, type Driver } from './driver.ts';

export interface EditorRigOptions {
  readonly files: Readonly<Record<string, string>>;
  /** "none": nothing answers. */
  readonly model?: CrewModelOptions | 'none';
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly asksForTrust?: boolean;
  /** Folder of one more extension, in development. */
  readonly development?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface EditorRig extends AsyncDisposable {
  readonly root: string;
  readonly model: CrewModel | undefined;
  readonly server: EditorServer;
  readonly window: Driver;
  text(file: string): string;
  write(file: string, text: string): void;
  /** One more window on the same folder. */
  openAnother(): Promise<Driver>;
  /** What the logs must never hold: a proposed API that was used, a menu that does not exist. */
  faults(): Promise<readonly string[]>;
}

/** Lines that say that the extension asks for what a released editor refuses. */
const FAULT = /is a proposed menu identifier|CANNOT use API proposal|was not contributed|groundcrew.*(?:rejected promise|unhandled|failed)/iu;

const never = new AbortController().signal;
const silent = (): void => undefined;

/** A browser of its own for each rig: it ends with it, whatever happened in between. */
export async function openEditorRig(options: EditorRigOptions): Promise<EditorRig> {
  const vsix = process.env['GROUNDCREW_VSIX'];
  if (vsix === undefined) throw new Error('These tests need the packed extension: run them with npm run test:editor.');
  await using ending = new AsyncDisposableStack();
  const folder = ending.use(tempFolder());
  const root = path.join(folder.path, 'shop');
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(options.files)) write(file, text);
  for (const args of [['init', '-q'], ['add', '-A'], ['-c', 'user.email=a@b.c', '-c', 'user.name=n', 'commit', '-qm', 'start']]) execFileSync('git', args, { cwd: root });
  const model = options.model === 'none' ? undefined : ending.use(await createCrewModel(options.model ?? {}));
  const server = ending.use(await startServer(options, { folder: folder.path, vsix: [vsix], url: model?.url ?? `http://${DEAD_HOST}` }));
  const browser: Browser = ending.adopt(await startBrowser(), async (each) => await each.close());
  const open = async (stack: AsyncDisposableStack): Promise<Driver> => stack.use(createDriver(await openWindow({ browser, server, folder: root, ...(options.development === undefined ? {} : { development: options.development }) }), server));
  const window = await open(ending);
  const all = ending.move();
  return {
    root, model, server, window, write, openAnother: () => open(all),
    text: (file) => readFileSync(path.join(root, file), 'utf8'),
    faults: async () => `${await server.logs()}\n${window.console.join('\n')}`.split('\n').filter((line) => FAULT.test(line)),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function startBrowser(): Promise<Browser> {
  const browser = await launchBrowser({ env: process.env, onProgress: silent }, never);
  if ('kind' in browser) throw new Error(`${browser.reason}: ${browser.remedy}`);
  return browser;
}

async function startServer(options: EditorRigOptions, { folder, vsix, url }: { readonly folder: string; readonly vsix: readonly string[]; readonly url: string }): Promise<EditorServer> {
  const files = await installEditor({ env: process.env, onProgress: silent }, never);
  if (files.kind === 'unavailable') throw new Error(`${files.reason}: ${files.remedy}`);
  return await startEditorServer({
    files, folder: path.join(folder, 'editor'), vsix, asksForTrust: options.asksForTrust === true,
    settings: { 'groundcrew.ollama.hosts': [url], 'files.autoSave': 'off', ...options.settings },
    env: { ...process.env, XDG_STATE_HOME: path.join(folder, 'state'), OLLAMA_HOST: DEAD_HOST, ...options.env },
  }, never);
}

/** The extension from its source folder, and tests that run in its process; resolves when they have ended. */
export async function openHostWindow(development: string, tests: string): Promise<{ readonly code: number; readonly log: string }> {
  await using ending = new AsyncDisposableStack();
  const folder = ending.use(tempFolder());
  mkdirSync(path.join(folder.path, 'shop'));
  const server = ending.use(await startServer({ files: {} }, { folder: folder.path, vsix: [], url: `http://${DEAD_HOST}` }));
  const browser: Browser = ending.adopt(await startBrowser(), async (each) => await each.close());
  const lines: string[] = [];
  const ended = Promise.withResolvers<number>();
  ending.use(await openWindow({ browser, server, folder: path.join(folder.path, 'shop'), development, tests: { path: tests, onLog: (line) => void lines.push(line), onExit: ended.resolve } }));
  return { code: await ended.promise, log: lines.join('\n') };
}
