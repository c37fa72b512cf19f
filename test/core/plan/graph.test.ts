import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Task, TaskState } from '../../../src/core/domain/plan.ts';
import { dependants, parsePlan, PlanInvalid, readyTasks, repairPlan } from '../../../src/core/plan/graph.ts';

const task = (id: string, dependsOn: readonly string[] = []): Task => ({ id, title: id, role: 'coder', dependsOn: [...dependsOn], acceptance: '', files: [], estimateMs: null });
const chain = { tasks: [task('a'), task('b', ['a']), task('c', ['b']), task('d', ['a'])] };

describe('plan graph', () => {
  const ready = (states: Readonly<Record<string, TaskState>>, ids: readonly string[]) =>
    assert.deepEqual(readyTasks(chain, new Map(Object.entries(states))).map(({ id }) => id), ids);

  it('starts with what waits for nothing', () => ready({}, ['a']));
  it('frees every dependant of a finished task, in the order of the plan', () => ready({ a: 'done' }, ['b', 'd']));
  it('lets a skipped task free its dependants', () => ready({ a: 'skipped' }, ['b', 'd']));
  it('holds dependants of a failed task', () => ready({ a: 'failed' }, []));
  it('finds direct and indirect dependants', () => assert.deepEqual([...dependants(chain, 'a')].sort(), ['b', 'c', 'd']));

  const refuse = (tasks: readonly Task[], message: RegExp) => assert.throws(() => parsePlan({ tasks }), (error) => error instanceof PlanInvalid && message.test(error.message));
  it('refuses a cycle and names it', () => refuse([task('a', ['c']), task('b', ['a']), task('c', ['b'])], /a → c → b → a/u));
  it('refuses a dependency that is not there', () => refuse([task('a', ['x'])], /"a" depends on "x"/u));
  it('refuses two tasks of one name', () => refuse([task('a'), task('a')], /Two tasks/u));
  it('refuses thirteen tasks', () => assert.throws(() => parsePlan({ tasks: Array.from({ length: 13 }, (_, index) => task(`t${index}`)) })));

  it('repairs a failed task in place: its part is replaced, dependants start again, the rest keeps its state', () => {
    const states = new Map<string, TaskState>([['a', 'done'], ['b', 'failed'], ['c', 'skipped'], ['d', 'done']]);
    const repaired = repairPlan(chain, states, 'b', [task('b1'), task('b2', ['b1'])]);
    assert.deepEqual(repaired.plan.tasks.map(({ id, dependsOn }) => [id, dependsOn]), [['a', []], ['b1', ['a']], ['b2', ['b1']], ['c', ['b2']], ['d', ['a']]]);
    assert.deepEqual(Object.fromEntries(repaired.states), { a: 'done', d: 'done' });
    assert.deepEqual(readyTasks(repaired.plan, repaired.states).map(({ id }) => id), ['b1']);
  });

  it('keeps no state of a task that the repaired plan brings in: a resumed run knows it as done by its last process', () => {
    const states = new Map<string, TaskState>([['a', 'done'], ['b', 'waiting'], ['b1', 'done']]);
    const repaired = repairPlan(chain, states, 'b', [task('b1')]);
    assert.deepEqual(readyTasks(repaired.plan, repaired.states).map(({ id }) => id), ['b1', 'd']);
  });

  it('works through any acyclic plan, each task after all that it waits for', () => {
    const plans = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 }).map((rows) => rows.map((row, index) => task(`t${index}`, [...new Set(row.filter((other) => other < index).map((other) => `t${other}`))])));
    fc.assert(fc.property(plans, (tasks) => {
      const plan = parsePlan({ tasks });
      const states = new Map<string, TaskState>();
      for (let next = readyTasks(plan, states)[0]; next !== undefined; next = readyTasks(plan, states)[0]) {
        assert(next.dependsOn.every((id) => states.get(id) === 'done'));
        states.set(next.id, 'done');
      }
      assert.equal(states.size, tasks.length);
    }));
  });
});
