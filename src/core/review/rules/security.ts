/** Decides where a secret stands in the source, or outside text becomes a command or a query. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf } from '../../repair/syntaxTree.ts';
import { isTestFile } from '../../checks/testFiles.ts';
import { createRedactor } from '../../tools/secrets.ts';
import { CALLS, type Hit, type Rule, type Source, anywhere, argumentsOf, code, functionAround, isExample, methodCall, nodesOf, operatorOf, said } from '../source.ts';

const redact = createRedactor();
const LITERALS = ['string', 'template_string', 'interpreted_string_literal', 'raw_string_literal', 'comment'] as const;
/** What people write where a secret will stand. */
const PLACEHOLDER = /example|placeholder|dummy|changeme|your[-_]|xxxx|0{6}|1234567|abcdef|\*{3}|<[\w -]+>|\$\{|\{\w*\}|%s|localhost|127\.0\.0\.1|user:pass|user(?:name)?:password|foo:bar|fake|sample|redacted|\.\.\./i;

export const secret: Rule = {
  name: 'secret-in-source',
  category: 'security',
  families: ['script', 'python', 'go'],
  about: 'A key, a token or a password stands in the source.',
  find: (source) => (isTestFile(source.path) ? [] : [...literals(source), ...named(source)]),
};

function literals(source: Source): readonly Hit[] {
  return nodesOf(source, ...LITERALS).flatMap((node): readonly Hit[] => {
    const text = said(source, node);
    // Patterns of our own and of others have classes and counts in them.
    if (text.length < 16 || PLACEHOLDER.test(text) || /\[[^\]]*\]\{?|\\[wdsb]/.test(text) || redact(text) === text) return [];
    return [{ node, claim: 'This looks like a real key or password. Who can read the file has it: take it from the environment, and revoke this one.' }];
  });
}

const SECRET_NAME = /(?:^|_|\b|[a-z])(?:password|passwd|secret|api_?key|access_?key|auth_?token|private_?key|secret_?key)$/i;

/** `password = "…"`, where the value looks random or is no plain word. */
function named(source: Source): readonly Hit[] {
  return nodesOf(source, 'variable_declarator', 'assignment', 'pair', 'short_var_declaration', 'const_spec', 'var_spec', 'keyword_argument').flatMap((node): readonly Hit[] => {
    const name = said(source, fieldOf(node, 'name') ?? fieldOf(node, 'left') ?? fieldOf(node, 'key')).replaceAll(/["']/g, '');
    const value = fieldOf(node, 'value') ?? fieldOf(node, 'right');
    const literal = value === undefined ? undefined : value.type === 'expression_list' ? anywhere(value, (at) => /string_literal/.test(at.type))[0] : value;
    if (literal === undefined || !/^(?:string|interpreted_string_literal)$/.test(literal.type) || !SECRET_NAME.test(name)) return [];
    const text = said(source, literal).slice(1, -1);
    const looksReal = text.length >= 8 && !/\s/.test(text) && /\d/.test(text) && /[a-z]/i.test(text) && !/^[\w.]+[-_/.:][\w.-]+[-_/.:]\w+$/.test(text) && !PLACEHOLDER.test(text) && !/^https?:/.test(text);
    return looksReal ? [{ node: literal, claim: `${name} has its value in the source: take it from the environment, and change it.` }] : [];
  });
}

export const injection: Rule = {
  name: 'injection',
  category: 'security',
  families: ['script', 'python', 'go'],
  about: 'A query or a shell command is put together from values instead of being given them.',
  find: (source) => (isExample(source) ? [] : nodesOf(source, ...CALLS).flatMap((call): readonly Hit[] => {
    const callee = said(source, fieldOf(call, 'function'));
    const method = methodCall(source, call)?.method ?? callee;
    const first = argumentsOf(call)[0];
    if (first === undefined) return [];
    if (/^(?:execute|executemany|query|queryRow|QueryRow|Query|Exec|exec|all|get|run|raw)$/.test(method) && isMade(source, call, first, /^\W*(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|DROP)\b/i)) return [{ node: first, claim: 'The query is put together from values, so a value can change what it does: pass them as parameters.' }];
    const isShell = source.family === 'python'
      ? callee === 'os.system' || callee === 'os.popen' || (/^subprocess\.\w+$/.test(callee) && argumentsOf(call).some((one) => code(source, one) === 'shell=True'))
      : source.family === 'script' && /^(?:child_process\.|cp\.)?exec(?:Sync)?$/.test(callee) && /child_process/.test(source.text);
    return isShell && isMade(source, call, first, /./) ? [{ node: first, claim: 'The shell reads the whole line, so a value in it can be a command of its own: give the arguments as a list, without a shell.' }] : [];
  })),
};

/** A template, an f-string, a % or a + with something in it that is no constant; or a name bound to such a one in this function. */
function isMade(source: Source, call: SyntaxNode, node: SyntaxNode, begins: RegExp): boolean {
  if (node.type === 'identifier') {
    const around = functionAround(source, call);
    const bound = around === undefined ? [] : anywhere(around, (at) => /^(?:variable_declarator|assignment|short_var_declaration)$/.test(at.type) && said(source, fieldOf(at, 'name') ?? fieldOf(at, 'left')) === said(source, node));
    const value = bound.length === 1 && bound[0] !== undefined ? (fieldOf(bound[0], 'value') ?? fieldOf(bound[0], 'right')) : undefined;
    return value !== undefined && value.type !== 'identifier' && isMade(source, call, value.type === 'expression_list' ? (value.children[0] ?? value) : value, begins);
  }
  const text = said(source, node).replace(/^[frbu]*(?:"""|'''|["'`])\s*/i, '');
  if (!begins.test(text)) return false;
  if (/^(?:template_string|string)$/.test(node.type)) {
    const holes = anywhere(node, (at) => at.type === 'template_substitution' || at.type === 'interpolation').map((hole) => said(source, hole).replaceAll(/[${}\s]/g, ''));
    return holes.some((hole) => /[a-z]/.test(hole) && !/table|column|placeholder|field|quote|escape|join|param|where|clause|ident|shlex|sql/i.test(hole));
  }
  if (node.type === 'binary_expression' || node.type === 'binary_operator') {
    const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
    if (left === undefined || right === undefined || !/^[+%]$/.test(operatorOf(node)) || !/string/.test(anywhere(left, (at) => /string/.test(at.type))[0]?.type ?? '')) return false;
    const names = anywhere(node, (at) => /identifier$/.test(at.type)).map((at) => said(source, at));
    return names.some((name) => /[a-z]/.test(name)) && !names.some((name) => /table|column|placeholder|field|quote|escape|join|where|clause|ident|shlex|sql/i.test(name));
  }
  const method = /^call/.test(node.type) ? methodCall(source, node) : undefined;
  return method !== undefined && ((method.method === 'format' && method.object.type === 'string') || said(source, fieldOf(node, 'function')) === 'fmt.Sprintf') && !/table|column|placeholder|field|quote|escape/i.test(said(source, node));
}
