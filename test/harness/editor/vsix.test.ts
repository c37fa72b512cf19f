import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from '../../support/tempFolder.ts';
import { readZipEntry } from '../zip.ts';
import { packExtension } from './vsix.ts';

const MANIFEST = {
  name: 'x', displayName: 'X', description: 'd', version: '1.0.0', publisher: 'p', main: './dist/extension.js', icon: 'media/icon.png', engines: { vscode: '^1.0.0' },
  categories: ['Other'], extensionKind: ['workspace'], scripts: { test: 'true' }, devDependencies: { mocha: '1.0.0' }, dependencies: { zod: '1.0.0' },
};
const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify(MANIFEST), '.vscodeignore': '**\n!package.json\n!README.md\n!CHANGELOG.md\n!LICENSE\n!dist/**\n!media/**\n',
  'README.md': 'r', 'CHANGELOG.md': 'c', LICENSE: 'l', 'dist/extension.js': 'export {};\n', 'dist/THIRD-PARTY-NOTICES.txt': 'notices', 'media/icon.png': 'p',
  'src/a.ts': 'source', 'test/a.test.ts': 'test', 'node_modules/zod/index.js': 'z', '.env': 'TOKEN=1', '.git/config': 'g',
};

/** Packs a project of FILES and `more`; null takes one away. The folder's own path stands for $ROOT. */
async function pack(more: Readonly<Record<string, string | null>>): Promise<{ readonly names: readonly string[]; readonly manifest: Readonly<Record<string, unknown>> }> {
  using folder = tempFolder();
  for (const [name, text] of Object.entries({ ...FILES, ...more })) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), text.replace('$ROOT', folder.path));
  }
  const { names } = await packExtension(folder.path, join(folder.path, 'x.vsix'));
  const manifest = readZipEntry(readFileSync(join(folder.path, 'x.vsix')), /^extension\/package\.json$/u);
  return { names, manifest: JSON.parse(String(manifest)) };
}

describe('packed extension', () => {
  it('holds what runs, and no test, source, secret or dependency folder', async () => {
    const { names, manifest } = await pack({});
    assert.deepEqual(names, ['[Content_Types].xml', 'extension.vsixmanifest', 'extension/package.json', ...['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/THIRD-PARTY-NOTICES.txt', 'dist/extension.js', 'media/icon.png'].map((name) => `extension/${name}`)]);
    assert.deepEqual(['scripts', 'dependencies', 'devDependencies'].filter((field) => field in manifest), []);
  });
  for (const name of ['dist/id_rsa', 'dist/tls.pem', 'dist/sign.key', 'dist/extension.js.map', 'dist/a.ts', 'dist/a.tsx', 'dist/test/a.js', 'dist/src/a.js', 'dist/node_modules/zod/index.js']) {
    it(`is not made with ${name}`, async () => {
      await assert.rejects(pack({ [name]: 'x' }), new RegExp(`${name.replaceAll('.', '\\.')} would be in the package`));
    });
  }
  it('holds no hidden file, wherever it lies', async () => {
    const hidden = Object.fromEntries(['dist/.env', 'dist/.env.local', 'dist/.npmrc', 'media/.git/config'].map((name) => [name, 'x']));
    assert.deepEqual((await pack(hidden)).names, (await pack({})).names);
  });
  const inside: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a private key': [`-----BEGIN ${'RSA'} PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n`, /what looks like a secret/],
    'a token': [`const t = '${'ghp_'}${'a1B2'.repeat(9)}';\n`, /what looks like a secret/],
    'its source map within': ['1;\n//# sourceMappingURL=data:application/json;base64,e30=\n', /holds its sources/],
    'a path of the machine that built it': ['const at = "$ROOT/node_modules/zod/index.js";\n', /the folder that it was built in/],
  };
  for (const [what, [text, message]] of Object.entries(inside)) {
    it(`is not made with ${what} in a file of a plain name`, async () => {
      await assert.rejects(pack({ 'dist/chunk.js': text }), message);
    });
  }
  it('is not made without its own files and the licences of what it ships', async () => {
    for (const name of ['dist/extension.js', 'media/icon.png', 'LICENSE', 'dist/THIRD-PARTY-NOTICES.txt']) await assert.rejects(pack({ [name]: null }), /is not in the package/);
  });
  it('is not made from a list of what is left out: such a list forgets', async () => {
    await assert.rejects(pack({ '.vscodeignore': 'src/**\n!dist/**\n' }), /must begin with/);
  });
});
