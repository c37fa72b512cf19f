/** Decides where Go code loses an error: dropped, overwritten, shadowed, or turned into nil. */
import { isTestFile } from '../../checks/testFiles.ts';
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, anywhere, functionAround, isExplained, nodesOf, parentOf, said, short, statementsOf, within } from '../source.ts';

/** Whose last result is an error that matters: what was read or written is wrong without it. */
const FAILS = /^(?:json\.Unmarshal|xml\.Unmarshal|yaml\.Unmarshal|json\.NewDecoder\(.*\)\.Decode|json\.NewEncoder\(.*\)\.Encode|os\.(?:MkdirAll|Mkdir|WriteFile|Rename|Chdir|Symlink|Truncate)|io\.ReadFull|ioutil\.WriteFile|rows?\.Scan|tx\.Commit|http\.ListenAndServe|binary\.(?:Read|Write))$/;
/** Whose first result is nil, so that its next use crashes. */
const GIVES = /^(?:os\.(?:Open|Create|OpenFile)|http\.(?:Get|Post|NewRequest)|url\.Parse|sql\.Open|regexp\.Compile)$/;
/** Whose first result is a zero that looks like a value: often meant so. */
const ZEROES = /^strconv\.(?:Atoi|Parse\w+)$/;
/** Done as well as it can be, on the way out. */
const BEST_EFFORT = /remove|close|unlock|clean|delete|log|note|warn|stop|kill|flush|usage|print|run|write|rewrite/i;

export const ignoredError: Rule = {
  name: 'error-ignored',
  category: 'bug',
  families: ['go'],
  about: 'An error result is dropped.',
  find: (source) => {
    const own = ownFailing(source);
    const calls = nodesOf(source, 'expression_statement').flatMap((statement): readonly Hit[] => {
      const call = namedChildren(statement)[0];
      const callee = call?.type === 'call_expression' ? said(source, fieldOf(call, 'function')) : '';
      if (call === undefined || isTestFile(source.path) || !(FAILS.test(callee) || (own.has(callee) && !BEST_EFFORT.test(callee))) || isLineExplained(source, statement)) return [];
      return [{ node: call, claim: `The error of ${callee} is dropped: what follows runs as if it had worked.` }];
    });
    const blanks = nodesOf(source, 'short_var_declaration', 'assignment_statement').flatMap((node): readonly Hit[] => {
      const names = namedChildren(fieldOf(node, 'left') ?? node);
      const [call, more] = namedChildren(fieldOf(node, 'right') ?? node);
      const callee = call?.type === 'call_expression' ? said(source, fieldOf(call, 'function')) : '';
      if (names.length < 2 || more !== undefined || said(source, names.at(-1)) !== '_' || said(source, names[0]) === '_' || isTestFile(source.path) || !(GIVES.test(callee) || ZEROES.test(callee)) || isLineExplained(source, node)) return [];
      return [{ node, ...(ZEROES.test(callee) ? { severity: 'info' as const } : {}), claim: `The error of ${callee} is dropped, and ${said(source, names[0])} is its zero value when it fails.` }];
    });
    return [...calls, ...blanks];
  },
};

function isLineExplained(source: Source, node: SyntaxNode): boolean {
  const lines = source.text.split('\n').slice(Math.max(0, node.line - 2), node.endLine);
  return lines.some((line) => line.includes('//'));
}

/** Functions of this file that give an error last. */
function ownFailing(source: Source): ReadonlySet<string> {
  return new Set(nodesOf(source, 'function_declaration').flatMap((node) => (/(?:^|[\s,(])error\)?$/.test(said(source, fieldOf(node, 'result'))) ? [said(source, fieldOf(node, 'name'))] : [])));
}

