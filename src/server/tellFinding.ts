/** Decides how a finding reads in an editor: as a diagnostic, and as the text that a hover shows. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Finding } from '../core/domain/finding.ts';
import { ruleNameOf } from '../core/review/shown.ts';
import type { OpenDocument } from './documents.ts';
import type { Range } from './positions.ts';

const SEVERITY = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information } as const;
const PROVEN: Readonly<Record<Finding['proof'], string>> = { shown: 'Shown by running it.', agreed: 'Two readings agree; nothing was run.', opinion: 'One reading; nothing was run.' };

export function diagnosticOf(finding: Finding, range: Range): Diagnostic {
  return { range, severity: SEVERITY[finding.severity], source: 'groundcrew', code: ruleNameOf(finding), message: finding.claim, data: { id: finding.id } };
}

/** From its column to the end of its line; the whole line where the column lies beyond. */
export function rangeOf(finding: Finding, document: OpenDocument): Range {
  const text = document.text ?? '';
  const start = startOfLine(text, finding.line);
  const end = endOfLine(text, startOfLine(text, finding.endLine));
  const line = text.slice(start, endOfLine(text, start));
  const first = line.search(/\S/);
  const from = finding.column - 1 > first && finding.column - 1 < line.trimEnd().length ? finding.column - 1 : Math.max(0, first);
  return { start: document.positionAt(start + from), end: document.positionAt(Math.max(start + from, end)) };
}

/** The whole lines, without the last line's break. */
export function linesOf(finding: Finding, document: OpenDocument): Range {
  const text = document.text ?? '';
  return { start: document.positionAt(startOfLine(text, finding.line)), end: document.positionAt(endOfLine(text, startOfLine(text, finding.endLine))) };
}

/** Of a file that is not open: its text is not at hand, so the place is the line from the finding's column. */
export function rangeUnread({ line, endLine, column }: Finding): Range {
  return { start: { line: line - 1, character: column - 1 }, end: { line: endLine, character: 0 } };
}

/** A model wrote parts of it: nothing of theirs becomes a link, an image or markup. */
export function asMarkdown(finding: Finding): string {
  const fence = fenceFor([finding.evidence, finding.edit?.text ?? '']);
  return [
    `**Groundcrew** (${finding.severity}, ${escaped(ruleNameOf(finding))}): ${escaped(finding.claim)}`,
    PROVEN[finding.proof],
    ...(finding.evidence === '' ? [] : [`${fence}\n${finding.evidence}\n${fence}`]),
    ...(finding.edit === undefined ? [] : [`Suggested:\n${fence}\n${finding.edit.text}\n${fence}`]),
  ].join('\n\n');
}

export function asPlainText(finding: Finding): string {
  return [finding.claim, PROVEN[finding.proof], finding.evidence, ...(finding.edit === undefined ? [] : [`Suggested: ${finding.edit.text.trim()}`])].filter((part) => part !== '').join('\n');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+.!|<>~&-]/g, (one) => `\\${one}`).replaceAll(/\s+/g, ' ').replaceAll(/(https?):/g, '$1\\:');
}

function fenceFor(texts: readonly string[]): string {
  const longest = Math.max(2, ...texts.flatMap((text) => [...text.matchAll(/`+/g)].map((match) => match[0].length)));
  return '`'.repeat(longest + 1);
}

function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf('\n', at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at;
}

function endOfLine(text: string, start: number): number {
  const next = text.indexOf('\n', start);
  const end = next < 0 ? text.length : next;
  return text[end - 1] === '\r' && end > start ? end - 1 : end;
}
