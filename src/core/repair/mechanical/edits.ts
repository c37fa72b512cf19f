/** Decides which edits are tried without a model, and in what order: suspicion of the line times how often that kind of edit is right. */
import type { SyntaxNode } from '../../ports.ts';
import type { Language } from '../../domain/check.ts';
import type { Suspect } from '../suspect.ts';
import { walk } from '../syntaxTree.ts';
import { addTerm, arithmeticOperator, assignmentOperator, comparisonOperator, logicalOperator, negation, precedence, twinTerm } from './comparisons.ts';
import { addOperand, clamp, extreme, lexicographic, loopOrder, specialCase } from './bounds.ts';
import { usualCall } from './calls.ts';
import { numberConstant, offByOne, otherLiteral, regexConstant, sliceBounds, stringConstant } from './constants.ts';
import { accumulate, accumulator, awaiting, binding, copies, exceptionType, iteration, sharedAttribute, sharedDefault, sorting } from './idioms.ts';
import { INVENTED_MESSAGE, everywhere, missingGuard, siblingBranch } from './insertions.ts';
import { callArguments, elementOrder, familyName, otherProperty, otherVariable, pairedChange } from './names.ts';
import { HINTS, type OperatorName, PRIORS } from './priors.ts';
import { type Operator, type Proposal, type Site, createSite, smallest, spanOf } from './site.ts';
import { branchShape, copyStatement, deleteStatement, missingExit, moveStatement } from './statements.ts';
import { defaults, presence, unwrap, wrap } from './wraps.ts';

export interface MechanicalFile {
  readonly file: { readonly path: string; readonly text: string };
  readonly root: SyntaxNode;
  readonly language: Language;
}

export interface MechanicalInput {
  readonly files: readonly MechanicalFile[];
  /** Best first or not; lines of other files are ignored. */
  readonly suspects: readonly Suspect[];
  /** Path → line → suspicion, on any scale; where given it weighs the lines within the suspects. */
  readonly lineScores?: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Text of the failure: its kind of error changes the order. */
  readonly failure?: string;
}

export interface MechanicalEdit {
  readonly path: string;
  /** The whole new text. */
  readonly text: string;
  /** "comparison: `<` → `<=` at cart.js:14". */
  readonly note: string;
  readonly line: number;
  readonly operator: OperatorName;
  /** Lower is tried earlier; from 0 without gaps. */
  readonly rank: number;
}

const OPERATORS: readonly Operator[] = [
  comparisonOperator, arithmeticOperator, assignmentOperator, logicalOperator, precedence, negation, addTerm, twinTerm, numberConstant, offByOne, stringConstant,
  otherLiteral, regexConstant, sliceBounds, otherVariable, familyName, otherProperty, callArguments, elementOrder, pairedChange, wrap, unwrap, defaults,
  presence, copies, sorting, accumulate, accumulator, awaiting, binding, sharedDefault, sharedAttribute, exceptionType, iteration, moveStatement, deleteStatement, branchShape,
  missingExit, copyStatement, extreme, clamp, addOperand, specialCase, lexicographic, loopOrder, usualCall, missingGuard, siblingBranch,
];

/** Products of one file beyond this are not made: a table of thousands of literals would fill memory. */
const PROPOSALS_PER_FILE_MAX = 30_000;
/** A line without a score of its own counts as the least suspicious one. */
const UNSCORED_SHARE = 0.3;

/** A test that waits for an error; elsewhere one that we make up only puts a crash in another's place. */
const ERROR_WANTED = /Missing expected (?:exception|rejection)|DID NOT RAISE|not raised|to throw|toThrow|rejects/i;

/** Pure and deterministic. Each text differs from the base and from all others; whether it parses is the caller's gate. */
export function mechanicalEdits(input: MechanicalInput, limit: number): readonly MechanicalEdit[] {
  const factors = hintFactors(input.failure ?? '');
  const wantsError = ERROR_WANTED.test(input.failure ?? '');
  const scored = input.files.flatMap((file) => {
    const lines = lineSuspicion(file.file.path, input);
    if (lines.size === 0) return [];
    const site = createSite(file.file, file.root, file.language);
    return proposalsOf(site, lines).filter(({ proposal }) => wantsError || !proposal.splices.some(({ text }) => text.includes(INVENTED_MESSAGE))).map((made) => ({ ...made, site, score: made.score * (factors.get(made.proposal.operator) ?? 1) }));
  });
  scored.sort((a, b) => b.score - a.score);
  return distinct(scored, limit);
}

