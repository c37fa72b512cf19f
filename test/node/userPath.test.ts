import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findIn, isInside, userPath } from '../../src/node/userPath.ts';
import { scratch } from './support.ts';

describe('userPath', () => {
  it('leaves out ours, the workspace, links into it, relative and absent folders, and doubles', () => {
    using place = scratch();
    place.write({ 'ws/bin/x': '', 'tools/node': '', 'pkg/node_modules/.bin/x': '', 'pkg/node_modules/@npmcli/run-script/lib/node-gyp-bin/x': '', 'pkg/node_modules/node/bin/node': '' });
    chmodSync(join(place.folder, 'tools/node'), 0o755);
    symlinkSync(join(place.folder, 'ws/bin'), join(place.folder, 'sly'));
    symlinkSync(join(place.folder, 'tools'), join(place.folder, 'linked'));
    const entries = ['pkg/node_modules/.bin', 'pkg/node_modules/@npmcli/run-script/lib/node-gyp-bin', 'pkg/node_modules/node/bin', 'ws/bin', 'sly', 'absent', 'linked', 'tools'].map((path) => join(place.folder, path));
    assert.deepEqual(userPath({ root: join(place.folder, 'ws'), env: { PATH: ['.', 'bin', '', ...entries].join(':') } }), [join(place.folder, 'tools')]);
  });

  it('adds our own Node last, only where the user has none', () => {
    using place = scratch();
    mkdirSync(join(place.folder, 'empty'));
    const found = userPath({ root: '/nowhere', env: { PATH: join(place.folder, 'empty') } });
    assert.equal(found[0], join(place.folder, 'empty'));
    assert.equal(findIn(found, 'node'), process.execPath);
    assert.equal(found.length, 2);
  });
});

describe('findIn', () => {
  it('takes only executable regular files, by a plain name', () => {
    using place = scratch();
    place.write({ 'a/tool': '', 'b/tool': '', 'c/tool/x': '' });
    chmodSync(join(place.folder, 'b/tool'), 0o755);
    const folders = ['c', 'a', 'b'].map((name) => join(place.folder, name));
    assert.equal(findIn(folders, 'tool'), join(place.folder, 'b/tool'));
    for (const name of ['', 'b/tool', '../b/tool', 'absent', 'a\0']) assert.equal(findIn([place.folder, ...folders], name), undefined);
  });
});

describe('isInside', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [['/ws', '/ws', true], ['/ws/a', '/ws', true], ['/ws-evil', '/ws', false], ['/', '/ws', false], ['/ws/../x', '/ws', false], ['/ws/..a', '/ws', true]];
  for (const [path, folder, expected] of cases) it(`is ${expected} for ${path} in ${folder}`, () => assert.equal(isInside(path, folder), expected));
});
