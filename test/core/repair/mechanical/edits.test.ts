import { deepEqual, equal, ok } from 'node:assert/strict';
import { type MechanicalEdit, mechanicalEdits } from '../../../../src/core/repair/mechanical/edits.ts';
import { createSyntax } from '../../../../src/node/syntax.ts';

const syntax = createSyntax();
const LIMIT = 1_500;

async function editsOf(path: string, text: string, more: { failure?: string; line?: number; scores?: readonly (readonly [number, number])[]; limit?: number } = {}): Promise<readonly MechanicalEdit[]> {
  const parsed = await syntax.parse(path, text);
  if (!parsed) throw new Error(`no grammar for ${path}`);
  const lines = text.split('\n').length;
  return mechanicalEdits(
    {
      files: [{ file: { path, text }, root: parsed.root, language: syntax.languageOf(path) }],
      suspects: [{ path, line: more.line ?? 1, endLine: more.line ?? lines, symbol: '', score: 0.7, evidence: '' }],
      ...(more.scores ? { lineScores: new Map([[path, new Map(more.scores)]]) } : {}),
      ...(more.failure ? { failure: more.failure } : {}),
    },
    more.limit ?? LIMIT,
  );
}

/** `from` → `to` is among the edits of `before`, once replaced. */
async function check(path: string, before: string, [from, to]: readonly [string, string]): Promise<void> {
  ok(before.includes(from), `the sample holds no ${from}`);
  const expected = squeeze(before.replace(from, () => to));
  const edits = await editsOf(path, before);
  ok(edits.some(({ text }) => squeeze(text) === expected), `${path}: no edit makes\n${before.replace(from, () => to)}`);
}

const squeeze = (text: string): string => text.replace(/[ \t]+$/gm, '').replace(/\n+/g, '\n');
const js = (body: string, parameters = 'items, size'): string => `function f(${parameters}) {\n${body}\n}\n`;
const py = (body: string, parameters = 'items, size'): string => `def f(${parameters}):\n${body}\n`;

