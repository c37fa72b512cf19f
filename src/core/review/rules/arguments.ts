/** Decides where the names of arguments say that two of them stand in each other's place. */
import type { SyntaxNode } from '../../ports.ts';
import { FUNCTION_TYPES, ancestorsOf, fieldOf, functionName } from '../../repair/syntaxTree.ts';
import { CALLS, type Hit, type Rule, type Source, anywhere, argumentsOf, code, functionAround, methodCall, nodesOf, said, statementsOf, within } from '../source.ts';

/** Names that say that the order is turned on purpose. */
const TURNED = /swap|revers|flip|invert|mirror|transpos|rotat|opposite|compare|cmp|diff|desc|swapped|backward/i;
/** One letter is no name to go by: gcd(b, a), compare(b, a). */
const NAME_LENGTH_MIN = 2;

export const swappedArguments: Rule = {
  name: 'swapped-arguments',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'Two arguments carry the names of each other\'s parameters.',
  find: (source) => nodesOf(source, ...CALLS).flatMap((call): readonly Hit[] => {
    const name = said(source, fieldOf(call, 'function'));
    const parameters = source.functions.get(name)?.parameters?.map(plain);
    const given = argumentsOf(call);
    if (parameters === undefined || given.length < 2 || given.length > parameters.length || isTurned(source, call, name)) return [];
    const names = given.map((argument) => plain(lastName(source, argument)));
    for (let first = 0; first < names.length; first++) {
      for (let second = first + 1; second < names.length; second++) {
        const [a, b] = [names[first] ?? '', names[second] ?? ''];
        if (a === b || a.length < NAME_LENGTH_MIN || b.length < NAME_LENGTH_MIN || a !== parameters[second] || b !== parameters[first]) continue;
        const [left, right] = [given[first], given[second]];
        if (left === undefined || right === undefined) continue;
        const text = said(source, right) + source.text.slice(left.end, right.start) + said(source, left);
        return [{ node: call, claim: `${name} takes ${parameters[first]} before ${parameters[second]}, but ${said(source, left)} and ${said(source, right)} are given the other way round.`, edit: { start: left.start, end: right.end, text } }];
      }
    }
    return [];
  }),
};

function isTurned(source: Source, call: SyntaxNode, name: string): boolean {
  const around = functionAround(source, call);
  const names = ancestorsOf(source.root, call).filter((at) => FUNCTION_TYPES.has(at.type)).map((at) => functionName(source.root, source.text, at));
  if ([name, ...names].some((one) => TURNED.test(one)) || names.includes(name) || isInverse(around, call)) return true;
  // Both orders side by side: somebody means it.
  const turned = argumentsOf(call).map((argument) => code(source, argument)).reverse().join();
  return around !== undefined && within(around, (at) => at !== call && at.type === call.type && code(source, fieldOf(at, 'function')) === name && argumentsOf(at).map((argument) => code(source, argument)).join() === turned).length > 0;
}

/** A function that is nothing but the call, turned: the way back of another one. */
function isInverse(around: SyntaxNode | undefined, call: SyntaxNode): boolean {
  const body = around === undefined ? undefined : fieldOf(around, 'body');
  const [only, more] = body === undefined ? [] : body === call ? [call] : statementsOf(body);
  return only !== undefined && more === undefined && (only === call || only.children.includes(call)) && argumentsOf(call).every((argument) => !/member_expression|attribute|selector_expression/.test(argument.type));
}

/** `image.height` is named height. */
function lastName(source: Source, argument: SyntaxNode): string {
  if (argument.type === 'identifier') return said(source, argument);
  return /^(?:member_expression|attribute|selector_expression)$/.test(argument.type) ? said(source, fieldOf(argument, 'property') ?? fieldOf(argument, 'attribute') ?? fieldOf(argument, 'field')) : '';
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

export const timerArguments: Rule = {
  name: 'timer-arguments',
  category: 'api-misuse',
  families: ['script'],
  about: 'A timer is given its delay first, or the result of a call instead of a function.',
  find: (source) => nodesOf(source, 'call_expression').flatMap((call): readonly Hit[] => {
    if (!/^(?:set(?:Timeout|Interval)|window\.set(?:Timeout|Interval))$/.test(said(source, fieldOf(call, 'function')))) return [];
    const [first, second] = argumentsOf(call);
    if (first?.type !== 'number' || second === undefined || !(FUNCTION_TYPES.has(second.type) || second.type === 'identifier')) return [];
    return [{ node: call, claim: 'The function comes before the delay.' }];
  }),
};

export const sortAsText: Rule = {
  name: 'numbers-sorted-as-text',
  category: 'api-misuse',
  families: ['script'],
  about: 'sort() without a function sorts numbers as text: 10 comes before 9.',
  find: (source) => nodesOf(source, 'call_expression').flatMap((call): readonly Hit[] => {
    const found = methodCall(source, call);
    if (found === undefined || !/^(?:sort|toSorted)$/.test(found.method) || argumentsOf(call).length > 0 || !holdsNumbers(source, found.object)) return [];
    return [{ node: call, claim: `${found.method}() compares as text, so 10 comes before 9: give it (a, b) => a - b.`, edit: { start: call.end - 1, end: call.end - 1, text: '(a, b) => a - b' } }];
  }),
};

/** Written so that its elements can only be numbers: by type, by literals, or made by Number, parseInt, length. */
function holdsNumbers(source: Source, node: SyntaxNode): boolean {
  if (node.type === 'array') return spread(source, node) ?? (node.children.some((child) => child.type === 'number') && node.children.every((child) => !child.named || child.type === 'number'));
  if (node.type === 'call_expression') return isNumberMap(source, node) || (/^(?:filter|slice|concat)$/.test(methodCall(source, node)?.method ?? '') && holdsNumbers(source, methodCall(source, node)?.object ?? node));
  if (node.type !== 'identifier') return false;
  const around = functionAround(source, node) ?? source.root;
  const bound = anywhere(around, (at) => /^(?:variable_declarator|required_parameter)$/.test(at.type) && said(source, fieldOf(at, 'name') ?? fieldOf(at, 'pattern')) === said(source, node));
  const [only, more] = bound;
  if (only === undefined || more !== undefined) return false;
  if (/^:\s*(?:readonly\s+)?number\[\]$/.test(said(source, fieldOf(only, 'type')))) return true;
  const value = fieldOf(only, 'value');
  return value !== undefined && value.type !== 'identifier' && holdsNumbers(source, value);
}

/** `[...numbers]`. */
function spread(source: Source, array: SyntaxNode): boolean | undefined {
  const [only, more] = array.children.filter((child) => child.named);
  const inner = only?.type === 'spread_element' && more === undefined ? only.children.find((child) => child.named) : undefined;
  return inner === undefined ? undefined : holdsNumbers(source, inner);
}

function isNumberMap(source: Source, call: SyntaxNode): boolean {
  const callback = argumentsOf(call)[0];
  if (methodCall(source, call)?.method !== 'map' || callback === undefined) return false;
  if (/^(?:Number|parseFloat)$/.test(said(source, callback))) return true;
  const body = fieldOf(callback, 'body');
  return body?.type === 'call_expression' && /^(?:Number|parseInt|parseFloat|Number\.parse(?:Int|Float))$/.test(said(source, fieldOf(body, 'function')));
}
