/** Decides which claims of a model are worth a second look: the quoted line is there, is code, and nothing that we know speaks against it. */
import * as z from 'zod';
import type { SyntaxNode } from '../ports.ts';
import { bindingsOf } from '../repair/syntaxTree.ts';
import { type LineRange, touches } from './changedLines.ts';
import { lineText } from './findings.ts';
import { type Source, anywhere, nodesOf } from './source.ts';
import type { Unit } from './units.ts';

const CLAIMS_MAX = 3;

export const Claims = z.object({
  findings: z.array(z.object({
    line: z.int().min(1).describe('Number of the line.'),
    quote: z.string().max(300).describe('That line, word for word.'),
    category: z.enum(['bug', 'security', 'concurrency', 'resource', 'api-misuse']),
    claim: z.string().max(240).describe('What goes wrong, for which input.'),
  })).max(CLAIMS_MAX),
});
export type Claim = z.infer<typeof Claims>['findings'][number];

export interface Anchored {
  readonly claim: Claim;
  readonly line: number;
}

export interface Sifted {
  readonly kept: readonly Anchored[];
  /** Sentences for the trace: what was dropped and why. */
  readonly dropped: readonly string[];
}

export interface Reading {
  readonly path: string;
  readonly text: string;
  readonly source: Source | undefined;
  readonly unit: Unit;
  readonly ranges: readonly LineRange[] | undefined;
  /** Lines that a finding stands on already. */
  readonly taken: ReadonlySet<number>;
}

export function siftClaims(claims: readonly Claim[], reading: Reading): Sifted {
  const kept: Anchored[] = [];
  const dropped: string[] = [];
  for (const claim of claims) {
    const line = anchorOf(claim, reading);
    const why = line === undefined ? 'the quoted line is not there' : whyWrong(claim, line, reading) ?? (kept.some((other) => other.line === line) ? 'another claim stands on that line' : undefined);
    if (line === undefined || why !== undefined) dropped.push(`${reading.path}:${claim.line} dropped, ${why}: ${claim.claim}`);
    else kept.push({ claim, line });
  }
  return { kept, dropped };
}

/** The line that is quoted, the nearest to the number where it stands more than once; the number alone counts for nothing. */
function anchorOf(claim: Claim, { text, unit }: Reading): number | undefined {
  const quote = claim.quote.replace(/^\s*\d+\s*[|\t:]\s?/, '').trim();
  if (quote.length < 2) return undefined;
  const lines = text.split('\n');
  const places = lines.flatMap((_, index) => (index + 1 >= unit.from && index + 1 <= unit.to && lineText(lines, index + 1) === quote ? [index + 1] : []));
  return places.toSorted((a, b) => Math.abs(a - claim.line) - Math.abs(b - claim.line))[0];
}

/** Rules that cost nothing and each end a kind of invention that small models are given to. */
function whyWrong(claim: Claim, line: number, reading: Reading): string | undefined {
  const { text, source, ranges, taken } = reading;
  const quoted = lineText(text.split('\n'), line);
  if (taken.has(line)) return 'a rule says it already';
  if (ranges !== undefined && !touches(ranges, line, line)) return 'the line was not changed';
  if (claim.claim.trim().length < 12) return 'it claims nothing';
  if (isForeign(claim.claim)) return 'it is in another language';
  if (!/\w/.test(quoted) || /^(?:\/\/|#|\*|\/\*|<!--)/.test(quoted)) return 'the line is no code';
  if (/^(?:import\b|from\s+\S+\s+import|package\b|(?:const|var|let)\s+\S+\s*=\s*require\()/.test(quoted)) return 'an import alone does nothing wrong';
  if (/\b(?:syntax error|missing semicolon|missing (?:a )?(?:closing|parenthes|brace|bracket)|unterminated|invalid syntax|indentation)/i.test(claim.claim) && source !== undefined) return 'the file parses';
  const unknown = /[`'"]?([A-Za-z_$][\w$]*)[`'"]? (?:is|are|was) (?:not|never) (?:defined|declared|imported|initialized)|undefined (?:variable|name|function) [`'"]?([\w$]+)/i.exec(claim.claim);
  const name = unknown?.[1] ?? unknown?.[2];
  if (name !== undefined && source !== undefined && bindingsOf(source.root, text).some((binding) => binding.name === name)) return `${name} is defined in this file`;
  if (/\b(?:unused|never used|not used|naming|readab|style|document|comment|docstring|type annotation|type hint|magic number|best practice|refactor)/i.test(claim.claim)) return 'it is a matter of taste';
  if (source !== undefined && isDeclarationOnly(source, line)) return 'the line only begins a function';
  return undefined;
}

/** More letters of other scripts than of ours. */
function isForeign(text: string): boolean {
  const letters = [...text].filter((one) => /\p{L}/u.test(one));
  return letters.filter((one) => !/\p{Script=Latin}/u.test(one)).length * 2 > letters.length;
}

function isDeclarationOnly({ root }: Source, line: number): boolean {
  const begins = nodesOf({ root }, 'function_declaration', 'function_definition', 'method_definition', 'class_declaration', 'class_definition', 'method_declaration').filter((node) => node.line === line && node.endLine > line);
  return begins.length > 0 && begins.every((node) => !hasDefault(node, line));
}

/** A default value, or a parameter that cannot be right, is code of the first line. */
function hasDefault(node: SyntaxNode, line: number): boolean {
  return anywhere(node, (at) => at.line === line && /default_parameter|assignment_pattern/.test(at.type)).length > 0;
}

/** A claim that something may be missing, empty or of another type is true of every function: it needs a run that shows it. */
export function needsShowing(claim: string): boolean {
  return /\b(?:null|None|nil|undefined|empty|missing|invalid|negative|not (?:a|an) |does(?: not|n't) (?:check|handle|validate|account)|no (?:check|validation|error handling)|should (?:check|handle|validate)|without (?:check|validat|error)|may not|might|could|potential|edge case)/i.test(claim);
}
