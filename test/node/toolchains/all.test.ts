import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { collectNeeds } from '../../../src/node/toolchains/all.ts';
import { type Scratch, scratch } from '../support.ts';

/** Makes the folders below the scratch; HOME is `home`, the workspace `ws`. */
function needs(place: Scratch, folders: readonly string[], { path = [] as readonly string[], env = {} } = {}) {
  for (const folder of ['home', 'ws', ...folders]) mkdirSync(join(place.folder, folder), { recursive: true });
  const at = (name: string): string => join(place.folder, name);
  const found = collectNeeds({ root: at('ws'), home: at('home'), env, path: path.map(at), cacheFolder: at('cache') });
  return { ...found, shown: found.readOnly.map((folder) => folder.slice(place.folder.length + 1)) };
}

describe('what a check sees of the machine', () => {
  it('is what stands beside each bin folder on PATH', () => {
    using place = scratch();
    assert.deepEqual(needs(place, ['opt/node/bin', 'home/.nvm/versions/node/v22/bin', 'home/.asdf/shims'], { path: ['opt/node/bin', 'home/.nvm/versions/node/v22/bin', 'home/.asdf/shims'] }).shown, ['home/.asdf', 'home/.nvm/versions/node/v22', 'opt/node']);
  });

  it('is never home, what is above it, or folders with credentials', () => {
    using place = scratch();
    const shown = needs(place, ['home/bin', 'home/.local/bin', 'home/.cargo/bin', 'home/.cargo/registry', 'home/.ssh', 'home/.aws', 'home/.m2/repository', 'home/.config', 'home/.docker'], { path: ['home/bin', 'home/.local/bin', 'home/.cargo/bin', '.', 'home'] }).shown;
    assert.deepEqual(shown, ['home/.cargo/bin', 'home/.cargo/registry', 'home/.local/bin', 'home/.m2/repository', 'home/bin']);
  });

  it('follows a virtual environment to the interpreter that it was made from', () => {
    using place = scratch();
    place.write({ 'ws/.venv/pyvenv.cfg': `home = ${place.folder}/home/.local/share/other/py3/bin\nversion = 3.12\n` });
    assert.deepEqual(needs(place, ['home/.local/share/other/py3/bin']).shown, ['home/.local/share/other/py3']);
  });

  it('names the place that a link leads to as well', () => {
    using place = scratch();
    mkdirSync(join(place.folder, 'data/rustup'), { recursive: true });
    mkdirSync(join(place.folder, 'home'));
    symlinkSync(join(place.folder, 'data/rustup'), join(place.folder, 'home/.rustup'));
    assert.deepEqual(needs(place, []).shown, ['data/rustup', 'home/.rustup']);
  });

  it('keeps the caches that are written apart, and works offline', () => {
    using place = scratch();
    const found = needs(place, []);
    assert.deepEqual(found.writable.map((folder) => folder.slice(place.folder.length + 1)), ['cache/go-build', 'cache/gradle']);
    for (const [name, value] of Object.entries({ GOPROXY: 'off', CARGO_NET_OFFLINE: 'true', npm_config_offline: 'true', PIP_NO_INDEX: '1', PYTHONDONTWRITEBYTECODE: '1', GOFLAGS: '', CI: 'true' })) assert.equal(found.env[name], value);
    assert.match(found.homeFiles['.m2/settings.xml'] ?? '', /<offline>true/);
  });

  it('passes language and zone and nothing that could hold a secret or load code', () => {
    using place = scratch();
    const { env } = needs(place, [], { env: { LANG: 'de_DE.UTF-8', TZ: 'Europe/Berlin', LC_ALL: 'C', API_KEY: 'x', NODE_OPTIONS: 'x', LD_PRELOAD: 'x', PYTHONPATH: 'x', DATABASE_URL: 'x', GOPATH: 'relative', CARGO_HOME: '/elsewhere/cargo' } });
    assert.deepEqual([env['LANG'], env['TZ'], env['LC_ALL'], env['CARGO_HOME'], env['GOPATH']], ['de_DE.UTF-8', 'Europe/Berlin', 'C', '/elsewhere/cargo', join(place.folder, 'home/go')]);
    for (const name of ['API_KEY', 'NODE_OPTIONS', 'LD_PRELOAD', 'PYTHONPATH', 'DATABASE_URL']) assert.equal(env[name], undefined);
  });

  it('puts an activated environment of the workspace first', () => {
    using place = scratch();
    assert.equal(needs(place, ['tools'], { path: ['tools'], env: { VIRTUAL_ENV: join(place.folder, 'ws/.venv') } }).env['PATH'], `${place.folder}/ws/.venv/bin:${place.folder}/tools`);
  });
});
