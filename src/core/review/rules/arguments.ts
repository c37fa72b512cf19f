/** Decides where the names of arguments say that two of them stand in each other's place. */
import type { SyntaxNode } from '../../ports.ts';
import { FUNCTION_TYPES, ancestorsOf, fieldOf, functionName } from '../../repair/syntaxTree.ts';
import { CALLS, type Hit, type Rule, type Source, argumentsOf, code, functionAround, nodesOf, said, within } from '../source.ts';

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
  if ([name, ...names].some((one) => TURNED.test(one)) || names.includes(name)) return true;
  // Both orders side by side: somebody means it.
  const turned = argumentsOf(call).map((argument) => code(source, argument)).reverse().join();
  return around !== undefined && within(around, (at) => at !== call && at.type === call.type && code(source, fieldOf(at, 'function')) === name && argumentsOf(at).map((argument) => code(source, argument)).join() === turned).length > 0;
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
