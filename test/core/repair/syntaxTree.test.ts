import { deepEqual, equal } from 'node:assert/strict';
import type { SyntaxNode } from '../../../src/core/ports.ts';
import { ancestorsOf, bindingsOf, enclosingFunction, functionName, identifiersInScope, parentsOf, walk } from '../../../src/core/repair/syntaxTree.ts';
import { createSyntax } from '../../../src/node/syntax.ts';

const syntax = createSyntax();

async function rootOf(path: string, text: string): Promise<SyntaxNode> {
  const parsed = await syntax.parse(path, text);
  if (!parsed) throw new Error(`no grammar for ${path}`);
  return parsed.root;
}

/** Names in scope at the first node whose text is `at`, sorted. */
async function check(path: string, text: string, at: string, expected: readonly string[]): Promise<void> {
  const root = await rootOf(path, text);
  let place: SyntaxNode | undefined;
  walk(root, (node) => {
    if (!place && node.named && text.slice(node.start, node.end) === at) place = node;
    return true;
  });
  if (!place) throw new Error(`no node ${at}`);
  deepEqual([...identifiersInScope(root, text, place)].map(({ name }) => name).sort(), [...expected].sort());
}

const JS = "import { z } from 'z';\nconst top = 1;\nfunction outer(a, { b, c: d }, ...rest) {\n  const before = here(a);\n  for (const item of rest) { let inner = 1; }\n  const f = (x, y = 2) => x + y;\n  const after = 3;\n}\nclass K { m(p) { return p; } }\n";

describe('syntax tree: names in scope', () => {
  it('are parameters, earlier locals and the module, not later locals nor other blocks', async () => {
    await check('a.js', JS, 'here(a)', ['z', 'top', 'outer', 'a', 'b', 'd', 'rest', 'K']);
    await check('a.js', JS, 'x + y', ['z', 'top', 'outer', 'a', 'b', 'd', 'rest', 'before', 'f', 'x', 'y', 'K']);
    await check('a.js', JS, 'return p;', ['z', 'top', 'outer', 'p', 'K']);
  });

  it('follow the rules of Python: functions bound them, blocks do not', async () => {
    await check('a.py', 'LIMIT = 1\ndef f(a, b=2, *c, **d):\n    if a:\n        x, y = 1, 2\n    for i in b:\n        pass\n    return here\n    z = 1\n', 'here', ['LIMIT', 'f', 'a', 'b', 'c', 'd', 'x', 'y', 'i']);
    await check('a.py', 'def f(a):\n    return [here for q in a]\n', 'here', ['f', 'a']);
  });

  it('are found in Go, Rust and Java', async () => {
    await check('a.go', 'package p\nfunc F(a, b int) int {\n\tn := 1\n\tfor i, x := range a { _ = x }\n\treturn here\n}\n', 'here', ['F', 'a', 'b', 'n']);
    await check('a.rs', 'fn f(a: i32) -> i32 {\n    let mut n = 1;\n    here\n}\n', 'here', ['f', 'a', 'n']);
    await check('A.java', 'class A {\n  int f(int a) {\n    int n = 1;\n    return here;\n  }\n}\n', 'here', ['A', 'a', 'n']);
  });

  it('tell parameters and owners', async () => {
    const root = await rootOf('a.js', JS);
    const bindings = bindingsOf(root, JS);
    deepEqual(bindings.filter(({ parameter }) => parameter).map(({ name }) => name), ['a', 'b', 'd', 'rest', 'x', 'y', 'p']);
    deepEqual(bindings.filter(({ owner }) => owner === undefined).map(({ name }) => name), ['z', 'top', 'outer', 'K']);
  });
});

describe('syntax tree: places', () => {
  it('knows the innermost function of a line, and its name however it was given', async () => {
    const text = 'const f = () => {\n  1;\n};\nexports.g = function () {\n  2;\n};\nconst o = { h() {\n  3;\n}, k: () => {\n  4;\n} };\n5;\n';
    const root = await rootOf('a.js', text);
    const nameAt = (line: number): string | undefined => {
      const node = enclosingFunction(root, line);
      return node && functionName(root, text, node);
    };
    deepEqual([2, 5, 8, 10, 12].map(nameAt), ['f', 'exports.g', 'h', 'k', undefined]);
  });

  it('climbs from a node to the root', async () => {
    const root = await rootOf('a.js', 'if (a) { b(); }');
    let leaf = root;
    walk(root, (node) => {
      leaf = node;
      return true;
    });
    equal(ancestorsOf(root, leaf).at(-1), root);
    equal(parentsOf(root).get(root), undefined);
  });
});
