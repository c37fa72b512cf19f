/** Decides where functions made in a loop all see the loop's last value. */
import type { SyntaxNode } from '../../ports.ts';
import { FUNCTION_TYPES, ancestorsOf, fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, anywhere, bindingNames, methodCall, nodesOf, parentOf, said } from '../source.ts';

export const loopCapture: Rule = {
  name: 'loop-variable-captured',
  category: 'bug',
  families: ['script', 'python'],
  about: 'A function made in a loop is kept for later and uses the loop variable, which has its last value by then.',
  find: (source) => (source.family === 'python' ? [...pythonLoops(source), ...pythonLists(source)] : scriptLoops(source)),
};

function scriptLoops(source: Source): readonly Hit[] {
  return nodesOf(source, 'for_statement', 'for_in_statement').flatMap((loop): readonly Hit[] => {
    const body = fieldOf(loop, 'body');
    const start = fieldOf(loop, 'initializer');
    const names = loop.type === 'for_in_statement' ? (fieldOf(loop, 'kind')?.type === 'var' ? [said(source, fieldOf(loop, 'left'))] : []) : start?.type === 'variable_declaration' ? namedChildren(start).map((one) => said(source, fieldOf(one, 'name'))) : [];
    if (body === undefined || names.length === 0) return [];
    return made(body).flatMap((node): readonly Hit[] => {
      const name = names.find((one) => /^[\w$]+$/.test(one) && uses(source, node, one));
      return name !== undefined && isKept(source, node) ? [{ node, claim: `${name} is one variable for the whole loop (var): when this function runs it has its last value.`, }] : [];
    });
  });
}

/** The outermost functions in a loop's body. */
function made(body: SyntaxNode): readonly SyntaxNode[] {
  const all = anywhere(body, (node) => FUNCTION_TYPES.has(node.type));
  return all.filter((node) => !all.some((other) => other !== node && other.start <= node.start && other.end >= node.end));
}

/** Read inside, and not bound there again. */
function uses(source: Source, node: SyntaxNode, name: string): boolean {
  if (bindingNames(source, node).has(name)) return false;
  const body = fieldOf(node, 'body');
  return body !== undefined && anywhere(body, (at) => at.type === 'identifier' && said(source, at) === name).length > 0;
}

const LATER = /^(?:setTimeout|setInterval|setImmediate|process\.nextTick|queueMicrotask|requestAnimationFrame)$/;
const LISTENS = /^(?:push|unshift|append|add|set|on|once|addEventListener|addListener|then|catch|finally|add_done_callback|register|connect|subscribe|defer|call_later|after)$/;

/** Given to a timer or a listener, or put where it outlives the turn. Called at once (by map, sort) it is harmless. */
function isKept(source: Source, node: SyntaxNode): boolean {
  const parent = parentOf(source, node);
  if (parent === undefined) return false;
  if (/^(?:arguments|argument_list|keyword_argument)$/.test(parent.type)) {
    const call = parent.type === 'keyword_argument' ? parentOf(source, parentOf(source, parent) ?? parent) : parentOf(source, parent);
    if (call === undefined) return false;
    return LATER.test(said(source, fieldOf(call, 'function'))) || LISTENS.test(methodCall(source, call)?.method ?? '');
  }
  if (/assignment/.test(parent.type) && node.field === 'right') return /[.[]/.test(said(source, fieldOf(parent, 'left')));
  return false;
}

function pythonLoops(source: Source): readonly Hit[] {
  return nodesOf(source, 'for_statement').flatMap((loop): readonly Hit[] => {
    const [left, body] = [fieldOf(loop, 'left'), fieldOf(loop, 'body')];
    if (left === undefined || body === undefined) return [];
    const names = anywhere(left, (node) => node.type === 'identifier').map((node) => said(source, node));
    return made(body).flatMap((node): readonly Hit[] => {
      const name = names.find((one) => uses(source, node, one) || isDefined(source, node, one));
      if (name === undefined || !(isKept(source, node) || isStoredDef(source, node, body))) return [];
      // A loop that ends with this turn has only one function.
      const statement = [node, ...ancestorsOf(source.root, node)].find((at) => parentOf(source, at) === body);
      const isLast = statement !== undefined && namedChildren(body).some((one) => one.start > statement.start && /^(?:break|return)_statement$/.test(one.type));
      return isLast ? [] : [{ node, claim: `Every function made in this loop sees the last ${name}: bind it with ${name}=${name}.` }];
    });
  });
}

/** A `def` uses the name in its body and does not take it as a parameter. */
function isDefined(source: Source, node: SyntaxNode, name: string): boolean {
  return node.type === 'function_definition' && uses(source, node, name);
}

/** `def f(): … name …` followed by `fs.append(f)` in the same turn. */
function isStoredDef(source: Source, node: SyntaxNode, body: SyntaxNode): boolean {
  const own = node.type === 'function_definition' ? said(source, fieldOf(node, 'name')) : '';
  return own !== '' && new RegExp(`\\.(?:append|add)\\(\\s*${own}\\s*\\)|\\]\\s*=\\s*${own}\\s*$`, 'm').test(said(source, body));
}

/** `[lambda: i for i in xs]`. */
function pythonLists(source: Source): readonly Hit[] {
  return nodesOf(source, 'list_comprehension', 'dictionary_comprehension').flatMap((list): readonly Hit[] => {
    const clause = namedChildren(list).find((child) => child.type === 'for_in_clause');
    const body = fieldOf(list, 'body');
    const node = body?.type === 'lambda' ? body : body?.type === 'pair' ? fieldOf(body, 'value') : undefined;
    const left = clause === undefined ? undefined : fieldOf(clause, 'left');
    if (node?.type !== 'lambda' || left === undefined) return [];
    const name = anywhere(left, (at) => at.type === 'identifier').map((at) => said(source, at)).find((one) => uses(source, node, one));
    return name === undefined ? [] : [{ node, claim: `Every lambda of this list sees the last ${name}: bind it with ${name}=${name}.` }];
  });
}
