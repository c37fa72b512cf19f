/** Decides how a verified patch reaches the user's tree, and how it is taken back: a saga of journaled writes (design 03, step 9). */
import * as z from 'zod';
import { Sha256, TextFile, type FileEdit, type Patch } from '../domain/patch.ts';
import type { Store } from '../ports.ts';
import { EffectConflict, once } from '../run/effects.ts';
import type { RunLog } from '../run/log.ts';
import type { RunView } from '../run/view.ts';
import { deleteFile } from '../tools/files/deleteFile.ts';
import { listFiles } from '../tools/files/listFiles.ts';
import { readFile } from '../tools/files/readFile.ts';
import { FileChanged, FileRefused } from '../domain/fileErrors.ts';
import { writeFile } from '../tools/files/writeFile.ts';
import type { Toolbox } from '../tools/toolbox.ts';

/** A few small files; who stops a run waits for no more. */
const TAKE_BACK_MS = 10_000;

/** What one journaled write would do; `preimage` is the blob of the file before it, null when there was none. */
const WriteIntent = z.object({ kind: z.literal('write'), path: z.string(), before: Sha256.nullable(), after: Sha256.nullable(), preimage: Sha256.nullable() });
type WriteIntent = z.infer<typeof WriteIntent>;

export interface ApplyParts {
  readonly store: Pick<Store, 'effect' | 'intend' | 'finishEffect' | 'putBlob' | 'getBlob'>;
  readonly log: RunLog;
  readonly toolbox: Toolbox;
  /** What runs in it may change files though the log takes no more events: only what puts back what the log holds already. */
  readonly evenUnlogged: <T>(work: () => Promise<T>) => Promise<T>;
  /** Hash that a file with this text will have: encoding and byte order mark of the base are kept. */
  readonly hashOf: (text: string, like: TextFile | undefined) => string;
}

export type Applied =
  | { readonly kind: 'applied'; readonly paths: readonly string[] }
  /** Nothing of the patch is in the tree: what had been written was taken back. */
  | { readonly kind: 'conflict'; readonly path: string; readonly reason: string };

/** A change that failed midway could not be taken back whole: these files hold the crew's text now, and the log their old one. */
export class LeftWritten extends Error {
  override readonly name = 'LeftWritten';
  readonly paths: readonly string[];
  constructor(run: string, stuck: readonly Stuck[], cause: unknown) {
    const told = cause instanceof Error ? cause.message : String(cause);
    super(`${told} Of the change before that, ${stuck.map(({ path }) => path).join(', ')} could not be put back (${stuck[0]?.why ?? 'no reason is known'}): your old text is kept in the run. Mend that, then: groundcrew undo ${run}`, { cause });
    this.paths = stuck.map(({ path }) => path);
  }
}

/**
 * Writes every file or none. A file that is no longer what the patch was made from is a conflict; nothing is written under it.
 * @throws LeftWritten when what was written could not be taken back either; else what the machine said, and nothing is written.
 */
export async function applyPatch(parts: ApplyParts, patch: Patch, base: ReadonlyMap<string, TextFile>, signal: AbortSignal): Promise<Applied> {
  const changed = await changedSince(parts, patch, signal);
  if (changed !== undefined) return { kind: 'conflict', path: changed, reason: `${changed} was changed while the crew worked. Your version was kept; the crew's change is in the trace.` };
  // Every old text is kept before the first file is touched: afterwards there may be no room for one.
  const planned: { readonly edit: FileEdit; readonly intent: WriteIntent }[] = [];
  for (const edit of patch.edits) planned.push({ edit, intent: await toIntent(parts, edit, base.get(edit.path)) });
  const written: WriteIntent[] = [];
  for (const { edit, intent } of planned) {
    try {
      await once(effectOf(parts, intent, signal), async () => await write(parts, edit, base.get(edit.path), signal));
      written.push(intent);
    } catch (error) {
      const isTheirs = error instanceof EffectConflict || error instanceof FileChanged;
      // Also of a run that is being stopped, or whose log is full: half a change is worse than either end.
      const { stuck } = await parts.evenUnlogged(() => takeBack(parts, isTheirs ? written : [...written, intent], AbortSignal.timeout(TAKE_BACK_MS)));
      if (stuck.length > 0) throw new LeftWritten(parts.log.run, stuck, error);
      signal.throwIfAborted();
      if (isTheirs) return { kind: 'conflict', path: edit.path, reason: error.message };
      throw error;
    }
  }
  return { kind: 'applied', paths: patch.edits.map((edit) => edit.path) };
}

