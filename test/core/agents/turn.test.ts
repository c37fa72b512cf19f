import assert from 'node:assert/strict';
import * as z from 'zod';
import { runTurn, type Turn } from '../../../src/core/agents/turn.ts';
import type { ModelFacts } from '../../../src/core/model/chatModel.ts';
import { createScriptedModel, type ScriptedReply, type ScriptedRequest } from '../../../src/core/model/scriptedModel.ts';
import { ReplyMisshapen, type Structured } from '../../../src/core/model/structured.ts';
import { createClock } from '../../../src/node/clock.ts';
import { recordEvents } from '../../support/recordEvents.ts';
import { CANARY, never, rig } from '../../support/registryRig.ts';

const schema = z.object({ correct: z.boolean() });
const yes = '{"correct":true}';
const read = (path: string, more: object = {}): ScriptedReply => ({ text: '', toolCalls: [{ name: 'read_file', arguments: { path, ...more } }] });

interface Played {
  readonly outcome: Structured<{ correct: boolean }> | Error;
  readonly requests: readonly Extract<ScriptedRequest, { kind: 'chat' }>[];
  /** What the model was told by tools, all together. */
  readonly told: string;
  readonly tools: ReturnType<typeof rig>;
}

async function play(replies: readonly (string | ScriptedReply)[], { facts = {}, turn = {}, files }: { readonly facts?: Partial<ModelFacts>; readonly turn?: Partial<Turn<{ correct: boolean }>>; readonly files?: Readonly<Record<string, string>> } = {}): Promise<Played> {
  const { emit } = recordEvents();
  const requests: Played['requests'][number][] = [];
  let id = 0;
  const model = createScriptedModel({
    clock: createClock(), emit, ids: { next: (prefix) => `${prefix}-${++id}` }, facts: { parametersB: 7.6, ...facts },
    script: replies.map((reply) => ({ times: 1, reply: (request) => {
      if (request.kind === 'chat') requests.push(request);
      return reply;
    } })),
  });
  const tools = rig(files === undefined ? {} : { files });
  const outcome = await runTurn({
    model, schema, turnsMax: 3, messages: [{ role: 'user', content: 'Is it right?' }], toolbox: tools.registry.as('reviewer'),
    label: { role: 'reviewer', task: 'review', purpose: 'review', priority: 'verify' }, sampling: { temperature: 0, seed: 1, replyTokensMax: 140 }, ...turn,
  }, never).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const told = requests.at(-1)?.messages.filter((message) => message.role === 'tool').map((message) => message.content).join('\n') ?? '';
  return { outcome, requests, told, tools };
}

function check({ outcome, requests }: Played, expected: { readonly value: unknown; readonly calls: number; readonly withTools: number; readonly withFormat: number }): void {
  assert.ok(!(outcome instanceof Error), String(outcome));
  assert.deepEqual(
    { value: outcome.value, calls: outcome.replies.length, withTools: requests.filter((request) => (request.tools ?? []).length > 0).length, withFormat: requests.filter((request) => request.format !== undefined).length },
    expected,
  );
}

