/** Decides how what rules and readings say becomes findings: one place, one id, one finding for one line. */
import type { Finding } from '../domain/finding.ts';
import type { Hashing } from '../ports.ts';
import { REDACTED } from '../tools/secrets.ts';
import type { RuleHit } from './rules.ts';

const EVIDENCE_MAX = 240;

export interface Draft extends Omit<Finding, 'id' | 'anchor'> {
  /** What tells it from others of the same line: the rule, or "model". */
  readonly by: string;
  /** The line holds a secret: neither log nor report may repeat it. */
  readonly isSecret?: boolean;
}

export function draftOf(path: string, text: string, hit: RuleHit): Draft {
  const lines = text.split('\n');
  const { line } = hit.node;
  const isSecret = hit.rule.name === 'secret-in-source';
  const quoted = isSecret ? `${text.slice(text.lastIndexOf('\n', hit.node.start - 1) + 1, hit.node.start).trim()} ${REDACTED}` : lineText(lines, line);
  return {
    path, line, endLine: line, column: columnOf(text, hit.node.start), category: hit.rule.category, severity: hit.severity ?? 'warning',
    claim: hit.claim, evidence: quoted.slice(0, EVIDENCE_MAX), proof: 'opinion', rule: hit.rule.name, by: hit.rule.name, ...(isSecret ? { isSecret } : {}), ...editOf(text, hit, line),
  };
}

/** Ids are made of what was said and of the code it was said of, never of the line's number. */
export function toFindings(drafts: readonly Draft[], text: string, hashing: Hashing): readonly Finding[] {
  const lines = text.split('\n');
  const times = new Map<string, number>();
  return drafts.map(({ by, isSecret, ...draft }) => {
    const anchor = lineText(lines, draft.line);
    const key = JSON.stringify([draft.path, by, anchor]);
    const count = (times.get(key) ?? 0) + 1;
    times.set(key, count);
    return { id: `finding-${hashing.sha256(`${key}${count === 1 ? '' : count}`).slice(0, 16)}`, ...draft, ...(isSecret === true ? {} : { anchor }) };
  });
}

export interface Merged {
  readonly kept: readonly Draft[];
  /** Sentences for the trace. */
  readonly dropped: readonly string[];
}

/** Two voices on one line and one category are one finding; a rule's words stand before a model's. */
export function mergeDrafts(drafts: readonly Draft[]): Merged {
  const kept: Draft[] = [];
  const dropped: string[] = [];
  for (const draft of drafts) {
    const index = kept.findIndex((other) => other.line === draft.line && (other.category === draft.category || other.rule === undefined || draft.rule === undefined));
    const other = kept[index];
    if (other === undefined) {
      kept.push(draft);
      continue;
    }
    dropped.push(`${draft.path}:${draft.line} merged into another finding of that line: ${draft.claim}`);
    const agrees = other.proof === 'opinion' && (other.rule === undefined) !== (draft.rule === undefined);
    kept[index] = { ...other, ...(agrees ? { proof: 'agreed' as const, evidence: `${other.evidence}\n2 of 2 readings: a rule, and the model.` } : {}) };
  }
  return { kept, dropped };
}

/** Where the code of a finding stands now; undefined: it has changed, so the finding is gone. */
export function placeNow(finding: Pick<Finding, 'line' | 'anchor'>, text: string): number | undefined {
  const lines = text.split('\n');
  // Without one (the line holds a secret) the place is all there is to go by.
  if (finding.anchor === undefined) return finding.line <= lines.length ? finding.line : undefined;
  if (finding.anchor === '') return undefined;
  const places = lines.flatMap((_, index) => (lineText(lines, index + 1) === finding.anchor ? [index + 1] : []));
  return places.toSorted((a, b) => Math.abs(a - finding.line) - Math.abs(b - finding.line))[0];
}

export function lineText(lines: readonly string[], line: number): string {
  return (lines[line - 1] ?? '').trim();
}

export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1) + 1;
}

/** Whole lines, so that any client can apply it; an edit that leaves the finding's own line is not offered. */
function editOf(text: string, { edit }: RuleHit, line: number): Pick<Draft, 'edit'> {
  if (edit === undefined) return {};
  const from = text.lastIndexOf('\n', edit.start - 1) + 1;
  const end = text.indexOf('\n', edit.end);
  const to = end < 0 ? text.length : end;
  const isOwnLine = text.slice(0, from).split('\n').length === line && !text.slice(from, to).includes('\n');
  return isOwnLine ? { edit: { text: (text.slice(from, edit.start) + edit.text + text.slice(edit.end, to)).replace(/\r$/, '') } } : {};
}
