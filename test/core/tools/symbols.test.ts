import { deepEqual, equal, match } from 'node:assert/strict';
import type { TextFile } from '../../../src/core/domain/patch.ts';
import { symbols } from '../../../src/core/tools/symbols.ts';
import type { ToolHost } from '../../../src/core/tools/tool.ts';
import { createSyntax } from '../../../src/node/syntax.ts';

const syntax = createSyntax();

async function outline(path: string, text: string): Promise<Awaited<ReturnType<typeof symbols.run>>> {
  const file: TextFile = { path, text, encoding: 'utf8', bom: false, sha256: '0'.repeat(64) };
  const host: Pick<ToolHost, 'files' | 'syntax'> = { syntax, files: { ...noFiles, read: async () => file } };
  return symbols.run({ path }, { ...noHost, ...host }, AbortSignal.timeout(5_000));
}

const refuse = (): never => {
  throw new Error('the outline needs nothing but one read');
};
const noFiles: ToolHost['files'] = { root: '/', resolve: refuse, read: refuse, list: refuse, search: refuse, write: refuse, remove: refuse, move: refuse };
const noHost: ToolHost = {
  files: noFiles, syntax, snapshot: refuse,
  git: { status: refuse, diff: refuse, log: refuse, show: refuse, blame: refuse, commit: refuse, branch: refuse },
};

/** Lines as "first-last depth kind name". */
async function check(path: string, text: string, expected: readonly string[]): Promise<void> {
  const { symbols: found } = await outline(path, text);
  deepEqual(found.map(({ line, endLine, depth, kind, name }) => `${line}-${endLine} ${depth} ${kind} ${name}`), expected);
}

describe('symbols', () => {
  it('outlines JavaScript and TypeScript', async () => {
    await check('a.js', 'const MAX = 3;\nexport function f(a, b) {\n  const inner = () => 1;\n}\nexport const g = async (x) => x;\nclass C extends D {\n  #n = 1;\n  get(a) { return a }\n  run = () => 1;\n}\nexports.h = function () {};\n', [
      '1-1 0 constant MAX', '2-4 0 function f', '5-5 0 function g', '6-10 0 class C', '8-8 1 method get', '9-9 1 method run', '11-11 0 function exports.h',
    ]);
    await check('a.ts', 'export interface I { m(): void }\ntype T = 1;\nexport class A<B> { private x(y: number): string { return ""; } }\n', ['1-1 0 interface I', '1-1 1 method m', '2-2 0 type T', '3-3 0 class A', '3-3 1 method x']);
  });

  it('outlines Python, Go, Rust and Java', async () => {
    await check('a.py', 'LIMIT = 3\n\nclass A(B):\n    def f(self):\n        x = 1\n\n@cached\ndef g(a, *b):\n    pass\n', ['1-1 0 constant LIMIT', '3-5 0 class A', '4-5 1 method f', '8-9 0 function g']);
    await check('a.go', 'package a\n\ntype T struct { n int }\n\nfunc (t *T) Get() int { return t.n }\n\nfunc New() *T { return nil }\n', ['3-3 0 type T', '5-5 0 method Get', '7-7 0 function New']);
    await check('a.rs', 'struct S;\nimpl S {\n  fn new() -> S { S }\n}\n', ['1-1 0 class S', '2-4 0 class S', '3-3 1 method new']);
    await check('A.java', 'class A {\n  A() {}\n  int f(int x) { return x; }\n}\n', ['1-4 0 class A', '2-2 1 method A', '3-3 1 method f']);
  });

  it('shows heads without bodies', async () => {
    const shown = symbols.show(await outline('a.py', 'def add(a,\n        b):\n    return a + b\n'));
    equal(shown, 'a.py\n1-3\tdef add(a, b)');
  });

  it('says so where there is nothing to outline, and cuts what is too long', async () => {
    match(symbols.show(await outline('a.txt', 'x')), /no outline/);
    match(symbols.show(await outline('a.js', '1 + 1;')), /no classes or functions/);
    match(symbols.show(await outline('a.js', 'function f() {}\n'.repeat(500))), /100 more/);
  });
});
