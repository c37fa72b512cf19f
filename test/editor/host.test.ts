import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, it } from 'mocha';
import { openHostWindow } from './rig.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('inside the extension host', () => {
  it('every test of test/editor/host passes', async () => {
    const bundle = path.join(ROOT, '.vscode-test/host.cjs'); // beside node_modules, where mocha is found
    await build({ entryPoints: [fileURLToPath(new URL('host/index.ts', import.meta.url))], outfile: bundle, bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode', 'mocha'], logLevel: 'silent' });
    const { code, log } = await openHostWindow(ROOT, bundle);
    assert.equal(code, 0, log);
    assert.match(log, /passing/u); // mocha's own closing line: it ran
  });
});
