/** Decides what a test of the editor starts with: the packed extension in a fresh editor, a project in a folder of its own, a model that answers from a socket. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../harness/editor/browser.ts';
import { installEditor } from '../harness/editor/install.ts';
import { type EditorServer, startEditorServer } from '../harness/editor/server.ts';
import { openWindow } from '../harness/editor/window.ts';
import { type CrewModel, createCrewModel, type CrewModelOptions } from '../support/cliProjects.ts';
import { DEAD_HOST } from '../support/cli.ts';
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
  /** Keeps a screenshot and the logs when the test failed, then ends everything. */
  [Symbol.asyncDispose](): Promise<void>;
}

const never = new AbortController().signal;
const silent = (): void => undefined;
let shared: Promise<Browser> | undefined;

/** One for all tests of this process; each window has a profile of its own. */
function browser(): Promise<Browser> {
  shared ??= launchBrowser({ env: process.env, onProgress: silent }, never).then((found) => {
    if ('kind' in found) throw new Error(`${found.reason}: ${found.remedy}`);
    return found;
  });
  return shared;
}

export async function closeBrowser(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}

export async function openEditorRig(options: EditorRigOptions): Promise<EditorRig> {
  const vsix = process.env['GROUNDCREW_VSIX'];
  if (vsix === undefined) throw new Error('These tests need the packed extension: run them with npm run test:editor.');
  const files = await installEditor({ env: process.env, onProgress: silent }, never);
  if (files.kind === 'unavailable') throw new Error(`${files.reason}: ${files.remedy}`);
  const folder = tempFolder();
  const root = path.join(folder.path, 'shop');
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(options.files)) write(file, text);
  for (const args of [['init', '-q'], ['add', '-A'], ['-c', 'user.email=a@b.c', '-c', 'user.name=n', 'commit', '-qm', 'start']]) execFileSync('git', args, { cwd: root });
  const model = options.model === 'none' ? undefined : await createCrewModel(options.model ?? {});
  const host = model === undefined ? `http://${DEAD_HOST}` : model.url;
  const server = await startEditorServer({
    files, folder: path.join(folder.path, 'editor'), vsix: [vsix], asksForTrust: options.asksForTrust === true,
    settings: { 'groundcrew.ollama.hosts': [host], 'files.autoSave': 'off', ...options.settings },
    env: { ...process.env, XDG_STATE_HOME: path.join(folder.path, 'state'), OLLAMA_HOST: DEAD_HOST, ...options.env },
  }, never);
  const windows: Driver[] = [];
  const open = async (): Promise<Driver> => {
    const driver = createDriver(await openWindow({ browser: await browser(), server, folder: root, ...(options.development === undefined ? {} : { development: options.development }) }), root);
    windows.push(driver);
    return driver;
  };
  const end = async (): Promise<void> => {
    for (const each of windows) await each[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await model?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  try {
    const window = await open();
    return { root, model, server, window, write, openAnother: open, text: (file) => readFileSync(path.join(root, file), 'utf8'), [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}
