/** What tests of the two model sources share: a project in memory with the real parser, and a model that answers from a function. */
import { createScriptedModel, type ScriptedReply, type ScriptedRequest } from '../../src/core/model/scriptedModel.ts';
import type { ChatModel, ModelFacts } from '../../src/core/model/chatModel.ts';
import type { Failure } from '../../src/core/repair/evidence.ts';
import type { Project } from '../../src/core/checks/project.ts';
import type { Suspect } from '../../src/core/repair/suspect.ts';
import { createSyntax } from '../../src/node/syntax.ts';

const syntax = createSyntax();

export function projectOf(texts: Readonly<Record<string, string>>): Project {
  return {
    paths: Object.keys(texts).sort(),
    syntax,
    read: async (path) => {
      const text = texts[path];
      return text === undefined ? undefined : { path, text, encoding: 'utf8', bom: false, sha256: '0'.repeat(64) };
    },
  };
}

export function suspect(path: string, line: number, score = 1): Suspect {
  return { path, line, endLine: line, symbol: '', score, evidence: 'named by the test' };
}

export const failure: Failure = { test: 'adds', assertion: 'assert.equal(add(1, 2), 3)', setup: [], expected: '3', actual: '-1', message: '' };

/** Every request is kept, so that a test can say what was asked. */
export function answering(
  answer: (request: ScriptedRequest) => string | ScriptedReply | Error,
  facts: Partial<ModelFacts> = {},
): { readonly model: ChatModel; readonly asked: readonly ScriptedRequest[] } {
  const asked: ScriptedRequest[] = [];
  let id = 0;
  const model = createScriptedModel({
    script: [{ reply: (request) => { asked.push(request); return answer(request); } }],
    clock: { now: () => 0, elapsedMs: () => 0, delay: async () => undefined },
    ids: { next: (prefix) => `${prefix}-${++id}` },
    emit: () => undefined,
    facts,
  });
  return { model, asked };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
