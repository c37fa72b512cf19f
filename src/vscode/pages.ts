/** Decides how a report of ours (setup, grants) is shown: as a rendered read-only document; what others wrote stands in it as plain text. */
import * as vscode from 'vscode';

const SCHEME = 'groundcrew-page';

export interface Pages extends vscode.Disposable {
  /** Shows it, or shows it anew. `title` is what the tab says. */
  show(title: string, markdown: string): Promise<void>;
}

export function createPages(): Pages {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? 'This report was of an earlier window. Run its command again.',
  });
  return {
    async show(title, markdown) {
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title}.md` });
      texts.set(uri.path, markdown);
      changed.fire(uri);
      // As an editor of its own: the plain preview follows whatever Markdown is opened next.
      await vscode.commands.executeCommand('vscode.openWith', uri, 'vscode.markdown.preview.editor');
    },
    dispose: () => vscode.Disposable.from(registered, changed).dispose(),
  };
}

/** Names of models, hosts and commands come from elsewhere: none of them is markup, a link or an image. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').replaceAll(/[\\`*_{}[\]()<>#+!|~&:-]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