export const overwrittenError: Rule = {
  name: 'error-overwritten',
  category: 'bug',
  families: ['go'],
  about: 'err is assigned twice in a row, so the first error is never seen.',
  find: (source) => nodesOf(source, 'statement_list').flatMap((list): readonly Hit[] => {
    const statements = namedChildren(list);
    return statements.flatMap((statement, index): readonly Hit[] => {
      const next = statements[index + 1];
      if (next === undefined || errorName(source, statement) === undefined || errorName(source, statement) !== errorName(source, next)) return [];
      const name = errorName(source, statement) ?? 'err';
      if (new RegExp(`\\b${name}\\b`).test(said(source, fieldOf(next, 'right'))) || !/\(/.test(said(source, fieldOf(statement, 'right')))) return [];
      return [{ node: statement, claim: `${name} of ${short(source, fieldOf(statement, 'right'))} is overwritten by the next line before anyone looks at it.` }];
    });
  }),
};

function errorName(source: Source, node: SyntaxNode): string | undefined {
  if (!/^(?:short_var_declaration|assignment_statement)$/.test(node.type)) return undefined;
  const last = namedChildren(fieldOf(node, 'left') ?? node).at(-1);
  return last?.type === 'identifier' && /^err\w*$/i.test(said(source, last)) ? said(source, last) : undefined;
}

export const shadowedError: Rule = {
  name: 'error-shadowed',
  category: 'bug',
  families: ['go'],
  about: 'An inner := makes another err, and the outer one that is returned stays nil.',
  find: (source) => nodesOf(source, 'short_var_declaration').flatMap((inner): readonly Hit[] => {
    const name = errorName(source, inner);
    const around = functionAround(source, inner);
    const body = around === undefined ? undefined : fieldOf(around, 'body');
    if (name === undefined || around === undefined || body === undefined || statementsOf(body).includes(inner)) return [];
    const outer = statementsOf(body).find((one) => one.type === 'var_declaration' && new RegExp(`^var\\s+${name}\\s+error$`).test(said(source, one)));
    if (outer === undefined || outer.start > inner.start) return [];
    const isSet = within(body, (node) => node.type === 'assignment_statement' && errorName(source, node) === name).length > 0 || said(source, body).includes(`&${name}`);
    const returned = statementsOf(body).some((one) => one.type === 'return_statement' && one.start > inner.end && new RegExp(`\\b${name}\\b`).test(said(source, one)));
    const isReturnedInside = anywhere(body, (node) => node.type === 'return_statement' && node.start > inner.end && !statementsOf(body).includes(node) && new RegExp(`\\b${name}\\b`).test(said(source, node))).length > 0;
    return isSet || !returned || isReturnedInside ? [] : [{ node: inner, claim: `:= makes a new ${name} in this block; the outer ${name} that is returned stays nil.` }];
  }),
};

export const nilForError: Rule = {
  name: 'nil-for-error',
  category: 'bug',
  families: ['go'],
  about: 'After err != nil the function returns a nil error.',
  find: (source) => nodesOf(source, 'if_statement').flatMap((node): readonly Hit[] => {
    const condition = /^(err\w*)\s*!=\s*nil$/.exec(said(source, fieldOf(node, 'condition')));
    const body = fieldOf(node, 'consequence');
    const around = functionAround(source, node);
    const [only, more] = statementsOf(body);
    if (condition === null || body === undefined || around === undefined || only?.type !== 'return_statement' || more !== undefined || isExplained(body) || isLineExplained(source, node)) return [];
    if (!/(?:^|[\s,(])error\)?$/.test(said(source, fieldOf(around, 'result')))) return [];
    const values = namedChildren(namedChildren(only)[0] ?? only);
    const last = values.at(-1);
    // Beside a value, nil is often the answer "there is none".
    if (last === undefined || values.length !== 1 || said(source, last) !== 'nil') return [];
    return [{ node: only, claim: `${condition[1]} is not nil here, and the function returns nil as if it had worked.`, edit: { start: last.start, end: last.end, text: condition[1] ?? 'err' } }];
  }),
};

export const addInsideGoroutine: Rule = {
  name: 'add-inside-goroutine',
  category: 'concurrency',
  families: ['go'],
  about: 'WaitGroup.Add runs inside the goroutine that Wait should wait for.',
  find: (source) => nodesOf(source, 'go_statement').flatMap((node): readonly Hit[] => {
    const literal = anywhere(node, (at) => at.type === 'func_literal')[0];
    const first = statementsOf(literal === undefined ? undefined : fieldOf(literal, 'body')).find((one) => /^\w*(?:wg|waitGroup|group)\w*\.Add\(/i.test(said(source, one)));
    const name = first === undefined ? '' : (said(source, first).split('.')[0] ?? '');
    return first === undefined || !said(source, functionAround(source, node)).includes(`${name}.Wait()`) || parentOf(source, node) === undefined ? [] : [{ node: first, claim: 'Wait may run before this Add, and then waits for nothing: Add belongs before go.' }];
  }),
};
