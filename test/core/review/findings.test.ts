/** How drafts become findings, how two become one, where a finding stands after an edit, and its SARIF. */
import { deepEqual, equal, throws } from 'node:assert/strict';
import * as z from 'zod';
import { Finding } from '../../../src/core/domain/finding.ts';
import { type Draft, mergeDrafts, placeNow, toFindings } from '../../../src/core/review/findings.ts';
import { toSarif } from '../../../src/core/review/sarif.ts';
import { hashing } from '../../../src/node/hashing.ts';

const TEXT = 'one();\n  two();\nthree();\n  two();\n';
const draft = (more: Partial<Draft>): Draft => ({ path: 'src/a b.js', line: 2, endLine: 2, column: 3, category: 'bug', severity: 'warning', claim: 'It is wrong.', evidence: 'two();', proof: 'opinion', by: 'model', ...more });
const ruled = (more: Partial<Draft>): Draft => draft({ by: 'off-by-one', rule: 'off-by-one', ...more });

describe('findings', () => {
  it('have an id of what is said and of the code, the same wherever the line moves', () => {
    const [one] = toFindings([draft({})], TEXT, hashing);
    const [moved] = toFindings([draft({ line: 4, endLine: 4 })], `\n\n${TEXT}`, hashing);
    const [other] = toFindings([draft({ line: 1, endLine: 1 })], TEXT, hashing);
    equal(one?.id, moved?.id);
    equal(one?.id === other?.id, false);
  });

  it('tell two equal lines of one file apart', () => {
    const found = toFindings([draft({}), draft({ line: 4, endLine: 4 })], TEXT, hashing);
    equal(new Set(found.map(({ id }) => id)).size, 2);
  });

  it('are errors only when shown', () => {
    const [finding] = toFindings([draft({})], TEXT, hashing);
    Finding.parse(finding);
    Finding.parse({ ...finding, severity: 'error', proof: 'shown' });
    throws(() => Finding.parse({ ...finding, severity: 'error' }), /error needs proof/u);
    throws(() => Finding.parse({ ...finding, line: 0 }));
    throws(() => Finding.parse({ ...finding, endLine: 1 }), /ends where it begins/u);
  });

  it('of a rule and a model on one line are one that both agree on', () => {
    const { kept, dropped } = mergeDrafts([ruled({}), draft({ claim: 'Also wrong.' }), draft({ line: 3, endLine: 3 })]);
    deepEqual(kept.map(({ line, proof, rule }) => [line, proof, rule]), [[2, 'agreed', 'off-by-one'], [3, 'opinion', undefined]]);
    deepEqual(dropped, ['src/a b.js:2 merged into another finding of that line: Also wrong.']);
  });

  it('of two rules of different kinds on one line are two', () => equal(mergeDrafts([ruled({}), ruled({ category: 'resource' })]).kept.length, 2));

  const places: readonly (readonly [string, string, number | undefined])[] = [
    ['the same line', TEXT, 2],
    ['the nearest of equal lines', `zero();\n${TEXT}`, 3],
    ['no line when the code has changed', TEXT.replaceAll('two()', '2()'), undefined],
    ['no line of an empty file', '', undefined],
  ];
  for (const [what, text, expected] of places) it(`stand, after an edit, on ${what}`, () => equal(placeNow({ line: 2, anchor: 'two();' }, text), expected));
});

/** What code hosts need of SARIF 2.1.0, with its own names and bounds; unknown members of a result are refused. */
const Region = z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1).optional(), endLine: z.int().min(1).optional(), snippet: z.strictObject({ text: z.string() }).optional() });
const Artifact = z.strictObject({ uri: z.string().regex(/^[\w%.!~*'()-]+(?:\/[\w%.!~*'()-]+)*$/u), uriBaseId: z.string() });
const Message = z.strictObject({ text: z.string().min(1) });
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(z.strictObject({
    tool: z.strictObject({ driver: z.strictObject({ name: z.string(), semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/u), rules: z.array(z.strictObject({ id: z.string(), shortDescription: Message })) }) }),
    invocations: z.array(z.strictObject({ executionSuccessful: z.boolean() })),
    columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
    originalUriBaseIds: z.record(z.string(), z.strictObject({ description: Message })),
    results: z.array(z.strictObject({
      ruleId: z.string(), ruleIndex: z.int().min(0), level: z.enum(['none', 'note', 'warning', 'error']), message: Message,
      locations: z.array(z.strictObject({ physicalLocation: z.strictObject({ artifactLocation: Artifact, region: Region }) })).length(1),
      partialFingerprints: z.record(z.string(), z.string()), properties: z.record(z.string(), z.string()),
      fixes: z.array(z.strictObject({ description: Message, artifactChanges: z.array(z.strictObject({ artifactLocation: Artifact, replacements: z.array(z.strictObject({ deletedRegion: Region, insertedContent: Message })).min(1) })).min(1) })).optional(),
    })),
  })).length(1),
});

describe('SARIF', () => {
  it('says place, level, proof and the suggested line of each finding, and names its rule', () => {
    const found = toFindings([ruled({ severity: 'error', proof: 'shown', edit: { text: '  two(1);' } }), draft({ line: 3, endLine: 3, severity: 'info', category: 'security' })], TEXT, hashing);
    const [run] = Sarif.parse(toSarif(found, { version: '0.1.0', isWhole: true })).runs;
    deepEqual(run?.results.map(({ level, ruleId, ruleIndex }) => [level, ruleId, run.tool.driver.rules[ruleIndex]?.id]), [['error', 'off-by-one', 'off-by-one'], ['note', 'reading/security', 'reading/security']]);
    const [first] = run?.results ?? [];
    equal(first?.locations[0]?.physicalLocation.artifactLocation.uri, 'src/a%20b.js');
    deepEqual(first?.fixes?.[0]?.artifactChanges[0]?.replacements, [{ deletedRegion: { startLine: 2, endLine: 2 }, insertedContent: { text: '  two(1);' } }]);
    equal(first?.partialFingerprints['groundcrewFinding/v1'], found[0]?.id);
  });

  it('of no finding is a whole log with no result', () => {
    const [run] = Sarif.parse(toSarif([], { version: '0.1.0', isWhole: false })).runs;
    deepEqual([run?.results, run?.invocations[0]?.executionSuccessful], [[], false]);
  });
});
