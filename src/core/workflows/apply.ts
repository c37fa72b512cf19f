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

/** What one journaled write would do; `preimage` is the blob of the file before it, null when there was none. */
const WriteIntent = z.object({ kind: z.literal('write'), path: z.string(), before: Sha256.nullable(), after: Sha256.nullable(), preimage: Sha256.nullable() });
type WriteIntent = z.infer<typeof WriteIntent>;

export interface ApplyParts {
  readonly store: Pick<Store, 'effect' | 'intend' | 'finishEffect' | 'putBlob' | 'getBlob'>;
  readonly log: RunLog;
  readonly toolbox: Toolbox;
  /** Hash that a file with this text will have: encoding and byte order mark of the base are kept. */
  readonly hashOf: (text: string, like: TextFile | undefined) => string;
}

export type Applied =
  | { readonly kind: 'applied'; readonly paths: readonly string[] }
  /** Nothing of the patch is in the tree: what had been written was taken back. */
  | { readonly kind: 'conflict'; readonly path: string; readonly reason: string };

/** Writes every file or none. A file that is no longer what the patch was made from is a conflict; nothing is written under it. */
export async function applyPatch(parts: ApplyParts, patch: Patch, base: ReadonlyMap<string, TextFile>, signal: AbortSignal): Promise<Applied> {
  const changed = await changedSince(parts, patch, signal);
  if (changed !== undefined) return { kind: 'conflict', path: changed, reason: `${changed} was changed while the crew worked. Your version was kept; the crew's change is in the trace.` };
  const written: WriteIntent[] = [];
  for (const edit of patch.edits) {
    const intent = await toIntent(parts, edit, base.get(edit.path));
    try {
      await once(effectOf(parts, intent, signal), async () => await write(parts, edit, base.get(edit.path), signal));
      written.push(intent);
    } catch (error) {
      signal.throwIfAborted();
      await takeBack(parts, written, signal);
      if (error instanceof EffectConflict || error instanceof FileChanged) return { kind: 'conflict', path: edit.path, reason: error.message };
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
  const result = await takeBack(parts, intents, signal);
  parts.log.emit('effect.done', { key, result: { restored: [...result.restored], conflicts: [...result.conflicts] } });
  return result;
}

/**
 * A run that died between the files of one patch left a tree that is neither the user's nor its own; before it goes on the files are
 * as they were. Said in any case, so that the next writing is told from that one.
 */
export async function takeBackHalf(parts: ApplyParts, signal: AbortSignal): Promise<void> {
  const { view } = parts.log;
  const intents = writesOf(view);
  if (intents.length === 0 || view.applied.length > view.undone.length) return;
  const { restored, conflicts } = await takeBack(parts, intents, signal);
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

async function takeBack(parts: ApplyParts, intents: readonly WriteIntent[], signal: AbortSignal): Promise<{ readonly restored: readonly string[]; readonly conflicts: readonly string[] }> {
  const restored: string[] = [];
  const conflicts: string[] = [];
  for (const intent of intents.toReversed()) {
    const now = await currentHash(parts, intent.path, signal);
    if (now === intent.before) continue;
    if (now !== intent.after) conflicts.push(intent.path);
    else {
      await restore(parts, intent, signal);
      restored.push(intent.path);
    }
  }
  await sweepBeside(parts, intents, signal);
  if (restored.length > 0 || conflicts.length > 0) parts.log.emit('patch.undone', { restored, conflicts });
  return { restored, conflicts };
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
