import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { linkDependency } from '../../src/node/linkDependency.ts';
import { scratch } from './support.ts';

describe('linkDependency', () => {
  it('links packages one by one, and keeps the links to packages of the workspace its own', () => {
    using place = scratch();
    place.write({ 'real/node_modules/a/index.js': '', 'real/node_modules/@s/b/index.js': '', 'real/packages/own/index.js': '' });
    symlinkSync('../packages/own', join(place.folder, 'real/node_modules/own'));
    mkdirSync(join(place.folder, 'copy/node_modules'), { recursive: true });
    linkDependency(join(place.folder, 'real/node_modules'), join(place.folder, 'copy/node_modules'));
    const copy = join(place.folder, 'copy/node_modules');
    assert.deepEqual(readdirSync(copy).sort(), ['@s', 'a', 'own']);
    assert.equal(readlinkSync(join(copy, 'a')), join(place.folder, 'real/node_modules/a'));
    assert.equal(readlinkSync(join(copy, '@s/b')), join(place.folder, 'real/node_modules/@s/b'));
    assert.equal(readlinkSync(join(copy, 'own')), '../packages/own');
    assert.equal(existsSync(join(copy, 'own')), false);
  });

  it('links other folders whole, and the repository not at all', () => {
    using place = scratch();
    place.write({ 'real/.venv/pyvenv.cfg': '', 'real/.git/config': '' });
    for (const name of ['.venv', '.git']) {
      mkdirSync(join(place.folder, 'copy', name), { recursive: true });
      linkDependency(join(place.folder, 'real', name), join(place.folder, 'copy', name));
    }
    assert.equal(lstatSync(join(place.folder, 'copy/.venv')).isSymbolicLink(), true);
    assert.deepEqual(readdirSync(join(place.folder, 'copy/.git')), []);
  });
});
