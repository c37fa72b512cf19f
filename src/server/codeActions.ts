/** Decides what an editor offers for a finding. Nothing here asks a model: everything offered is known already. */
import { type CodeAction, CodeActionKind } from 'vscode-languageserver/node';
import type { Finding } from '../core/domain/finding.ts';
import { ruleNameOf } from '../core/review/shown.ts';
import type { OpenDocument } from './documents.ts';
import type { Range } from './positions.ts';
import { diagnosticOf, linesOf, rangeOf } from './tellFinding.ts';

export const serverCommands = { dismiss: 'groundcrew.lsp.dismiss', explain: 'groundcrew.lsp.explain', fix: 'groundcrew.lsp.fix', review: 'groundcrew.lsp.review' } as const;

export interface ActionParts {
  readonly document: OpenDocument;
  readonly findings: readonly Finding[];
  readonly range: Range;
  /** Kinds that the client asks for; undefined: all. */
  readonly only: readonly string[] | undefined;
  readonly canFix: boolean;
  /** The client takes edits with versions, so one for an older text is refused there. */
  readonly takesVersions: boolean;
}

export function codeActions({ document, findings, range, only, canFix, takesVersions }: ActionParts): readonly CodeAction[] {
  if (only !== undefined && !only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix || kind.startsWith(`${CodeActionKind.QuickFix}.`))) return [];
  return findings.filter((finding) => overlaps(rangeOf(finding, document), range)).flatMap((finding) => actionsFor(finding, { document, canFix, takesVersions }));
}

function actionsFor(finding: Finding, { document, canFix, takesVersions }: Pick<ActionParts, 'document' | 'canFix' | 'takesVersions'>): readonly CodeAction[] {
  const { uri } = document;
  const rule = ruleNameOf(finding);
  const shared = { kind: CodeActionKind.QuickFix, diagnostics: [diagnosticOf(finding, rangeOf(finding, document))] };
  const call = (title: string, command: string, ...more: readonly string[]): CodeAction => ({ ...shared, title, command: { title, command, arguments: [uri, finding.id, ...more] } });
  return [
    ...(finding.edit === undefined ? [] : [{ ...shared, title: `Replace with: ${short(finding.edit.text)}`, isPreferred: finding.proof === 'shown', edit: editOf(finding, finding.edit.text, document, takesVersions) }]),
    ...(canFix ? [call('Fix with the crew', serverCommands.fix)] : []),
    call('Explain this finding', serverCommands.explain),
    call('Dismiss this finding', serverCommands.dismiss, 'finding'),
    call(`Dismiss "${rule}" in this file`, serverCommands.dismiss, 'file'),
    call(`Dismiss "${rule}" in this workspace`, serverCommands.dismiss, 'workspace'),
  ];
}

function editOf(finding: Finding, newText: string, document: OpenDocument, takesVersions: boolean): NonNullable<CodeAction['edit']> {
  const edits = [{ range: linesOf(finding, document), newText }];
  return takesVersions ? { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits }] } : { changes: { [document.uri]: edits } };
}

function overlaps(a: Range, b: Range): boolean {
  const before = (x: Range['start'], y: Range['start']): boolean => x.line < y.line || (x.line === y.line && x.character <= y.character);
  // Anywhere on its line will do: a cursor stands at the line's beginning as often as on the word.
  return before({ line: a.start.line, character: 0 }, b.end) && before(b.start, a.end);
}

function short(text: string): string {
  const one = text.trim().replaceAll(/\s+/g, ' ');
  return one.length > 60 ? `${one.slice(0, 57)}…` : one;
}
