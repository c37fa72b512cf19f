import { equal, match } from 'node:assert/strict';
import { holdsWholeCode, readEditReply, readWholeReply } from '../../../src/core/repair/rewriteReply.ts';
import { createSyntax } from '../../../src/node/syntax.ts';

const syntax = createSyntax();
const FILE = "import x from './x.js';\n\n/** Sum. */\nexport function add(a, b) {\n  return a - b;\n}\n\nexport const other = 1;\n";
const FIXED = FILE.replace('a - b', 'a + b');

async function read(reply: string, { file = FILE, from = 'function add', to = '}\n', symbol = 'add', path = 'add.js', cut = false, whole = false } = {}): Promise<string> {
  const start = file.indexOf(from);
  const range = whole ? undefined : { start, end: file.indexOf(to, start) + to.trimEnd().length };
  const result = await readWholeReply(reply, { path, text: file, errors: 0, range, symbol }, syntax, cut);
  return result.kind === 'text' ? result.text : `malformed: ${result.reason}`;
}

const check = async (reply: string, expected: string, options: Parameters<typeof read>[1] = {}): Promise<void> => equal(await read(reply, options), expected);
const CODE = 'function add(a, b) {\n  return a + b;\n}';
const fenced = (code: string): string => `\`\`\`js\n${code}\n\`\`\``;

describe('rewriteReply', () => {
  it('takes the function out of a fence, whatever is said around it', async () => {
    await check(fenced(CODE), FIXED);
    await check(`Sure! Here it is:\n\n${fenced(CODE)}\n\nIt failed because of the sign.`, FIXED);
    await check(fenced(`export ${CODE}`), FIXED);
    await check(fenced(`/** Sum. */\nexport ${CODE}`), FIXED);
  });

  it('takes code without a fence, or with a fence that is not closed', async () => {
    await check(CODE, FIXED);
    await check(`The fix:\n${CODE}`, FIXED);
    await check(`\`\`\`js\n${CODE}\n`, FIXED);
  });

  it('takes the last of several blocks that holds another function text', async () => {
    await check(`Before:\n${fenced(CODE.replace('+', '-'))}\nAfter:\n${fenced(CODE)}`, FIXED);
    await check(`${fenced(CODE)}\nRun it:\n${fenced('npm test')}`, FIXED);
  });

  it('finds the function in a reply with the whole file', async () => {
    await check(fenced(FIXED), FIXED);
  });

  it('gives a renamed function its name back', async () => {
    await check(fenced('function addFixed(a, b) {\n  return b ? addFixed(a, 0) + b : a;\n}'), FILE.replace('return a - b;', 'return b ? add(a, 0) + b : a;'));
  });

  it('moves code to the indentation of its place', async () => {
    const file = 'class Cart {\n  total() {\n    return 1;\n  }\n}\n';
    const options = { file, from: 'total()', to: '  }\n', symbol: 'total', path: 'cart.js' };
    await check(fenced('total() {\n  if (a) {\n    b();\n  }\n  return 2;\n}'), 'class Cart {\n  total() {\n    if (a) {\n      b();\n    }\n    return 2;\n  }\n}\n', options);
    await check(fenced('class Cart {\n  total() {\n    return 2;\n  }\n}'), file.replace('1', '2'), options);
    const python = 'class A:\n    def f(self):\n        return 1\n';
    await check('```python\ndef f(self):\n    return 2\n```', python.replace('1', '2'), { file: python, from: 'def f', to: '1\n', symbol: 'f', path: 'a.py' });
  });

  it('adds an import that the function came with', async () => {
    const file = 'import os\n\ndef f(x):\n    return x\n';
    await check('```python\nimport math\n\ndef f(x):\n    return math.ceil(x)\n```', 'import os\nimport math\n\ndef f(x):\n    return math.ceil(x)\n', { file, from: 'def f', to: 'return x\n', symbol: 'f', path: 'f.py' });
  });

  it('keeps the line ends of the file', async () => {
    await check(fenced(CODE), FIXED.replaceAll('\n', '\r\n'), { file: FILE.replaceAll('\n', '\r\n'), to: '}\r\n' });
  });

  it('refuses code that was left out instead of splicing it', async () => {
    for (const gap of ['// ... rest unchanged', '// ...', '/* ... */', '...', '# ... existing code ...', '// rest of the function']) {
      match(await read(fenced(`function add(a, b) {\n  ${gap}\n  return a + b;\n}`)), /^malformed: code left out/, gap);
    }
  });

  it('refuses a reply without code, with the same code, another function, broken code, or one that was cut', async () => {
    match(await read('I cannot help with that.'), /no code/);
    match(await read(''), /no code/);
    match(await read(fenced(CODE.replace('+', '-'))), /unchanged/);
    match(await read(fenced('const a = 1;')), /holds no function add/);
    match(await read(fenced('function one() {}\nfunction two() {}')), /holds no function add/);
    match(await read(fenced('function add(a, b) {\n  return (a + ;\n}')), /malformed/);
    match(await read('```js\nfunction add(a, b) {\n  return a', { cut: true }), /cut/);
  });

  it('replaces a whole file, but not by a fragment of it', async () => {
    await check(fenced(FIXED.trimEnd()), FIXED, { whole: true });
    match(await read(fenced('export const other = 2;'), { whole: true }), /less than half/);
  });

  it('knows when a block is complete, so that talk after it is not waited for', () => {
    equal(holdsWholeCode(`x\n${fenced(CODE)}\n`, 'add'), true);
    equal(holdsWholeCode(`\`\`\`js\n${CODE}\n`, 'add'), false);
    equal(holdsWholeCode(`${fenced('npm test')}\n`, 'add'), false);
  });
});

function edit(search: string, replacement: string): string {
  return `<<<<<<< SEARCH\n${search}\n=======\n${replacement}\n>>>>>>> REPLACE\n`;
}

function checkEdit(reply: string, expected: string | RegExp, text = FILE): void {
  const result = readEditReply(reply, { text });
  if (typeof expected === 'string') equal(result.kind === 'text' ? result.text : result.reason, expected);
  else match(result.kind === 'text' ? 'read' : result.reason, expected);
}

describe('search and replace blocks', () => {
  it('replace the place that they name, also when the indentation is off', () => {
    checkEdit(`Here:\n${edit('  return a - b;', '  return a + b;')}Done.`, FIXED);
    checkEdit(edit('return a - b;', 'return a + b;'), FIXED);
    checkEdit(edit('function f() {\n    return a - b;', 'x'), /does not stand/);
  });

  it('are refused when they name nothing, several places, or change nothing', () => {
    checkEdit('no blocks', /no search/);
    checkEdit(edit('', 'x'), /empty/);
    checkEdit(edit('a();', 'b();'), /several places/, 'a();\nx();\na();\n');
    checkEdit(edit('  a();', '  b();'), /several places/, 'a();\nx();\na();\n');
    checkEdit(edit('  return a - b;', '  return a - b;'), /unchanged/);
  });

  it('keep the line ends of the file', () => {
    checkEdit(edit('  return a - b;', '  return a + b;'), FIXED.replaceAll('\n', '\r\n'), FILE.replaceAll('\n', '\r\n'));
  });
});
