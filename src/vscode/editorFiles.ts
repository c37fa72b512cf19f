/** Decides how the crew's files meet the editor's: unsaved text is what is read and checked, and an open document is changed through the editor. */
import path from 'node:path';
import * as vscode from 'vscode';
import { FileChanged, FileFailed } from '../core/domain/fileErrors.ts';
import type { TextFile } from '../core/domain/patch.ts';
import type { Files, Processes, ResolvedPath, Snapshot } from '../core/ports.ts';
import { encodeText, sha256Of } from '../node/fileText.ts';

/** `folder`: the workspace folder as the editor names it; `files.root` is its real path. */
export function withEditor(files: Files, folder: string): Files {
  const documents = createDocuments(files.root, folder);

  async function read(name: string, real?: string): Promise<TextFile> {
    const file = await files.read(name, real); // also asks the path broker
    const document = documents.unsaved(real ?? file.path);
    return document === undefined ? file : withText(file, document.getText());
  }

  return {
    root: files.root,
    read,
    async resolve(name): Promise<ResolvedPath> {
      const found = await files.resolve(name);
      if (found.kind !== 'file' || found.version === undefined) return found;
      const document = documents.unsaved(found.real);
      return document === undefined ? found : { ...found, version: `${found.version}+${document.version}` };
    },
    list: async (options, signal) => await files.list(options, signal),
    async search(query, signal) {
      const hits = await files.search(query, signal);
      return hits.flatMap((hit) => {
        const document = documents.unsaved(hit.path);
        if (document === undefined) return [hit];
        // The pattern is a model's and could run for ever here; a line that still stands in the buffer is a hit there.
        const line = document.getText().split(/\r?\n/u).findIndex((text) => text.startsWith(hit.text) && hit.text !== '');
        return line < 0 ? [] : [{ ...hit, line: line + 1 }];
      });
    },
    async write(edit) {
      const document = documents.open(edit.real ?? edit.path);
      if (document === undefined || edit.baseSha256 === null || edit.encoding === 'latin1') return await files.write(edit);
      const onDisk = await files.read(edit.path, edit.real);
      if (!document.isDirty && document.getText() !== onDisk.text) return await files.write(edit); // the editor is behind the disk, or shows other line ends
      return await writeThrough(files, { document, onDisk, edit, text: edit.text });
    },
    async remove(name, baseSha256, real) {
      await refuseUnsaved(documents.unsaved(real ?? name), name, baseSha256);
      await files.remove(name, baseSha256, real);
    },
    async move(from, to, baseSha256, real) {
      await refuseUnsaved(documents.unsaved(real?.from ?? from), from, baseSha256);
      await files.move(from, to, baseSha256, real);
    },
  };
}

/** Every check sees the unsaved text too, as it was when the copy was made. */
export function withUnsaved(processes: Processes, root: string, folder: string): Processes {
  return {
    confinement: () => processes.confinement(),
    which: (name) => processes.which(name),
    async snapshot(options, signal): Promise<Snapshot> {
      const buffers = createDocuments(root, folder).allUnsaved();
      const snapshot = await processes.snapshot(options, signal);
      if (buffers.length === 0) return snapshot;
      return {
        treeSha256: sha256Of(Buffer.from(JSON.stringify([snapshot.treeSha256, buffers]))),
        ...(snapshot.leftOut === undefined ? {} : { leftOut: snapshot.leftOut }),
        async run(command, stop) {
          const changed = new Set(command.overlay.map((file) => file.path));
          return await snapshot.run({ ...command, overlay: [...buffers.filter((file) => !changed.has(file.path)), ...command.overlay] }, stop);
        },
        [Symbol.asyncDispose]: () => snapshot[Symbol.asyncDispose](),
      };
    },
  };
}

interface Documents {
  /** `name`: relative to the root, or real and absolute. */
  open(name: string): vscode.TextDocument | undefined;
  unsaved(name: string): vscode.TextDocument | undefined;
  allUnsaved(): readonly { readonly path: string; readonly text: string }[];
}

/** The same file can be open by the folder's own path or by its real one. */
function createDocuments(root: string, folder: string): Documents {
  const open = (name: string): vscode.TextDocument | undefined => {
    const places = [path.resolve(root, name), path.resolve(folder, name)];
    return vscode.workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.scheme === 'file' && places.includes(uri.fsPath));
  };
  return {
    open,
    unsaved(name) {
      const document = open(name);
      return document?.isDirty === true ? document : undefined;
    },
    allUnsaved: () => vscode.workspace.textDocuments.flatMap((document) => {
      if (!document.isDirty || document.uri.scheme !== 'file') return [];
      const inside = [root, folder].map((base) => path.relative(base, document.uri.fsPath)).find((relative) => relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative));
      return inside === undefined ? [] : [{ path: inside.replaceAll(path.sep, '/'), text: document.getText() }];
    }),
  };
}

function withText(file: TextFile, text: string): TextFile {
  return { ...file, text, sha256: sha256Of(encodeText(file.path, text, file)) };
}

async function refuseUnsaved(document: vscode.TextDocument | undefined, name: string, baseSha256: string): Promise<void> {
  if (document !== undefined) throw new FileChanged(name, baseSha256, sha256Of(Buffer.from(document.getText())));
}

interface WriteThrough {
  readonly document: vscode.TextDocument;
  readonly onDisk: TextFile;
  readonly edit: Parameters<Files['write']>[0];
  readonly text: string;
}

/**
 * One step of the editor's undo. A document that had no unsaved text is saved, so that the tests of the user's own tree see the
 * change; one that had stays unsaved, since saving it is the user's decision.
 */
async function writeThrough(files: Files, { document, onDisk, edit, text }: WriteThrough): Promise<{ readonly sha256: string }> {
  const wasUnsaved = document.isDirty;
  const before = withText(onDisk, document.getText());
  if (before.sha256 !== edit.baseSha256) throw new FileChanged(edit.path, edit.baseSha256, before.sha256);
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, ...difference(document, text));
  // The editor refuses when the user typed since: the document has another version then.
  if (!(await vscode.workspace.applyEdit(change))) throw new FileChanged(edit.path, edit.baseSha256, withText(onDisk, document.getText()).sha256);
  const wanted = withText(onDisk, text);
  if (wasUnsaved) return { sha256: wanted.sha256 };
  if (!(await document.save())) throw new FileFailed(edit.path, 'EDITOR', 'the editor did not save it; see its notification');
  const saved = await files.read(edit.path, edit.real);
  if (saved.sha256 === wanted.sha256) return { sha256: saved.sha256 };
  // Something formats on save. What was verified is what stands there in the end.
  return await files.write({ ...edit, baseSha256: saved.sha256 });
}

/** Only what differs, so that cursors and folding elsewhere stay where they are. */
function difference(document: vscode.TextDocument, text: string): [vscode.Range, string] {
  const old = document.getText();
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old[start] === text[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  return [new vscode.Range(document.positionAt(start), document.positionAt(old.length - tail)), text.slice(start, text.length - tail)];
}