interface Scored {
  readonly proposal: Proposal;
  readonly line: number;
  readonly score: number;
  readonly site: Site;
}

function distinct(scored: readonly Scored[], limit: number): readonly MechanicalEdit[] {
  const seen = new Map<Site, Set<string>>();
  const edits: MechanicalEdit[] = [];
  for (const { proposal, line, site } of scored) {
    if (edits.length >= limit) break;
    const span = spanOf(site.text, proposal.splices);
    if (!span) continue;
    const least = smallest(site.text, span);
    const known = seen.get(site) ?? new Set();
    seen.set(site, known);
    const key = `${least.start}:${least.end}:${least.text}`;
    if ((least.text === '' && least.start === least.end) || known.has(key)) continue;
    known.add(key);
    // Joined by + so that the engine shares the unchanged parts: 1,500 copies of a long file would fill memory.
    const text = site.text.slice(0, least.start) + least.text + site.text.slice(least.end);
    edits.push({ path: site.path, text, note: noteOf(proposal, line, site), line, operator: proposal.operator, rank: edits.length });
  }
  return edits;
}

function proposalsOf(site: Site, lines: ReadonlyMap<number, number>): readonly { proposal: Proposal; line: number; score: number }[] {
  const made: { proposal: Proposal; line: number; score: number }[] = [];
  walk(site.root, (node) => {
    if (made.length > PROPOSALS_PER_FILE_MAX) return false;
    const suspicion = node.named ? lines.get(node.line) : undefined;
    if (suspicion === undefined) return true;
    for (const operator of OPERATORS) {
      for (const proposal of operator(node, site)) {
        made.push({ proposal, line: node.line, score: suspicion * PRIORS[proposal.operator] * proposal.weight });
        const wide = everywhere(proposal, site.homeOf(node), site);
        if (wide) made.push({ proposal: wide, line: node.line, score: suspicion * PRIORS.everywhere * PRIORS[proposal.operator] * proposal.weight });
      }
    }
    return true;
  });
  return made;
}

/** Line → suspicion, 1 for the most suspicious of all files. */
function lineSuspicion(path: string, input: MechanicalInput): ReadonlyMap<number, number> {
  const top = Math.max(...input.suspects.map(({ score }) => score), 1e-9);
  const scores = input.lineScores?.get(path);
  const topLine = Math.max(...[...(input.lineScores?.values() ?? [])].flatMap((lines) => [...lines.values()]), 1e-9);
  const found = new Map<number, number>();
  for (const suspect of input.suspects) {
    if (suspect.path !== path) continue;
    for (let line = suspect.line; line <= suspect.endLine; line++) {
      const share = scores ? Math.max(UNSCORED_SHARE, (scores.get(line) ?? 0) / topLine) : 1;
      found.set(line, Math.max(found.get(line) ?? 0, (Math.max(suspect.score, 0) / top) * share));
    }
  }
  return found;
}

function hintFactors(failure: string): ReadonlyMap<OperatorName, number> {
  const factors = new Map<OperatorName, number>();
  for (const hint of HINTS) {
    if (!hint.failure.test(failure)) continue;
    for (const name of hint.operators) factors.set(name, Math.max(factors.get(name) ?? 1, hint.factor));
  }
  return factors;
}

const QUOTE_CHARACTERS_MAX = 60;

function noteOf(proposal: Proposal, line: number, site: Site): string {
  const changes = proposal.splices.slice(0, 2).map(({ start, end, text }) => {
    const from = short(site.text.slice(start, end));
    return from === '' ? `insert \`${short(text)}\`` : text.trim() === '' ? `delete \`${from}\`` : `\`${from}\` → \`${short(text)}\``;
  });
  return `${proposal.operator}: ${changes.join(', ')} at ${site.path}:${line}`;
}

function short(text: string): string {
  const flat = text.trim().replace(/\s+/g, ' ');
  return flat.length <= QUOTE_CHARACTERS_MAX ? flat : `${flat.slice(0, QUOTE_CHARACTERS_MAX - 1)}…`;
}
