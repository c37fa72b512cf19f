/** Decides where a value that is needed is never returned. */
import type { SyntaxNode } from '../../ports.ts';
import { FUNCTION_TYPES, fieldOf, functionName, namedChildren } from '../../repair/syntaxTree.ts';
import { CALLS, type Hit, type Rule, type Source, anywhere, argumentsOf, code, functionAround, isAsync, isGenerator, methodCall, nodesOf, operatorOf, parentOf, said, statementsOf, within } from '../source.ts';
import { endsHere } from './endings.ts';

const NEEDS_VALUE = /^(?:map|flatMap|filter|some|every|find|findIndex|findLast|findLastIndex|reduce|reduceRight|sort|toSorted)$/;

export const callbackReturn: Rule = {
  name: 'callback-without-return',
  category: 'bug',
  families: ['script'],
  about: 'A callback whose value is used returns nothing, or forgets to on one path.',
  find: (source) => nodesOf(source, 'call_expression').flatMap((call): readonly Hit[] => {
    const method = methodCall(source, call)?.method ?? '';
    const callback = argumentsOf(call)[0];
    const body = callback === undefined ? undefined : fieldOf(callback, 'body');
    if (!NEEDS_VALUE.test(method) || callback === undefined || !FUNCTION_TYPES.has(callback.type) || body?.type !== 'statement_block' || isGenerator(callback)) return [];
    const own = statementsOf(body);
    if (own.length === 0 || endsHere(body) || isForEffect(source, call, callback)) return [];
    const returns = within(body, (node) => node.type === 'return_statement' && namedChildren(node).length > 0);
    if (returns.length === 0) return [{ node: callback, claim: `The callback of ${method} returns nothing, so ${WITHOUT[method] ?? 'its result is undefined'}.` }];
    return /^(?:map|reduce|reduceRight|sort|toSorted)$/.test(method) && returns.length === within(body, (node) => node.type === 'return_statement').length
      ? [{ node: callback, claim: `The callback of ${method} returns a value on one path and nothing on another.` }] : [];
  }),
};

/** Nobody looks at the result: a statement of its own, or promises that are only waited for. */
function isForEffect(source: Source, call: SyntaxNode, callback: SyntaxNode): boolean {
  const parent = parentOf(source, call);
  return parent?.type === 'expression_statement' || (isAsync(callback) && /^(?:arguments|await_expression|spread_element|variable_declarator)$/.test(parent?.type ?? ''));
}

const WITHOUT: Readonly<Record<string, string>> = {
  map: 'every element becomes undefined', filter: 'nothing is kept', some: 'it is always false', every: 'it is false for any element', find: 'nothing is found', reduce: 'the sum is lost after the first element',
};