describe('mechanical edits of JavaScript', () => {
  it('change operators, bounds and constants', async () => {
    await check('a.js', js('  return items.length > size;'), ['>', '>=']);
    await check('a.js', js('  return items.length > size || size < 0;'), ['||', '&&']);
    await check('a.js', js('  return size || 3;'), ['||', '??']);
    await check('a.js', js('  return items.length + size;'), ['+', '-']);
    await check('a.js', js('  return items[size];'), ['[size]', '[size - 1]']);
    await check('a.js', js('  let best = 0;\n  return best;'), ['= 0', '= -Infinity']);
    await check('a.js', js('  return size + items.length * 2;'), ['size + items.length * 2', '(size + items.length) * 2']);
    await check('a.js', js("  return items.replace(/a+/, '');"), ['/a+/', '/a+/g']);
    await check('a.js', js('  if (!items) return 1;\n  return 2;'), ['!items', 'items']);
  });

  it('doubt, before a call that names nothing, what its neighbours work on', async () => {
    await check('a.js', js('  let line = items;\n  const flush = () => size.push(line);\n  while (size) {\n    flush();\n    line = size;\n  }'), ['    flush();', '    if (line) {\n      flush();\n    }']);
  });

  it('compute otherwise where a parameter is zero or empty', async () => {
    await check('a.js', js('  return [size + 1, items];'), ['size + 1', '(items === 0 ? size : size + 1)']);
    await check('a.js', js('  return size - items.length;'), ['size - items.length', '(items.length === 0 ? size : size - items.length)']);
    await check('a.py', py('    return size + 1'), ['size + 1', '(size if not items else size + 1)']);
  });

  it('change names, methods, arguments and order', async () => {
    await check('a.js', js('  return items.slice(size);'), ['slice', 'splice']);
    await check('a.js', js('  return Math.floor(items / size);'), ['floor', 'ceil']);
    await check('a.js', js('  const other = 1;\n  return g(items, size);'), ['g(items, size)', 'g(size, items)']);
    await check('a.js', js('  const total = 1;\n  return size;'), ['return size', 'return total']);
    await check('a.js', js('  return { ...items, ...size };'), ['...items, ...size', '...size, ...items']);
    await check('a.js', js("  a('x');\n  b('y');"), ["  a('x');\n  b('y');", "  b('y');\n  a('x');"]);
    await check('a.js', js('  return Math.max(size, Math.min(items, 3));'), ['Math.max(size, Math.min(items, 3))', 'Math.min(size, Math.max(items, 3))']);
  });

  it('add guards, defaults, conversions and copies', async () => {
    await check('a.js', js('  return items.map((item) => item.name);'), ['  return items', '  if (!items) return [];\n  return items']);
    await check('a.js', js('  for (const item of items) {\n    use(item.name);\n  }'), ['    use', '    if (!item) continue;\n    use']);
    await check('a.js', js('  return items.user.name;'), ['user.name', 'user?.name']);
    await check('a.js', js('  return items.total / size;'), ['items.total / size', '(size === 0 ? 0 : items.total / size)']);
    await check('a.js', js('  if (size) return 1;\n  return 2;'), ['(size)', '(size !== undefined)']);
    await check('a.js', js('  return items.sort();'), ['sort()', 'sort((a, b) => a - b)']);
    await check('a.js', js('  return items.reduce((sum, item) => sum + item);'), ['item);', 'item, 0);']);
    await check('a.js', js('  const copy = items;\n  return copy;'), ['= items', '= [...items]']);
    await check('a.js', js("  if (items.includes(',')) return 1;\n  return '\"';"), ["items.includes(',')", "items.includes(',') || items.includes('\"')"]);
    await check('a.js', js('  size[items] = [1];'), ['size[items] = [1]', '(size[items] ??= []).push(1)']);
    await check('a.js', js('  let best = 0;\n  for (const item of items) best = item.size;\n  return best;'), ['best = item.size', 'best = Math.max(best, item.size)']);
  });

  it('wait for promises, keep this, end branches', async () => {
    await check('a.js', `async ${js('  const item = load(size);\n  return item;')}`, ['load(size)', 'await load(size)']);
    await check('a.js', `async ${js('  items.forEach(async (item) => { await item.save(); });')}`, ['items.forEach(async (item) => { await item.save(); });', 'for (const item of items) { await item.save(); }']);
    await check('a.js', js('  items.forEach(this.add);'), ['this.add', 'this.add.bind(this)']);
    await check('a.js', js('  for (var i = 0; i < size; i++) items.push(() => i);'), ['var', 'let']);
    await check('a.js', js("  switch (size) {\n    case 1:\n      size = 2;\n    case 2:\n      return 3;\n  }"), ['size = 2;\n', 'size = 2;\n      break;\n']);
    await check('a.js', js('  for (const item of items) {\n    if (item) size++;\n    return size;\n  }'), ['    return size;\n  }', '  }\n  return size;']);
  });

  it('copy the statement that a sibling has', async () => {
    const store = 'class Store {\n  add(item) {\n    this.items.push(item);\n    this.cache.clear();\n  }\n  remove(item) {\n    this.items.delete(item);\n  }\n}\n';
    await check('a.js', store, ['delete(item);\n', 'delete(item);\n    this.cache.clear();\n']);
  });

  it('change a format wherever it is written', async () => {
    await check('a.js', "const read = (text) => text.split(',');\nconst write = (list) => list.join(',');\nconst other = '-';\n", ["split(',');\nconst write = (list) => list.join(',')", "split('-');\nconst write = (list) => list.join('-')"]);
  });
});

describe('mechanical edits of Python', () => {
  it('change operators, bounds and lookups', async () => {
    await check('a.py', py('    return items[size] is 3'), ['is 3', '== 3']);
    await check('a.py', py('    return size / 2'), ['/', '//']);
    await check('a.py', py('    return list(range(size))'), ['(size)', '(1, size + 1)']);
    await check('a.py', py('    return items[size]'), ['items[size]', 'items.get(size, 0)']);
    await check('a.py', py('    if size:\n        return 1\n    return 2'), ['if size', 'if size is not None']);
    await check('a.py', py("    return items.split('=')"), ["('=')", "('=', 1)"]);
    await check('a.py', py('    return items.month < size.month and items.day < size.day'), ['items.month < size.month and items.day < size.day', '(items.month, items.day) < (size.month, size.day)']);
  });

  it('know the traps of the language', async () => {
    await check('a.py', 'def f(a, b=[]):\n    return b\n', ['b=[]):\n', 'b=None):\n    if b is None:\n        b = []\n']);
    await check('a.py', 'class A:\n    items = []\n\n    def __init__(self, n):\n        self.n = n\n', ['    items = []\n\n    def __init__(self, n):\n', '\n    def __init__(self, n):\n        self.items = []\n']);
    await check('a.py', 'def f():\n    n = 0\n    def g():\n        n += 1\n        return n\n    return g\n', ['def g():\n', 'def g():\n        nonlocal n\n']);
    await check('a.py', py('    out = items.sort()\n    return out'), ['items.sort()', 'sorted(items)']);
    await check('a.py', py('    for size in items:\n        out.append(lambda x: x * size)'), ['lambda x', 'lambda x, size=size']);
    await check('a.py', py('    for key in items:\n        del items[key]'), ['in items', 'in list(items)']);
    await check('a.py', py('    try:\n        return int(items)\n    except ValueError:\n        return 0'), ['ValueError', '(ValueError, KeyError)']);
  });

  it('guard, move in and out of blocks, re-indent', async () => {
    await check('a.py', py('    total = sum(items)\n    return total / size'), ['    total', '    if not items:\n        return 0\n    total']);
    await check('a.py', py('    for item in items:\n        size += item\n        return size'), ['        return size', '    return size']);
    await check('a.py', py('    for item in items:\n        a(item)\n    b(item)'), ['    b(item)', '        b(item)']);
    await check('a.py', py('    for item in items:\n        if item.x in size:\n            a(item)\n        b(item)'), ['        if item.x in size:\n            a(item)\n        b(item)', '        b(item)\n        if item.x in size:\n            a(item)']);
  });
});

