/** Decides how a finding is put to the test: the function is called with generated inputs, as it stands and as it should be, and the two are compared. */
import type { BehaviourPlan } from '../repair/behaviour.ts';
import type { Probe } from '../repair/inputs.ts';
import { pythonProgram, scriptProgram } from '../repair/kit/behaviourProgram.ts';
import type { SyntaxNode } from '../ports.ts';
import { FUNCTION_TYPES, fieldOf, functionName, namedChildren } from '../repair/syntaxTree.ts';
import { type Source, anywhere, functionAround, said } from './source.ts';

const PROBES_MAX = 32;
const WALL_MS = 6_000;
const PARAMETERS_MAX = 4;
const HOLDER = '__groundcrew_called';

export interface Contest {
  /** The probe for a text of the file; the text itself must be laid over the path as `overlaid` gives it. */
  readonly plan: BehaviourPlan;
  /** The file with its function within reach of the probe. */
  overlaid(text: string): string;
  /** For a person: each call as it would be written. */
  readonly calls: readonly string[];
}

/** undefined: the line is in no function that can be called from outside: a method, a nested one, one with patterns for parameters. */
export function contestOf(source: Source, line: number): Contest | undefined {
  if (source.family === 'go') return undefined;
  const owner = callableAt(source, line);
  const known = owner === undefined ? undefined : source.functions.get(functionName(source.root, source.text, owner));
  if (owner === undefined || known?.parameters === undefined || known.parameters.length > PARAMETERS_MAX || known.parameters.length === 0) return undefined;
  const values = known.parameters.map((name) => valuesFor(source, owner, name));
  const lists = combinations(values).slice(0, PROBES_MAX);
  const calls = lists.map((given) => `${known.name}(${given.join(', ')})`);
  const { path } = source;
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const beside = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  const file = path.slice(path.lastIndexOf('/') + 1);
  const probe = (callee: string): readonly Probe[] => lists.map((given) => ({ setup: [], observe: source.family === 'script' ? `await ${callee}(${given.join(', ')})` : `${callee}(${given.join(', ')})`, fromFailing: false, mutated: true }));
  if (source.family === 'python') {
    const set = { prelude: pythonLoader(path), probes: probe(`_loaded.${known.name}`) };
    const at = beside('groundcrew_probe.py');
    return { plan: { argv: ['python3', at], cwd: '', overlay: [{ path: at, text: pythonProgram(set, ['.', 'src', 'lib', folder || '.']) }], wallMs: WALL_MS, set }, overlaid: (text) => text, calls };
  }
  const typed = /\.[cm]?tsx?$/.test(path);
  const isModule = /^\s*(?:import|export)\b/m.test(source.text) || /\.m[jt]s$/.test(path);
  const set = { prelude: [isModule ? `import './${file}';` : `require('./${file}');`], probes: probe(`globalThis.${HOLDER}`) };
  const at = beside(`groundcrew-probe${/\.[cm]?[jt]s$/.exec(path)?.[0] ?? '.js'}`);
  const flags = typed ? ['--experimental-strip-types', '--no-warnings'] : [];
  return {
    plan: { argv: ['node', ...flags, at], cwd: '', overlay: [{ path: at, text: scriptProgram(set, { isModule, typed }) }], wallMs: WALL_MS, set },
    overlaid: (text) => `${text}\n;globalThis.${HOLDER} = ${known.name};\n`,
    calls,
  };
}

/** The first call on which the code as it stands goes wrong and the other does not; undefined: none shows anything. */
export function shownBy(contest: Contest, now: readonly (string | undefined)[], other: readonly (string | undefined)[]): { readonly call: string; readonly now: string; readonly other: string } | undefined {
  for (const [index, call] of contest.calls.entries()) {
    const [own, else_] = [now[index], other[index]];
    if (own !== undefined && else_ !== undefined && isBroken(own) && !isBroken(else_) && !/^(?:undefined|None|null)$/.test(else_)) return { call, now: own, other: else_ };
  }
  return undefined;
}

