/** Decides what a call may lack or be: the argument that people forget, and the call that does almost the same. */
import { fieldOf, namedChildren } from '../syntaxTree.ts';
import { kindOf } from './grammar.ts';
import { type Operator, propose, replace } from './site.ts';

/** Method or function → last arguments that are often forgotten, for calls with so many arguments. */
const FORGOTTEN: Readonly<Record<'js' | 'python', readonly (readonly [RegExp, number, readonly string[]])[]>> = {
  js: [
    [/parseInt$/, 1, ['10']], [/\.toFixed$/, 0, ['2', '1']], [/\.padStart$/, 1, ["'0'", "' '"]], [/\.padEnd$/, 1, ["' '", "'0'"]], [/\.toString$/, 0, ['2', '16']],
    [/\.splice$/, 1, ['1']], [/\.(indexOf|includes)$/, 1, ['1']], [/JSON\.stringify$/, 1, ['null, 2']], [/\.join$/, 0, ["''", "' '", "', '"]], [/\.flat$/, 0, ['Infinity']],
    [/\.localeCompare$/, 1, ["undefined, { numeric: true }", "undefined, { sensitivity: 'base' }"]], [/\.fill$/, 0, ['0', "''"]], [/\.slice$/, 0, ['1', '0, -1']],
    [/Object\.assign$/, 2, []],
  ],
  python: [
    [/\.split$/, 1, ['1']], [/\.rsplit$/, 1, ['1']], [/^round$/, 1, ['2', '1']], [/\.get$/, 1, ['0', '[]', "''", '{}']], [/^sum$/, 1, ['0']], [/\.replace$/, 2, ['1']],
    [/^int$/, 1, ['2', '16']], [/^enumerate$/, 1, ['1']], [/json\.dumps$/, 1, ['sort_keys=True', 'default=str', 'ensure_ascii=False']], [/^(max|min)$/, 1, ['default=0', 'default=None']],
    [/^next$/, 1, ['None']], [/^getattr$/, 2, ['None']], [/\.pop$/, 1, ['None']], [/\.pop$/, 0, ['0']], [/re\.(sub|split)$/, 3, ['flags=re.IGNORECASE']],
    [/re\.(match|search|findall|fullmatch|compile)$/, 2, ['re.IGNORECASE', 're.MULTILINE', 're.DOTALL']], [/re\.compile$/, 1, ['re.IGNORECASE', 're.MULTILINE', 're.DOTALL']],
    [/\.(find|index)$/, 1, ['1']], [/\.(rjust|ljust|center)$/, 1, ["'0'"]], [/\.strip$/, 0, ["'/'", "'\\n'"]], [/zip$/, 2, ['strict=True']], [/\.sort$/, 0, ['reverse=True']],
  ],
};

/** Whole calls that do almost the same; # stands for the arguments, @ for the receiver. */
const TWINS: Readonly<Record<'js' | 'python', readonly (readonly [RegExp, readonly string[]])[]>> = {
  js: [
    [/^Object\.keys$/, ['Object.entries(#)', 'Object.values(#)']], [/^Object\.assign$/, ['Object.assign({}, #)']], [/^isNaN$/, ['Number.isNaN(#)']], [/^new Set$/, ['[...new Set(#)]']],
    [/^Array$/, ['Array.from({ length: # })']], [/\.fill$/, ['@.fill().map(() => #)']], [/\.hasOwnProperty$/, ['Object.hasOwn(@, #)']], [/^parseInt$/, ['Number(#)', 'parseFloat(#)']],
    [/\.toFixed$/, ['Number(@.toFixed(#))']], [/\.find$/, ['@.filter(#)', '@.findLast(#)']], [/\.match$/, ['(@.match(#) ?? [])', '[...@.matchAll(#)]']], [/\.substr$/, ['@.slice(#)']],
    [/^Math\.round$/, ['Math.round(# * 100) / 100']], [/\.split$/, ["@.split(#).map((part) => part.trim())", '@.split(#).filter(Boolean)', '@.split(#).map(Number)']],
    [/\.(push|unshift)$/, ['@.push(...#)']], [/\.concat$/, ['@.push(...#)']], [/\.charCodeAt$/, ['@.codePointAt(#)']], [/\.filter$/, ['@.filter(#).length']],
  ],
  python: [
    [/^set$/, ['dict.fromkeys(#)', 'sorted(set(#))']], [/^list$/, ['sorted(#)']], [/^sum$/, ['len(#)', 'max(#, default=0)']], [/^round$/, ['int(# + 0.5)']],
    [/\.split$/, ['[part.strip() for part in @.split(#)]', '[part for part in @.split(#) if part]', '@.split()']], [/^dict\.fromkeys$/, ['{key: [] for key in #}']], [/^max$/, ['max(#, default=0)']],
    [/^min$/, ['min(#, default=0)']], [/^sorted$/, ['sorted(#, key=str.lower)']], [/\.items$/, ['list(@.items())', 'sorted(@.items())']], [/\.keys$/, ['list(@.keys())', 'sorted(@)']],
    [/\.values$/, ['list(@.values())']], [/^len$/, ['len(set(#))']], [/\.title$/, ['@.capitalize()']], [/^isinstance$/, ['(isinstance(#) and not isinstance(@, bool))']], [/^zip$/, ['itertools.zip_longest(#)']],
    [/\.append$/, ['@.append(#.copy())', '@.append(list(#))', '@.append(dict(#))', '@.insert(0, #)']], [/\.days$/, ['@.total_seconds()']], [/re\.match$/, ['re.fullmatch(#)', 're.search(#)']],
  ],
};

export const usualCall: Operator = function* (node, site) {
  const { family } = site.idiom;
  if ((family !== 'js' && family !== 'python') || (kindOf(node) !== 'call' && kindOf(node) !== 'new')) return;
  const called = fieldOf(node, 'function') ?? fieldOf(node, 'constructor');
  const list = fieldOf(node, 'arguments');
  if (!called || !list || list.type === 'generator_expression') return;
  const callee = kindOf(node) === 'new' ? `new ${site.of(called)}` : site.of(called);
  const args = namedChildren(list).map((argument) => site.of(argument));
  for (const [name, count, extras] of FORGOTTEN[family]) {
    if (args.length !== count || !name.test(callee)) continue;
    for (const extra of extras) yield propose('usual argument', 1 / extras.length ** 0.5, replace(list, `(${[...args, extra].join(', ')})`));
  }
  const receiver = kindOf(called) === 'member' ? site.of(namedChildren(called)[0]) : (args[0] ?? '');
  for (const [name, shapes] of TWINS[family]) {
    if (!name.test(callee)) continue;
    for (const shape of shapes) yield propose('usual call', 1 / shapes.length ** 0.5, replace(node, shape.replaceAll('@', () => receiver).replaceAll('#', () => args.join(', '))));
  }
};
