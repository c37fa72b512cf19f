/** Decides where a comparison can only have one answer. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, anywhere, argumentsOf, bare, bareParent, code, functionAround, methodCall, nodesOf, operatorOf, parentOf, said, short } from '../source.ts';

const EQUALITY = /^(?:={2,3}|!==?)$/;
const TYPEOF_RESULTS: ReadonlySet<string> = new Set(['undefined', 'object', 'boolean', 'number', 'bigint', 'string', 'symbol', 'function', 'unknown']);

interface Comparison {
  readonly node: SyntaxNode;
  readonly left: SyntaxNode;
  readonly right: SyntaxNode;
  readonly operator: string;
}

function comparisonsOf(source: Source): readonly Comparison[] {
  return nodesOf(source, 'binary_expression', 'comparison_operator').flatMap((node): readonly Comparison[] => {
    const isPython = node.type === 'comparison_operator';
    const [first, second, more] = namedChildren(node);
    const [left, right] = isPython ? [first, second] : [bare(fieldOf(node, 'left')), bare(fieldOf(node, 'right'))];
    return left === undefined || right === undefined || (isPython && more !== undefined) ? [] : [{ node, left, right, operator: operatorOf(node) }];
  });
}

/** Each pair in both orders. */
const bothWays = ({ left, right }: Comparison): readonly (readonly [SyntaxNode, SyntaxNode])[] => [[left, right], [right, left]];

export const impossibleComparison: Rule = {
  name: 'impossible-comparison',
  category: 'bug',
  families: ['script', 'python'],
  about: 'Two values are compared that can never be equal: of unlike types, with NaN, with a fresh object.',
  find: (source) => comparisonsOf(source).flatMap((comparison): readonly Hit[] => {
    const claim = source.family === 'python' ? pythonClaim(source, comparison) : scriptClaim(source, comparison);
    return claim === undefined ? [] : [{ node: comparison.node, claim }];
  }),
};

function scriptClaim(source: Source, comparison: Comparison): string | undefined {
  const { left, right, operator } = comparison;
  if (!EQUALITY.test(operator)) return chained(source, comparison);
  const isStrict = operator.length === 3;
  for (const [one, other] of bothWays(comparison)) {
    const text = said(source, other);
    if (/^(?:Number\.)?NaN$/.test(text)) return `Nothing equals NaN, itself included: use Number.isNaN(${short(source, one)}).`;
    if (one.type === 'unary_expression' && operatorOf(one) === 'typeof') {
      if (text === 'undefined') return 'typeof gives a string: compare with "undefined".';
      if (other.type === 'string' && !TYPEOF_RESULTS.has(text.slice(1, -1)) && text.length > 2) return `typeof never gives ${text}.`;
    }
    if (/^(?:array|object)$/.test(other.type) && one.type !== other.type) return `A fresh ${other.type} equals nothing: ${short(source, comparison.node)} is always ${operator.startsWith('!') ? 'true' : 'false'}.`;
    const [kind, literal] = [kindOf(source, one), literalKind(other)];
    if (isStrict && kind !== undefined && literal !== undefined && kind !== literal) return `${short(source, one)} is a ${kind} and ${text} a ${literal}: they are never equal.`;
  }
  if (left.type === 'array' && right.type === 'array') return 'Two fresh arrays are never equal.';
  const both = left.type === 'identifier' && right.type === 'identifier' && said(source, left) !== said(source, right) && [left, right].every((side) => isMadeHere(source, side));
  return both ? `${said(source, left)} and ${said(source, right)} are two objects made here: they are never the same one. Compare what they hold.` : undefined;
}

/** A const of the same function whose value is `new …`, an array or an object: nobody else has it. */
function isMadeHere(source: Source, use: SyntaxNode): boolean {
  const around = functionAround(source, use);
  const bound = around === undefined ? [] : anywhere(around, (node) => node.type === 'variable_declarator' && said(source, fieldOf(node, 'name')) === said(source, use));
  const [only, more] = bound;
  return only !== undefined && more === undefined && /^const\b/.test(said(source, parentOf(source, only))) && /^(?:new_expression|array|object)$/.test(fieldOf(only, 'value')?.type ?? '');
}

/** `a < b < c` compares a truth value with c. */
function chained(source: Source, { left, node, operator }: Comparison): string | undefined {
  const inner = bare(left);
  if (!/^[<>]=?$/.test(operator) || inner?.type !== 'binary_expression' || !/^[<>]=?$/.test(operatorOf(inner)) || fieldOf(node, 'left')?.type === 'parenthesized_expression') return undefined;
  return `${short(source, node)} compares true or false with ${short(source, fieldOf(node, 'right'))}: use && between two comparisons.`;
}

