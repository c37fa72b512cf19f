/** Decides where the same thing stands twice and one of the two was meant to differ. */
import type { SyntaxNode } from '../../ports.ts';
import { FUNCTION_TYPES, fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, bare, code, functionAround, hasEffects, isExplained, nodesOf, operatorOf, parentOf, said, short, statementsOf } from '../source.ts';

export const identicalOperands: Rule = {
  name: 'identical-operands',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'Both sides of an operator are the same.',
  find: (source) => nodesOf(source, 'binary_expression', 'binary_operator', 'boolean_operator', 'comparison_operator').flatMap((node): readonly Hit[] => {
    const operands = node.type === 'comparison_operator' ? namedChildren(node) : [fieldOf(node, 'left'), fieldOf(node, 'right')];
    const [left, right] = operands;
    const operator = operatorOf(node);
    if (left === undefined || right === undefined || operands.length > 2 || code(source, left) !== code(source, right) || hasEffects(left)) return [];
    if (!/^(?:&&|\|\||and|or|-|\/|%|<|>|<=|>=|={2,3}|!==?)$/.test(operator) || /^(?:number|integer|int_literal|float|float_literal|string|true|false)$/.test(left.type)) return [];
    // x !== x asks for NaN, x - x for infinity; both are written with a plain name.
    if (/^(?:={2,3}|!==?|-|[<>]=?)$/.test(operator) && (left.type === 'identifier' || isTrying(source, node))) return [];
    return [{ node, claim: `Both sides of ${operator} are ${short(source, left)}.` }];
  }),
};

/** Tests compare a thing with itself to try its own comparison. */
function isTrying(source: Source, node: SyntaxNode): boolean {
  return /\b(?:assert\w*|expect|raises|assertRaises)\b/.test(source.text.slice(Math.max(0, node.start - 60), node.start));
}

export const identicalBranches: Rule = {
  name: 'identical-branches',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'Both branches do the same, or a condition is asked twice in one chain.',
  find: (source) => [...branches(source), ...conditions(source)],
};

function branches(source: Source): readonly Hit[] {
  return nodesOf(source, 'if_statement', 'ternary_expression', 'conditional_expression').flatMap((node): readonly Hit[] => {
    const isIf = node.type === 'if_statement';
    const alternatives = node.children.filter((child) => child.field === 'alternative');
    const [only] = alternatives;
    if (isIf && (alternatives.length !== 1 || only === undefined || only.type === 'elif_clause' || isExplained(node))) return [];
    const otherwise = only?.type === 'else_clause' ? (fieldOf(only, 'body') ?? namedChildren(only).at(-1)) : only;
    const python = node.type === 'conditional_expression' ? namedChildren(node) : undefined;
    const [first, second] = python === undefined ? [fieldOf(node, 'consequence'), otherwise] : [python[0], python[2]];
    if (first === undefined || second === undefined || second.type === 'if_statement' || code(source, first) !== code(source, second)) return [];
    if (isIf && (statementsOf(first).length === 0 || statementsOf(first).every((one) => /^(?:pass|empty)_statement$/.test(one.type)) || isChained(source, node))) return [];
    return [{ node, claim: `Both branches are the same, so the condition ${short(source, bare(fieldOf(node, 'condition') ?? python?.[1]))} decides nothing.` }];
  });
}

/** The last two of a longer chain are often the same on purpose. */
function isChained(source: Source, node: SyntaxNode): boolean {
  const parent = parentOf(source, node);
  return parent?.type === 'else_clause' || (parent?.type === 'if_statement' && node.field === 'alternative');
}

function conditions(source: Source): readonly Hit[] {
  return nodesOf(source, 'if_statement').flatMap((node): readonly Hit[] => {
    if (isChained(source, node)) return [];
    const seen = new Set<string>();
    const hits: Hit[] = [];
    for (const condition of chainOf(node)) {
      const text = code(source, bare(condition));
      if (seen.has(text) && !hasEffects(condition)) hits.push({ node: condition, claim: `${short(source, bare(condition))} was asked before in this chain, so this branch is never taken.` });
      if (hasEffects(condition)) break;
      seen.add(text);
    }
    return hits;
  });
}

function chainOf(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let at: SyntaxNode | undefined = node; at !== undefined; ) {
    // A statement before the condition (Go) gives the same words another meaning.
    if (fieldOf(at, 'initializer') !== undefined) return [];
    const condition = fieldOf(at, 'condition');
    if (condition !== undefined) found.push(condition);
    const alternatives: readonly SyntaxNode[] = at.children.filter((child) => child.field === 'alternative');
    for (const other of alternatives) {
      const elif = other.type === 'elif_clause' ? fieldOf(other, 'condition') : undefined;
      if (elif !== undefined) found.push(elif);
    }
    const next: SyntaxNode | undefined = alternatives.at(-1);
    at = next?.type === 'if_statement' ? next : next?.type === 'else_clause' ? namedChildren(next).find((child) => child.type === 'if_statement' && namedChildren(next).length === 1) : undefined;
  }
  return found;
}