/** Errors that no author throws on purpose, and values that no author returns on purpose. */
function isBroken(output: string): boolean {
  return /^throws (?:TypeError|RangeError|ReferenceError|IndexError|AttributeError|UnboundLocalError|NameError|ZeroDivisionError)\b/.test(output) || /\bNaN\b|\bnan\b|(?:^|[[,:{] ?)undefined\b/.test(output);
}

/** A function at the top of the file around the line. */
function callableAt(source: Source, line: number): SyntaxNode | undefined {
  return anywhere(source.root, (node) => FUNCTION_TYPES.has(node.type) && node.line <= line && line <= node.endLine && functionAround(source, node) === undefined && source.functions.has(functionName(source.root, source.text, node)))[0];
}

const LISTS = ['[1, 2, 3]', '[5]', '[3, 1, 2, 2]', '["b", "a"]', '[]'] as const;
const TEXTS = ['"abc"', '"a"', '"Hello, World"', '""'] as const;
const NUMBERS = ['2', '1', '10', '0', '3.5'] as const;

/** By what the function does with a parameter. */
function valuesFor(source: Source, owner: SyntaxNode, name: string): readonly string[] {
  const body = said(source, fieldOf(owner, 'body'));
  const has = (pattern: string): boolean => new RegExp(pattern.replaceAll('$', name)).test(body);
  const type = typeOf(source, owner, name);
  if (/\[\]|Array|list|Sequence|Iterable/i.test(type)) return /string|str\b/.test(type) ? ['["b", "a"]', '["x"]', '[]'] : LISTS;
  if (/^(?:string|str)$/.test(type)) return TEXTS;
  if (/^(?:number|int|float)$/.test(type)) return NUMBERS;
  if (has('\\b$\\.(?:toUpperCase|toLowerCase|split|trim|startsWith|endsWith|charAt|charCodeAt|replace|upper|lower|strip|startswith|endswith)\\b')) return TEXTS;
  if (has('\\b$\\.(?:map|filter|reduce|forEach|push|some|every|find|sort|join|append|at)\\b') || has('\\b$(?:\\.length|\\[)') || has('len\\($\\)') || has('(?:of|in) $\\b')) return [...LISTS, '"abc"'];
  if (has('[-+*/%<>]=? ?\\b$\\b') || has('\\b$ ?[-+*/%<>]')) return NUMBERS;
  return ['2', '"abc"', '[1, 2, 3]', '0'];
}

function typeOf(source: Source, owner: SyntaxNode, name: string): string {
  const parameters = fieldOf(owner, 'parameters');
  const own = parameters === undefined ? undefined : namedChildren(parameters).find((one) => said(source, fieldOf(one, 'pattern') ?? fieldOf(one, 'name') ?? namedChildren(one)[0]) === name);
  return own === undefined ? '' : said(source, fieldOf(own, 'type')).replace(/^:\s*/, '');
}

/** The first values together, then each position varied; not the whole product. */
function combinations(values: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const first = values.map((list) => list[0] ?? '0');
  const varied = values.flatMap((list, position) => list.slice(1).map((value) => first.with(position, value)));
  const second = values.map((list) => list[1] ?? list[0] ?? '0');
  return [first, ...varied, second];
}

/** As a part of its package first, since it may import relatively, then by its own name. */
function pythonLoader(path: string): readonly string[] {
  const dotted = path.replace(/\.py$/, '').replace(/\/__init__$/, '').split('/');
  const names = [...new Set([dotted.join('.'), dotted.slice(1).join('.'), dotted.at(-1) ?? ''])].filter((name) => /^[\w.]+$/.test(name));
  return [
    'import importlib as _importlib',
    `def _load(names):\n    for name in names:\n        try:\n            return _importlib.import_module(name)\n        except ImportError:\n            pass`,
    `_loaded = _load(${JSON.stringify(names)})`,
  ];
}
