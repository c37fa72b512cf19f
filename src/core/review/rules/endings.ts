/** Decides whether control can pass the end of a block, in every grammar that rules read. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { bare, statementsOf, within } from '../source.ts';

/** true: every way through the block leaves by return, throw, break, continue or an endless loop. Errs towards true where it cannot tell. */
export function endsHere(block: SyntaxNode | undefined): boolean {
  if (block === undefined) return false;
  const statements = /block|clause|case|default|suite|statement_list/.test(block.type) && !/_statement$/.test(block.type) ? statementsOf(block) : [block];
  return statements.some(leaves);
}

function leaves(statement: SyntaxNode): boolean {
  switch (statement.type) {
    case 'return_statement': case 'throw_statement': case 'raise_statement': case 'break_statement': case 'continue_statement': case 'goto_statement': return true;
    case 'if_statement': return ifLeaves(statement);
    case 'else_clause': return endsHere(fieldOf(statement, 'body') ?? namedChildren(statement).at(-1));
    case 'statement_block': case 'block': return endsHere(statement);
    case 'while_statement': return isEndless(fieldOf(statement, 'condition')) && !breaks(statement);
    case 'for_statement': return fieldOf(statement, 'right') === undefined && isForever(statement) && !breaks(statement);
    case 'do_statement': return isEndless(fieldOf(statement, 'condition')) || endsHere(fieldOf(statement, 'body'));
    case 'try_statement': return tryLeaves(statement);
    case 'with_statement': return endsHere(fieldOf(statement, 'body'));
    case 'switch_statement': return switchLeaves(fieldOf(statement, 'body'));
    // Whether a match covers everything, or a labelled block is left early, is beyond a rule.
    case 'match_statement': case 'labeled_statement': case 'select_statement': case 'expression_switch_statement': case 'type_switch_statement': return true;
    default: return false;
  }
}

function ifLeaves(statement: SyntaxNode): boolean {
  const others = statement.children.filter((child) => child.field === 'alternative');
  const hasElse = others.some((other) => other.type === 'else_clause' || other.type === 'block' || other.type === 'if_statement');
  if (!hasElse || !endsHere(fieldOf(statement, 'consequence'))) return false;
  return others.every((other) => (other.type === 'elif_clause' ? endsHere(fieldOf(other, 'consequence')) : leaves(other)));
}

function tryLeaves(statement: SyntaxNode): boolean {
  const final = statement.children.find((child) => child.type === 'finally_clause');
  if (final !== undefined && endsHere(fieldOf(final, 'body') ?? namedChildren(final).at(-1))) return true;
  const handlers = statement.children.filter((child) => /^(?:catch_clause|except_clause|except_group_clause)$/.test(child.type));
  const otherwise = statement.children.find((child) => child.type === 'else_clause');
  return (endsHere(fieldOf(statement, 'body')) || (otherwise !== undefined && leaves(otherwise))) && handlers.every((handler) => endsHere(fieldOf(handler, 'body') ?? namedChildren(handler).at(-1)));
}

/** With a default, and nothing that leaves the switch early: a case may fall into the next. */
function switchLeaves(body: SyntaxNode | undefined): boolean {
  const cases = body === undefined ? [] : namedChildren(body);
  if (!cases.some((one) => one.type === 'switch_default')) return true;
  return cases.every((one) => within(one, (node) => node.type === 'break_statement').length === 0) && endsHere(cases.at(-1));
}

function isEndless(condition: SyntaxNode | undefined): boolean {
  const at = bare(condition);
  return at !== undefined && (/^true$/i.test(at.type) || /^(?:number|integer)$/.test(at.type));
}

function isForever(loop: SyntaxNode): boolean {
  const clause = namedChildren(loop).find((child) => /^(?:for_clause|range_clause)$/.test(child.type));
  if (clause !== undefined) return false;
  const condition = fieldOf(loop, 'condition');
  // `for (;;)` has empty statements in the place of a condition; Go's `for {}` has its body alone.
  return condition === undefined ? namedChildren(loop).every((child) => child.field === 'body' || child.type === 'empty_statement' || child.field === 'initializer' || child.field === 'increment') : condition.type === 'empty_statement';
}

function breaks(loop: SyntaxNode): boolean {
  return within(loop, (node) => node.type === 'break_statement').length > 0;
}
