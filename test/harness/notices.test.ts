import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledFolders, isPermissive, noticedPackages, noticesOf } from '../../esbuild.notices.ts';
import { type TempFolder, tempFolder } from '../support/tempFolder.ts';

function place(folder: TempFolder, name: string, files: Readonly<Record<string, string>>): string {
  const at = join('node_modules', name);
  mkdirSync(join(folder.path, at), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder.path, at, file), text);
  return at;
}

const MIT = JSON.stringify({ name: 'a', version: '1.0.0', license: 'MIT' });

describe('notices of what is shipped', () => {
  it('hold each licence and notice in its own words, under name and version', async () => {
    using folder = tempFolder();
    const notices = await noticesOf(folder.path, [
      place(folder, 'b', { 'package.json': JSON.stringify({ name: '@x/b', version: '2.0.0', license: 'ISC' }), 'license.md': 'words of b', 'ThirdPartyNotices.txt': 'what b holds' }),
      place(folder, 'a', { 'package.json': MIT, 'LICENSE-MIT': 'words of a\r\n', 'index.js': 'code' }),
    ]);
    assert.deepEqual(noticedPackages(notices), ['@x/b@2.0.0', 'a@1.0.0']);
    for (const text of ['words of a', 'words of b', 'what b holds']) assert.ok(notices.includes(text), text);
    assert.ok(!notices.includes('\r') && !notices.includes('code\n\n'));
  });
  it('cannot be made of a package without a licence file', async () => {
    using folder = tempFolder();
    await assert.rejects(noticesOf(folder.path, [place(folder, 'a', { 'package.json': MIT, 'README.md': 'MIT' })]), /a@1\.0\.0 has no licence file/);
  });
  for (const license of ['GPL-3.0-only', 'AGPL-3.0', 'LGPL-2.1', 'MPL-2.0', 'SEE LICENSE IN x', 'UNLICENSED', 'MIT AND GPL-2.0', '', undefined]) {
    it(`cannot be made of a package under ${license ?? 'no licence'}`, async () => {
      using folder = tempFolder();
      const at = place(folder, 'a', { 'package.json': JSON.stringify({ name: 'a', version: '1.0.0', license }), LICENSE: 'words' });
      await assert.rejects(noticesOf(folder.path, [at]), /a@1\.0\.0 is under/);
    });
  }
  it('know a licence in brackets and a choice', () => {
    assert.deepEqual(['(MIT OR GPL-3.0)', 'Apache-2.0', '(MIT AND ISC)', 'GPL-2.0 OR LGPL-3.0', 'mit'].map(isPermissive), [true, true, true, false, false]);
  });
  it('are of the packages that gave bytes, the innermost folder of each', () => {
    const outputs = { 'dist/a.js': { bytes: 9, exports: [], imports: [], inputs: {
      'node_modules/zod/v4/core/api.js': { bytesInOutput: 4 }, 'node_modules/server/node_modules/@x/rpc/lib/a.js': { bytesInOutput: 4 },
      'node_modules/shaken/index.js': { bytesInOutput: 0 }, 'src/cli/main.ts': { bytesInOutput: 1 },
    } } };
    assert.deepEqual(bundledFolders([{ inputs: {}, outputs }]), ['node_modules/server/node_modules/@x/rpc', 'node_modules/zod']);
  });
});