export const selfAssignment: Rule = {
  name: 'self-assignment',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'Something is assigned to itself.',
  find: (source) => nodesOf(source, 'assignment_expression', 'assignment', 'assignment_statement').flatMap((node): readonly Hit[] => {
    const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
    if (left === undefined || right === undefined || code(source, left) !== code(source, right) || hasEffects(left) || fieldOf(node, 'type') !== undefined) return [];
    if (node.type === 'assignment_statement' && operatorOf(node) !== '=' && operatorOf(node) !== '') return [];
    const around = functionAround(source, node);
    const isOwn = /^(?:this|self)[.]/.test(said(source, left)) && !/\[/.test(said(source, left));
    // A setter, a property of the page, or a re-export may act when it is set to itself.
    if (around === undefined || isExplained(around) && /noqa|eslint|trigger|force|reset/i.test(said(source, around)) || !(isOwn || /^(?:identifier|expression_list)$/.test(left.type))) return [];
    return [{ node, claim: `${short(source, left)} is assigned to itself; another value was meant.` }];
  }),
};

export const duplicateKey: Rule = {
  name: 'duplicate-key',
  category: 'bug',
  families: ['script', 'python'],
  about: 'The same key or the same case stands twice: the first, or the second, never counts.',
  find: (source) => [...keys(source), ...cases(source), ...methods(source)],
};

/** A table with more double keys than slips was generated so (character maps). */
const DOUBLES_MAX = 3;

function keys(source: Source): readonly Hit[] {
  return nodesOf(source, 'object', 'dictionary').flatMap((node): readonly Hit[] => {
    const seen = new Set<string>();
    const hits = namedChildren(node).flatMap((pair): readonly Hit[] => {
      // What is spread between two equal keys makes the second one a choice.
      if (/spread|splat/.test(pair.type)) seen.clear();
      const key = pair.type === 'pair' ? fieldOf(pair, 'key') : pair.type === 'shorthand_property_identifier' ? pair : undefined;
      if (key === undefined || key.type === 'computed_property_name' || (source.family === 'python' && !/^(?:string|integer)$/.test(key.type))) return [];
      if (key.type === 'string' && /[{\\]/.test(said(source, key)) && source.family === 'python') return [];
      const name = source.family === 'script' ? said(source, key).replace(/^(["'])(.*)\1$/, '$2') : said(source, key).replace(/^(["'])(.*)\1$/, "'$2'");
      const isDouble = seen.has(name);
      seen.add(name);
      return isDouble ? [{ node: key, claim: `The key ${said(source, key)} stands twice; the last value wins.` }] : [];
    });
    return hits.length > DOUBLES_MAX ? [] : hits;
  });
}

function cases(source: Source): readonly Hit[] {
  return nodesOf(source, 'switch_body').flatMap((body): readonly Hit[] => {
    const seen = new Set<string>();
    return namedChildren(body).flatMap((one): readonly Hit[] => {
      const value = fieldOf(one, 'value');
      if (value === undefined || hasEffects(value)) return [];
      const text = code(source, value);
      const isDouble = seen.has(text);
      seen.add(text);
      return isDouble ? [{ node: value, claim: `case ${short(source, value)} stands twice; the second is never reached.` }] : [];
    });
  });
}

/** Direct members of one class; accessors, overloads and decorated ones belong together. */
function methods(source: Source): readonly Hit[] {
  return nodesOf(source, 'class_body', 'class_definition').flatMap((owner): readonly Hit[] => {
    const body = owner.type === 'class_definition' ? fieldOf(owner, 'body') : owner;
    const seen = new Set<string>();
    return (body === undefined ? [] : namedChildren(body)).flatMap((member): readonly Hit[] => {
      const name = fieldOf(member, 'name');
      if (!FUNCTION_TYPES.has(member.type) || name === undefined || name.type === 'computed_property_name') return [];
      const kind = member.children.filter((child) => /^(?:get|set|static)$/.test(child.type)).map((child) => child.type).join(' ');
      const id = `${kind} ${said(source, name)}`;
      const isDouble = seen.has(id);
      seen.add(id);
      return isDouble ? [{ node: name, claim: `${said(source, name)} is defined twice in this class; the first is never called.` }] : [];
    });
  });
}
