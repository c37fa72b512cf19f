import assert from 'node:assert/strict';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import { createChatModel } from '../../../src/core/model/createChatModel.ts';
import { foldRun } from '../../../src/core/run/view.ts';
import { createClock } from '../../../src/node/clock.ts';
import { createIds } from '../../../src/node/ids.ts';
import { createOllama } from '../../../src/node/ollama.ts';
import { createCrewRig } from '../../support/crewRig.ts';
import { createOllamaStandIn, filling, saying, type ReplyMaker, type SeenRequest } from '../../support/ollamaStandIn.ts';
import { tempFolder } from '../../support/tempFolder.ts';

/** Students pay less: a rule that no mechanical edit can guess, so that the model is asked. */
const files = {
  'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}',
  'src/discount.js': ['export function discount(age, total) {', '  let rate = 0;', '  if (age >= 65) rate = 0.2;', '  return total * rate;', '}', ''].join('\n'),
  'test/discount.test.js': [
    "import test from 'node:test';",
    "import assert from 'node:assert/strict';",
    "import { discount } from '../src/discount.js';",
    "test('seniors', () => assert.equal(discount(70, 100), 20));",
    "test('students pay 13 less of 130', () => assert.equal(discount(17, 130), 13));",
    '',
  ].join('\n'),
};

/** Planner and reviewer are told apart by what they are told to be; the reply to the coder is a wrong function. */
const chat: ReplyMaker = (body) => {
  const text = JSON.stringify(body['messages']);
  const reply = text.includes('You are the planner')
    ? { cause: 'Students are forgotten.', steps: [{ suspect: 1, change: 'Add them.' }] }
    : text.includes('You are the reviewer') ? { correct: true, claim: 'It fixes the cause.', counterExample: null } : { no: 'answer' };
  return { chunks: saying([JSON.stringify(reply)]) };
};
/** The first gaps are filled wrongly, the later ones rightly. */
const fills: readonly ReplyMaker[] = [
  ...Array.from({ length: 2 }, (_, nth) => ({ chunks: filling([`  rate = 0.${nth + 3};`, '\n']) })),
  { chunks: filling(['  if (age < 18) rate = 0.1;', '\n']) },
];

const asked = ({ body, path }: SeenRequest): string => `${path} ${JSON.stringify([body['messages'], body['prompt'], body['suffix'], body['options']])}`;

/** True at the event after which the run is stopped. */
type Cut = (event: RunEvent) => boolean;

async function check(at: Cut): Promise<{ readonly before: readonly RunEvent[]; readonly after: readonly RunEvent[] }> {
  using folder = tempFolder();
  await using server = await createOllamaStandIn({ replies: { '/api/chat': [chat], '/api/generate': fills } });
  using models = createOllama({ url: server.url, allowRemote: false });
  const control = new AbortController();
  let isCut = false;
  const clock = createClock();
  await using rig = await createCrewRig({
    folder: folder.path, files,
    ports: { openModel: async (emit, finished, signal) => await createChatModel({ models, name: 'm', clock, ids: createIds(), emit, limits: {}, memoryBytes: null, allowCloud: false, recall: finished.takeCall }, signal) },
    listen(event) {
      if (isCut || !at(event)) return;
      isCut = true;
      control.abort(new Error('Ctrl+C'));
    },
  });
  const { run, outcome } = await rig.fix({}, { planFirst: true, sources: ['cloze'] }, control.signal);
  assert.equal(outcome.kind, 'stopped', outcome.reason);
  const before = [...rig.events];
  const view = foldRun(before);
  const sent = server.requests.filter(({ path }) => path === '/api/chat' || path === '/api/generate').length;
  const completed = [...view.calls.values()].filter((call) => call.state === 'completed');
  assert.ok(completed.length > 0 && completed.every((call) => call.done !== null));
  // Requests are made in the order in which their calls are started.
  const questions = server.requests.filter(({ path }) => path === '/api/chat' || path === '/api/generate').map(asked);
  const finished = new Set([...view.calls.values()].flatMap((call, nth) => (call.state === 'completed' ? [questions[nth] ?? ''] : [])));

  server.script('/api/generate', fills.slice(-1));
  const resumed = await rig.resume(run);
  assert.equal(resumed.outcome.kind, 'fixed', resumed.outcome.reason);
  const later = server.requests.filter(({ path }) => path === '/api/chat' || path === '/api/generate').slice(sent).map(asked);
  assert.deepEqual(later.filter((question) => finished.has(question)), [], 'a finished question was sent again');
  const total = foldRun(rig.events);
  assert.equal(total.totals.tokens.prompt, resumed.outcome.tokens.prompt);
  assert.equal(new Set([...total.calls.keys()]).size, sent + later.length, 'every call of the log was sent once');
  return { before, after: rig.events.slice(before.length) };
}

const finishedCalls = (count: number): Cut => {
  let seen = 0;
  return (event) => event.type === 'model.finished' && event.data.state === 'completed' && ++seen === count;
};
const finishedBy = (purpose: string): Cut => {
  const calls = new Set<string>();
  return (event) => {
    if (event.type === 'model.started' && event.data.purpose === purpose) calls.add(event.data.call);
    return event.type === 'model.finished' && calls.has(event.data.call);
  };
};

describe('a run that was cut off', function () {
  this.timeout(60_000);

  it('is not planned again once it was planned', async () => {
    const { after } = await check(finishedBy('plan'));
    assert.deepEqual(after.filter((event) => event.type === 'model.started' && event.data.purpose === 'plan'), []);
  });
  it('goes on after the gaps that were filled', async () => void (await check(finishedCalls(3))));
  it('is not reviewed again once it was reviewed', async () => {
    const { after } = await check(finishedBy('review'));
    assert.deepEqual(after.filter((event) => event.type === 'model.started'), []);
  });
});
