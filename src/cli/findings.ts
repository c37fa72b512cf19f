/** Decides how findings read in a terminal: the place, what goes wrong, the code, and how far it is proven. */
import type { Finding } from '../core/domain/finding.ts';
import type { Style } from './liveGraph.ts';

const PROOF: Readonly<Record<Finding['proof'], string>> = { shown: 'shown by running it', agreed: 'two readings agree', opinion: 'not proven' };

/** One paragraph a finding, files and lines in order. */
export function renderFindings(findings: readonly Finding[], style: Style): readonly string[] {
  const ordered = findings.toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
  return ordered.flatMap((finding) => {
    const [code = '', ...proof] = finding.evidence.split('\n');
    const lead = `${finding.path}:${finding.line}:${finding.column}`;
    const kind = finding.severity === 'error' ? style.bad(finding.severity) : finding.severity;
    return [
      '',
      `${style.strong(lead)}  ${kind} · ${finding.category} · ${finding.rule === undefined ? PROOF[finding.proof] : finding.proof === 'opinion' ? `rule ${finding.rule}` : `rule ${finding.rule}, ${PROOF[finding.proof]}`}`,
      `  ${finding.claim}`,
      ...(code === '' ? [] : [style.dim(`    ${code}`)]),
      ...proof.map((line) => `    ${line}`),
      ...(finding.edit === undefined ? [] : [style.good(`    instead: ${finding.edit.text.trim()}`)]),
    ];
  });
}

/** "2 findings: 1 error, 1 warning". */
export function countFindings(findings: readonly Finding[]): string {
  const of = (severity: Finding['severity'], word: string): string => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? '' : `${count} ${word}${count === 1 || word === 'info' ? '' : 's'}`;
  };
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}: ${[of('error', 'error'), of('warning', 'warning'), of('info', 'info')].filter((part) => part !== '').join(', ')}`;
}