function literalKind(node: SyntaxNode): 'string' | 'number' | 'boolean' | undefined {
  if (node.type === 'string' || node.type === 'template_string') return 'string';
  if (/^(?:number|integer|float)$/.test(node.type)) return 'number';
  return /^(?:true|false)$/.test(node.type) ? 'boolean' : undefined;
}

/** What an expression can only be, whatever its operands. */
function kindOf(source: Source, node: SyntaxNode): 'string' | 'number' | undefined {
  if (node.type === 'member_expression') return said(source, fieldOf(node, 'property')) === 'length' && fieldOf(node, 'object')?.type !== 'this' && !/args|argv|options|props|query/i.test(said(source, fieldOf(node, 'object'))) ? 'number' : undefined;
  if (!/^call/.test(node.type)) return undefined;
  const callee = said(source, fieldOf(node, 'function'));
  if (/^(?:parseInt|parseFloat|Number|Number\.parse(?:Int|Float)|Math\.(?:abs|ceil|floor|round|max|min|trunc|sqrt)|len|int|float|Date\.now)$/.test(callee)) return 'number';
  if (/^(?:String|str|repr|input|JSON\.stringify)$/.test(callee)) return 'string';
  const method = methodCall(source, node)?.method;
  if (method === undefined) return undefined;
  if (/^(?:indexOf|lastIndexOf|charCodeAt|getTime)$/.test(method)) return 'number';
  return /^(?:toString|toLowerCase|toUpperCase|toFixed|trim)$/.test(method) ? 'string' : undefined;
}

