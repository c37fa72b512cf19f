import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { ScriptedRequest } from '../../../src/core/model/scriptedModel.ts';
import { clozeCandidates } from '../../../src/core/repair/cloze.ts';
import type { Suspect } from '../../../src/core/repair/suspect.ts';
import { answering, collect, failure, projectOf, suspect } from '../../support/repairProject.ts';

const FILE = `const RATE = 2;

/** Sum of two. */
function add(a, b) {
  const sum = a - b;
  return sum * RATE;
}
`;

interface Offered { readonly texts: readonly string[]; readonly notes: readonly string[]; readonly asked: readonly ScriptedRequest[] }

async function offered(reply: string, { file = FILE, path = 'add.js', line = 5, canFill = true } = {}): Promise<Offered> {
  const { model, asked } = answering((request) => (request.purpose === `fill ${path}:${line}` ? reply : ''), { canFill });
  const request = { model, suspects: [suspect(path, line)], project: projectOf({ [path]: file }), failure, task: null, seed: 1 };
  const all = await collect(clozeCandidates(request, new AbortController().signal, [{ kind: 'line', shown: false }]));
  return { texts: all.map((one) => one.text), notes: all.map((one) => one.note), asked };
}

/** The lines that stand in the first text offered and not in the file. */
async function check(reply: string, expected: readonly string[], options: Parameters<typeof offered>[1] = {}): Promise<void> {
  const { texts } = await offered(reply, options);
  const old = new Set((options.file ?? FILE).split(/\r?\n/));
  deepEqual((texts[0] ?? '').split(/\r?\n/).filter((line) => !old.has(line)), expected);
}

