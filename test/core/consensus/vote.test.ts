import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { type Cast, decide, type Policy, type Poll } from '../../../src/core/consensus/vote.ts';

const poll = (policy: Policy, more: Partial<Poll> = {}): Poll => ({ policy, options: ['a', 'b', 'c'], voters: new Map([['v1', 1], ['v2', 1], ['v3', 1]]), stakes: 'medium', ...more });
const cast = (...choices: readonly (string | null)[]): readonly Cast[] => choices.map((choice, index) => ({ voter: `v${index + 1}`, choice, at: index }));

describe('vote', () => {
  const check = (asked: Poll, ballots: readonly Cast[], expected: string): void => {
    const decision = decide(asked, ballots);
    equal(decision.kind === 'decided' || decision.kind === 'short' ? `${decision.kind} ${decision.choice}` : decision.kind, expected);
  };

  it('needs more than half for a majority', () => {
    check(poll('majority'), cast('a', 'a', 'b'), 'decided a');
    check(poll('majority'), cast('a', 'b', 'c'), 'tie');
    check(poll('majority', { voters: new Map([['v1', 1], ['v2', 1], ['v3', 1], ['v4', 1], ['v5', 1]]) }), cast('a', 'a', 'b', 'c', null), 'short a');
  });
  it('needs two thirds for a supermajority', () => {
    check(poll('supermajority'), cast('a', 'a', 'b'), 'decided a');
    check(poll('supermajority', { voters: new Map([['v1', 1], ['v2', 1], ['v3', 1], ['v4', 1], ['v5', 1]]) }), cast('a', 'a', 'a', 'b', 'b'), 'short a');
  });
  it('needs everyone who casts for unanimity', () => {
    check(poll('unanimous'), cast('a', 'a', null), 'decided a');
    check(poll('unanimous'), cast('a', 'a', 'b'), 'short a');
  });
  it('weighs by the voters\' precision', () => check(poll('weighted', { voters: new Map([['v1', 0.9], ['v2', 0.3], ['v3', 0.3]]) }), cast('a', 'b', 'b'), 'decided a'));
  it('takes the option that ranks best over all', () => {
    const ranked = (voter: string, ...ranking: readonly string[]): Cast => ({ voter, choice: null, at: 0, ranking });
    check(poll('ranked'), [ranked('v1', 'a', 'b', 'c'), ranked('v2', 'c', 'b', 'a'), ranked('v3', 'b', 'c', 'a')], 'decided b');
  });
  it('asks for more voters the more is at stake', () => {
    check(poll('majority', { stakes: 'low' }), cast('a'), 'decided a');
    check(poll('majority', { stakes: 'high' }), cast('a'), 'no-quorum');
    check(poll('majority', { stakes: 'high' }), cast('a', null), 'decided a');
  });
  it('counts no stranger, no late ballot, no unknown option, and nobody twice', () => {
    check(poll('majority', { stakes: 'low' }), [...cast('a'), { voter: 'stranger', choice: 'b', at: 0 }, { voter: 'v2', choice: 'x', at: 0 }], 'decided a');
    check(poll('majority', { closesAt: 5 }), [...cast('a', 'a'), { voter: 'v3', choice: 'b', at: 6 }], 'decided a');
    check(poll('majority', { stakes: 'low' }), [{ voter: 'v1', choice: 'a', at: 1 }, { voter: 'v1', choice: 'b', at: 2 }, { voter: 'v1', choice: 'b', at: 3 }], 'decided a');
  });
  it('says that nobody voted', () => {
    check(poll('majority'), [], 'no-quorum');
    check(poll('majority'), cast(null, null, null), 'no-quorum');
  });

  const policies = fc.constantFrom<Policy>('majority', 'supermajority', 'weighted', 'unanimous', 'ranked');
  const ballots = fc.array(fc.record({ voter: fc.constantFrom('v1', 'v2', 'v3', 'v4', 'stranger'), choice: fc.constantFrom('a', 'b', 'c', null), at: fc.integer({ min: 0, max: 3 }), ranking: fc.shuffledSubarray(['a', 'b', 'c']) }), { maxLength: 12 });
  const weights = fc.array(fc.constantFrom(0, 0.1, 0.3, 0.7, 1), { minLength: 4, maxLength: 4 }).map((list) => new Map(list.map((weight, index) => [`v${index + 1}`, weight])));

  it('never depends on the order of the ballots', () => fc.assert(fc.property(policies, ballots, weights, fc.infiniteStream(fc.nat()), (policy, list, voters, random) => {
    const shuffled = list.map((ballot) => ({ ballot, key: random.next().value ?? 0 })).sort((a, b) => a.key - b.key).map(({ ballot }) => ballot);
    deepEqual(decide(poll(policy, { voters }), shuffled), decide(poll(policy, { voters }), list));
  }), { seed: 7, numRuns: 400 }));
  it('is never decided by a voter without weight', () => fc.assert(fc.property(ballots, weights, (list, voters) => {
    const heavy = list.filter(({ voter }) => (voters.get(voter) ?? 0) > 0);
    deepEqual(decide(poll('weighted', { voters }), list), decide(poll('weighted', { voters }), heavy));
  }), { seed: 7, numRuns: 400 }));
});
