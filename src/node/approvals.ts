/** Decides which approvals are remembered for a workspace: only those that this user's own key has signed, for 30 days, until revoked. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ApprovalAnswer, ApprovalRequest, Approvals } from '../core/ports.ts';
import { canonicalJson } from '../core/util/canonicalJson.ts';
import { writeAll } from './atomicWrite.ts';
import { codeOf } from './pathBroker.ts';

export interface ApprovalsOptions {
  /** The workspace's state folder, where its log is: 0700. */
  readonly folder: string;
  /** Real path of the workspace: an approval holds in no other, even when the file is copied there. */
  readonly workspace: string;
  readonly now: () => number;
  /** Asks the person; left out, nobody is there. */
  readonly prompt?: (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;
}

export interface StoredApproval {
  readonly digest: string;
  readonly what: string;
  readonly at: number;
}

export interface StoredApprovals extends Approvals {
  /** Those that hold now, newest first. */
  list(): Promise<readonly StoredApproval[]>;
  /** Also makes every older copy of the file worthless: the rest is signed with a new key. */
  revoke(digest: string): Promise<void>;
}

const VALID_MS = 30 * 24 * 60 * 60_000;
const FILE_BYTES_MAX = 1_000_000;
const ENTRIES_MAX = 500;
const KEY_BYTES = 32;

const Entry = z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/), what: z.string(), at: z.int(), mac: z.string().regex(/^[0-9a-f]{64}$/) });
const Stored = z.object({ v: z.literal(1), entries: z.array(Entry).max(ENTRIES_MAX) });

export function createApprovals({ folder, workspace, now, prompt }: ApprovalsOptions): StoredApprovals {
  const file = join(folder, 'approvals.json');
  const keyFile = join(folder, 'approvals.key');

  const sign = (key: Buffer, { digest, what, at }: StoredApproval): string => createHmac('sha256', key).update(canonicalJson({ v: 1, workspace, digest, what, at })).digest('hex');

  /** Anything that cannot be read, is not ours, is too old or from the future counts as not there. */
  async function held(key: Buffer | undefined): Promise<readonly StoredApproval[]> {
    const bytes = await readPrivate(file);
    if (key === undefined || bytes === undefined) return [];
    const stored = Stored.safeParse(tryJson(bytes.toString('utf8')));
    if (!stored.success) return [];
    const at = now();
    return stored.data.entries.filter((entry) => entry.at <= at && at - entry.at < VALID_MS && timingSafeEqual(Buffer.from(entry.mac, 'hex'), Buffer.from(sign(key, entry), 'hex'))).map(({ digest, what, at: since }) => ({ digest, what, at: since }));
  }

  async function save(key: Buffer, approvals: readonly StoredApproval[]): Promise<void> {
    const kept = approvals.toSorted((a, b) => b.at - a.at).slice(0, ENTRIES_MAX);
    await writePrivate(file, Buffer.from(`${JSON.stringify({ v: 1, entries: kept.map((approval) => ({ ...approval, mac: sign(key, approval) })) }, null, 1)}\n`));
  }

  return {
    isStored: async (digest) => (await held(await readKey(keyFile))).some((approval) => approval.digest === digest),
    async store(digest, what) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const key = (await readKey(keyFile)) ?? (await makeKey(keyFile));
      await save(key, [{ digest, what, at: now() }, ...(await held(key)).filter((approval) => approval.digest !== digest)]);
    },
    ask: async (request, signal) => (prompt === undefined ? 'nobody' : await prompt(request, signal)),
    list: async () => (await held(await readKey(keyFile))).toSorted((a, b) => b.at - a.at),
    async revoke(digest) {
      const rest = (await held(await readKey(keyFile))).filter((approval) => approval.digest !== digest);
      await save(await makeKey(keyFile), rest);
    },
  };
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const key = await readPrivate(path);
  return key?.length === KEY_BYTES ? key : undefined;
}

async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  await writePrivate(path, key);
  return key;
}

/** Content of a regular file that only this user can read and write; undefined for every other. */
async function readPrivate(path: string): Promise<Buffer | undefined> {
  try {
    await using handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stats = await handle.stat();
    const isPrivate = process.platform === 'win32' || ((stats.mode & 0o077) === 0 && stats.uid === process.getuid?.());
    if (!stats.isFile() || !isPrivate || stats.size > FILE_BYTES_MAX) return undefined;
    return await handle.readFile();
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'EACCES', 'ENOTDIR', 'ENXIO'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

async function writePrivate(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    {
      await using handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      await writeAll(handle, bytes);
      await handle.sync();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw new Error(`The approval was not remembered: ${path} could not be written (${codeOf(error)}). It holds for this run only; check the folder's permissions and space.`, { cause: error });
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
