/** Decides where Python's own traps are stepped into: shared defaults, tuples as assertions, names that are no errors. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, anywhere, nodesOf, parentOf, said, short } from '../source.ts';

const CHANGES = /^(?:append|extend|insert|add|update|setdefault|pop|remove|clear|sort|popitem|discard)$/;

export const mutableDefault: Rule = {
  name: 'mutable-default',
  category: 'bug',
  families: ['python'],
  about: 'A default value is made once, and this function changes it or keeps it.',
  find: (source) => nodesOf(source, 'default_parameter', 'typed_default_parameter').flatMap((parameter): readonly Hit[] => {
    const [name, value] = [fieldOf(parameter, 'name'), fieldOf(parameter, 'value')];
    const owner = parentOf(source, parentOf(source, parameter) ?? parameter);
    const body = owner === undefined ? undefined : fieldOf(owner, 'body');
    // A cache that outlives the call, and a cell with a first value, are how this trap is used on purpose.
    if (name === undefined || value === undefined || body === undefined || !isFresh(source, value) || /cache|memo|^_/i.test(said(source, name))) return [];
    const uses = anywhere(body, (node) => node.type === 'identifier' && said(source, node) === said(source, name));
    const isRebound = uses.some((use) => parentOf(source, use)?.type === 'assignment' && use.field === 'left');
    const changed = isRebound ? undefined : uses.find((use) => isChanged(source, use));
    return changed === undefined ? [] : [{ node: parameter, claim: `${short(source, value)} is made once and shared by every call, and ${said(source, name)} is ${isKept(source, changed) ? 'kept' : 'changed'} here: use None.` }];
  }),
};

function isFresh(source: Source, value: SyntaxNode): boolean {
  return (/^(?:list|dictionary)$/.test(value.type) && namedChildren(value).length === 0) || /^(?:list|dict|set|defaultdict|deque|collections\.\w+)\(/.test(said(source, value));
}

function isChanged(source: Source, use: SyntaxNode): boolean {
  const parent = parentOf(source, use);
  if (parent === undefined) return false;
  if (parent.type === 'attribute') return parent.field === 'function' && CHANGES.test(said(source, fieldOf(parent, 'attribute')));
  if (parent.type === 'subscript' && use.field === 'value') return /assignment|del_statement/.test(parentOf(source, parent)?.type ?? '') && parent.field !== 'right';
  return (parent.type === 'augmented_assignment' && use.field === 'left') || isKept(source, use);
}

/** `self.items = items`: the next object gets the same list. */
function isKept(source: Source, use: SyntaxNode): boolean {
  const parent = parentOf(source, use);
  return parent?.type === 'assignment' && use.field === 'right' && /^self\./.test(said(source, fieldOf(parent, 'left')));
}

export const tupleAssertion: Rule = {
  name: 'tuple-assertion',
  category: 'bug',
  families: ['python'],
  about: 'assert of a tuple always holds.',
  find: (source) => nodesOf(source, 'assert_statement').flatMap((node): readonly Hit[] => {
    const [only, more] = namedChildren(node);
    return only?.type === 'tuple' && more === undefined && namedChildren(only).length > 0 ? [{ node, claim: 'A tuple that is not empty is always true, so this assertion always holds: take the brackets away.' }] : [];
  }),
};

export const notImplemented: Rule = {
  name: 'raises-no-exception',
  category: 'bug',
  families: ['python'],
  about: 'raise NotImplemented raises TypeError instead: the error is NotImplementedError.',
  find: (source) => nodesOf(source, 'raise_statement').flatMap((node): readonly Hit[] => {
    const raised = namedChildren(node)[0];
    if (raised === undefined || !/^NotImplemented(?:\(.*\))?$|^f?["']/.test(said(source, raised))) return [];
    return [{ node: raised, claim: `${short(source, raised)} is no exception, so this raises TypeError.` }];
  }),
};