describe('mechanical edits of other languages', () => {
  it('use the same node tables', async () => {
    await check('a.ts', 'export function f(a: number[], n: number): number {\n  return a.length > n ? 1 : 0;\n}\n', ['>', '>=']);
    await check('a.go', 'package a\n\nfunc F(xs []int, n int) int {\n\treturn xs[n]\n}\n', ['\treturn xs', '\tif len(xs) == 0 {\n\t\treturn 0\n\t}\n\treturn xs']);
    await check('a.go', 'package a\n\nfunc F(a, b int) bool {\n\treturn a < b && b > 0\n}\n', ['<', '<=']);
    await check('a.rs', 'fn f(a: i32, b: i32) -> bool {\n    a < b || b == 0\n}\n', ['||', '&&']);
    await check('A.java', 'class A {\n  int f(int a, int b) {\n    return Math.max(a, b) + 1;\n  }\n}\n', ['max', 'min']);
  });
});

describe('mechanical edits', () => {
  const sample = js('  const first = items[0];\n  if (size > first) return size - 1;\n  return first;');

  it('are distinct, differ from the base, are ranked without gaps and the same each time', async () => {
    const edits = await editsOf('a.js', sample);
    equal(new Set([sample, ...edits.map(({ text }) => text)]).size, edits.length + 1);
    deepEqual(edits.map(({ rank }) => rank), edits.map((_, index) => index));
    deepEqual(await editsOf('a.js', sample), edits);
  });

  it('mostly parse', async () => {
    const edits = await editsOf('a.js', sample);
    const broken = await Promise.all(edits.map(async ({ text }) => ((await syntax.parse('a.js', text))?.errors ?? 1) > 0));
    ok(broken.filter(Boolean).length < edits.length * 0.15);
  });

  it('touch only suspicious lines, the most suspicious first', async () => {
    const only = await editsOf('a.js', sample, { line: 3 });
    ok(only.length > 0 && only.every(({ line }) => line === 3));
    const scored = await editsOf('a.js', sample, { scores: [[2, 0.1], [3, 1], [4, 0.1]] });
    const early = scored.slice(0, 20).filter(({ line }) => line === 3);
    ok(early.length > 14);
  });

  it('keep the limit, and are none without suspects or nodes', async () => {
    equal((await editsOf('a.js', sample, { limit: 7 })).length, 7);
    deepEqual(await editsOf('a.js', sample, { line: 99 }), []);
    deepEqual(await editsOf('a.js', ''), []);
  });

  it('follow the kind of the failure', async () => {
    const first = async (failure: string): Promise<number> => (await editsOf('a.js', js('  return items.name.first;'), { failure })).findIndex(({ operator }) => operator === 'optional');
    ok((await first("TypeError: Cannot read properties of undefined (reading 'first')")) < (await first('1 !== 2')));
  });

  it('keep CRLF line ends and tabs', async () => {
    const text = 'function f(a) {\r\n\tuse(a);\r\n\treturn a.b;\r\n}\r\n';
    const edits = await editsOf('a.js', text);
    ok(edits.some((edit) => edit.text === 'function f(a) {\r\n\tif (!a) return null;\r\n\tuse(a);\r\n\treturn a.b;\r\n}\r\n'));
    ok(edits.every((edit) => !/[^\r]\n/.test(edit.text)));
  });

  it('survive broken code and a line with thousands of literals', async () => {
    ok((await editsOf('a.js', 'function f( { if (a < b return 1 }')).length >= 0);
    const table = `const t = [${Array.from({ length: 3_000 }, (_, index) => index).join(', ')}];\n`;
    equal((await editsOf('a.js', table, { limit: 100 })).length, 100);
  });
});
