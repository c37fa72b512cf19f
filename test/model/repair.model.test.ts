import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatModel } from '../../src/core/model/chatModel.ts';
import { createChatModel } from '../../src/core/model/createChatModel.ts';
import { type EditProposal, clozeCandidates } from '../../src/core/repair/cloze.ts';
import type { Failure } from '../../src/core/repair/evidence.ts';
import { rewriteCandidates } from '../../src/core/repair/rewrite.ts';
import { createClock } from '../../src/node/clock.ts';
import { createIds } from '../../src/node/ids.ts';
import { createOllama } from '../../src/node/ollama.ts';
import { projectOf, suspect } from '../support/repairProject.ts';

const SAMPLE = join(import.meta.dirname, '../../media/sample');
const PATH = 'duration.js';
const FAILURE: Failure = { test: 'charges half an hour', assertion: "assert.equal(price('30m'), 1200);", setup: [], expected: '1200', actual: '20', message: '' };
/** Well over the 4 calls that the fill takes; a call on two loaded cores may take a minute. */
const OFFERS_MAX = 12;

let model: ChatModel;

/** How many offers it takes until one passes every test of the sample. */
async function check(offer: (request: { model: ChatModel; suspects: ReturnType<typeof suspect>[]; project: ReturnType<typeof projectOf>; failure: Failure; task: null; seed: number }, signal: AbortSignal) => AsyncGenerator<EditProposal>): Promise<{ readonly offers: number; readonly passes: boolean }> {
  const text = readFileSync(join(SAMPLE, PATH), 'utf8');
  const request = { model, suspects: [suspect(PATH, 8)], project: projectOf({ [PATH]: text }), failure: FAILURE, task: null, seed: 7 };
  const abort = new AbortController();
  let offers = 0;
  for await (const proposal of offer(request, abort.signal)) {
    offers++;
    equal(proposal.path, PATH);
    if (passes(proposal.text)) return { offers, passes: true };
    if (offers >= OFFERS_MAX) break;
  }
  return { offers, passes: false };
}

function passes(text: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sample-'));
  try {
    cpSync(SAMPLE, folder, { recursive: true });
    writeFileSync(join(folder, PATH), text);
    // With the variable of an outer run set, node --test runs nothing and exits 0.
    const { NODE_TEST_CONTEXT: _outer, ...env } = process.env;
    return spawnSync(process.execPath, ['--test'], { cwd: folder, env }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the two model sources on the sample of the demo', () => {
  before(async () => {
    const url = process.env['GROUNDCREW_TEST_URL'];
    const name = process.env['GROUNDCREW_TEST_MODEL'];
    ok(url && name, 'These tests run by `npm run test:model`, which makes the server.');
    model = await createChatModel({
      models: createOllama({ url, allowRemote: false }), name, memoryBytes: null, allowCloud: false, limits: {},
      clock: createClock(),
      ids: createIds(),
      emit: () => undefined,
    }, new AbortController().signal);
  });

  it('fails before any change', () => equal(passes(readFileSync(join(SAMPLE, PATH), 'utf8')), false));

  it('fixes it by filling gaps', async () => {
    equal((await check(clozeCandidates)).passes, true);
  });

  it('offers whole functions that parse, each another one', async () => {
    const texts: string[] = [];
    const malformed: string[] = [];
    const offer: typeof rewriteCandidates = (request, signal) => rewriteCandidates({ ...request, samples: 2, onMalformed: (_, reason) => malformed.push(reason) }, signal);
    await check(async function* (request, signal) {
      for await (const proposal of offer(request, signal)) {
        if (proposal === undefined) continue;
        texts.push(proposal.text);
        yield proposal;
      }
    });
    ok(texts.length + malformed.length > 0);
    deepEqual(texts, [...new Set(texts)]);
  });
});
