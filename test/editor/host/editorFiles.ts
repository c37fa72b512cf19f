/** Decides what is tried inside the extension host: the crew's files on real documents of the editor. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createFiles } from '../../../src/node/files.ts';
import { FileChanged } from '../../../src/core/domain/fileErrors.ts';
import { commands } from '../../../src/vscode/commands.ts';
import { withEditor } from '../../../src/vscode/editorFiles.ts';

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

export function editorFilesTests(): void {
  describe('the crew\'s files in the editor', () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'groundcrew-host-')));
    const files = withEditor(createFiles(folder), folder);
    const open = async (name: string, bytes: string | Buffer): Promise<vscode.TextDocument> => {
      writeFileSync(path.join(folder, name), bytes);
      return await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(folder, name)));
    };
    const insert = async (document: vscode.TextDocument, text: string): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), text);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    const bytes = (name: string): string => readFileSync(path.join(folder, name), 'latin1');

    it('reads the unsaved text, with the hash of the bytes that it would have', async () => {
      const document = await open('unsaved.js', '\ufeffconst a = 1;\r\n');
      await insert(document, 'let b;\r\n');
      const read = await files.read('unsaved.js');
      assert.equal(read.text, 'let b;\r\nconst a = 1;\r\n');
      assert.equal(read.sha256, sha256('\ufefflet b;\r\nconst a = 1;\r\n'));
    });

    it('writes an open file through the editor, saved, in one step of its undo', async () => {
      const document = await open('open.js', 'one\ntwo\nthree\n');
      await vscode.window.showTextDocument(document);
      const { sha256: after } = await files.write({ path: 'open.js', baseSha256: sha256('one\ntwo\nthree\n'), text: 'one\n2\nthree\n' });
      assert.equal(bytes('open.js'), 'one\n2\nthree\n');
      assert.equal(after, sha256('one\n2\nthree\n'));
      assert.equal(document.isDirty, false);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), 'one\ntwo\nthree\n');
    });

    it('writes nothing under text that was typed since', async () => {
      const document = await open('typed.js', 'one\n');
      await insert(document, 'mine\n');
      await assert.rejects(async () => await files.write({ path: 'typed.js', baseSha256: sha256('one\n'), text: 'two\n' }), FileChanged);
      assert.equal(bytes('typed.js'), 'one\n');
      assert.equal(document.getText(), 'mine\none\n');
    });

    it('leaves unsaved text unsaved when it changes it', async () => {
      const document = await open('kept.js', 'one\n');
      await insert(document, 'mine\n');
      await files.write({ path: 'kept.js', baseSha256: sha256('mine\none\n'), text: 'mine\ntwo\n' });
      assert.equal(document.getText(), 'mine\ntwo\n');
      assert.ok(document.isDirty);
      assert.equal(bytes('kept.js'), 'one\n');
    });

    it('keeps bytes that are no UTF-8 though the file is open', async () => {
      const latin1 = Buffer.from('caf\xe9\nx\n', 'latin1');
      await open('latin1.txt', latin1);
      await files.write({ path: 'latin1.txt', baseSha256: sha256(latin1), text: 'caf\xe9\ny\n', encoding: 'latin1' });
      assert.equal(bytes('latin1.txt'), 'caf\xe9\ny\n');
    });

    it('keeps mixed line ends though the file is open', async () => {
      await open('mixed.txt', 'a\r\nb\nc\r\n');
      await files.write({ path: 'mixed.txt', baseSha256: sha256('a\r\nb\nc\r\n'), text: 'a\r\nB\nc\r\n' });
      assert.equal(bytes('mixed.txt'), 'a\r\nB\nc\r\n');
    });

    it('removes and moves no file that has unsaved text', async () => {
      const document = await open('busy.js', 'one\n');
      await insert(document, 'mine\n');
      await assert.rejects(async () => await files.remove('busy.js', sha256('one\n')), FileChanged);
      await assert.rejects(async () => await files.move('busy.js', 'other.js', sha256('one\n')), FileChanged);
      assert.equal(bytes('busy.js'), 'one\n');
    });
  });

  describe('the extension in its host', () => {
    it('registers a handler for every command', async () => {
      await vscode.extensions.getExtension('groundcrew.groundcrew')?.activate();
      const registered = new Set(await vscode.commands.getCommands(true));
      assert.deepEqual(Object.keys(commands).filter((id) => !registered.has(id)), []);
    });
  });
}
