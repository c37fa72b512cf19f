/** Decides what a reply with code means: the new text of the file, or why it cannot be used. Never splices what it does not recognise. */
import type { Syntax, SyntaxNode } from '../ports.ts';
import { FUNCTION_TYPES, functionName, namedChildren, walk } from './syntaxTree.ts';

export type ReplyText =
  | { readonly kind: 'text'; readonly text: string }
  /** `isCopy`: the code as it was, so that the model sees nothing wrong there. */
  | { readonly kind: 'malformed'; readonly reason: string; readonly isCopy: boolean };

/** The piece of a file that a reply replaces. */
export interface Unit {
  readonly path: string;
  /** Whole text of the file, line ends as they are. */
  readonly text: string;
  readonly errors: number;
  /** Characters of the function; undefined: the whole file. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
  readonly symbol: string;
}

const ELISION = /^\s*(?:\/\/|#|\/\*|\{\/\*|--)?\s*(?:\.{3}|…)\s*(?:\*\/)?\s*$|^\s*(?:\/\/|#|\/\*)\s*(?:\.{3}|…)?.*\b(?:rest of|existing|unchanged|remain(?:s|ing|der)|same as (?:before|above|original)|previous code|other (?:code|methods|functions))\b.*$/i;

/** Reads a whole function, or a whole file, out of a reply. `cut`: the reply ended at its limit. */
export async function readWholeReply(reply: string, unit: Unit, syntax: Syntax, cut: boolean): Promise<ReplyText> {
  const blocks = codeBlocks(reply);
  if (blocks.length === 0) return malformed('no code in the reply');
  let reason = 'no block holds the function';
  // Small models repeat the old code first and give the new one last.
  for (const block of [...blocks].reverse()) {
    if (block.open && cut) {
      reason = 'the reply was cut before its code ended';
      continue;
    }
    const known = new Set(unit.text.split(/\r?\n/).map((line) => line.trim()));
    const elided = block.code.split('\n').find((line) => ELISION.test(line) && !known.has(line.trim()));
    if (elided !== undefined) return malformed(`code left out: "${elided.trim()}"`);
    const text = unit.range === undefined ? await wholeFile(block.code, unit, syntax) : await splice(block.code, unit, unit.range, syntax);
    if (text.kind === 'malformed') {
      reason = text.reason;
      continue;
    }
    if (sameCode(text.text, unit.text)) {
      reason = COPIED;
      continue;
    }
    return text;
  }
  return malformed(reason);
}

/** Search/replace blocks, each applied to the one place that it names. */
export function readEditReply(reply: string, unit: Pick<Unit, 'text'>): ReplyText {
  const eol = unit.text.includes('\r\n') ? '\r\n' : '\n';
  let text = unit.text.replaceAll('\r\n', '\n');
  const pattern = /^\s*<{5,}\s*SEARCH[^\n]*\n([\s\S]*?)^\s*={5,}[^\n]*\n([\s\S]*?)^\s*>{5,}\s*REPLACE/gm;
  let count = 0;
  for (const [, search = '', replacement = ''] of reply.replaceAll('\r\n', '\n').matchAll(pattern)) {
    const next = replaceOnce(text, search, replacement);
    if (typeof next !== 'string') return malformed(next.reason);
    text = next;
    count++;
  }
  if (count === 0) return malformed('no search/replace block in the reply');
  const result = text.replaceAll('\n', eol);
  return sameCode(result, unit.text) ? malformed(COPIED) : { kind: 'text', text: result };
}

/** Whether what came so far holds a closed block with the function: what follows is talk. */
export function holdsWholeCode(text: string, symbol: string): boolean {
  return codeBlocks(text).some((block) => !block.open && (symbol === '' || block.code.includes(symbol)));
}

interface Block {
  readonly code: string;
  /** No closing fence. */
  readonly open: boolean;
}

/** Fenced blocks in order; without any fence the reply itself, from the first line that looks like code. */
function codeBlocks(reply: string): readonly Block[] {
  const lines = reply.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let code: string[] | undefined;
  let fence = '';
  for (const line of lines) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (code === undefined && mark !== undefined) {
      code = [];
      fence = mark;
    } else if (code !== undefined && mark?.startsWith(fence) === true && line.trim() === mark) {
      blocks.push({ code: code.join('\n'), open: false });
      code = undefined;
    } else code?.push(line);
  }
  if (code?.some((line) => line.trim() !== '') === true) blocks.push({ code: code.join('\n'), open: true });
  if (blocks.length > 0) return blocks;
  const first = lines.findIndex((line) => /^\s*(?:export |async |function |class |def |const |let |var |func |fn |pub |public |private |static |import |from |@|[\w$]+\s*\([^)]*\)\s*\{)/.test(line));
  if (first < 0) return [];
  return [{ code: lines.slice(first).join('\n'), open: true }];
}

async function wholeFile(code: string, unit: Unit, syntax: Syntax): Promise<ReplyText> {
  const eol = unit.text.includes('\r\n') ? '\r\n' : '\n';
  const body = `${code.trimEnd()}${/\n$/.test(unit.text) ? '\n' : ''}`.replaceAll('\n', eol);
  if (code.split('\n').length * 2 < unit.text.split('\n').length) return malformed('the block is less than half as long as the file');
  return await parsed(body, unit, syntax);
}

