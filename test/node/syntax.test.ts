import { deepEqual, equal } from 'node:assert/strict';
import { createSyntax } from '../../src/node/syntax.ts';
import type { SyntaxNode } from '../../src/core/ports.ts';

const syntax = createSyntax();

async function check(path: string, text: string, expected: { type: string; errors: number } | undefined): Promise<void> {
  const parsed = await syntax.parse(path, text);
  deepEqual(parsed && { type: parsed.root.type, errors: parsed.errors }, expected);
}

describe('syntax', () => {
  it('parses every language that the crew repairs', async () => {
    await check('a.js', 'const a = b < c;', { type: 'program', errors: 0 });
    await check('a.mjs', 'export const a = <b/>;', { type: 'program', errors: 0 });
    await check('a.ts', 'const a: number = 1 as const;', { type: 'program', errors: 0 });
    await check('a.tsx', 'const a: X = <div/>;', { type: 'program', errors: 0 });
    await check('a.py', 'def f(x):\n  return x\n', { type: 'module', errors: 0 });
    await check('a.go', 'package a\nfunc f() {}\n', { type: 'source_file', errors: 0 });
    await check('a.rs', 'fn f() {}', { type: 'source_file', errors: 0 });
    await check('A.java', 'class A {}', { type: 'program', errors: 0 });
  });

  it('has no tree for other languages and for texts that are too long', async () => {
    await check('a.rb', 'x = 1', undefined);
    await check('Makefile', 'all:', undefined);
    await check('a.js', ' '.repeat(1_500_001), undefined);
  });

  it('counts errors and missing parts', async () => {
    const broken = await syntax.parse('a.js', 'function f( { return 1 }\nconst = ;');
    equal((broken?.errors ?? 0) > 0, true);
    const missing = await syntax.parse('a.js', 'if (a) { b()');
    equal((missing?.errors ?? 0) > 0, true);
  });

  it('gives offsets in UTF-16 units, lines from 1, and fields', async () => {
    const text = 'const s = "🎈é";\nif (s < t) run();\n';
    const root = (await syntax.parse('a.js', text))?.root;
    const condition = find(root, (node) => node.type === 'binary_expression');
    equal(condition && text.slice(condition.start, condition.end), 's < t');
    equal(condition?.line, 2);
    deepEqual(condition?.children.map((child) => [child.type, child.field, child.named]), [
      ['identifier', 'left', true],
      ['<', 'operator', false],
      ['identifier', 'right', true],
    ]);
  });

  it('survives an empty text and a tree thousands of levels deep', async () => {
    await check('a.js', '', { type: 'program', errors: 0 });
    await check('a.js', Array.from({ length: 20_000 }, () => 'a').join(' + '), { type: 'program', errors: 0 });
  });
});

function find(root: SyntaxNode | undefined, matches: (node: SyntaxNode) => boolean): SyntaxNode | undefined {
  const open = root ? [root] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    if (matches(node)) return node;
    open.push(...node.children);
  }
  return undefined;
}
