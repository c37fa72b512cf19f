import assert from 'node:assert/strict';
import { createSyntax } from '../../src/node/syntax.ts';
import { coreOrder, importCycles, layerFaults } from './layers.ts';
import { parseSource } from './sources.ts';

const ARCHITECTURE = '| `util` | helpers |\n| `domain` | nouns |\n| `ports.ts` | host |\n| `tools` | tools |\n';
const syntax = createSyntax();

/** Path → text of a small project; the faults of its imports. */
async function check(project: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const files = await Promise.all(Object.entries(project).map(([path, text]) => parseSource(syntax, path, text)));
  return [...layerFaults(files, ARCHITECTURE), ...importCycles(files)];
}
const UTIL = { 'src/core/util/a.ts': 'export const a = 1;\n' };

describe('layers', () => {
  it('allows imports from folders above, from the core in node, and pure packages', async () => {
    assert.deepEqual(await check({ ...UTIL, 'src/core/tools/b.ts': "import { a } from '../util/a.ts';\nimport * as z from 'zod';\n", 'src/node/c.ts': "import { a } from '../core/util/a.ts';\nimport { join } from 'node:path';\n" }), []);
  });
  it('lets every file of the webview draw with preact and fold with the core', async () => {
    assert.deepEqual(await check({ ...UTIL, 'src/webview/a.tsx': "import { render } from 'preact';\nimport { b } from './b.tsx';\n", 'src/webview/b.tsx': "import { useState } from 'preact/hooks';\nimport { a } from '../core/util/a.ts';\nexport const b = 1;\n" }), []);
  });
  const wrong: readonly [string, Readonly<Record<string, string>>, RegExp][] = [
    ['a folder that knows one below it', { 'src/core/util/a.ts': "import { b } from '../tools/b.ts';\n", 'src/core/tools/b.ts': 'export const b = 1;\n' }, /^src\/core\/util\/a\.ts:1 imports .*core\/util stands above core\/tools/],
    ['a type import against the order', { 'src/core/util/a.ts': "import type { b } from '../tools/b.ts';\n", 'src/core/tools/b.ts': '' }, /stands above/],
    ['an import() against the order', { 'src/core/util/a.ts': "export const b = await import('../tools/b.ts');\n", 'src/core/tools/b.ts': '' }, /stands above/],
    ['a typeof import() against the order', { 'src/core/util/a.ts': "export type B = typeof import('../tools/b.ts');\n", 'src/core/tools/b.ts': '' }, /stands above/],
    ['core that touches the machine', { 'src/core/util/a.ts': "import { readFile } from 'node:fs/promises';\n" }, /only node, cli, server, vscode may touch the machine/],
    ['core that imports node/', { ...UTIL, 'src/core/tools/b.ts': "import { c } from '../../node/c.ts';\n", 'src/node/c.ts': '' }, /core imports only core/],
    ['core with an outside package', { 'src/core/util/a.ts': "import { Ollama } from 'ollama';\n" }, /wrapped in one file of node/],
    ['cli with an outside package', { 'src/cli/main.ts': "import { simpleGit } from 'simple-git';\n" }, /wrapped in one file of node/],
    ['one package in two files', { 'src/node/a.ts': "import 'ollama';\n", 'src/node/b.ts': "import 'ollama/browser';\n" }, /ollama is imported by src\/node\/a\.ts and src\/node\/b\.ts/],
    ['a folder that the table does not name', { 'src/core/extra/a.ts': "import { a } from '../util/a.ts';\n", ...UTIL }, /no src\/core\/extra/],
    ['a new top folder', { 'src/other/a.ts': "import { a } from '../core/util/a.ts';\n", ...UTIL }, /knows no folder src\/other/],
    ['src that imports tests', { 'src/node/a.ts': "import { b } from '../../test/b.ts';\n", 'test/b.ts': '' }, /nothing outside src/],
    ['a barrel', { ...UTIL, 'src/core/tools/b.ts': "export { a } from '../util/a.ts';\n" }, /no barrels/],
    ['a missing ending', { ...UTIL, 'src/core/tools/b.ts': "import { a } from '../util/a';\n" }, /end in \.ts/],
    ['a file that is not there', { 'src/core/tools/b.ts': "import { a } from '../util/gone.ts';\n" }, /no such file/],
    ['vscode outside its folder', { 'src/node/a.ts': "import * as vscode from 'vscode';\n" }, /src\/vscode alone/],
    ['preact outside the webview', { 'src/vscode/a.ts': "import { h } from 'preact';\n" }, /only src\/webview/],
    ['a webview that knows the editor', { 'src/webview/a.tsx': "import '../vscode/b.ts';\n", 'src/vscode/b.ts': '' }, /webview imports only webview, protocol, core/],
    ['a circle, by types too', { 'src/node/a.ts': "import type { B } from './b.ts';\n", 'src/node/b.ts': "import { a } from './a.ts';\n" }, /^src\/node\/a\.ts → src\/node\/b\.ts → src\/node\/a\.ts$/],
  ];
  for (const [what, project, fault] of wrong) {
    it(`refuses ${what}`, async () => {
      const faults = await check(project);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', fault);
    });
  }
  it('does not pass for want of a table', () => assert.throws(() => coreOrder('# Architecture'), /no table of core folders/));
});
