/** Decides how far functions are from a test by the names that they use: a call graph that needs no types. */
import type { Unit } from './units.ts';

/** Steps followed; what is further away is found by coverage or not at all. */
const STEPS_MAX = 5;
/** A name that so many files define says nothing about which one is meant. */
const HOMONYMS_MAX = 4;

const KEYWORDS = new Set(
  'if else for while do switch case break continue return function const let var class new this super import export from default async await yield try catch finally throw typeof instanceof in of null undefined true false def self cls None True False and or not is lambda with as pass raise except elif global func type struct interface package range go defer nil fn pub use mod impl match mut ref public private protected static final void int string String boolean test it describe expect assert equal assertEqual strictEqual deepEqual toBe toEqual'.split(' '),
);

export function identifiersIn(text: string): ReadonlySet<string> {
  return new Set((text.match(/[A-Za-z_$][\w$]*/g) ?? []).filter((name) => name.length > 1 && !KEYWORDS.has(name)));
}

/** "applyDiscount_v2" → apply, discount, v2: lower case, two letters or more. */
export function wordsOf(name: string): ReadonlySet<string> {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^A-Za-z\d]+/);
  return new Set(words.map((word) => word.toLowerCase().replace(/(?<=\w{3})(?:s|ed|ing)$/, '')).filter((word) => word.length > 1));
}

/** 0: named in the test's lines. Units that no chain of names reaches are absent. */
export function callDistances(units: readonly Unit[], texts: ReadonlyMap<string, string>, fromTest: ReadonlySet<string>): ReadonlyMap<Unit, number> {
  const byName = new Map<string, Unit[]>();
  for (const unit of units) if (unit.name !== '') byName.set(unit.name, [...(byName.get(unit.name) ?? []), unit]);
  const lines = new Map([...texts].map(([path, text]) => [path, text.split('\n')]));
  const found = new Map<Unit, number>();
  let open: Unit[] = [];
  const reach = (name: string, from: Unit | undefined, steps: number): void => {
    const named = byName.get(name) ?? [];
    const near = named.filter((unit) => unit.path === from?.path);
    const meant = near.length > 0 ? near : named.length <= HOMONYMS_MAX ? named : [];
    for (const unit of meant) {
      if (found.has(unit)) continue;
      found.set(unit, steps);
      open.push(unit);
    }
  };
  for (const name of fromTest) {
    reach(name, undefined, 0);
    // A class that the test makes is used through its constructor.
    for (const unit of units) if (unit.symbol.startsWith(`${name}.`) && /^(?:constructor|__init__|new)$/.test(unit.name) && !found.has(unit)) {
      found.set(unit, 0);
      open.push(unit);
    }
  }
  for (let steps = 1; steps <= STEPS_MAX && open.length > 0; steps++) {
    const now = open;
    open = [];
    for (const unit of now) {
      const text = (lines.get(unit.path) ?? []).slice(unit.line - 1, unit.endLine).join('\n');
      for (const name of identifiersIn(text)) reach(name, unit, steps);
    }
  }
  return found;
}
