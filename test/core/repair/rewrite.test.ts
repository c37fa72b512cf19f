import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import type { ModelFacts } from '../../../src/core/model/chatModel.ts';
import { type RewriteRequest, rewriteBudget, rewriteCandidates } from '../../../src/core/repair/rewrite.ts';
import { answering, collect, failure, projectOf, suspect } from '../../support/repairProject.ts';

const FILE = 'const RATE = 2;\n\nexport function add(a, b) {\n  return (a - b) * RATE;\n}\n\nfunction other() {\n  return 1;\n}\n';
const FIXED = FILE.replace('a - b', 'a + b');
const fenced = (code: string): string => `\`\`\`js\n${code}\n\`\`\``;
const GOOD = fenced('export function add(a, b) {\n  return (a + b) * RATE;\n}');

type Options = Partial<RewriteRequest> & { readonly facts?: Partial<ModelFacts> };

async function rewritten(replies: readonly string[], { facts, ...options }: Options = {}) {
  const { model, asked } = answering(() => replies[Math.min(asked.length, replies.length) - 1] ?? '', facts);
  const request = { model, suspects: [suspect('add.js', 4)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 5, ...options };
  const proposals = (await collect(rewriteCandidates(request, new AbortController().signal))).filter((one) => one !== undefined);
  return { texts: proposals.map((one) => one.text), notes: proposals.map((one) => one.note), asked };
}

describe('rewrite', () => {
  it('asks for the function and puts it in its place', async () => {
    const { texts, notes } = await rewritten([GOOD], { samples: 1 });
    deepEqual(texts, [FIXED]);
    deepEqual(notes, ['rewrites add']);
  });

  it('begins greedy, then samples hotter with one identical prompt and other seeds', async () => {
    const { asked } = await rewritten(['nothing'], { samples: 4 });
    deepEqual(asked.map((request) => request.sampling.temperature), [0, 0.4, 0.6, 0.8]);
    deepEqual(asked.map((request) => request.sampling.seed), [5, 6, 7, 8]);
    const prompts = asked.map((request) => JSON.stringify(request.kind === 'chat' ? request.messages : []));
    equal(new Set(prompts).size, 1);
  });

  it('shows the failure with its values, what the function uses, and little else', async () => {
    const { asked } = await rewritten(['nothing'], { samples: 1, advice: 'The sign is wrong.' });
    const [request] = asked;
    ok(request?.kind === 'chat');
    const text = request.messages.map((message) => message.content).join('\n');
    for (const part of ['assert.equal(add(1, 2), 3)', 'Expected 3 but got -1.', 'const RATE = 2;', 'return (a - b) * RATE;', 'The sign is wrong.']) ok(text.includes(part), part);
    ok(!text.includes('function other'));
    ok(text.length / 3 < 600);
  });

  it('offers nothing twice and reports what could not be used', async () => {
    const malformed: string[] = [];
    const { texts } = await rewritten([GOOD, GOOD, 'sorry', fenced('// ...')], { samples: 4, onMalformed: (_, reason) => malformed.push(reason) });
    deepEqual(texts, [FIXED]);
    equal(malformed.length, 2);
    match(malformed[0] ?? '', /no code/);
    match(malformed[1] ?? '', /left out/);
  });

  it('asks every suspicious function once before it samples', async () => {
    const { asked } = await rewritten(['nothing'], { samples: 5, suspects: [suspect('add.js', 8, 0.5), suspect('add.js', 4, 1)] });
    deepEqual(asked.map((request) => request.purpose), ['rewrite add', 'rewrite other', 'rewrite add', 'rewrite add', 'rewrite other']);
  });

  it('asks no more about a function that it only copies, and about the next one in its place', async () => {
    const copy = fenced('export function add(a, b) {\n  return (a - b) * RATE;\n}');
    const suspects = [suspect('add.js', 4, 1), suspect('add.js', 8, 0.5)];
    deepEqual((await rewritten([copy, 'nothing'], { samples: 4, suspects })).asked.map((request) => request.purpose), ['rewrite add', 'rewrite other', 'rewrite other', 'rewrite other']);
    equal((await rewritten([copy], { samples: 4 })).asked.length, 1);
  });

  it('hands back each reply that cannot be used, so that another way of asking can have its turn', async () => {
    const { model } = answering(() => 'nothing');
    const request = { model, suspects: [suspect('add.js', 4)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 5, samples: 2 };
    deepEqual(await collect(rewriteCandidates(request, new AbortController().signal)), [undefined, undefined]);
  });

  it('ends the call as soon as the function is there', async () => {
    const { asked } = await rewritten(['nothing'], { samples: 1 });
    const onText = asked[0]?.onText;
    equal(onText?.(GOOD.slice(0, -4)), true);
    equal(onText?.(`${GOOD}\nThis fixes`), false);
  });

  it('shows a larger model why its change fell, a small one not', async () => {
    const failureOf = async () => failure;
    const large = await rewritten([GOOD, fenced('export function add(a, b) {\n  return (b + a) * RATE;\n}')], { samples: 1, failureOf, facts: { parametersB: 7 } });
    equal(large.texts.length, 2);
    const second = large.asked[1];
    ok(second?.kind === 'chat' && second.messages.at(-2)?.content === GOOD && second.messages.at(-1)?.content.includes('Expected 3 but got -1.'));
    equal((await rewritten([GOOD], { samples: 1, failureOf })).asked.length, 1);
  });

  it('takes search/replace blocks of the largest models, and a whole function where they gave one', async () => {
    const block = '<<<<<<< SEARCH\n  return (a - b) * RATE;\n=======\n  return (a + b) * RATE;\n>>>>>>> REPLACE\n';
    deepEqual((await rewritten([block], { samples: 1, facts: { parametersB: 32 } })).texts, [FIXED]);
    deepEqual((await rewritten([GOOD], { samples: 1, facts: { parametersB: 32 } })).texts, [FIXED]);
  });

  it('asks for a small file whole when no function holds the suspect', async () => {
    const { texts } = await rewritten([fenced(FILE.replace('RATE = 2', 'RATE = 3').trimEnd())], { samples: 1, suspects: [suspect('add.js', 1)] });
    deepEqual(texts, [FILE.replace('RATE = 2', 'RATE = 3')]);
  });

  it('asks nothing about a file that is gone or a function that does not fit the window', async () => {
    equal((await rewritten([GOOD], { samples: 2, suspects: [suspect('gone.js', 1)] })).asked.length, 0);
    const long = `function long() {\n${"  call('some words that take room');\n".repeat(280)}}\n`;
    equal((await rewritten([GOOD], { suspects: [suspect('long.js', 3)], project: projectOf({ 'long.js': long }), facts: { windowTokens: 2_048 } })).asked.length, 0);
  });

  it('stops at once when aborted', async () => {
    const { model } = answering(() => GOOD);
    const request = { model, suspects: [suspect('add.js', 4)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 5 };
    await rejects(async () => await collect(rewriteCandidates(request, AbortSignal.abort(new Error('enough')))), /enough/);
  });

  it('asks small models often and large ones seldom', () => {
    deepEqual([0.5, 1.5, 3, 7, 14, 32].map(rewriteBudget), [
      { samples: 8, repairs: 0 }, { samples: 8, repairs: 0 }, { samples: 8, repairs: 0 }, { samples: 4, repairs: 1 }, { samples: 3, repairs: 2 }, { samples: 2, repairs: 2 },
    ]);
  });
});