/**
 * Restores every file of a run that still is what the run made it, and lists the others. Never resets, cleans or stashes:
 * only files that the run wrote are looked at.
 */
export async function undoRun(parts: ApplyParts, view: RunView, signal: AbortSignal): Promise<{ readonly restored: readonly string[]; readonly conflicts: readonly string[] }> {
  const intents = writesOf(view);
  if (intents.length === 0) return { restored: [], conflicts: [] };
  // Said before the first file: a tree that is half taken back is explained by the log, and undo may be called again.
  const key = undoKey(view);
  parts.log.emit('effect.intended', { key, intent: { kind: 'undo', paths: intents.map((intent) => intent.path) } });
  await parts.log.durable();
  const { restored, conflicts, stuck } = await takeBack(parts, intents, signal);
  if (stuck.length > 0) throw new Error(`Put back: ${restored.join(', ') || 'nothing'}. Not put back: ${stuck.map(({ path, why }) => `${path} (${why})`).join('; ')} Your old text is kept in the run. Mend that, then: groundcrew undo ${view.run}`);
  parts.log.emit('effect.done', { key, result: { restored: [...restored], conflicts: [...conflicts] } });
  return { restored, conflicts };
}

/**
 * A run that died between the files of one patch left a tree that is neither the user's nor its own; before it goes on the files are
 * as they were. Said in any case, so that the next writing is told from that one.
 */
export async function takeBackHalf(parts: ApplyParts, signal: AbortSignal): Promise<void> {
  const { view } = parts.log;
  const intents = writesOf(view);
  if (intents.length === 0 || view.applied.length > view.undone.length) return;
  const { restored, conflicts, stuck } = await takeBack(parts, intents, signal);
  if (stuck.length > 0) throw new LeftWritten(view.run, stuck, new Error('A change that was cut off is to be taken back first.'));
  if (restored.length === 0 && conflicts.length === 0) parts.log.emit('patch.undone', { restored: [], conflicts: [] });
  await parts.log.flush();
}

/** Every file that the run wrote, or was about to: all that taking back may touch. */
export const writtenPaths = (view: RunView): readonly string[] => [...new Set(writesOf(view).map((intent) => intent.path))];

/** Of these, what was not there before: taking it back deletes it. */
export const createdPaths = (view: RunView): readonly string[] => writesOf(view).filter((intent) => intent.before === null).map((intent) => intent.path);

const writesOf = (view: RunView): readonly WriteIntent[] => [...view.effects.values()].flatMap(({ intent }) => WriteIntent.safeParse(intent).data ?? []);

/** Each try has a number of its own. */
const undoKey = (view: RunView): string => `${view.run}:undo:${[...view.effects.keys()].filter((key) => key.startsWith(`${view.run}:undo:`)).length}`;

interface Stuck {
  readonly path: string;
  readonly why: string;
}

interface TakenBack {
  readonly restored: readonly string[];
  readonly conflicts: readonly string[];
  /** Still as the run wrote them: the machine refused. The others were put back all the same. */
  readonly stuck: readonly Stuck[];
}

