/** Decides how analysis finds its way in a plain syntax tree: functions, lines, parents and names in scope, for every language. */
import type { SyntaxNode } from '../ports.ts';

/** Node types that are functions, over all grammars; their names do not clash. */
export const FUNCTION_TYPES: ReadonlySet<string> = new Set([
  'function_declaration', 'function_expression', 'generator_function', 'generator_function_declaration', 'arrow_function', 'method_definition',
  'function_definition', 'lambda', 'method_declaration', 'func_literal', 'function_item', 'closure_expression', 'constructor_declaration', 'lambda_expression',
]);

/** Identifiers of all grammars that can name a value; property and type names are others. */
const IDENTIFIER_TYPES: ReadonlySet<string> = new Set(['identifier', 'shorthand_property_identifier', 'shorthand_property_identifier_pattern']);

const PARAMETER_LISTS: ReadonlySet<string> = new Set([
  'formal_parameters', 'parameters', 'lambda_parameters', 'parameter_list', 'closure_parameters', 'inferred_parameters',
]);

/** `parent type.field` pairs whose identifiers are bound there. */
const BINDING_FIELDS: ReadonlySet<string> = new Set([
  'variable_declarator.name', 'for_in_statement.left', 'catch_clause.parameter', 'arrow_function.parameter', 'function_declaration.name',
  'generator_function_declaration.name', 'class_declaration.name', 'import_clause.', 'import_specifier.name', 'import_specifier.alias',
  'assignment.left', 'for_statement.left', 'for_in_clause.left', 'named_expression.name', 'function_definition.name', 'class_definition.name',
  'aliased_import.alias', 'as_pattern.alias', 'short_var_declaration.left', 'var_spec.name', 'const_spec.name', 'range_clause.left',
  'let_declaration.pattern', 'for_expression.pattern', 'function_item.name', 'const_item.name', 'enhanced_for_statement.name', 'lambda_expression.parameters',
]);

/** Pre-order, without recursion; `visit` returning false skips the children. */
export function walk(root: SyntaxNode, visit: (node: SyntaxNode) => boolean | undefined): void {
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (visit(node) === false) continue;
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child) open.push(child);
    }
  }
}

const parentMaps = new WeakMap<SyntaxNode, ReadonlyMap<SyntaxNode, SyntaxNode>>();

/** Child → parent for the whole tree; made once per root. */
export function parentsOf(root: SyntaxNode): ReadonlyMap<SyntaxNode, SyntaxNode> {
  const known = parentMaps.get(root);
  if (known) return known;
  const parents = new Map<SyntaxNode, SyntaxNode>();
  walk(root, (node) => {
    for (const child of node.children) parents.set(child, node);
  });
  parentMaps.set(root, parents);
  return parents;
}

/** From the parent outwards, the root last. */
export function ancestorsOf(root: SyntaxNode, node: SyntaxNode): readonly SyntaxNode[] {
  const parents = parentsOf(root);
  const found: SyntaxNode[] = [];
  for (let at = parents.get(node); at; at = parents.get(at)) found.push(at);
  return found;
}

export function fieldOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named && child.type !== 'comment' && child.type !== 'line_comment' && child.type !== 'block_comment');
}

/** The innermost function that spans `line`; undefined at the top level. */
export function enclosingFunction(root: SyntaxNode, line: number): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  walk(root, (node) => {
    if (node.line > line || node.endLine < line) return false;
    if (FUNCTION_TYPES.has(node.type)) found = node;
    return true;
  });
  return found;
}

/** The name it is declared, assigned or keyed by; "" where it has none. */
export function functionName(root: SyntaxNode, text: string, node: SyntaxNode): string {
  const own = fieldOf(node, 'name');
  if (own) return text.slice(own.start, own.end);
  const parent = parentsOf(root).get(node);
  if (!parent) return '';
  const given = fieldOf(parent, 'name') ?? fieldOf(parent, 'key') ?? fieldOf(parent, 'property') ?? fieldOf(parent, 'left') ?? fieldOf(parent, 'pattern');
  return given && given !== node ? text.slice(given.start, given.end) : '';
}

export interface Binding {
  readonly name: string;
  readonly node: SyntaxNode;
  /** Function that it is local to; undefined: the module. */
  readonly owner: SyntaxNode | undefined;
  /** Innermost block that bounds it (itself the owner for function-scoped languages). */
  readonly block: SyntaxNode;
  readonly parameter: boolean;
}

const bindingLists = new WeakMap<SyntaxNode, readonly Binding[]>();

