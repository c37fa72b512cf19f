/** Decides which findings of a file are shown now: those whose code still stands, that nobody dismissed, and not too many. */
import * as z from 'zod';
import type { Finding } from '../domain/finding.ts';
import { placeNow } from './findings.ts';

/** Kept with the workspace. A finding's id stays while its code does, so it stays dismissed wherever the line moves. */
export const Dismissal = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('finding'), id: z.string(), path: z.string() }),
  z.object({ scope: z.literal('file'), rule: z.string(), path: z.string() }),
  z.object({ scope: z.literal('workspace'), rule: z.string() }),
]);
export type Dismissal = z.infer<typeof Dismissal>;

export interface ShownOptions {
  readonly dismissals: readonly Dismissal[];
  readonly minSeverity: Finding['severity'];
  readonly max: number;
}

const WEIGHT: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };
const PROOF: Readonly<Record<Finding['proof'], number>> = { shown: 0, agreed: 1, opinion: 2 };

/** At their place in `text`, in order of lines; where there are more than `max`, the gravest and best proven. */
export function shownFindings(findings: readonly Finding[], text: string, { dismissals, minSeverity, max }: ShownOptions): readonly Finding[] {
  const placed = findings.flatMap((finding) => {
    const line = placeNow(finding, text);
    return line === undefined ? [] : [{ ...finding, line, endLine: line + finding.endLine - finding.line }];
  });
  const wanted = placed.filter((finding) => WEIGHT[finding.severity] <= WEIGHT[minSeverity] && !dismissals.some((one) => covers(one, finding)));
  const gravest = onePerLine(wanted).toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || PROOF[a.proof] - PROOF[b.proof] || a.line - b.line);
  return gravest.slice(0, max).toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** What a dismissal names: the rule, or for what a model read, its category. */
export function ruleNameOf(finding: Pick<Finding, 'rule' | 'category'>): string {
  return finding.rule ?? `reading/${finding.category}`;
}

function covers(dismissal: Dismissal, finding: Finding): boolean {
  switch (dismissal.scope) {
    case 'finding': return dismissal.id === finding.id;
    case 'file': return dismissal.path === finding.path && dismissal.rule === ruleNameOf(finding);
    case 'workspace': return dismissal.rule === ruleNameOf(finding);
  }
}

/** The same id twice is one finding, the better proven; a rule's words stand before a model's on its line. */
function onePerLine(findings: readonly Finding[]): readonly Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of findings) {
    const other = best.get(finding.id);
    if (other === undefined || PROOF[finding.proof] < PROOF[other.proof]) best.set(finding.id, finding);
  }
  const ruled = new Set([...best.values()].filter(({ rule }) => rule !== undefined).map(({ line }) => line));
  return [...best.values()].filter((finding) => finding.rule !== undefined || !ruled.has(finding.line));
}
