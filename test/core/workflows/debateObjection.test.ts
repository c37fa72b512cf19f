import assert from 'node:assert/strict';
import { ballotsOf, type Ran } from '../../../src/core/workflows/debateObjection.ts';

/** Side that the ballots come to: the first that takes one. */
function check(ran: Ran, expected: 'affirmative' | 'negative' | null): void {
  assert.equal(ballotsOf('20', ran).find(({ choice }) => choice !== null)?.choice ?? null, expected, JSON.stringify(ran));
}

describe('ballots over an objection', () => {
  it('uphold it where something that ran shows the change to be worse', () => {
    check({ own: 'throws TypeError', before: '0', rivals: [] }, 'affirmative');
    check({ own: '10', before: '20', rivals: [] }, 'affirmative');
    check({ own: '10', before: '0', rivals: [undefined, '20'] }, 'affirmative');
  });

  it('turn it down where only the reviewer expects that value', () => {
    check({ own: '10', before: '10', rivals: ['10'] }, 'negative');
    check({ own: '20', before: '10', rivals: [] }, 'negative');
    check({ own: 'throws TypeError', before: 'throws TypeError', rivals: [] }, 'negative');
    check({ own: 'throws TypeError', before: undefined, rivals: [] }, 'negative');
  });

  it('take no side where the call could not be run', () => check({ own: undefined, before: '20', rivals: ['20'] }, null));
});
