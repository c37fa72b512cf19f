/** Decides where something that must be closed is opened and never closed. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, anywhere, argumentsOf, functionAround, nodesOf, parentOf, said, short } from '../source.ts';

interface Opening {
  readonly calls: RegExp;
  /** What closes it, `$` being its name. */
  readonly closes: (name: string) => RegExp;
  /** Functions that read or write it and leave it open. */
  readonly borrows: RegExp;
  readonly remedy: string;
}

const OPENINGS: Readonly<Record<Source['family'], readonly Opening[]>> = {
  python: [{
    calls: /^(?:open|io\.open|codecs\.open|gzip\.open|bz2\.open|lzma\.open|socket\.socket|sqlite3\.connect)$/,
    closes: (name) => new RegExp(`\\b${name}\\.(?:close|detach|__exit__)\\b|with\\s+[^:]*\\b${name}\\b`),
    borrows: /^(?:json|csv|yaml|pickle|toml|tomllib|marshal|configparser|shutil)\.\w+$|^(?:print|list|len|sorted|enumerate|iter|next|zip|set|tuple|sum|any|all|max|min|map|filter|csv\.\w+)$/,
    remedy: 'with … as closes it in every case',
  }],
  go: [{
    calls: /^(?:os\.(?:Open|Create|OpenFile)|net\.Dial\w*|sql\.Open|zip\.OpenReader)$/,
    closes: (name) => new RegExp(`\\b${name}\\.Close\\b`),
    borrows: /^(?:bufio\.New\w+|io\.\w+|ioutil\.\w+|json\.New(?:Decoder|Encoder)|csv\.New\w+|xml\.New\w+|fmt\.Fp?\w+|len)$/,
    remedy: 'defer Close closes it on every path',
  }, {
    calls: /^(?:http\.(?:Get|Post|PostForm|Head)|(?:\w+\.)*(?:[cC]lient|DefaultClient)\.(?:Do|Get|Post|PostForm|Head))$/,
    closes: (name) => new RegExp(`\\b${name}\\.Body\\.Close\\b|Close(?:Body|Response)?\\(\\s*${name}\\b`),
    borrows: /^(?:bufio\.New\w+|io\.\w+|ioutil\.\w+|json\.New(?:Decoder|Encoder)|fmt\.\w+)$/,
    remedy: 'the connection is only used again when resp.Body is closed',
  }],
  script: [{
    calls: /^(?:fs\.)?openSync$|^(?:fs\.promises|fsPromises|fsp)\.open$/,
    closes: (name) => new RegExp(`[cC]lose(?:Sync)?\\(\\s*${name}\\b|\\b${name}\\s*\\??\\.(?:close|\\[Symbol)|using\\s+${name}\\b`),
    borrows: /^(?:fs\.)?(?:read|write|fstat|fsync|ftruncate|futimes|readv|writev|fdatasync)(?:File)?Sync$|^(?:fs\.)?(?:readFileSync|writeFileSync|appendFileSync)$|^(?:Buffer\.\w+|console\.\w+)$/,
    remedy: 'try … finally closes it in every case',
  }],
};

export const leak: Rule = {
  name: 'resource-not-closed',
  category: 'resource',
  families: ['script', 'python', 'go'],
  about: 'A file, connection or response is opened and never closed in the function that keeps it.',
  find: (source) => nodesOf(source, 'variable_declarator', 'assignment', 'short_var_declaration', 'assignment_statement').flatMap((declared) => {
    const found = opened(source, declared);
    const around = functionAround(source, declared);
    if (found === undefined || around === undefined) return [];
    const text = said(source, around);
    if (found.opening.closes(found.name).test(text) || escapes(source, around, found, declared)) return [];
    return [{ node: found.call, claim: `${found.name} is opened by ${short(source, fieldOf(found.call, 'function'))} and never closed: ${found.opening.remedy}.` }];
  }),
};

interface Opened {
  readonly name: string;
  readonly call: SyntaxNode;
  readonly opening: Opening;
}

function opened(source: Source, declared: SyntaxNode): Opened | undefined {
  let value = fieldOf(declared, 'value') ?? fieldOf(declared, 'right');
  if (value?.type === 'expression_list') value = namedChildren(value)[0];
  if (value?.type === 'await_expression') value = namedChildren(value)[0];
  let target = fieldOf(declared, 'name') ?? fieldOf(declared, 'left');
  if (target?.type === 'expression_list') target = namedChildren(target)[0];
  if (value === undefined || target?.type !== 'identifier' || !/^call/.test(value.type) || said(source, target) === '_') return undefined;
  const callee = said(source, fieldOf(value, 'function'));
  const opening = OPENINGS[source.family].find((one) => one.calls.test(callee));
  return opening === undefined ? undefined : { name: said(source, target), call: value, opening };
}

