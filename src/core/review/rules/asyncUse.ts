/** Decides where a promise or a coroutine is used as if it were its value. */
import type { SyntaxNode } from '../../ports.ts';
import { ancestorsOf, fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { CALLS, type Hit, type KnownFunction, type Rule, type Source, argumentsOf, functionAround, isAsync, methodCall, nodesOf, parentOf, said, short, within } from '../source.ts';

export const unawaited: Rule = {
  name: 'unawaited-call',
  category: 'concurrency',
  families: ['script', 'python'],
  about: 'A function known to be async is called and its promise is dropped, or used as if it were the value.',
  find: (source) => nodesOf(source, ...CALLS).flatMap((call) => {
    const known = asyncCallee(source, call);
    if (known === undefined) return [];
    const how = misuse(source, call);
    return how === undefined ? [] : [{ node: call, claim: `${known.name} is async and is not awaited: ${how}.`, edit: { start: call.start, end: call.start, text: 'await ' } }];
  }),
};

/** Only calls by a plain name, or of a method of the same class: of anything else we do not know that it is async. */
function asyncCallee(source: Source, call: SyntaxNode): KnownFunction | undefined {
  const callee = fieldOf(call, 'function');
  if (callee?.type === 'identifier') {
    const known = source.functions.get(said(source, callee));
    return known?.isAsync === true ? known : undefined;
  }
  const own = methodCall(source, call);
  if (own === undefined || !/^(?:this|self)$/.test(said(source, own.object))) return undefined;
  const owner = ancestorsOf(source.root, call).find((at) => at.type === 'class_body' || at.type === 'class_definition');
  const body = owner?.type === 'class_definition' ? fieldOf(owner, 'body') : owner;
  const methods = body === undefined ? [] : namedChildren(body).filter((node) => /^(?:method_definition|function_definition)$/.test(node.type) && said(source, fieldOf(node, 'name')) === own.method);
  const [only] = methods;
  return methods.length === 1 && only !== undefined && isAsync(only) ? { name: own.method, isAsync: true, parameters: undefined } : undefined;
}

const PROMISE_METHODS = /^(?:then|catch|finally|constructor)$/;

function misuse(source: Source, call: SyntaxNode): string | undefined {
  const parent = parentOf(source, call);
  const around = functionAround(source, call);
  if (parent === undefined) return undefined;
  if (parent.type === 'expression_statement') {
    if (source.family === 'python') return 'the coroutine never runs';
    // A function that is not async may start work and go on; at the top of a script it is how programs begin.
    return around !== undefined && isAsync(around) && !isLastInTry(source, parent) ? 'what follows runs before it is done, and its failure is unhandled' : undefined;
  }
  if (isCondition(source, parent, call)) return `a ${source.family === 'python' ? 'coroutine' : 'promise'} is always true`;
  const property = fieldOf(parent, 'property') ?? fieldOf(parent, 'attribute');
  if (property !== undefined && property !== call && !PROMISE_METHODS.test(said(source, property))) return source.family === 'python' && /^(?:close|send|throw|cr_\w+)$/.test(said(source, property)) ? undefined : `its promise has no ${said(source, property)}`;
  return parent.type === 'variable_declarator' || parent.type === 'assignment' ? valueMisuse(source, parent, around) : undefined;
}

/** `void f()` and the last line of a try have been thought about less often than they look, so only plain cases count. */
function isLastInTry(source: Source, statement: SyntaxNode): boolean {
  return /^\s*void\b/.test(said(source, statement));
}

function isCondition(source: Source, parent: SyntaxNode, call: SyntaxNode): boolean {
  if (parent.type === 'parenthesized_expression') return /^(?:if|while)_statement$/.test(parentOf(source, parent)?.type ?? '');
  if (/^(?:if_statement|while_statement|elif_clause|ternary_expression)$/.test(parent.type)) return call.field === 'condition';
  if (parent.type === 'unary_expression') return parent.children[0]?.type === '!';
  if (parent.type === 'not_operator') return true;
  if (parent.type !== 'binary_expression') return false;
  const operator = fieldOf(parent, 'operator')?.type ?? '';
  return operator === '&&' || /^(?:===?|!==?|[<>]=?)$/.test(operator);
}

/** `const user = load(); user.name`: a member that no promise has, and never awaited or passed on. */
function valueMisuse(source: Source, declarator: SyntaxNode, around: SyntaxNode | undefined): string | undefined {
  const name = fieldOf(declarator, 'name') ?? fieldOf(declarator, 'left');
  if (name?.type !== 'identifier' || around === undefined) return undefined;
  const text = said(source, name);
  const uses = within(around, (node) => node.type === 'identifier' && node !== name && said(source, node) === text);
  const members = uses.map((use) => {
    const parent = parentOf(source, use);
    const property = parent === undefined ? undefined : (fieldOf(parent, 'property') ?? fieldOf(parent, 'attribute'));
    return property !== undefined && property !== use ? said(source, property) : undefined;
  });
  const wrong = members.find((member) => member !== undefined && !PROMISE_METHODS.test(member));
  return wrong !== undefined && members.every((member) => member !== undefined && !PROMISE_METHODS.test(member)) ? `${text} is a ${source.family === 'python' ? 'coroutine' : 'promise'}, which has no ${wrong}` : undefined;
}

const DECIDES = /^(?:filter|some|every|find|findIndex|findLast|findLastIndex|sort|toSorted)$/;

export const asyncCallback: Rule = {
  name: 'async-callback',
  category: 'concurrency',
  families: ['script'],
  about: 'An async function is given to an array method that does not wait for it.',
  find: (source) => nodesOf(source, 'call_expression').flatMap((call): readonly Hit[] => {
    const found = methodCall(source, call);
    const callback = argumentsOf(call)[0];
    if (found === undefined || callback === undefined || !/function|arrow/.test(callback.type) || !isAsync(callback)) return [];
    if (found.method === 'forEach' && within(callback, (node) => node.type === 'await_expression').length > 0) return [{ node: call, claim: 'forEach does not wait for an async callback: what follows runs first, and a rejection is unhandled.' }];
    if (DECIDES.test(found.method)) return [{ node: call, claim: `${found.method} gets a promise from an async callback, and a promise is always true.` }];
    const parent = parentOf(source, call);
    return found.method === 'map' && parent?.type === 'await_expression' ? [{ node: call, claim: 'Awaiting an array of promises does not wait for them; Promise.all does.', edit: { start: call.start, end: call.end, text: `Promise.all(${said(source, call)})` } }] : [];
  }),
};

export const mapParseInt: Rule = {
  name: 'map-parse-int',
  category: 'api-misuse',
  families: ['script'],
  about: 'map(parseInt) gives the index as the radix.',
  find: (source) => nodesOf(source, 'call_expression').flatMap((call): readonly Hit[] => {
    const [only, more] = argumentsOf(call);
    if (methodCall(source, call)?.method !== 'map' || only === undefined || more !== undefined || !/^(?:Number\.)?parseInt$/.test(said(source, only))) return [];
    return [{ node: call, claim: `${short(source, call)} gives each index to parseInt as its radix: ["10", "10"] becomes [10, NaN].`, edit: { start: only.start, end: only.end, text: 'Number' } }];
  }),
};
