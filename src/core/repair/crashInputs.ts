/** Decides which calls are tried to have a reported crash again: what the tests do, with one thing at a time made strange. */
import type { SyntaxNode } from '../ports.ts';
import { type Assertion, alternatives, assertionsOf, dedented, isLiteral, literalsIn, preludeNodes, preludeOf, type Probe, type ProbeSet, type TestFile, textOf, toProbe } from './inputs.ts';
import { FUNCTION_TYPES, fieldOf, namedChildren, walk } from './syntaxTree.ts';

/** Values that stand in the report: likelier than any that we could make up. */
export interface ReportedValues {
  readonly strings: readonly string[];
  readonly numbers: readonly string[];
}

/** One process tries them all within seconds. */
const PROBES_MAX = 900;
const REPORTED_MAX = 6;
const OWN_STRINGS_MAX = 12;
const HELPERS_MAX = 4;

/** Quoted texts and numbers of the report's own lines, frames left out. */
export function reportedValues(words: string): ReportedValues {
  const lines = words.split('\n').filter((line) => !/^\s*(?:at |File ")/u.test(line)).join('\n');
  const strings = [...lines.matchAll(/'([^'\n]{1,60})'|"([^"\n]{1,60})"|`([^`\n]{1,60})`/gu)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const numbers = [...lines.matchAll(/(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])/gu)].map(([number]) => number);
  return { strings: [...new Set(strings)].slice(0, REPORTED_MAX), numbers: [...new Set(numbers)].slice(0, REPORTED_MAX) };
}

/** undefined: no assertion to begin with. The tests' own calls come first, then what one assertion observes after another's setup. */
export function crashProbes(file: TestFile, reported: ReportedValues): ProbeSet | undefined {
  const plain = assertionsOf(file).map((one) => ({ ...one, observe: callIn(one.observe, file.text) }));
  if (plain.length === 0) return undefined;
  const strings = [...new Set(plain.flatMap((one) => [one.observe, ...one.setup]).flatMap((node) => stringsIn(node, file)))].slice(0, OWN_STRINGS_MAX);
  const queues = [crossed(plain, file), ...plain.map((one) => strange(one, file, { reported, strings }))];
  const probes: Probe[] = [];
  const seen = new Set(plain.map((one) => JSON.stringify(toProbe(one, file))));
  const longest = Math.max(...queues.map((queue) => queue.length));
  for (let round = 0; round < longest; round += 1) {
    for (const queue of queues) {
      const probe = queue[round];
      if (probe === undefined || probes.length >= PROBES_MAX || seen.has(JSON.stringify(probe))) continue;
      seen.add(JSON.stringify(probe));
      probes.push(probe);
    }
  }
  return { probes, prelude: preludeOf(file) };
}

/** Without what the test takes from the result: `all()` of `(await all())[0].title`, which another result may not have. */
function callIn(node: SyntaxNode, text: string): SyntaxNode {
  if (!/^(?:member_expression|subscript_expression|attribute|subscript|parenthesized_expression)$/u.test(node.type)) return node;
  const [inner] = namedChildren(node);
  return inner === undefined || isLiteral(inner, text) || /identifier/u.test(inner.type) ? node : callIn(inner, text);
}

/** Each observed expression after each other assertion's setup that declares the names it uses. */
function crossed(plain: readonly Assertion[], file: TestFile): readonly Probe[] {
  return plain.flatMap((one) => {
    const own = toProbe(one, file);
    const declared = new Set(one.setup.flatMap((node) => declaredIn(node, file.text)));
    return plain.flatMap((other): readonly Probe[] => {
      if (other === one) return [];
      const names = namesIn(other.observe, file.text).filter((name) => other.setup.some((node) => declaredIn(node, file.text).includes(name)));
      if (names.length === 0 || !names.every((name) => declared.has(name))) return [];
      return [{ ...own, observe: toProbe(other, file).observe }];
    });
  });
}

interface Strange {
  readonly reported: ReportedValues;
  /** Texts that the same test file uses elsewhere. */
  readonly strings: readonly string[];
}

/** The assertion with one literal or argument changed, in what it observes, its setup, and the helpers that they call. */
function strange(one: Assertion, file: TestFile, values: Strange): readonly Probe[] {
  const helpers = helpersOf(one, file);
  const places = [one.observe, ...[...one.setup].reverse(), ...helpers];
  const lists = places.flatMap((place) => [
    ...literalsIn(place, file.text).map((at) => ({ place, at, others: forLiteral(at, file, values) })),
    ...argumentsIn(place, file.text).map((at) => ({ place, at, others: file.language === 'python' ? ['None', '""', '[]'] : ['undefined', "''", 'null', '[]'] })),
  ]);
  const made: Probe[] = [];
  const longest = Math.max(0, ...lists.map((list) => list.others.length));
  for (let index = 0; index < longest; index += 1) {
    for (const { place, at, others } of lists) {
      const other = others[index];
      if (other === undefined) continue;
      const swap = (node: SyntaxNode): string => (node === place ? dedented(file.text, node, { at, text: other }) : dedented(file.text, node));
      // A helper of the test file is declared anew beside the setup, where it hides the one at the top.
      const setup = [...(helpers.includes(place) ? [swap(place)] : []), ...one.setup.map(swap)];
      made.push({ setup, observe: one.wrap(swap(one.observe)), fromFailing: true, mutated: true });
    }
  }
  return made;
}

function forLiteral(literal: SyntaxNode, file: TestFile, { reported, strings }: Strange): readonly string[] {
  const own = textOf(literal, file.text);
  const made = alternatives(literal, file);
  if (literal.type === 'string') {
    const quote = /["'`]/u.exec(own)?.[0] ?? '"';
    const quoted = [...reported.strings, ...strings].filter((text) => !text.includes(quote) && !text.includes('\\') && !text.includes('\n')).map((text) => `${quote}${text}${quote}`);
    return [...new Set([...quoted, ...made])].filter((text) => text !== own);
  }
  return /^(?:number|integer|float)$/u.test(literal.type) ? [...new Set([...reported.numbers.map((text) => (text.startsWith('-') ? `(${text})` : text)), ...made])].filter((text) => text !== own) : made;
}

/** Arguments of calls that are no literal themselves: what a caller may leave out or have empty. */
function argumentsIn(place: SyntaxNode, text: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(place, (node) => {
    if (node.type !== 'call_expression' && node.type !== 'call' && node.type !== 'new_expression') return true;
    found.push(...namedChildren(fieldOf(node, 'arguments') ?? node).filter((one) => one.type !== 'comment' && one.type !== 'keyword_argument' && !FUNCTION_TYPES.has(one.type) && !isLiteral(one, text)));
    return true;
  });
  return found;
}

/** Functions and values at the top of the test file that the assertion names, imports left out. */
function helpersOf(one: Assertion, file: TestFile): readonly SyntaxNode[] {
  const used = new Set([one.observe, ...one.setup].flatMap((node) => namesIn(node, file.text)));
  return preludeNodes(file).filter((node) => !/import|class/u.test(node.type) && !/\brequire\(/u.test(textOf(node, file.text)) && declaredIn(node, file.text).some((name) => used.has(name))).slice(0, HELPERS_MAX);
}

/** Names that a statement binds at its own level. */
function declaredIn(node: SyntaxNode, text: string): readonly string[] {
  if (/function_(?:declaration|definition)$/u.test(node.type)) return [textOf(fieldOf(node, 'name'), text)];
  const inner = node.type === 'expression_statement' ? namedChildren(node)[0] : undefined;
  const targets = inner !== undefined && /assignment/u.test(inner.type) ? [fieldOf(inner, 'left')] : /declaration$/u.test(node.type) ? namedChildren(node).map((one) => fieldOf(one, 'name')) : [];
  return targets.flatMap((target) => (target === undefined ? [] : namesIn(target, text)));
}

function namesIn(node: SyntaxNode, text: string): readonly string[] {
  const found = new Set<string>();
  walk(node, (at) => {
    if (/^(?:identifier|shorthand_property_identifier(?:_pattern)?)$/u.test(at.type)) found.add(textOf(at, text));
    return true;
  });
  return [...found];
}

function stringsIn(node: SyntaxNode, file: TestFile): readonly string[] {
  return literalsIn(node, file.text).flatMap((literal) => {
    const own = literal.type === 'string' ? textOf(literal, file.text) : '';
    return own.length > 2 && own.length < 40 ? [own.slice(1, -1)] : [];
  });
}