/** Returned, stored or given to somebody who may close it. */
function escapes(source: Source, around: SyntaxNode, { name, opening }: Opened, declared: SyntaxNode): boolean {
  const uses = anywhere(around, (node) => /identifier$/.test(node.type) && said(source, node) === name && (node.start < declared.start || node.start >= declared.end));
  return uses.some((use) => {
    const parent = parentOf(source, use);
    if (parent === undefined) return true;
    if (/^(?:member_expression|attribute|selector_expression)$/.test(parent.type)) return opening.calls.test('http.Get') ? isBodyGiven(source, parent, opening) : isMethodValue(source, parent);
    if (/^(?:arguments|argument_list|keyword_argument)$/.test(parent.type)) {
      const call = parent.type === 'keyword_argument' ? parentOf(source, parentOf(source, parent) ?? parent) : parentOf(source, parent);
      return call === undefined || !opening.borrows.test(said(source, fieldOf(call, 'function')));
    }
    if (/^(?:for_statement|for_in_statement|for_in_clause)$/.test(parent.type)) return false;
    if (parent.type === 'binary_expression' || parent.type === 'comparison_operator' || /^(?:if_statement|parenthesized_expression|not_operator|unary_expression)$/.test(parent.type)) return false;
    return true;
  });
}

/** `f.close` handed on as a value is somebody else's closing. */
function isMethodValue(source: Source, member: SyntaxNode): boolean {
  return parentOf(source, member)?.type === 'argument_list' || parentOf(source, member)?.type === 'arguments';
}

function isBodyGiven(source: Source, member: SyntaxNode, opening: Opening): boolean {
  const list = parentOf(source, member);
  if (said(source, fieldOf(member, 'field')) !== 'Body') return false;
  if (list === undefined || !/^(?:argument_list)$/.test(list.type)) return !/^(?:selector_expression)$/.test(list?.type ?? '');
  const call = parentOf(source, list);
  return call === undefined || !opening.borrows.test(said(source, fieldOf(call, 'function')));
}

export const openedInPassing: Rule = {
  name: 'opened-in-passing',
  category: 'resource',
  families: ['python'],
  about: 'A file is opened in the middle of an expression, so nothing can close it.',
  find: (source) => nodesOf(source, 'call').flatMap((call): readonly Hit[] => {
    if (said(source, fieldOf(call, 'function')) !== 'open' || argumentsOf(call).length === 0) return [];
    const parent = parentOf(source, call);
    const isRead = parent?.type === 'attribute' && /^(?:read|readlines|readline|write|writelines)$/.test(said(source, fieldOf(parent, 'attribute')));
    const isLooped = parent?.type === 'for_statement' && call.field === 'right';
    return isRead || isLooped ? [{ node: call, severity: 'info', claim: 'The opened file has no name, so it is closed only when it is collected: use with open(…) as.' }] : [];
  }),
};

export const lockHeld: Rule = {
  name: 'lock-held-on-return',
  category: 'concurrency',
  families: ['go'],
  about: 'A function returns between Lock and Unlock.',
  find: (source) => nodesOf(source, 'statement_list').flatMap((list): readonly Hit[] => {
    const statements = namedChildren(list);
    return statements.flatMap((statement, index): readonly Hit[] => {
      const lock = /^(?<mutex>[\w.]+)\.(?<read>R?)Lock\(\)$/.exec(said(source, statement))?.groups;
      if (lock === undefined || statement.type !== 'expression_statement') return [];
      const unlock = `${lock['mutex']}.${lock['read']}Unlock()`;
      const rest = statements.slice(index + 1);
      const until = rest.findIndex((one) => said(source, one).includes(unlock) && /^(?:expression_statement|defer_statement)$/.test(one.type));
      if (until < 0) return []; // unlocked elsewhere, by design or not: a rule cannot tell
      const leaving = rest.slice(0, until).flatMap((one) => anywhere(one, (node) => node.type === 'return_statement'));
      const holding = leaving.find((one) => !source.text.slice(statement.end, one.start).includes(unlock) && !said(source, functionAround(source, one)).includes(`defer ${unlock}`));
      return holding === undefined ? [] : [{ node: holding, claim: `This returns while ${lock['mutex']} is locked; the ${unlock} below is not reached.` }];
    });
  }),
};