describe('cloze', () => {
  it('puts the fill in the place of the line', async () => {
    await check('  const sum = a + b;', ['  const sum = a + b;']);
  });

  it('takes several lines, and stops where the reply repeats what follows the gap', async () => {
    await check('  if (b === 0) return a;\n  const sum = a + b;\n  return sum * RATE;\n}\nmore', ['  if (b === 0) return a;', '  const sum = a + b;']);
  });

  it('offers the first line alone, and a guard with the line that it was written for', async () => {
    const { texts } = await offered('  if (b === 0) {\n    b = 1;\n  }');
    ok(texts.some((text) => text.includes('  }\n  const sum = a - b;')));
  });

  it('cuts a reply where it leaves the function', async () => {
    await check('  const sum = a + b;\n}\n\nfunction next() {', ['  const sum = a + b;']);
  });

  it('drops what is the same, empty, only a comment, or parses worse', async () => {
    for (const reply of ['  const sum = a - b;', '', '\n\n', '  // Your code here', '  const sum = (a + ;']) deepEqual((await offered(reply)).texts, [], reply);
  });

  it('offers nothing twice', async () => {
    const { model } = answering(() => '  const sum = a + b;');
    const request = { model, suspects: [suspect('add.js', 5), suspect('add.js', 6)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 1 };
    const texts = (await collect(clozeCandidates(request, new AbortController().signal))).map((one) => one.text);
    equal(new Set(texts).size, texts.length);
  });

  it('shows what the function uses, what fails and with which values, and no more after the gap than the function', async () => {
    const { asked } = await offered('');
    const first = asked[0];
    ok(first?.kind === 'fill');
    equal(first.prefix, 'const RATE = 2;\n// Failing test:\n//   assert.equal(add(1, 2), 3)\n// Expected 3 but got -1.\n/** Sum of two. */\nfunction add(a, b) {\n');
    equal(first.suffix, '\n  return sum * RATE;\n}\n');
  });

  it('asks top to bottom with a growing prefix, so that the server reads each line once', async () => {
    const { asked } = await offered('');
    const prefixes = asked.map((request) => (request.kind === 'fill' ? request.prefix : ''));
    equal(prefixes.length, 2);
    ok(prefixes[1]?.startsWith(prefixes[0] ?? 'none'));
  });

  it('asks first about the places where an edit already passes, also those found while it asks', async () => {
    const places = [{ path: 'add.js', line: 6 }];
    const told: string[] = [];
    const { model } = answering((call) => {
      told.push(call.purpose);
      return '';
    });
    const request = { model, suspects: [suspect('add.js', 5)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 1, first: () => places, onFirstAsked: () => told.push('all asked') };
    await collect(clozeCandidates(request, new AbortController().signal, [{ kind: 'line', shown: false }]));
    deepEqual(told, ['fill add.js:6', 'all asked', 'fill add.js:5', 'all asked']);
  });

  /** What is asked of a file with 30 lines in one function and one in another, and when it pauses. */
  async function asked(suspects: readonly Suspect[]): Promise<readonly string[]> {
    const told: string[] = [];
    const { model } = answering((call) => {
      told.push(call.purpose);
      return '';
    });
    const file = `function long() {\n${Array.from({ length: 30 }, (_, index) => `  step(${index});\n`).join('')}}\n\nfunction short() {\n  return 1;\n}\n`;
    const request = { model, suspects, project: projectOf({ 'long.js': file }), failure, task: null, seed: 1, onNearAsked: async () => void told.push('near'), onLinesAsked: async () => void told.push('lines') };
    await collect(clozeCandidates(request, new AbortController().signal, [{ kind: 'line', shown: false }, { kind: 'line', shown: true }]));
    return told;
  }

  it('pauses once after the likeliest lines, and once when every line has been asked about', async () => {
    const told = await asked([suspect('long.js', 10)]);
    deepEqual([told.indexOf('near'), told.indexOf('lines')], [24, 31]);
    deepEqual(told.filter((one) => !one.startsWith('fill')), ['near', 'lines']);
    const short = await asked([suspect('long.js', 35)]);
    deepEqual(short.slice(0, 3), ['fill long.js:35', 'near', 'lines']);
  });

  it('goes through a short function first where a long one is little more suspicious', async () => {
    equal((await asked([suspect('long.js', 10, 1), suspect('long.js', 35, 0.8)]))[0], 'fill long.js:35');
    const far = await asked([suspect('long.js', 10, 1), suspect('long.js', 35, 0.1)]);
    equal(far[0], 'fill long.js:2');
    equal(far.includes('fill long.js:35'), false);
  });

  it('keeps the line ends of the file', async () => {
    const { texts } = await offered('  const sum = a + b;', { file: FILE.replaceAll('\n', '\r\n') });
    equal(texts[0], FILE.replace('a - b', 'a + b').replaceAll('\n', '\r\n'));
  });

  it('fills Python by indentation and leaves doc strings alone', async () => {
    const file = 'def add(a, b):\n    """Sum\n    of two."""\n    total = a - b\n    return total\n';
    const { asked, texts } = await offered('    total = a + b', { file, path: 'add.py', line: 4 });
    equal(texts[0], file.replace('a - b', 'a + b'));
    deepEqual(asked.map((request) => request.purpose), ['fill add.py:4', 'fill add.py:5']);
  });

  it('fills code outside of functions', async () => {
    await check('const RATE = 3;', ['const RATE = 3;'], { file: 'const RATE = 2;\nexport { RATE };\n', line: 1 });
  });

  it('asks a model that cannot fill in a chat, and gives the reply its indentation', async () => {
    await check('```js\nconst sum = a + b;\n```', ['  const sum = a + b;'], { canFill: false });
  });

  it('drops the last line of a reply that was cut', async () => {
    const { model } = answering(() => ({ text: '  const sum = a + b;\n  const more = ', done: 'length' }));
    const request = { model, suspects: [suspect('add.js', 5)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 1 };
    const first = await clozeCandidates(request, new AbortController().signal, [{ kind: 'line', shown: false }]).next();
    equal(first.done === true ? '' : first.value.text, FILE.replace('a - b', 'a + b'));
  });

  it('asks only when the next proposal is wanted, and stops at once when aborted', async () => {
    const abort = new AbortController();
    const { model, asked } = answering((request) => `  const sum = ${request.purpose.length};`);
    const request = { model, suspects: [suspect('add.js', 5)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 1 };
    const proposals = clozeCandidates(request, abort.signal);
    await proposals.next();
    equal(asked.length, 1);
    abort.abort(new Error('enough'));
    await rejects(async () => await collect(proposals), /enough/);
  });

  it('tries every line once, and only the most suspicious ones again', async () => {
    const { model, asked } = answering(() => '');
    const file = `function long() {\n${Array.from({ length: 30 }, (_, index) => `  step(${index});\n`).join('')}}\n`;
    const hot = Array.from({ length: 14 }, (_, index) => suspect('long.js', 10 + index, index === 0 ? 0.1 : 1));
    await collect(clozeCandidates({ model, suspects: hot, project: projectOf({ 'long.js': file }), failure, task: null, seed: 1 }, new AbortController().signal));
    const lines = asked.map((request) => request.purpose).filter((purpose) => !purpose.includes('('));
    equal(lines.length, 30 + 12);
    deepEqual(lines.slice(30), Array.from({ length: 12 }, (_, index) => `fill long.js:${11 + index}`));
  });

  it('ends after so many calls, and without suspects at once', async () => {
    const { model, asked } = answering(() => '');
    const request = { model, suspects: [suspect('add.js', 5), suspect('gone.js', 1)], project: projectOf({ 'add.js': FILE }), failure, task: null, seed: 1, callsMax: 3 };
    await collect(clozeCandidates(request, new AbortController().signal));
    equal(asked.length, 3);
    deepEqual(await collect(clozeCandidates({ ...request, suspects: [] }, new AbortController().signal)), []);
  });
});
