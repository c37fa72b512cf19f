/** Decides which of the candidates that pass every test is the fix: by how they behave, not by which came first. */
import type { Source } from '../domain/candidate.ts';
import { type Behaviour, type BehaviourPlan, describeDifference } from './behaviour.ts';
import { type ChangeShape, shapeOf } from './changeShape.ts';

export interface Survivor {
  readonly id: string;
  /** Each source that offered this very change. */
  readonly sources: readonly Source[];
  readonly edits: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  /** Tests that passed on the base and fail now. */
  readonly regressions: number;
  /** undefined: it could not be watched. */
  readonly behaviour: Behaviour | undefined;
  /** Place among the edits of its source, likeliest first. */
  readonly rank: number;
}

export interface Cluster {
  readonly ids: readonly string[];
  /** An input that tells it from the chosen one, with both results; "" for the chosen one, or where none was watched. */
  readonly differsOn: string;
}

/** The two strongest behaviours, and what each rule says of them, in the order in which rules decide. */
export interface Contest {
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly rules: readonly { readonly name: string; readonly favours: 'first' | 'second' | null; /** It rests on what the two gave when they ran. */ readonly ran: boolean }[];
}

export type Selection =
  | { readonly kind: 'chosen'; readonly id: string; readonly reason: string; readonly clusters: readonly Cluster[]; /** undefined: all behave alike. */ readonly contest: Contest | undefined }
  | { readonly kind: 'undecided'; readonly ids: readonly string[]; readonly differsOn: string; readonly clusters: readonly Cluster[]; readonly contest: Contest | undefined };

export interface SelectionContext {
  /** What the unchanged code does on the same inputs. */
  readonly base: Behaviour | undefined;
  readonly plan: BehaviourPlan | undefined;
}

/** Survivors are few; more are clustered but never shown. */
const SHOWN_MAX = 3;
/** Two changes whose sizes differ by less (in words) are the same size. */
const SIZE_SLACK = 2;

/** @throws RangeError without a survivor. */
export function selectSurvivor(survivors: readonly Survivor[], context: SelectionContext): Selection {
  if (survivors.length === 0) throw new RangeError('selectSurvivor needs at least one survivor.');
  const fewest = Math.min(...survivors.map((survivor) => survivor.regressions));
  const kept = survivors.filter((survivor) => survivor.regressions === fewest);
  const groups = groupByBehaviour(kept, context).sort(byMerit);
  const [best, second] = groups;
  if (best === undefined) throw new RangeError('selectSurvivor lost its survivors.');
  const clusters = groups.map((group) => ({ ids: group.members.map((member) => member.survivor.id), differsOn: group === best ? '' : difference(context, best, group) }));
  const contest = second === undefined ? undefined : contestOf(best, second);
  const reason = second === undefined ? onlyReason(best) : firstDifference(best, second);
  if (reason !== undefined) return { kind: 'chosen', id: best.chosen.survivor.id, reason, clusters, contest };
  const equals = groups.filter((group) => firstDifference(best, group) === undefined).slice(0, SHOWN_MAX);
  return { kind: 'undecided', ids: equals.map((group) => group.chosen.survivor.id), differsOn: second === undefined ? '' : difference(context, best, second), clusters, contest };
}

interface Member {
  readonly survivor: Survivor;
  readonly shape: ChangeShape;
}

interface Group {
  readonly members: readonly Member[];
  /** The smallest change among those that behave alike. */
  readonly chosen: Member;
  readonly behaviour: Behaviour | undefined;
  /** Different sources; the same source twice is one opinion. */
  readonly sources: number;
  readonly byModel: boolean;
  readonly removes: boolean;
  /** Inputs where it fails in a way that points to a slip: NaN, undefined, a type error; the base does not. */
  readonly odd: number;
  /** Inputs of passing tests, changed ones too, where it differs from the base. */
  readonly strays: number;
  /** Binary order of magnitude of the best rank: a place or two says nothing. 0 where a model wrote one. */
  readonly rarity: number;
  readonly size: number;
}

/**
 * One after the other, lower is better: the first that differs decides. Closeness to the base counts only as none against
 * some: a wrong edit that changes half of what the right one does is closer (seen on 2 of 10 own bugs with several clusters).
 */
const CRITERIA: readonly { readonly name: string; readonly value: (group: Group) => number; readonly ran?: boolean }[] = [
  { name: 'it corrects where the others take behaviour away', value: (group) => Number(group.removes && group.sources < 2) },
  { name: 'it gives no NaN, undefined or type error where others do', value: (group) => group.odd, ran: true },
  { name: 'more than one source came to it', value: (group) => -group.sources },
  { name: 'a model wrote it from the failure', value: (group) => -Number(group.byModel) },
  { name: 'most changes that pass behave like it', value: (group) => -group.members.length, ran: true },
  { name: 'it changes nothing on inputs that the failing test does not concern', value: (group) => Math.min(1, group.strays), ran: true },
  { name: 'such bugs are more often fixed so', value: (group) => group.rarity },
];

function byMerit(a: Group, b: Group): number {
  for (const { value } of CRITERIA) {
    const difference = value(a) - value(b);
    if (difference !== 0) return difference;
  }
  return a.size - b.size;
}