function pythonClaim(source: Source, { left, right, operator, node }: Comparison): string | undefined {
  if (/^is(?: not)?$/.test(operator)) {
    const literal = [left, right].find((side) => /^(?:string|integer|float|list|dictionary|tuple|concatenated_string)$/.test(side.type));
    return literal === undefined ? undefined : `is compares identity, and ${short(source, literal)} may be another object with the same value: use ${operator === 'is' ? '==' : '!='}.`;
  }
  if (/^(?:==|!=|[<>]=?)$/.test(operator)) {
    for (const [one, other] of bothWays({ left, right, operator, node })) {
      const [kind, literal] = [kindOf(source, one), literalKind(other)];
      if (kind !== undefined && literal !== undefined && literal !== 'boolean' && kind !== literal) return `${short(source, one)} is a ${kind === 'string' ? 'str' : 'number'} and ${said(source, other)} a ${literal}: ${/[<>]/.test(operator) ? 'this raises TypeError' : 'they are never equal'}.`;
    }
    if (/^(?:==|!=)$/.test(operator) && [left, right].some((side) => /^float\(["']nan["']\)$|^math\.nan$/i.test(said(source, side)))) return 'Nothing equals NaN, itself included: use math.isnan.';
  }
  return undefined;
}

export const lengthSign: Rule = {
  name: 'length-below-zero',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'A length is compared with zero so that the answer is always the same.',
  find: (source) => comparisonsOf(source).flatMap(({ node, left, right, operator }): readonly Hit[] => {
    const isLength = (left.type === 'member_expression' && said(source, fieldOf(left, 'property')) === 'length') || (/^call/.test(left.type) && said(source, fieldOf(left, 'function')) === 'len');
    if (!isLength || said(source, right) !== '0' || !/^(?:<|>=)$/.test(operator)) return [];
    return [{ node, claim: `A length is never below zero: ${short(source, node)} is always ${operator === '<' ? 'false' : 'true'}.` }];
  }),
};

export const constantChoice: Rule = {
  name: 'constant-in-choice',
  category: 'bug',
  families: ['script', 'python'],
  about: 'x == "a" or "b": the second half is a literal, which is always true.',
  find: (source) => nodesOf(source, 'binary_expression', 'boolean_operator').flatMap((node): readonly Hit[] => {
    const [left, right] = [bare(fieldOf(node, 'left')), bare(fieldOf(node, 'right'))];
    if (left === undefined || right === undefined || !/^(?:or|\|\|)$/.test(operatorOf(node))) return [];
    const compared = left.type === 'binary_expression' || left.type === 'comparison_operator' ? left : undefined;
    const literal = compared === undefined ? undefined : (fieldOf(compared, 'right') ?? namedChildren(compared)[1]);
    const isLiteral = (at: SyntaxNode | undefined): boolean => at !== undefined && /^(?:string|number|integer)$/.test(at.type) && at.end - at.start > (at.type === 'string' ? 2 : 0) && said(source, at) !== '0';
    if (compared === undefined || !/^(?:={2,3})$/.test(operatorOf(compared)) || !isLiteral(right) || !isLiteral(literal)) return [];
    return [{ node, claim: `${said(source, right)} is always true, so this always holds: compare with each value.` }];
  }),
};

export const indexAsTruth: Rule = {
  name: 'index-as-truth',
  category: 'bug',
  families: ['script', 'python'],
  about: 'The result of indexOf or find is used as true or false: 0 means found at the start, -1 counts as true.',
  find: (source) => nodesOf(source, 'call_expression', 'call').flatMap((call): readonly Hit[] => {
    const found = methodCall(source, call);
    const name = source.family === 'python' ? /^r?find$/ : /^(?:lastIndexOf|indexOf|search|findIndex)$/;
    if (found === undefined || !name.test(found.method) || argumentsOf(call).length === 0) return [];
    // Parsers have a find of their own: only a text's is known to give a place.
    if (source.family === 'python' && !(argumentsOf(call)[0]?.type === 'string' && argumentsOf(call).length === 1 && found.object.type === 'identifier' && !/soup|tree|root|elem|node|tag|doc|xml|page|driver|col|db|parser|query/i.test(said(source, found.object)))) return [];
    const holder = bareParent(source, call);
    const isTruth = /^(?:if_statement|while_statement|elif_clause)$/.test(holder?.type ?? '') || (holder?.type === 'ternary_expression' && bare(fieldOf(holder, 'condition')) === call) || (holder?.type === 'binary_expression' && /^(?:&&|\|\|)$/.test(operatorOf(holder)) && bare(fieldOf(holder, 'left')) === call) || (holder?.type === 'boolean_operator');
    return isTruth ? [{ node: call, claim: `${found.method} gives -1 when nothing is found, which is true, and 0 when it is found at the start, which is false.` }] : [];
  }),
};

export const negationFirst: Rule = {
  name: 'negation-before-in',
  category: 'bug',
  families: ['script'],
  about: '!a in b and !a instanceof B negate a, not the question.',
  find: (source) => nodesOf(source, 'binary_expression').flatMap((node): readonly Hit[] => {
    const left = fieldOf(node, 'left');
    if (!/^(?:in|instanceof)$/.test(operatorOf(node)) || left?.type !== 'unary_expression' || operatorOf(left) !== '!' || left.children[1] === undefined) return [];
    const operand = fieldOf(left, 'argument');
    return [{ node, claim: `This asks whether ${short(source, left)}, which is true or false, is ${operatorOf(node)} ${short(source, fieldOf(node, 'right'))}.`, edit: { start: node.start, end: node.end, text: `!(${code(source, operand)} ${operatorOf(node)} ${said(source, fieldOf(node, 'right'))})` } }];
  }),
};

export const assignedCondition: Rule = {
  name: 'assignment-in-condition',
  category: 'bug',
  families: ['script'],
  about: 'A condition assigns a plain value where it should compare.',
  find: (source) => nodesOf(source, 'assignment_expression').flatMap((node): readonly Hit[] => {
    const holder = parentOf(source, node);
    const right = fieldOf(node, 'right');
    const statement = holder === undefined ? undefined : parentOf(source, holder);
    const isDirect = holder?.type === 'parenthesized_expression' && /^(?:if|while|do)_statement$/.test(statement?.type ?? '') && holder.field === 'condition';
    const isPart = holder?.type === 'binary_expression' && /^(?:&&|\|\|)$/.test(operatorOf(holder)) && isConditionOf(source, holder);
    const isPlain = right !== undefined && /^(?:number|string|true|false|null|undefined|identifier)$/.test(right.type);
    if (!(isDirect || isPart) || !isPlain || (statement?.type === 'while_statement' && right.type === 'identifier')) return [];
    const sign = node.children.find((child) => child.type === '=');
    return [{ node, claim: `${short(source, node)} assigns instead of comparing, so the condition is ${short(source, right)} itself.`, ...(sign === undefined ? {} : { edit: { start: sign.start, end: sign.end, text: '===' } }) }];
  }),
};

function isConditionOf(source: Source, node: SyntaxNode): boolean {
  const holder = bareParent(source, node);
  return holder !== undefined && /^(?:if|while)_statement$/.test(holder.type);
}
