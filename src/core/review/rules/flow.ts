/** Decides where code is never reached, runs on into the next case, or hides that something failed. */
import type { SyntaxNode } from '../../ports.ts';
import { FUNCTION_TYPES, fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, anywhere, functionAround, isExample, isExplained, nodesOf, operatorOf, parentOf, said, short, statementsOf, within } from '../source.ts';
import { endsHere } from './endings.ts';

const LEAVES = /^(?:return|throw|raise|break|continue)_statement$/;

export const unreachable: Rule = {
  name: 'unreachable-code',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'A statement stands behind one that always leaves.',
  find: (source) => nodesOf(source, 'statement_block', 'block', 'statement_list', 'switch_case', 'switch_default', 'program', 'module').flatMap((block): readonly Hit[] => {
    if (source.family === 'go' && block.type === 'block') return [];
    const statements = namedChildren(block).filter((child) => child.field !== 'value');
    const leaving = statements.findIndex((one) => LEAVES.test(one.type));
    const next = statements.slice(leaving + 1).find((one) => !isHarmless(source, one));
    if (leaving < 0 || next === undefined || statements.slice(leaving + 1).some((one) => one.type === 'labeled_statement')) return [];
    // `raise …` and then `yield` makes a Python function a generator.
    if (source.family === 'python' && anywhere(next, (node) => node.type === 'yield').length > 0) return [];
    return [{ node: next, claim: `This is never reached: ${short(source, statements[leaving])} comes before it.` }];
  }),
};

/** Hoisted, without effect, or the `break` that closes a case. */
function isHarmless(source: Source, node: SyntaxNode): boolean {
  if (FUNCTION_TYPES.has(node.type) || /^(?:empty_statement|break_statement|class_declaration|type_alias_declaration|interface_declaration|enum_declaration|pass_statement|ERROR|export_statement|function_signature|hash_bang_line)$/.test(node.type)) return true;
  return node.type === 'variable_declaration' && !said(source, node).includes('=');
}