export const droppedResult: Rule = {
  name: 'result-dropped',
  category: 'bug',
  families: ['script', 'python'],
  about: 'A function builds a value step by step and neither returns nor uses it.',
  find: (source) => nodesOf(source, 'variable_declarator', 'assignment').flatMap((declared): readonly Hit[] => {
    const [name, value] = [fieldOf(declared, 'name') ?? fieldOf(declared, 'left'), fieldOf(declared, 'value') ?? fieldOf(declared, 'right')];
    const around = functionAround(source, declared);
    if (name?.type !== 'identifier' || value === undefined || around === undefined || /assignment|declarator/.test(parentOf(source, declared)?.type ?? '') || !/^(?:array|object|number|list|dictionary|integer|float)$/.test(value.type)) return [];
    const text = said(source, name);
    const body = fieldOf(around, 'body');
    if (body === undefined || anywhere(around, (node) => /^(?:global_statement|nonlocal_statement)$/.test(node.type)).length > 0 || /\b(?:eval|locals)\(|exec\(/.test(said(source, body))) return [];
    const uses = anywhere(body, (node) => /^(?:identifier|shorthand_property_identifier|shorthand_property_identifier_pattern)$/.test(node.type) && node !== name && said(source, node) === text);
    // Unused at all is a linter's business; written and never read is a forgotten return.
    if (uses.length === 0 || !uses.every((use) => isWrite(source, use)) || !uses.some((use) => isGrowing(source, use))) return [];
    const isReturned = within(body, (node) => node.type === 'return_statement' && namedChildren(node).length > 0).length > 0;
    return isReturned || isGenerator(around) ? [] : [{ node: declared, claim: `${text} is filled and then dropped: ${functionName(source.root, source.text, around) || 'the function'} returns nothing.` }];
  }),
};

const GROWS = /^(?:push|unshift|append|extend|insert|add|update|set)$/;

/** A use that only changes the value: `x.push(…)` as a statement, `x[k] = …`, `x += …`, `x = …`. */
function isWrite(source: Source, use: SyntaxNode): boolean {
  const parent = parentOf(source, use);
  if (parent === undefined) return false;
  if (/assignment/.test(parent.type)) return use.field === 'left' && isStatement(source, parent) && (parent.type !== 'assignment_expression' || !reads(source, fieldOf(parent, 'right'), said(source, use)));
  if (/^subscript/.test(parent.type)) {
    const holder = parentOf(source, parent);
    return use.field !== 'index' && use.field !== 'subscript' && holder !== undefined && /assignment/.test(holder.type) && parent.field === 'left' && isStatement(source, holder);
  }
  return parent.type === 'update_expression' ? isStatement(source, parent) : isGrowing(source, use);
}

function isStatement(source: Source, node: SyntaxNode): boolean {
  return parentOf(source, node)?.type === 'expression_statement';
}

function reads(source: Source, node: SyntaxNode | undefined, name: string): boolean {
  return node !== undefined && anywhere(node, (at) => at.type === 'identifier' && said(source, at) === name).length > 0;
}

function isGrowing(source: Source, use: SyntaxNode): boolean {
  const parent = parentOf(source, use);
  if (parent === undefined) return false;
  if (/augmented/.test(parent.type)) return use.field === 'left' && isStatement(source, parent);
  if (/^subscript/.test(parent.type)) return isWrite(source, use);
  const call = parentOf(source, parent);
  const member = fieldOf(parent, 'property') ?? fieldOf(parent, 'attribute');
  return member !== undefined && member !== use && GROWS.test(said(source, member)) && call !== undefined && parent.field === 'function' && isStatement(source, call);
}

export const unreturnedValue: Rule = {
  name: 'nothing-returned',
  category: 'bug',
  families: ['script', 'python'],
  about: 'The result of a function is used that never returns one.',
  find: (source) => {
    const silent = silentFunctions(source);
    if (silent.size === 0) return [];
    return nodesOf(source, ...CALLS).flatMap((call): readonly Hit[] => {
      const callee = fieldOf(call, 'function');
      const name = said(source, callee);
      if (callee?.type !== 'identifier' || !silent.has(name)) return [];
      const parent = parentOf(source, call);
      const isUsed = parent !== undefined && ((/^(?:variable_declarator|assignment)$/.test(parent.type) && call.field !== 'left') || (/^binary_(?:expression|operator)$/.test(parent.type) && !/^(?:&&|\|\||\?\?)$/.test(operatorOf(parent))) || (/^(?:member_expression|attribute|subscript_expression|subscript)$/.test(parent.type)) || parent.type === 'for_in_statement' || (parent.type === 'for_statement' && call.field === 'right'));
      return isUsed ? [{ node: call, claim: `${name} never returns a value, yet its result is used here.` }] : [];
    });
  },
};

/** Declared at the top of this file, with a body that does something and no value to return. */
function silentFunctions(source: Source): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodesOf(source, 'function_declaration', 'function_definition', 'arrow_function', 'function_expression')) {
    const name = functionName(source.root, source.text, node);
    const body = fieldOf(node, 'body');
    if (!source.functions.has(name) || body === undefined || !/^(?:statement_block|block)$/.test(body.type) || isGenerator(node) || isAsync(node) || functionAround(source, node) !== undefined) continue;
    const statements = statementsOf(body).filter((one) => !(one.type === 'expression_statement' && /^(?:string|ellipsis)$/.test(namedChildren(one)[0]?.type ?? '')));
    const isStub = statements.every((one) => /^(?:pass_statement|raise_statement|throw_statement)$/.test(one.type));
    const returns = within(body, (at) => at.type === 'return_statement' && namedChildren(at).length > 0);
    if (!isStub && returns.length === 0 && !endsHere(body)) found.add(name);
  }
  return found;
}

export const annotatedReturn: Rule = {
  name: 'missing-return',
  category: 'bug',
  families: ['python'],
  about: 'A function whose annotation promises a value can end without returning one.',
  find: (source) => nodesOf(source, 'function_definition').flatMap((node): readonly Hit[] => {
    const [type, body] = [fieldOf(node, 'return_type'), fieldOf(node, 'body')];
    if (type === undefined || body === undefined || /None|Optional|Any|NoReturn|Never|object|Iterator|Generator|Iterable|\bT\b|Awaitable|Coroutine|^["']/.test(said(source, type)) || isGenerator(node)) return [];
    const statements = statementsOf(body).filter((one) => !(one.type === 'expression_statement' && /^(?:string|ellipsis)$/.test(namedChildren(one)[0]?.type ?? '')));
    const returns = within(body, (at) => at.type === 'return_statement' && namedChildren(at).length > 0);
    const isStub = statements.length === 0 || statements.every((one) => one.type === 'pass_statement') || /abstract|overload|Protocol/.test(source.text.slice(Math.max(0, node.start - 120), node.start));
    if (isStub || endsHere(body) || (returns.length === 0 && statements.length < 2)) return [];
    return [{ node: fieldOf(node, 'name') ?? node, claim: `${functionName(source.root, source.text, node)} promises ${said(source, type)} but can end without a return, which gives None.` }];
  }),
};

export const floatingComparison: Rule = {
  name: 'comparison-as-statement',
  category: 'bug',
  families: ['script', 'python'],
  about: 'A comparison stands alone as a statement: an assignment was meant.',
  find: (source) => nodesOf(source, 'expression_statement').flatMap((statement): readonly Hit[] => {
    const [only, more] = namedChildren(statement);
    if (only === undefined || more !== undefined || !/^(?:binary_expression|comparison_operator)$/.test(only.type) || !/^={2,3}$/.test(operatorOf(only))) return [];
    // In a test under pytest.raises or assert.throws the comparison itself is what is tried.
    if (/\b(?:raises|assertRaises|throws)\b/.test(source.text.slice(Math.max(0, statement.start - 200), statement.start))) return [];
    return [{ node: only, claim: `${code(source, only)} compares and drops the answer; an assignment has one =.` }];
  }),
};
