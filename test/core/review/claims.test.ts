/** Claims of a model that are dropped without another call, and in which pieces it reads. */
import { deepEqual, match } from 'node:assert/strict';
import { type Claim, siftClaims } from '../../../src/core/review/claims.ts';
import { conflictLine, whyNotRead } from '../../../src/core/review/readable.ts';
import { familyOf, toSource } from '../../../src/core/review/source.ts';
import { unitsOf } from '../../../src/core/review/units.ts';
import { createSyntax } from '../../../src/node/syntax.ts';

const syntax = createSyntax();
const TEXT = "import fs from 'node:fs';\n\n// years\nexport function isLeap(year) {\n  return year % 4 === 0;\n}\n\nexport function twice(year) {\n  return year % 4 === 0;\n}\n";

async function sourceOf(path: string, text: string) {
  const family = familyOf(syntax.languageOf(path));
  const parsed = await syntax.parse(path, text);
  return family === undefined || parsed === undefined ? undefined : toSource({ path, text, root: parsed.root, family });
}

async function check(claim: Partial<Claim>, expected: number | RegExp, { ranges, taken = [] }: { readonly ranges?: readonly { readonly from: number; readonly to: number }[]; readonly taken?: readonly number[] } = {}): Promise<void> {
  const whole: Claim = { line: 5, quote: 'return year % 4 === 0;', category: 'bug', claim: 'Wrong for 1900: centuries are none.', ...claim };
  const { kept, dropped } = siftClaims([whole], { path: 'a.js', text: TEXT, source: await sourceOf('a.js', TEXT), unit: { from: 1, to: 10 }, ranges, taken: new Set(taken) });
  if (typeof expected === 'number') deepEqual([kept.map(({ line }) => line), dropped], [[expected], []]);
  else {
    deepEqual(kept, []);
    match(dropped[0] ?? '', expected);
  }
}

describe('claims of a model', () => {
  it('stand on the line that they quote, the nearest one to the number', async () => {
    await check({}, 5);
    await check({ line: 99 }, 9);
    await check({ line: 1, quote: '  5\treturn year % 4 === 0;  ' }, 5);
  });

  it('are dropped when the quoted line is not there', async () => {
    for (const quote of ['', ' ', '}', 'return year % 100 === 0;', 'return', 'return year % 4 === 0; }']) await check({ quote }, /is not there|is no code/u);
  });

  it('are dropped when they say nothing, or in another language', async () => {
    await check({ claim: 'bug' }, /claims nothing/u);
    await check({ claim: '这个函数对于一九零零年是错误的，因为没有检查世纪。' }, /another language/u);
    await check({ claim: 'Fehler: für 1900 ist das Ergebnis falsch.' }, 5);
  });

  it('are dropped when the file itself speaks against them', async () => {
    await check({ claim: 'The variable `year` is not defined at this point.' }, /year is defined/u);
    await check({ claim: 'There is a missing semicolon at the end of it.' }, /the file parses/u);
    await check({ quote: '// years', line: 3 }, /no code/u);
    await check({ quote: "import fs from 'node:fs';", line: 1, claim: 'fs is imported here and that is wrong.' }, /an import alone/u);
    await check({ quote: 'export function isLeap(year) {', line: 4 }, /only begins a function/u);
    await check({ claim: 'The naming is not readable enough for others.' }, /matter of taste/u);
  });

  it('are dropped on a line that was not changed, or that a rule has', async () => {
    await check({}, /was not changed/u, { ranges: [{ from: 9, to: 9 }] });
    await check({}, 5, { ranges: [{ from: 5, to: 5 }] });
    await check({}, /a rule says it already/u, { taken: [5] });
  });
});

describe('pieces that a model reads', () => {
  const many = (count: number, lines: number): string => Array.from({ length: count }, (_, index) => `function f${index}(x) {\n${'  use(x);\n'.repeat(lines - 2)}}\n`).join('');
  const cases: readonly (readonly [string, string, readonly { readonly from: number; readonly to: number }[] | undefined, readonly string[]])[] = [
    ['a small file whole, comments included', TEXT, undefined, ['1-10']],
    ['several functions as far as they fit', many(4, 25), undefined, ['1-50', '51-100']],
    ['the changed functions alone', many(4, 25), [{ from: 80, to: 81 }], ['55-100']],
    ['a long function around its change', many(1, 300), [{ from: 200, to: 201 }], ['181-226']],
    ['nothing of an empty file', '\n\n', undefined, []],
  ];
  for (const [what, text, ranges, expected] of cases) it(`are ${what}`, async () => {
    deepEqual(unitsOf(text, await sourceOf('a.js', text), ranges).map(({ from, to }) => `${from}-${to}`), expected);
  });

  it('are cut by lines where there is no grammar', () => deepEqual(unitsOf('x\n'.repeat(130), undefined, undefined).map(({ from, to }) => `${from}-${to}`), ['1-60', '61-120', '121-130']));
});

describe('files that are read', () => {
  const cases: readonly (readonly [string, string | undefined, RegExp | undefined])[] = [
    ['src/a.js', TEXT, undefined],
    ['src/a.js', '', undefined],
    ['src/a.js', undefined, /absent, refused, or no text/u],
    ['src/a.js', 'x\n'.repeat(2_001), /2002 lines/u],
    ['node_modules/a/b.js', TEXT, /a dependency/u],
    ['a.js', '// Code generated by protoc. DO NOT EDIT.\nx = 1;\n', /made by a program/u],
    ['a.js', `${'a=1;'.repeat(300)}\n`.repeat(4), /minified/u],
  ];
  for (const [path, text, expected] of cases) it(`${path} ${expected === undefined ? 'is' : `is not, ${expected.source}`}`, () => {
    if (expected === undefined) deepEqual(whyNotRead(path, text), undefined);
    else match(whyNotRead(path, text) ?? '', expected);
  });

  it('tell an unfinished merge from a text about one', () => {
    deepEqual(conflictLine('a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n'), 2);
    deepEqual(conflictLine('Title\n=======\ntext\n'), undefined);
    deepEqual(conflictLine('a << b\n<<<<<<<x\n'), undefined);
  });
});
