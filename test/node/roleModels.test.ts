import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ChatModel, ChatRequest } from '../../src/core/model/chatModel.ts';
import { openForRoles, type RoleModels } from '../../src/node/roleModels.ts';

const windows: Readonly<Record<string, number>> = { big: 16_384, small: 4_096 };

function model(name: string): ChatModel {
  const reply = { call: 'call', text: name, toolCalls: [], done: 'stop', tokens: { prompt: 1, reply: 1, estimated: false }, timings: { queueMs: 0, loadMs: 0, promptMs: 0, replyMs: 0, totalMs: 0, firstTokenMs: null } } as const;
  return {
    facts: { name, host: '', parametersB: 1, windowTokens: windows[name] ?? 0, canFill: name === 'small', canCallTools: true, sharesCores: false, slots: name === 'big' ? 4 : 1 },
    countTokens: (text) => text.length * (name === 'big' ? 1 : 2), chat: async () => reply, fill: async () => reply,
  };
}

const request = (role: ChatRequest['role']): ChatRequest => ({ role, task: null, purpose: 'test', priority: 'interactive', messages: [], sampling: { temperature: 0, seed: 1, replyTokensMax: 1 } });

describe('a model for each role', () => {
  async function check(names: RoleModels, expected: { readonly opened: readonly string[]; readonly planner: string; readonly coder: string; readonly windowTokens: number; readonly canFill: boolean }): Promise<void> {
    const opened: string[] = [];
    const found = await openForRoles(names, async (name) => {
      opened.push(name);
      return model(name);
    });
    const { signal } = new AbortController();
    assert.deepEqual({
      opened, planner: (await found.chat(request('planner'), signal)).text, coder: (await found.chat(request('coder'), signal)).text,
      windowTokens: found.facts.windowTokens, canFill: found.facts.canFill,
    }, expected);
  }

  it('is the same for all where none is named', async () => await check({ main: 'big', roles: {} }, { opened: ['big'], planner: 'big', coder: 'big', windowTokens: 16_384, canFill: false }));
  it('answers its role only', async () => await check({ main: 'big', roles: { coder: 'small', verifier: 'small' } }, { opened: ['big', 'small'], planner: 'big', coder: 'small', windowTokens: 4_096, canFill: true }));
  it('is opened once where it is the main one', async () => await check({ main: 'big', roles: { planner: 'big' } }, { opened: ['big'], planner: 'big', coder: 'big', windowTokens: 16_384, canFill: false }));
  it('is not replaced where it cannot be opened', async () => {
    await assert.rejects(async () => await openForRoles({ main: 'big', roles: { judge: 'gone' } }, async (name) => {
      if (name === 'gone') throw new Error('gone is not installed');
      return model(name);
    }), /gone is not installed/u);
  });
});
