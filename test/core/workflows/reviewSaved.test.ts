/** A review of a saved file as a run: what it reads, in which order of things, and how it makes room. */
import assert from 'node:assert/strict';
import { createTwoFilesPatch } from 'diff';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import { createCrewRig } from '../../support/crewRig.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const MANIFEST = '{ "type": "module" }\n';
const LOOP = 'export function total(xs) {\n  let sum = 0;\n  for (let i = 0; i <= xs.length; i++) sum += xs[i];\n  return sum;\n}\n';
const pad = (name: string): string => `export function ${name}(a) {\n${Array.from({ length: 58 }, (_, line) => `  a.push(${line});`).join('\n')}\n  return a;\n}\n`;

describe('a review of a saved file', function () {
  this.timeout(30_000);

  it('reads only what changed, at its priority, with one call for the place with the most changed lines', async () => {
    const before = `${LOOP}${pad('one')}${pad('two')}`;
    const after = before.replace('a.push(3);\n', 'a.push(33);\n').replace(/(two\(a\) \{\n)/u, '$1  a.push(-1);\n  a.push(-2);\n');
    using folder = tempFolder();
    await using rig = await createCrewRig({ folder: folder.path, files: { 'package.json': MANIFEST, 'a.js': after }, script: [{ kind: 'chat', role: 'reviewer', reply: '{"findings":[]}' }] });
    const { outcome } = await rig.fix({ command: 'review', paths: ['a.js'], since: { 'a.js': createTwoFilesPatch('a.js', 'a.js', before, after) }, background: true });
    const calls = rig.events.flatMap((event) => (event.type === 'model.started' ? [event.data.purpose] : []));
    assert.equal(outcome.kind, 'reviewed');
    assert.deepEqual(outcome.findings, []); // the loop that was there before is not this save's
    assert.equal(calls.length, 1);
    assert.match(calls[0] ?? '', /^review a\.js:6\d-/u);
    assert.ok(rig.events.some((event) => event.type === 'message.sent' && /not read by the model: in the background one place has to do/u.test(event.data.body)));
  });

  it('ends at once when another process wants the workspace, and that one goes on', async () => {
    using folder = tempFolder();
    const asks: RunEvent[] = [];
    let begin: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const files = { 'package.json': MANIFEST, 'a.js': LOOP };
    await using one = await createCrewRig({
      folder: folder.path, files,
      ports: {
        openModel: async (_emit, _finished, signal) => {
          begin?.();
          return await new Promise((_resolve, reject) => void signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
        },
      },
    });
    const reading = one.fix({ command: 'review', paths: ['a.js'], background: true });
    await asked;
    await using two = await createCrewRig({ folder: folder.path, files, git: false, listen: (event) => void asks.push(event) });
    const other = await two.fix({ command: 'review', paths: ['a.js'] });
    const first = await reading;
    assert.deepEqual([other.outcome.kind, first.outcome.kind, first.outcome.reason], ['reviewed', 'stopped', 'It gave way to another run.']);
  });

  it('does not make another review of a saved file wait, nor end it', async () => {
    using folder = tempFolder();
    let begin: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const files = { 'package.json': MANIFEST, 'a.js': LOOP };
    const stop = new AbortController();
    await using one = await createCrewRig({
      folder: folder.path, files,
      ports: {
        openModel: async (_emit, _finished, signal) => {
          begin?.();
          return await new Promise((_resolve, reject) => void signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
        },
      },
    });
    const reading = one.fix({ command: 'review', paths: ['a.js'], background: true }, {}, stop.signal);
    await asked;
    await using two = await createCrewRig({ folder: folder.path, files, git: false });
    await assert.rejects(two.fix({ command: 'review', paths: ['a.js'], background: true }), /is at work in this workspace/u);
    stop.abort(new Error('Closed.'));
    assert.equal((await reading).outcome.reason, 'Closed.');
  });
});