/** Every place of the file where a name is bound, in order of text. `text` must be what `root` was parsed from. */
export function bindingsOf(root: SyntaxNode, text: string): readonly Binding[] {
  const known = bindingLists.get(root);
  if (known) return known;
  const found: Binding[] = [];
  walk(root, (node) => {
    if (!IDENTIFIER_TYPES.has(node.type)) return;
    const how = bindingKind(root, node);
    if (!how) return;
    found.push({ name: text.slice(node.start, node.end), node, owner: how.owner, block: how.block, parameter: how.parameter });
  });
  bindingLists.set(root, found);
  return found;
}

/** Names usable at `node`, nearest binding first; a name bound later in the same function is left out. */
export function identifiersInScope(root: SyntaxNode, text: string, node: SyntaxNode): readonly Binding[] {
  const around = new Set(ancestorsOf(root, node));
  const seen = new Set<string>();
  const usable = bindingsOf(root, text).filter((binding) => {
    if (!around.has(binding.block) || isOwnInitial(root, binding, node)) return false;
    return binding.owner === undefined || binding.parameter || binding.node.start < node.start;
  });
  return [...usable].reverse().filter((binding) => !seen.has(binding.name) && seen.add(binding.name));
}

/** `const x = here`: x is not there yet, unless a function of its own runs later. */
function isOwnInitial(root: SyntaxNode, { node: bound, owner }: Binding, node: SyntaxNode): boolean {
  const holder = parentsOf(root).get(bound);
  if (!holder || holder.start > node.start || holder.end < node.end || !/^(variable_declarator|let_declaration|assignment)$/.test(holder.type)) return false;
  return ancestorsOf(root, node).find((at) => FUNCTION_TYPES.has(at.type)) === owner;
}

function bindingKind(root: SyntaxNode, node: SyntaxNode): { owner: SyntaxNode | undefined; block: SyntaxNode; parameter: boolean } | undefined {
  const parents = parentsOf(root);
  let bound = false;
  let parameter = false;
  let from = node;
  let isFunctionName = false;
  for (let at = parents.get(node); at; from = at, at = parents.get(at)) {
    if ((from.field === 'value' && at.type !== 'pair_pattern') || from.field === 'type' || from.field === 'right' || from.type === 'type') return undefined;
    if (PARAMETER_LISTS.has(at.type)) {
      bound = true;
      parameter = true;
      break;
    }
    if (BINDING_FIELDS.has(`${at.type}.${from.field}`)) {
      bound = true;
      parameter = at.type === 'arrow_function' || at.type === 'lambda_expression';
      isFunctionName = from.field === 'name' && FUNCTION_TYPES.has(at.type);
      from = at;
      break;
    }
    if (!PATTERN_TYPES.has(at.type)) return undefined;
  }
  if (!bound) return undefined;
  const ownScope = (parameter && FUNCTION_TYPES.has(from.type)) || (!isFunctionName && BLOCK_SCOPES.has(from.type));
  const start = ownScope ? from : parents.get(from);
  return { ...scopeOf(root, start ?? root), parameter };
}

/** What may stand between a bound identifier and the node that binds it. */
const PATTERN_TYPES: ReadonlySet<string> = new Set([
  'object_pattern', 'array_pattern', 'rest_pattern', 'assignment_pattern', 'object_assignment_pattern', 'pair_pattern', 'required_parameter', 'optional_parameter',
  'pattern_list', 'tuple_pattern', 'list_pattern', 'list_splat_pattern', 'dictionary_splat_pattern', 'default_parameter', 'typed_parameter', 'typed_default_parameter',
  'as_pattern_target', 'expression_list', 'parameter_declaration', 'parameter', 'mut_pattern', 'reference_pattern', 'tuple_struct_pattern', 'formal_parameter',
  'named_imports', 'import_clause', 'namespace_import', 'variadic_parameter_declaration', 'spread_parameter', 'variable_declarator',
]);

const BLOCK_SCOPES: ReadonlySet<string> = new Set(['statement_block', 'for_statement', 'for_in_statement', 'catch_clause', 'block', 'for_expression', 'enhanced_for_statement', 'switch_body', 'if_statement']);

function scopeOf(root: SyntaxNode, from: SyntaxNode): { owner: SyntaxNode | undefined; block: SyntaxNode } {
  const parents = parentsOf(root);
  const functionScoped = root.type === 'module';
  let block: SyntaxNode | undefined;
  for (let at: SyntaxNode | undefined = from; at; at = parents.get(at)) {
    if (FUNCTION_TYPES.has(at.type)) return { owner: at, block: block ?? at };
    if (!functionScoped && !block && BLOCK_SCOPES.has(at.type)) block = at;
  }
  return { owner: undefined, block: block ?? root };
}