describe('a turn of a role', () => {
  it('calls a tool, reads its result, and answers', async () => {
    const played = await play([read('src/a.js'), yes]);
    check(played, { value: { correct: true }, calls: 2, withTools: 2, withFormat: 0 });
    assert.match(played.told, /1\tconst a = 1;/u);
    assert.deepEqual(played.tools.calls().map(({ role, tool, ok }) => [role, tool, ok]), [['reviewer', 'read_file', true]]);
    assert.deepEqual(played.requests[1]?.messages.map(({ role }) => role), ['user', 'assistant', 'tool']);
  });

  it('costs a small model no extra token: one call, its messages untouched', async () => {
    for (const facts of [{ parametersB: 1.5 }, { parametersB: 3.09 }, { canCallTools: false }]) {
      const played = await play([yes], { facts });
      check(played, { value: { correct: true }, calls: 1, withTools: 0, withFormat: 1 });
      assert.deepEqual(played.requests[0]?.messages, [{ role: 'user', content: 'Is it right?' }]);
    }
  });

  it('reads a refusal as words and goes on', async () => {
    const played = await play([read('.env'), yes]);
    check(played, { value: { correct: true }, calls: 2, withTools: 2, withFormat: 0 });
    assert.match(played.told, /reviewer may not call read_file: .*\(rule: /u);
    assert.doesNotMatch(played.told, new RegExp(CANARY, 'u'));
  });

  it('has no tool that writes, whatever the model writes', async () => {
    const played = await play([{ text: '', toolCalls: [{ name: 'write_file', arguments: { path: 'src/a.js', text: 'gone' } }] }, yes]);
    assert.doesNotMatch(played.requests[0]?.tools?.map((tool) => tool.name).join() ?? '', /write|edit|delete|move|run_|commit/u);
    assert.deepEqual(played.tools.calls().map(({ tool, decision, ok }) => [tool, decision, ok]), [['write_file', 'denied', false]]);
  });

  it('never repairs arguments that are broken', async () => {
    const played = await play([{ text: '', toolCalls: [{ name: 'list_files', arguments: '{"under": "sr' }] }, yes]);
    assert.match(played.told, /not one complete JSON object/u);
    assert.deepEqual(played.requests[1]?.messages[1]?.toolCalls?.map((call) => call.arguments), [{}]);
  });

  it('stops a circle and asks for the answer without tools', async () => {
    const played = await play([read('src/a.js'), read('src/a.js'), read('src/a.js'), yes], { turn: { turnsMax: 9 } });
    check(played, { value: { correct: true }, calls: 4, withTools: 3, withFormat: 1 });
    assert.match(played.told, /Stop calling it/u);
  });

  it('runs no call after the one that closed the circle', async () => {
    const four: ScriptedReply = { text: '', toolCalls: [1, 2, 3, 4].map(() => ({ name: 'read_file', arguments: { path: 'src/a.js' } })) };
    const played = await play([four, yes], { turn: { turnsMax: 9 } });
    assert.equal(played.tools.calls().length, 3);
    assert.match(played.told, /Not called: answer now\.$/u);
  });

  it('has turnsMax replies at most, and the last one has the form', async () => {
    const played = await play([read('src/a.js'), read('package.json'), yes]);
    check(played, { value: { correct: true }, calls: 3, withTools: 2, withFormat: 1 });
  });

  it('asks once more for a misshapen answer', async () => {
    check(await play([read('src/a.js'), 'It is right.', '{"correct":"yes"}', yes]), { value: { correct: true }, calls: 4, withTools: 2, withFormat: 2 });
    const { outcome } = await play(['It is right.', 'Yes.', 'Yes!']);
    assert.ok(outcome instanceof ReplyMisshapen, String(outcome));
  });

  it('shows nothing of a result that the window cannot hold, and says how much it was', async () => {
    const played = await play([read('big.txt'), yes], { facts: { windowTokens: 2_000 }, files: { 'big.txt': 'some words of text\n'.repeat(800) } });
    check(played, { value: { correct: true }, calls: 2, withTools: 2, withFormat: 0 });
    assert.match(played.told, /about \d+ tokens and \d+ are left/u);
  });

  it('offers no tools where their list alone would fill the window', async () => check(await play([yes], { facts: { windowTokens: 500 } }), { value: { correct: true }, calls: 1, withTools: 0, withFormat: 1 }));

  it('ends at once when it is stopped', async () => {
    const control = new AbortController();
    control.abort(new Error('Ctrl+C'));
    const model = createScriptedModel({ script: [], clock: createClock(), emit: recordEvents().emit, ids: { next: (prefix) => prefix }, facts: { parametersB: 7 } });
    const turn: Turn<{ correct: boolean }> = { model, schema, turnsMax: 3, messages: [], toolbox: rig().registry.as('planner'), label: { role: 'planner', task: null, purpose: 'plan', priority: 'verify' }, sampling: { temperature: 0, seed: 1, replyTokensMax: 9 } };
    await assert.rejects(runTurn(turn, control.signal), /Ctrl\+C/u);
  });
});
