/** Decides where a run can be hit: before and after each call that touches disk, store, process or clock; there it dies, or the call fails. */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import type { CrewPorts } from '../../../src/core/openRun.ts';
import { storeFailure } from '../../../src/node/journalErrors.ts';

export const Hit = z.object({
  /** count: nothing happens, points are only counted. kill: the process dies. A code: the call fails so. clock: time jumps by a day. */
  kind: z.enum(['count', 'kill', 'ENOSPC', 'EIO', 'EMFILE', 'EACCES', 'EROFS', 'clock-forward', 'clock-back']),
  at: z.int(),
});
export type Hit = z.infer<typeof Hit>;

const DAY_MS = 86_400_000;
/** These do not pass by themselves: from the point on every call that writes fails. */
const LASTING: ReadonlySet<Hit['kind']> = new Set(['ENOSPC', 'EROFS', 'EIO']);

export interface Points {
  readonly names: readonly string[];
  /** From now on calls count. */
  arm(): void;
  ports(ports: CrewPorts): CrewPorts;
}

export function createPoints(hit: Hit): Points {
  const names: string[] = [];
  let armed = false;
  let shiftMs = 0;

  /** @throws the fault that this point stands for. */
  function pass(name: string, canFail: boolean): void {
    if (!armed) return;
    names.push(name);
    const n = names.length;
    switch (hit.kind) {
      case 'count': return;
      case 'kill':
        if (n === hit.at) die();
        return;
      case 'clock-forward': case 'clock-back':
        if (n === hit.at) shiftMs = hit.kind === 'clock-forward' ? DAY_MS : -DAY_MS;
        return;
      default:
        if (canFail && (n === hit.at || (n > hit.at && LASTING.has(hit.kind)))) throw Object.assign(new Error(`${hit.kind}: injected at ${name}`), { code: hit.kind });
    }
  }

  function around<A extends readonly unknown[], R>(name: string, call: (...args: A) => Promise<R>, onFault: (error: unknown) => unknown = (error) => error): (...args: A) => Promise<R> {
    return async (...args) => {
      try {
        pass(`before ${name}`, true);
      } catch (error) {
        throw onFault(error);
      }
      const result = await call(...args);
      pass(`after ${name}`, false);
      return result;
    };
  }

  patchFiles(around);
  return {
    names,
    arm() {
      armed = true;
    },
    ports(ports) {
      const { store, clock, processes } = ports;
      const failing = (error: unknown): unknown => storeFailure('the run log', error);
      return {
        ...ports,
        clock: { ...clock, now: () => clock.now() + shiftMs },
        processes: { ...processes, snapshot: around('snapshot', processes.snapshot) },
        store: {
          ...store,
          append: around('store.append', store.append, failing),
          effect: around('store.effect', store.effect, failing),
          intend: around('store.intend', store.intend, failing),
          finishEffect: around('store.finishEffect', store.finishEffect, failing),
          appendReceipt: around('store.appendReceipt', store.appendReceipt, failing),
          putBlob: around('store.putBlob', store.putBlob, failing),
          getBlob: around('store.getBlob', store.getBlob, failing),
          [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
        },
      };
    },
  };
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
  // The signal may come a moment later; nothing must happen meanwhile.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
}

type Around = <A extends readonly unknown[], R>(name: string, call: (...args: A) => Promise<R>) => (...args: A) => Promise<R>;

/** Named imports of node:fs/promises follow; must be called before anything of the product is loaded with a copy of its own. */
function patchFiles(around: Around): void {
  const { open } = fs;
  const patched = {
    rename: around('rename', fs.rename), link: around('link', fs.link), unlink: around('unlink', fs.unlink), mkdir: around('mkdir', fs.mkdir),
    open: around('open', async (...args: Parameters<typeof open>) => patchHandle(await open(...args), around)),
  };
  Object.assign(fs, patched);
  syncBuiltinESMExports();
}

function patchHandle(handle: FileHandle, around: Around): FileHandle {
  const write = handle.write.bind(handle) as (...args: readonly unknown[]) => Promise<{ bytesWritten: number; buffer: Uint8Array }>; // one of its overloads, passed through
  return Object.assign(handle, { write: around('write', write), sync: around('sync', handle.sync.bind(handle)) });
}