function firstDifference(best: Group, other: Group): string | undefined {
  if (best === other) return undefined;
  const found = CRITERIA.find(({ value }) => value(best) !== value(other));
  if (found !== undefined) return found.name;
  return Math.abs(best.size - other.size) > SIZE_SLACK ? 'it is the smallest change' : undefined;
}

function contestOf(first: Group, second: Group): Contest {
  const rules = CRITERIA.map(({ name, value, ran }) => {
    const difference = value(first) - value(second);
    return { name, favours: difference === 0 ? null : difference < 0 ? ('first' as const) : ('second' as const), ran: ran === true };
  });
  const smaller = Math.abs(first.size - second.size) <= SIZE_SLACK ? null : first.size < second.size ? ('first' as const) : ('second' as const);
  return { first: idsOf(first), second: idsOf(second), rules: [...rules, { name: 'it is the smallest change', favours: smaller, ran: false }] };
}

/** The one that stands for the group first. */
function idsOf({ chosen, members }: Group): readonly string[] {
  return [chosen.survivor.id, ...members.flatMap(({ survivor }) => (survivor.id === chosen.survivor.id ? [] : [survivor.id]))];
}

function onlyReason(group: Group): string {
  if (group.members.length === 1) return 'it is the only one that passes';
  return `all ${group.members.length} that pass behave alike; this is the smallest change`;
}

function groupByBehaviour(survivors: readonly Survivor[], context: SelectionContext): Group[] {
  const groups = new Map<string, Member[]>();
  for (const survivor of survivors) {
    // Without a behaviour nothing shows that two are alike.
    const key = survivor.behaviour === undefined || survivor.behaviour.every((output) => output === undefined) ? `alone ${survivor.id}` : JSON.stringify(survivor.behaviour.map((output) => output ?? null));
    const members = groups.get(key) ?? [];
    members.push({ survivor, shape: shapeOf(survivor.edits) });
    groups.set(key, members);
  }
  return [...groups.values()].map((members) => toGroup(members, context));
}

function toGroup(members: readonly Member[], { base, plan }: SelectionContext): Group {
  const chosen = bestOf(members);
  const behaviour = chosen.survivor.behaviour;
  const sources = new Set(members.flatMap((member) => member.survivor.sources));
  return {
    members,
    chosen,
    behaviour,
    sources: sources.size,
    byModel: sources.has('cloze') || sources.has('rewrite'),
    removes: members.every((member) => member.shape.removes),
    odd: countWhere(behaviour, (output, index) => isOdd(output) && !isOdd(base?.[index])),
    strays: countWhere(behaviour, (output, index) => plan?.set.probes[index]?.fromFailing === false && output !== base?.[index]),
    rarity: sources.has('cloze') || sources.has('rewrite') ? 0 : Math.floor(Math.log2(1 + Math.min(...members.map(({ survivor }) => survivor.rank)))),
    size: chosen.shape.size,
  };
}

/**
 * Of those that behave alike: correcting before removing; where a model wrote one, those in its place before those elsewhere;
 * then small before large; then the nearest to what the model wrote. An edit elsewhere may pass by compensating.
 */
function bestOf(members: readonly Member[]): Member {
  const model = members.find(({ survivor }) => survivor.sources.some((source) => source !== 'mechanical'));
  const key = (member: Member): readonly number[] => [
    Number(member.shape.removes),
    model === undefined || placeOf(member) === placeOf(model) ? 0 : 1,
    member.shape.size,
    model === undefined ? 0 : distance(member, model),
  ];
  return members.reduce((first, member) => (isBefore(key(member), key(first)) ? member : first));
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** File and first changed line. */
function placeOf({ survivor }: Member): string {
  const [edit] = survivor.edits;
  const after = edit?.after.split('\n') ?? [];
  return `${edit?.path ?? ''}:${edit?.before.split('\n').findIndex((line, index) => line !== after[index]) ?? -1}`;
}

/** Words that one of the two new texts has and the other has not. */
function distance(a: Member, b: Member): number {
  return a.survivor.edits.reduce((sum, edit, index) => sum + missing(edit.after, b.survivor.edits[index]?.after ?? '') + missing(b.survivor.edits[index]?.after ?? '', edit.after), 0);
}

/** Words of `from`, each as often as it stands there, that `other` lacks. */
function missing(from: string, other: string): number {
  const left = new Map<string, number>();
  for (const word of other.match(WORD) ?? []) left.set(word, (left.get(word) ?? 0) + 1);
  let count = 0;
  for (const word of from.match(WORD) ?? []) {
    const have = left.get(word) ?? 0;
    if (have === 0) count += 1;
    else left.set(word, have - 1);
  }
  return count;
}

const WORD = /[\w$]+|[^\s\w$]/gu;

function isOdd(output: string | undefined): boolean {
  return output === undefined || /\bNaN\b|\bundefined\b|\bnan\b|\binf\b|Infinity|^throws (?:TypeError|ReferenceError|RangeError|NameError|AttributeError|IndexError|KeyError|UnboundLocalError|ZeroDivisionError|RecursionError|TimeoutError)/.test(output);
}

function countWhere(behaviour: Behaviour | undefined, matches: (output: string | undefined, index: number) => boolean): number {
  return behaviour?.filter(matches).length ?? 0;
}

function difference({ plan }: SelectionContext, a: Group, b: Group): string {
  return plan === undefined || a.behaviour === undefined || b.behaviour === undefined ? '' : describeDifference(plan, a.behaviour, b.behaviour);
}