async function takeBack(parts: ApplyParts, intents: readonly WriteIntent[], signal: AbortSignal): Promise<TakenBack> {
  const restored: string[] = [];
  const conflicts: string[] = [];
  const stuck: Stuck[] = [];
  for (const intent of intents.toReversed()) {
    try {
      const now = await currentHash(parts, intent.path, signal);
      if (now === intent.before) continue;
      if (now !== intent.after) conflicts.push(intent.path);
      else {
        await restore(parts, intent, signal);
        restored.push(intent.path);
      }
    } catch (error) {
      stuck.push({ path: intent.path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  if (stuck.length === 0) await sweepBeside(parts, intents, signal);
  if (stuck.length === 0 && (restored.length > 0 || conflicts.length > 0)) parts.log.emit('patch.undone', { restored, conflicts });
  return { restored, conflicts, stuck };
}

/** What a killed write left stands beside the file; listing a folder removes it. */
async function sweepBeside({ toolbox }: ApplyParts, intents: readonly WriteIntent[], signal: AbortSignal): Promise<void> {
  const folders = new Set(intents.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  for (const under of folders) {
    await toolbox.call(listFiles, { under, max: 1 }, signal).catch((error: unknown) => {
      if (!(error instanceof FileRefused)) throw error; // the folder went with its last file
    });
  }
}

async function restore(parts: ApplyParts, intent: WriteIntent, signal: AbortSignal): Promise<void> {
  if (intent.preimage === null) {
    if (intent.after !== null) await parts.toolbox.call(deleteFile, { path: intent.path, baseSha256: intent.after }, signal);
    return;
  }
  const bytes = await parts.store.getBlob(intent.preimage);
  if (bytes === undefined) throw new Error(`The saved version of ${intent.path} (${intent.preimage.slice(0, 12)}) is missing from the store; the file was left as it is.`);
  const file = TextFile.parse(JSON.parse(new TextDecoder().decode(bytes)));
  await parts.toolbox.call(writeFile, { path: file.path, text: file.text, baseSha256: intent.after, encoding: file.encoding, bom: file.bom }, signal);
}

async function changedSince(parts: ApplyParts, patch: Patch, signal: AbortSignal): Promise<string | undefined> {
  for (const edit of patch.edits) {
    const intended = await parts.store.effect(keyOf(parts, edit.path));
    if (intended === undefined && (await currentHash(parts, edit.path, signal)) !== edit.baseSha256) return edit.path;
  }
  return undefined;
}

async function currentHash(parts: ApplyParts, path: string, signal: AbortSignal): Promise<string | null> {
  try {
    return (await parts.toolbox.call(readFile, readFile.input.parse({ path }), signal)).file.sha256;
  } catch (error) {
    if (error instanceof FileRefused && error.rule === 'absent') return null;
    throw error;
  }
}

async function toIntent(parts: ApplyParts, edit: FileEdit, base: TextFile | undefined): Promise<WriteIntent> {
  const preimage = base === undefined ? null : await parts.store.putBlob(new TextEncoder().encode(JSON.stringify(base)));
  return { kind: 'write', path: edit.path, before: edit.baseSha256, after: edit.text === null ? null : parts.hashOf(edit.text, base), preimage };
}

/** What was taken back may be written again: each time is an effect of its own. */
const keyOf = ({ log }: ApplyParts, path: string): string => `${log.run}:write:${log.view.undone.length === 0 ? '' : `${log.view.undone.length}:`}${path}`;

function effectOf(parts: ApplyParts, intent: WriteIntent, signal: AbortSignal) {
  return {
    store: parts.store,
    log: parts.log,
    key: keyOf(parts, intent.path),
    intent,
    result: z.object({ sha256: Sha256.nullable() }),
    decide: async (stored: unknown) => {
      const before = WriteIntent.parse(stored);
      const now = await currentHash(parts, before.path, signal);
      if (now === before.after) return { kind: 'done' as const, result: { sha256: now } };
      if (now === before.before) return { kind: 'redo' as const };
      return { kind: 'conflict' as const, reason: `${before.path} is neither what it was before the run nor what the run wrote` };
    },
  };
}

async function write(parts: ApplyParts, edit: FileEdit, base: TextFile | undefined, signal: AbortSignal): Promise<{ readonly sha256: string | null }> {
  if (edit.text === null) {
    if (edit.baseSha256 !== null) await parts.toolbox.call(deleteFile, { path: edit.path, baseSha256: edit.baseSha256 }, signal);
    return { sha256: null };
  }
  return await parts.toolbox.call(writeFile, { path: edit.path, text: edit.text, baseSha256: edit.baseSha256, encoding: base?.encoding ?? 'utf8', bom: base?.bom ?? false }, signal);
}
