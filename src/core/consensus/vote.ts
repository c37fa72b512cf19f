/** Decides what several ballots come to: one table of policies, one function; ballots are opinions and never overrule a receipt. */
import type { Ballot } from '../domain/ballot.ts';

export type Policy = 'majority' | 'supermajority' | 'weighted' | 'unanimous' | 'ranked';
/** What a wrong decision would cost: files deleted, a migration, a public interface are `high`. */
export type Stakes = 'low' | 'medium' | 'high';

export interface Cast extends Pick<Ballot, 'voter' | 'choice'> {
  /** Milliseconds; of two ballots of one voter the earlier counts. */
  readonly at: number;
  /** For `ranked`: best first; options left out come last together. */
  readonly ranking?: readonly string[];
}

export interface Poll {
  readonly policy: Policy;
  readonly options: readonly string[];
  /** Who may vote, and with what weight (measured precision); ballots of others do not count. */
  readonly voters: ReadonlyMap<string, number>;
  readonly stakes: Stakes;
  /** Later ballots do not count; undefined: none is too late. */
  readonly closesAt?: number;
}

export type Decision =
  | { readonly kind: 'decided'; readonly choice: string; /** Of the points cast. */ readonly share: number }
  | { readonly kind: 'tie'; readonly choices: readonly string[] }
  /** The winner has less than the policy asks for. */
  | { readonly kind: 'short'; readonly choice: string; readonly share: number }
  | { readonly kind: 'no-quorum'; readonly cast: number; readonly needed: number };

/** Share of the voters who must vote, abstaining included: it rises with the stakes. */
const QUORUM: Readonly<Record<Stakes, number>> = { low: 1 / 3, medium: 1 / 2, high: 2 / 3 };

interface Rule {
  /** Points that one ballot gives each option. */
  readonly points: (ballot: Cast, weight: number, options: readonly string[]) => ReadonlyMap<string, number>;
  /** Whether this share of all points wins. */
  readonly wins: (share: number) => boolean;
}

const one = (ballot: Cast): ReadonlyMap<string, number> => (ballot.choice === null ? new Map() : new Map([[ballot.choice, 1]]));

const RULES: Readonly<Record<Policy, Rule>> = {
  majority: { points: one, wins: (share) => share > 1 / 2 },
  supermajority: { points: one, wins: (share) => share >= 2 / 3 },
  unanimous: { points: one, wins: (share) => share === 1 },
  weighted: { points: (ballot, weight) => (ballot.choice === null || weight <= 0 ? new Map() : new Map([[ballot.choice, weight]])), wins: (share) => share > 1 / 2 },
  // Borda's count: the highest sum wins, whatever its share.
  ranked: { points: (ballot, _weight, options) => borda(ballot, options), wins: () => true },
};

/** The order of the ballots never matters. */
export function decide(poll: Poll, ballots: readonly Cast[]): Decision {
  const counted = countedBallots(poll, ballots);
  const needed = Math.max(1, Math.ceil(QUORUM[poll.stakes] * [...poll.voters.values()].filter((weight) => poll.policy !== 'weighted' || weight > 0).length));
  if (counted.length < needed) return { kind: 'no-quorum', cast: counted.length, needed };
  const rule = RULES[poll.policy];
  const sums = new Map<string, number>(poll.options.map((option) => [option, 0]));
  for (const ballot of counted) {
    for (const [option, points] of rule.points(ballot, poll.voters.get(ballot.voter) ?? 0, poll.options)) sums.set(option, (sums.get(option) ?? 0) + points);
  }
  const total = [...sums.values()].reduce((sum, points) => sum + points, 0);
  if (total === 0) return { kind: 'no-quorum', cast: 0, needed };
  const most = Math.max(...sums.values());
  const first = [...sums].filter(([, points]) => Math.abs(points - most) < EQUAL).map(([option]) => option);
  const [choice] = first;
  if (choice === undefined || first.length > 1) return { kind: 'tie', choices: first };
  const share = most / total;
  return rule.wins(share) ? { kind: 'decided', choice, share } : { kind: 'short', choice, share };
}

/** Sums of weights that differ by less are equal: the order of additions must not decide. */
const EQUAL = 1e-9;

/** One ballot for each voter: known, in time, for an option that stands; the earliest, and of those cast at once the first by name. */
function countedBallots({ voters, options, closesAt, policy }: Poll, ballots: readonly Cast[]): readonly Cast[] {
  const counted = new Map<string, Cast>();
  for (const ballot of ballots) {
    const weight = voters.get(ballot.voter);
    const isLate = closesAt !== undefined && ballot.at > closesAt;
    const isKnown = weight !== undefined && (policy !== 'weighted' || weight > 0);
    if (!isKnown || isLate || (ballot.choice !== null && !options.includes(ballot.choice))) continue;
    const before = counted.get(ballot.voter);
    if (before === undefined || isEarlier(ballot, before)) counted.set(ballot.voter, ballot);
  }
  return [...counted.values()];
}

function isEarlier(a: Cast, b: Cast): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return JSON.stringify([a.choice, a.ranking]) < JSON.stringify([b.choice, b.ranking]);
}

function borda(ballot: Cast, options: readonly string[]): ReadonlyMap<string, number> {
  const ranked = [...new Set(ballot.ranking ?? (ballot.choice === null ? [] : [ballot.choice]))].filter((option) => options.includes(option));
  return new Map(ranked.map((option, index) => [option, options.length - 1 - index]));
}