export const fallsThrough: Rule = {
  name: 'falls-through',
  category: 'bug',
  families: ['script'],
  about: 'A case does something and runs on into the next one.',
  find: (source) => nodesOf(source, 'switch_body').flatMap((body): readonly Hit[] => {
    const cases = namedChildren(body);
    return cases.flatMap((one, index): readonly Hit[] => {
      const next = cases[index + 1];
      const statements = namedChildren(one).filter((child) => child.field !== 'value');
      if (next === undefined || statements.length === 0 || endsHere(one) || statements.some((statement) => statement.type === 'statement_block' && endsHere(statement))) return [];
      const last = statements.at(-1) ?? one;
      if (/fall|no ?break|through/i.test(source.text.slice(one.start, next.start)) || /process\.exit|exit\(|never|fail\(/.test(said(source, last))) return [];
      return [{ node: last, claim: `${short(source, one).split(':')[0] ?? 'This case'} runs on into ${short(source, next).split(':')[0] ?? 'the next'}: break is missing.` }];
    });
  }),
};

/** What is tried only to clean up may fail without a word. */
const CLEANUP = /(?:close|unlink|rm|remove|kill|abort|destroy|dispose|cleanup|terminate|release|mkdir|disconnect|flush|unref|cancel|log|warn|debug|require|import)\w*(?:\(|\b)/i;

export const swallowed: Rule = {
  name: 'swallowed-exception',
  category: 'bug',
  families: ['script', 'python'],
  about: 'Every error is caught and nothing is done with it, without a word why.',
  find: (source) => [
    ...nodesOf(source, 'catch_clause').flatMap((handler): readonly Hit[] => {
      const body = fieldOf(handler, 'body');
      const tried = fieldOf(parentOf(source, handler) ?? handler, 'body');
      if (body === undefined || statementsOf(body).length > 0 || isExplained(handler) || isSmall(source, tried) || isExample(source) || !isCareless(source, handler, tried)) return [];
      return [{ node: handler, severity: 'info', claim: 'Whatever fails in this try is dropped without a trace.' }];
    }),
    ...nodesOf(source, 'except_clause').flatMap((handler): readonly Hit[] => {
      const value = fieldOf(handler, 'value');
      const caught = value === undefined ? '' : said(source, value.type === 'as_pattern' ? namedChildren(value)[0] : value);
      const body = namedChildren(handler).at(-1);
      const tried = fieldOf(parentOf(source, handler) ?? handler, 'body');
      const isEmpty = body?.type === 'block' && statementsOf(body).every((one) => one.type === 'pass_statement');
      const explained = isExplained(handler) || (body !== undefined && /^[^\n]*#/.test(source.text.slice(body.end)));
      if (!/^(?:|Exception|BaseException)$/.test(caught) || !isEmpty || explained || isSmall(source, tried)) return [];
      return [{ node: handler, severity: 'info', claim: `${caught === '' ? 'A bare except' : `except ${caught}`} drops every error${caught === 'Exception' ? '' : ', KeyboardInterrupt included'}.` }];
    }),
  ],
};

/** `catch {}` and `catch (_e) {}` are how a choice to go on is written, unless what was tried changes something. */
function isCareless(source: Source, handler: SyntaxNode, tried: SyntaxNode | undefined): boolean {
  const parameter = said(source, fieldOf(handler, 'parameter'));
  return (parameter !== '' && !parameter.startsWith('_')) || /\b(?:save|write|send|charge|pay|update|insert|commit|post|put|store|publish|delete)\w*\(/i.test(said(source, tried));
}

function isSmall(source: Source, tried: SyntaxNode | undefined): boolean {
  const statements = statementsOf(tried);
  return statements.length <= 1 && (statements.length === 0 || CLEANUP.test(said(source, statements[0])) || statements[0]?.type === 'return_statement' || /_statement$/.test(statements[0]?.type ?? '') && /^(?:import)/.test(said(source, statements[0])));
}

export const returnInFinally: Rule = {
  name: 'return-in-finally',
  category: 'bug',
  families: ['script', 'python'],
  about: 'A return in finally drops the error, or the value, of the try.',
  find: (source) => nodesOf(source, 'finally_clause').flatMap((clause): readonly Hit[] => {
    const leaving = within(clause, (node) => node.type === 'return_statement' || node.type === 'throw_statement')[0];
    return leaving === undefined || leaving.type === 'throw_statement' || isExplained(clause) ? [] : [{ node: leaving, claim: 'A return in finally drops any error of the try, and its value.' }];
  }),
};

export const mutatedWhileIterated: Rule = {
  name: 'mutated-while-iterated',
  category: 'bug',
  families: ['script', 'python'],
  about: 'A list loses elements while it is walked, so the loop skips some.',
  find: (source) => nodesOf(source, 'for_statement', 'for_in_statement').flatMap((loop): readonly Hit[] => {
    const [list, body] = [fieldOf(loop, 'right'), fieldOf(loop, 'body')];
    const isWalk = source.family === 'python' || operatorOf(loop) === 'of';
    if (list === undefined || body === undefined || !isWalk || !/^(?:identifier|attribute|member_expression)$/.test(list.type)) return [];
    const calls = within(body, (node) => /^call/.test(node.type) && new RegExp(`^${code(said(source, list))}\\.(?:remove|pop|insert|splice|shift)$`).test(said(source, fieldOf(node, 'function'))));
    const taken = calls.find((call) => !isLeft(source, loop, call));
    return taken === undefined ? [] : [{ node: taken, claim: `${short(source, taken)} changes ${said(source, list)} while the loop walks it, so elements are skipped: walk a copy.` }];
  }),
};

function code(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The loop ends with the change. */
function isLeft(source: Source, loop: SyntaxNode, call: SyntaxNode): boolean {
  for (let at: SyntaxNode | undefined = parentOf(source, call); at !== undefined && at !== loop; at = parentOf(source, at)) {
    if (/block$/.test(at.type) && statementsOf(at).some((one) => one.start > call.start && /^(?:break|return|raise|throw)_statement$/.test(one.type))) return true;
    if (/^(?:return_statement)$/.test(at.type)) return true;
  }
  return functionAround(source, call) !== functionAround(source, loop);
}
