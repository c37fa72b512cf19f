/** Decides what a node is for repair, whatever language it came from: one table from grammar types to kinds. */
import type { SyntaxNode } from '../../ports.ts';
import type { Language } from '../../domain/check.ts';

export type Kind =
  | 'binary' | 'unary' | 'call' | 'new' | 'member' | 'subscript' | 'slice' | 'name' | 'property' | 'number' | 'string' | 'template' | 'boolean' | 'null'
  | 'regex' | 'array' | 'object' | 'pair' | 'conditional' | 'await' | 'lambda' | 'arguments' | 'parenthesized' | 'spread'
  | 'if' | 'while' | 'for' | 'forEach' | 'return' | 'expressionStatement' | 'declaration' | 'assignment' | 'augmented' | 'update'
  | 'break' | 'continue' | 'throw' | 'try' | 'catch' | 'switch' | 'case' | 'block' | 'function' | 'class' | 'other';

const KINDS: Readonly<Record<string, Kind>> = {
  binary_expression: 'binary', comparison_operator: 'binary', boolean_operator: 'binary', binary_operator: 'binary',
  unary_expression: 'unary', not_operator: 'unary', unary_operator: 'unary',
  call_expression: 'call', call: 'call', method_invocation: 'call', new_expression: 'new', object_creation_expression: 'new',
  member_expression: 'member', attribute: 'member', selector_expression: 'member', field_expression: 'member', field_access: 'member',
  subscript_expression: 'subscript', subscript: 'subscript', index_expression: 'subscript', array_access: 'subscript',
  slice: 'slice', slice_expression: 'slice', range_expression: 'slice',
  identifier: 'name', property_identifier: 'property', field_identifier: 'property', private_property_identifier: 'property',
  number: 'number', integer: 'number', float: 'number', int_literal: 'number', float_literal: 'number', integer_literal: 'number',
  decimal_integer_literal: 'number', decimal_floating_point_literal: 'number',
  string: 'string', interpreted_string_literal: 'string', string_literal: 'string', template_string: 'template',
  true: 'boolean', false: 'boolean', boolean_literal: 'boolean', null: 'null', undefined: 'null', none: 'null', nil: 'null', null_literal: 'null',
  regex: 'regex', array: 'array', list: 'array', object: 'object', dictionary: 'object', pair: 'pair',
  ternary_expression: 'conditional', conditional_expression: 'conditional', await_expression: 'await', await: 'await',
  arrow_function: 'lambda', lambda: 'lambda', function_expression: 'lambda', func_literal: 'lambda', closure_expression: 'lambda', lambda_expression: 'lambda',
  arguments: 'arguments', argument_list: 'arguments', parenthesized_expression: 'parenthesized', spread_element: 'spread',
  if_statement: 'if', if_expression: 'if', elif_clause: 'if', while_statement: 'while', while_expression: 'while', do_statement: 'while',
  for_statement: 'for', for_in_statement: 'forEach', for_expression: 'forEach', enhanced_for_statement: 'forEach',
  return_statement: 'return', return_expression: 'return', expression_statement: 'expressionStatement',
  lexical_declaration: 'declaration', variable_declaration: 'declaration', short_var_declaration: 'declaration', let_declaration: 'declaration',
  local_variable_declaration: 'declaration', assignment_expression: 'assignment', assignment: 'assignment', assignment_statement: 'assignment',
  augmented_assignment_expression: 'augmented', augmented_assignment: 'augmented', compound_assignment_expr: 'augmented',
  update_expression: 'update', inc_statement: 'update', dec_statement: 'update',
  break_statement: 'break', continue_statement: 'continue', throw_statement: 'throw', raise_statement: 'throw',
  try_statement: 'try', catch_clause: 'catch', except_clause: 'catch', switch_statement: 'switch', expression_switch_statement: 'switch', match_expression: 'switch',
  switch_case: 'case', switch_default: 'case', expression_case: 'case', match_arm: 'case', case_clause: 'case', switch_block_statement_group: 'case',
  statement_block: 'block', block: 'block', module: 'block', program: 'block', source_file: 'block', statement_list: 'block', class_body: 'class',
  function_declaration: 'function', generator_function_declaration: 'function', method_definition: 'function', function_definition: 'function',
  method_declaration: 'function', function_item: 'function', constructor_declaration: 'function', class_declaration: 'class', class_definition: 'class',
};

/** Statements over all grammars, for moving, deleting and inserting whole lines. */
const STATEMENT_KINDS: ReadonlySet<Kind> = new Set([
  'if', 'while', 'for', 'forEach', 'return', 'expressionStatement', 'declaration', 'break', 'continue', 'throw', 'try', 'switch',
]);
const STATEMENT_PARENTS: ReadonlySet<string> = new Set([
  'statement_block', 'block', 'module', 'program', 'statement_list', 'switch_case', 'switch_default', 'expression_case', 'default_case', 'switch_block_statement_group',
]);

export function kindOf(node: SyntaxNode): Kind {
  return KINDS[node.type] ?? 'other';
}

/** Whether `node` is a whole statement within a list of statements. */
export function isStatement(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (!node.named || !parent || !STATEMENT_PARENTS.has(parent.type)) return false;
  if (node.type === 'expression_statement' || STATEMENT_KINDS.has(kindOf(node))) return true;
  return ['assignment_statement', 'inc_statement', 'dec_statement', 'defer_statement', 'go_statement', 'with_statement'].includes(node.type);
}

/** How each family of languages writes what the operators insert. */
export interface Idiom {
  readonly family: 'js' | 'python' | 'go' | 'rust' | 'java';
  readonly and: string;
  readonly or: string;
  readonly not: (expression: string) => string;
  readonly nothing: string;
  readonly yes: string;
  readonly no: string;
  readonly end: string;
}

export function idiomOf(language: Language): Idiom {
  if (language === 'python') {
    return { family: 'python', and: 'and', or: 'or', not: (text) => `not ${text}`, nothing: 'None', yes: 'True', no: 'False', end: '' };
  }
  const c = { and: '&&', or: '||', not: (text: string) => `!${text}`, yes: 'true', no: 'false' };
  if (language === 'go') return { ...c, family: 'go', nothing: 'nil', end: '' };
  if (language === 'rust') return { ...c, family: 'rust', nothing: 'None', end: ';' };
  if (language === 'java') return { ...c, family: 'java', nothing: 'null', end: ';' };
  return { ...c, family: 'js', nothing: 'null', end: ';' };
}
