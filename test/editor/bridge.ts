/** Decides how a test asks the extension host: a function is sent as its text, and what it returns comes back as JSON. */
import { connect, type Socket } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type * as vscode from 'vscode';
import type { RunEvent } from '../../src/core/domain/event.ts';
import { stateFolder } from '../../src/node/stateFolder.ts';
import { openStore } from '../../src/node/store.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { type EditorRig, type EditorRigOptions, openEditorRig } from './rig.ts';

const EXTENSION = fileURLToPath(new URL('bridge', import.meta.url));

export interface BridgedRig extends EditorRig {
  readonly bridge: Bridge;
  /** Logs of all runs of the folder, newest first. */
  runs(): Promise<readonly (readonly RunEvent[])[]>;
  /** In the dark and the light theme, only where somebody looks: GROUNDCREW_SHOTS names the folder. */
  shot(name: string): Promise<void>;
  /** Asked again until it gives something. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
}

const UNTIL_MS = 120_000;
const LOOK_MS = 150;
/** A theme is drawn, a page is rendered. */
const SETTLE_MS = 2_000;

/** A rig whose extension host can be asked. */
export async function openBridgedRig(options: EditorRigOptions): Promise<BridgedRig> {
  const folder = tempFolder();
  const socket = path.join(folder.path, 'bridge');
  const rig = await openEditorRig({ ...options, development: EXTENSION, env: { ...options.env, GROUNDCREW_BRIDGE: socket } });
  const bridge = await connectBridge(socket);
  return {
    ...rig, bridge,
    async runs() {
      await using store = await openStore(stateFolder(rig.root, { platform: process.platform, env: { XDG_STATE_HOME: path.join(path.dirname(rig.root), 'state') }, home: homedir() }));
      return await Promise.all((await store.runs(20)).map(({ run }) => store.read(run)));
    },
    async shot(name) {
      const folder = process.env['GROUNDCREW_SHOTS'];
      if (folder === undefined) return;
      for (const [theme, title] of [['light', 'Default Light Modern'], ['dark', 'Default Dark Modern']] as const) {
        await bridge.run(async (api, wanted) => void (await api.workspace.getConfiguration('workbench').update('colorTheme', wanted, api.ConfigurationTarget.Global)), title);
        await rig.window.page.waitForTimeout(SETTLE_MS);
        await rig.window.page.screenshot({ path: path.join(folder, `${name}-${theme}.png`) });
      }
    },
    async until(what, look) {
      const deadline = performance.now() + UNTIL_MS;
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (performance.now() > deadline) throw new Error(`${what} did not come in ${UNTIL_MS / 1000} s.`);
        await delay(LOOK_MS);
      }
    },
    async [Symbol.asyncDispose]() {
      bridge[Symbol.dispose]();
      await rig[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

export interface Bridge extends Disposable {
  /** `work` sees nothing of the test but `argument`; `kept` lives as long as the window. @throws what it throws. */
  run<A, R>(work: (api: typeof vscode, argument: A, kept: Record<string, unknown>) => R | Promise<R>, argument: A): Promise<R>;
}

const CONNECT_MS = 40_000;
const RETRY_MS = 100;

async function connectBridge(path: string): Promise<Bridge> {
  const socket = await connected(path);
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let next = 0;
  createInterface({ input: socket }).on('line', (line) => {
    const reply: { readonly id: number; readonly value?: unknown; readonly error?: string } = JSON.parse(line);
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) asked?.resolve(reply.value);
    else asked?.reject(new Error(`In the extension host: ${reply.error}`));
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The extension host has gone.'));
  });
  return {
    run: async (work, argument) => await new Promise((resolve, reject) => {
      next += 1;
      waiting.set(next, { resolve: resolve as (value: unknown) => void, reject }); // what comes is what `work` returned, as JSON
      socket.write(`${JSON.stringify({ id: next, source: String(work), argument })}\n`);
    }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** The host makes the socket when it starts. */
async function connected(path: string): Promise<Socket> {
  const deadline = performance.now() + CONNECT_MS;
  for (;;) {
    const socket = await new Promise<Socket | undefined>((resolve) => {
      const tried = connect(path, () => resolve(tried));
      tried.on('error', () => resolve(undefined));
    });
    if (socket !== undefined) return socket;
    if (performance.now() > deadline) throw new Error(`Nothing listens on ${path}: the bridge did not start in the extension host. Look at the window's log.`);
    await delay(RETRY_MS);
  }
}
