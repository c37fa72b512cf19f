/** Decides where it is kept what was reviewed and dismissed: in the workspace's state folder, one file for each reviewed one. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { ReviewedFile } from '../core/review/onSave.ts';
import { Dismissal } from '../core/review/shown.ts';

/** Reviewed files that are kept; the ones looked at longest ago go. */
const FILES_MAX = 400;
const DISMISSALS_MAX = 2_000;
const BYTES_MAX = 4_000_000;

export interface ReviewMemory {
  /** undefined: never reviewed, or what was kept cannot be read any more. */
  read(path: string): Promise<ReviewedFile | undefined>;
  write(path: string, file: ReviewedFile): Promise<void>;
  /** What was said of a file that is gone under this name. */
  forget(path: string): Promise<void>;
  dismissals(): Promise<readonly Dismissal[]>;
  dismiss(dismissal: Dismissal): Promise<void>;
}

const Dismissals = z.object({ v: z.literal(1), dismissals: z.array(Dismissal) });

/** `folder`: the workspace's state folder. */
export function createReviewMemory(folder: string): ReviewMemory {
  const reviews = path.join(folder, 'reviews');
  const dismissed = path.join(folder, 'dismissals.json');
  const fileOf = (name: string): string => path.join(reviews, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`);
  let turn: Promise<unknown> = Promise.resolve();
  /** Reading and writing back the list must not cross another's. */
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return await mine;
  };
  const dismissals = async (): Promise<readonly Dismissal[]> => (await readAs(Dismissals, dismissed))?.dismissals ?? [];
  return {
    read: async (name) => await readAs(ReviewedFile, fileOf(name)),
    async write(name, file) {
      await mkdir(reviews, { recursive: true, mode: 0o700 });
      await place(fileOf(name), JSON.stringify(file));
      await sweep(reviews);
    },
    forget: async (name) => await rm(fileOf(name), { force: true }),
    dismissals,
    dismiss: async (dismissal) => await inTurn(async () => {
      const known = (await dismissals()).filter((one) => JSON.stringify(one) !== JSON.stringify(dismissal));
      await place(dismissed, JSON.stringify({ v: 1, dismissals: [...known, dismissal].slice(-DISMISSALS_MAX) }));
    }),
  };
}

/** Anything that is not what we wrote counts as not there: it costs one reading. */
async function readAs<T>(schema: z.ZodType<T>, file: string): Promise<T | undefined> {
  try {
    if ((await stat(file)).size > BYTES_MAX) return undefined;
    return schema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

async function place(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= FILES_MAX) return;
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(path.join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })));
  for (const { name } of aged.toSorted((a, b) => a.at - b.at).slice(0, names.length - FILES_MAX)) await rm(path.join(folder, name), { force: true });
}
