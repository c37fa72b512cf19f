/** Decides how findings read to other tools: SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), as code hosts take it. */
import type { Finding } from '../domain/finding.ts';
import { rules } from './rules.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Findings that no rule made carry one of these, by category. */
const readRule = (category: Finding['category']): string => `reading/${category}`;
const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;
/** Rules that the review has beside the list. */
const OWN = [{ id: 'merge-conflict', about: 'A merge was not finished.' }] as const;

/** `isWhole`: false where the run ended before everything was read. */
export function toSarif(findings: readonly Finding[], tool: { readonly version: string; readonly isWhole: boolean }): unknown {
  const used = new Set(findings.map(ruleIdOf));
  const known = [...rules.map((rule) => ({ id: rule.name, about: rule.about })), ...OWN];
  const listed = [...used].toSorted().map((id) => ({ id, shortDescription: { text: known.find((rule) => rule.id === id)?.about ?? 'Read by the model and confirmed by a second reading or a run.' } }));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'Groundcrew', semanticVersion: tool.version, rules: listed } },
      invocations: [{ executionSuccessful: tool.isWhole }],
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the workspace.' } } },
      results: findings.map((finding) => resultOf(finding, listed.findIndex(({ id }) => id === ruleIdOf(finding)))),
    }],
  };
}

function ruleIdOf(finding: Finding): string {
  return finding.rule ?? readRule(finding.category);
}

function resultOf(finding: Finding, ruleIndex: number): unknown {
  const artifactLocation = { uri: finding.path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
  const { line: startLine, endLine, column: startColumn } = finding;
  return {
    ruleId: ruleIdOf(finding),
    ruleIndex,
    level: LEVEL[finding.severity],
    message: { text: finding.evidence === '' ? finding.claim : `${finding.claim}\n\n${finding.evidence}` },
    locations: [{ physicalLocation: { artifactLocation, region: { startLine, startColumn, endLine, ...(finding.anchor === undefined ? {} : { snippet: { text: finding.anchor } }) } } }],
    partialFingerprints: { 'groundcrewFinding/v1': finding.id },
    properties: { category: finding.category, proof: finding.proof },
    ...(finding.edit === undefined ? {} : { fixes: [{ description: { text: 'The line as it should be.' }, artifactChanges: [{ artifactLocation, replacements: [{ deletedRegion: { startLine, endLine }, insertedContent: { text: finding.edit.text } }] }] }] }),
  };
}
