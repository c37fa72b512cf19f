/** Decides how an offered change is looked at: its texts before and after as documents, the one that can still be edited as a file in memory. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Store } from '../core/ports.ts';
import type { Run, Runs } from './runs.ts';

/** `base` before the run, `offered` as the crew made it, `taken` base with the hunks that are accepted, `own` what will be written. */
export const SCHEMES = { base: 'groundcrew-base', offered: 'groundcrew-offered', taken: 'groundcrew-taken', own: 'groundcrew-change' } as const;
export type TextKind = keyof typeof SCHEMES;

export interface OfferedFile {
  /** Relative to the workspace folder. */
  readonly path: string;
  /** null: there was none. */
  readonly base: string | null;
  /** null: it is deleted. */
  readonly text: string | null;
}

/** Both sides of a comparison have the file's own path, or the editor takes it for renamed. */
export function textOf(kind: TextKind, run: Pick<Run, 'id' | 'folder'>, file: string): vscode.Uri {
  return vscode.Uri.file(path.join(run.folder, file)).with({ scheme: SCHEMES[kind], query: run.id });
}

export interface ProposalFiles extends vscode.Disposable {
  /** What the chosen candidate of the run changes. @throws Error when the run has none. */
  offered(run: Run): Promise<readonly OfferedFile[]>;
  /** Current text of a `taken` or `own` document. */
  get(uri: vscode.Uri): string | undefined;
  set(uri: vscode.Uri, text: string): void;
  /** Forgets what is kept of a run. */
  forget(run: string): void;
}

export function createProposalFiles(runs: Runs, store: (folder: string) => Promise<Store | undefined>): ProposalFiles {
  const kept = new Map<string, { readonly bytes: Uint8Array; readonly mtime: number }>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const written = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  let ticks = Date.now();

  const get = (uri: vscode.Uri): string | undefined => {
    const found = kept.get(uri.toString());
    return found === undefined ? undefined : new TextDecoder().decode(found.bytes);
  };
  const put = (uri: vscode.Uri, bytes: Uint8Array): void => {
    kept.set(uri.toString(), { bytes, mtime: ++ticks });
    if (uri.scheme === SCHEMES.own) written.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    else changed.fire(uri);
  };

  async function offered(run: Run): Promise<readonly OfferedFile[]> {
    const view = await runs.load(run.id);
    const candidate = view.candidates.get(view.chosen?.candidate ?? '');
    if (candidate === undefined) throw new Error(`"${run.title}" ended without a change, so there is nothing to look at. Its trace shows why.`);
    const opened = await store(run.folder);
    return await Promise.all(candidate.patch.edits.map(async ({ path: file, baseSha256, text }) => {
      const bytes = baseSha256 === null ? undefined : await opened?.getBlob(baseSha256);
      const base = baseSha256 === null ? null : bytes === undefined ? await onDisk(run.folder, file) : new TextDecoder().decode(bytes);
      return { path: file, base, text };
    }));
  }

  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri) {
      const run = runs.get(uri.query);
      if (run === undefined) return 'This run is not in the open folders.';
      const known = get(uri);
      if (known !== undefined) return known;
      const file = (await offered(run)).find((each) => textOf('base', run, each.path).path === uri.path);
      return (uri.scheme === SCHEMES.offered ? file?.text : file?.base) ?? '';
    },
  };
  const registered = [
    ...(['base', 'offered', 'taken'] as const).map((kind) => vscode.workspace.registerTextDocumentContentProvider(SCHEMES[kind], provider)),
    vscode.workspace.registerFileSystemProvider(SCHEMES.own, memory(kept, put, written), { isCaseSensitive: true }),
  ];
  return {
    offered, get,
    set: (uri, text) => put(uri, new TextEncoder().encode(text)),
    forget(run) {
      for (const address of [...kept.keys()]) if (vscode.Uri.parse(address).query === run) kept.delete(address);
    },
    dispose: () => vscode.Disposable.from(changed, written, ...registered).dispose(),
  };
}

async function onDisk(folder: string, file: string): Promise<string | null> {
  try {
    return (await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(folder, file)))).getText();
  } catch {
    return null; // it is gone: the comparison shows the crew's text alone
  }
}

/** Files that are written back and read again; nothing else can be done with them. */
function memory(kept: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly mtime: number }>, put: (uri: vscode.Uri, bytes: Uint8Array) => void, written: vscode.EventEmitter<vscode.FileChangeEvent[]>): vscode.FileSystemProvider {
  const find = (uri: vscode.Uri): { readonly bytes: Uint8Array; readonly mtime: number } => {
    const found = kept.get(uri.toString());
    if (found === undefined) throw vscode.FileSystemError.FileNotFound('This change is decided, or its run has ended. Its trace shows it.');
    return found;
  };
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions('An offered change has only the files that it changes.');
  };
  return {
    onDidChangeFile: written.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat(uri) {
      const { bytes, mtime } = find(uri);
      return { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.length };
    },
    readFile: (uri) => find(uri).bytes,
    writeFile(uri, content) {
      find(uri);
      put(uri, content);
    },
    readDirectory: refuse, createDirectory: refuse, delete: refuse, rename: refuse,
  };
}