async function splice(code: string, unit: Unit, range: { readonly start: number; readonly end: number }, syntax: Syntax): Promise<ReplyText> {
  const found = (await findFunction(code, unit, syntax)) ?? (await findFunction(`class Holder {\n${code}\n}`, unit, syntax));
  if (found === undefined) return malformed(`the block holds no function ${unit.symbol}`);
  const eol = unit.text.includes('\r\n') ? '\r\n' : '\n';
  const lineStart = unit.text.lastIndexOf('\n', range.start - 1) + 1;
  const indent = /^[ \t]*/.exec(unit.text.slice(lineStart))?.[0] ?? '';
  const shifted = shiftTo(found.text, found.indent, indent);
  const withBody = `${unit.text.slice(0, range.start)}${shifted.replaceAll('\n', eol)}${unit.text.slice(range.end)}`;
  const imports = found.imports.filter((line) => !unit.text.includes(line));
  return await parsed(imports.length === 0 ? withBody : insertImports(withBody, imports, eol), unit, syntax);
}

interface FoundFunction {
  readonly text: string;
  /** Of the line that the function begins on. */
  readonly indent: string;
  readonly imports: readonly string[];
}

async function findFunction(code: string, unit: Unit, syntax: Syntax): Promise<FoundFunction | undefined> {
  const tree = await syntax.parse(unit.path, code);
  if (tree === undefined || tree.errors > 0) return undefined;
  const named: SyntaxNode[] = [];
  const outer: SyntaxNode[] = [];
  walk(tree.root, (node) => {
    if (!FUNCTION_TYPES.has(node.type)) return true;
    if (functionName(tree.root, code, node) === unit.symbol) named.push(node);
    outer.push(node);
    return named.length === 0 || named.at(-1) !== node;
  });
  const topLevel = outer.filter((node) => !outer.some((other) => other !== node && other.start <= node.start && other.end >= node.end));
  const single = topLevel.length === 1 ? topLevel[0] : undefined;
  const node = named.at(-1) ?? single;
  if (node === undefined) return undefined;
  const start = code.lastIndexOf('\n', node.start - 1) + 1;
  const given = functionName(tree.root, code, node);
  const text = code.slice(node.start, node.end);
  return {
    text: given === unit.symbol || given === '' || unit.symbol === '' ? text : text.replaceAll(new RegExp(`(?<![\\w$.])${escapeRegExp(given)}(?![\\w$])`, 'g'), () => unit.symbol),
    indent: /^[ \t]*/.exec(code.slice(start))?.[0] ?? '',
    imports: namedChildren(tree.root).map((child) => code.slice(child.start, child.end)).filter((line) => /^(?:import\b|from\s+\S+\s+import\b|(?:const|let|var)\s[^=\n]+=\s*require\()/.test(line)),
  };
}

/** Lines after the first are moved by the difference of the two indentations; what would go below zero stays at zero. */
function shiftTo(text: string, from: string, to: string): string {
  if (from === to) return text;
  return text
    .split('\n')
    .map((line, index) => {
      if (index === 0 || line.trim() === '') return line;
      return line.startsWith(from) ? `${to}${line.slice(from.length)}` : `${to}${line.trimStart()}`;
    })
    .join('\n');
}

function insertImports(text: string, imports: readonly string[], eol: string): string {
  const lines = text.split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^(?:import\b|from\s+\S+\s+import\b|(?:const|let|var)\s.*=\s*require\()/.test(line));
  const shebang = lines[0]?.startsWith('#!') === true ? 1 : 0;
  return lines.toSpliced(last < 0 ? shebang : last + 1, 0, ...imports).join(eol);
}

async function parsed(text: string, unit: Unit, syntax: Syntax): Promise<ReplyText> {
  const tree = await syntax.parse(unit.path, text);
  if (tree !== undefined && tree.errors > unit.errors) return malformed('the code does not parse');
  return { kind: 'text', text };
}

/** Exactly one place, first as it is, then without regard to indentation and line ends' spaces. */
function replaceOnce(text: string, search: string, replacement: string): string | { readonly reason: string } {
  const shown = search.trim().split('\n')[0] ?? '';
  if (search.trim() === '') return { reason: 'an empty search text' };
  const at = text.indexOf(search);
  if (at >= 0) return text.indexOf(search, at + 1) >= 0 ? { reason: `"${shown}" stands in several places` } : text.slice(0, at) + replacement + text.slice(at + search.length);
  const lines = text.split('\n');
  const wanted = search.trimEnd().split('\n');
  const places = lines.flatMap((_, index) => (wanted.every((line, offset) => lines[index + offset]?.trim() === line.trim()) ? [index] : []));
  const place = places[0];
  if (place === undefined) return { reason: `"${shown}" does not stand in the file` };
  if (places.length > 1) return { reason: `"${shown}" stands in several places` };
  const from = /^[ \t]*/.exec(wanted[0] ?? '')?.[0] ?? '';
  const to = /^[ \t]*/.exec(lines[place] ?? '')?.[0] ?? '';
  const moved = replacement.trimEnd() === '' ? [] : shiftTo(`\n${replacement.trimEnd()}`, from, to).split('\n').slice(1);
  return lines.toSpliced(place, wanted.length, ...moved).join('\n');
}

function sameCode(a: string, b: string): boolean {
  const bare = (text: string): string => text.split(/\r?\n/).map((line) => line.trimEnd()).filter((line) => line !== '').join('\n');
  return bare(a) === bare(b);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

const COPIED = 'the code is unchanged';

function malformed(reason: string): ReplyText {
  return { kind: 'malformed', reason, isCopy: reason === COPIED };
}
