import assert from 'node:assert/strict';
import type { KeptTasks } from '../../../src/core/workflows/ownPlan.ts';
import { missingRule, RIGHT_LINE } from '../../support/cliProjects.ts';
import { createCrewRig } from '../../support/crewRig.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const script = [
  { role: 'planner', reply: JSON.stringify({ cause: 'Students have no rule.', steps: [{ suspect: 1, change: 'add it' }] }) },
  { role: 'reviewer', reply: JSON.stringify({ correct: true, claim: 'It fixes the cause.', counterExample: null }) },
  { kind: 'fill', reply: RIGHT_LINE },
  { reply: '' },
] as const;

describe('a plan that a person edits before it runs', function () {
  this.timeout(60_000);

  it('runs as they left it: without the review that they deleted', async () => {
    using folder = tempFolder();
    const shown: string[][] = [];
    let checksBefore = -1;
    await using rig = await createCrewRig({
      folder: folder.path, files: missingRule, script: [...script],
      ports: {
        async editPlan({ plan, cause }): Promise<KeptTasks> {
          shown.push([cause, ...plan.tasks.map(({ id }) => id)]);
          checksBefore = rig.events.filter(({ type }) => type === 'candidate.offered').length;
          return plan.tasks.filter(({ id }) => id !== 'review').map((task) => ({ ...task, title: `${task.title}, by me` }));
        },
      },
    });
    const { outcome } = await rig.fix({}, { planFirst: true, sources: ['cloze'] });
    assert.equal(outcome.kind, 'fixed', outcome.reason);
    assert.deepEqual(shown, [['Students have no rule.', 'reproduce', 'localise', 'plan', 'fix-planned', 'review', 'apply']]);
    assert.equal(checksBefore, 0);
    const last = rig.events.findLast(({ type }) => type === 'plan.made');
    assert.equal(last?.type === 'plan.made' && last.data.by, 'user');
    assert.deepEqual(outcome.tasks.map(({ id, state }) => `${id} ${state}`), ['reproduce done', 'localise done', 'plan done', 'fix-planned done', 'apply done']);
  });
});
