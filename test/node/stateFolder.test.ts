import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StoreFailed } from '../../src/core/run/storeErrors.ts';
import { type Machine, stateFolder } from '../../src/node/stateFolder.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** Makes a home and a workspace, and gives both to the script. */
function check(script: (parts: { readonly home: string; readonly workspace: string; readonly on: (machine: Partial<Machine>) => Machine }) => void): void {
  using folder = tempFolder();
  const home = path.join(folder.path, 'home');
  const workspace = path.join(home, 'shop');
  mkdirSync(workspace, { recursive: true });
  script({ home, workspace, on: (machine) => ({ platform: 'linux', env: {}, home, ...machine }) });
}

function refuses(kind: StoreFailed['kind'], message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof StoreFailed && error.kind === kind && message.test(error.message);
}

describe('stateFolder', () => {
  for (const [platform, env, base] of [
    ['linux', {}, '.local/state'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '.local/state'],
    ['darwin', {}, 'Library/Application Support'],
    ['win32', {}, 'AppData/Local'],
  ] as const) {
    it(`lies in ~/${base} on ${platform} with ${JSON.stringify(env)}`, () => check(({ home, workspace, on }) => {
      assert.match(stateFolder(workspace, on({ platform, env })), new RegExp(`^${path.join(home, base, 'groundcrew')}/[0-9a-f]{24}$`));
    }));
  }
  it('lies where XDG_STATE_HOME or LOCALAPPDATA says', () => check(({ home, workspace, on }) => {
    const named = path.join(home, 'elsewhere');
    assert.ok(stateFolder(workspace, on({ env: { XDG_STATE_HOME: named } })).startsWith(`${named}/groundcrew/`));
    assert.ok(stateFolder(workspace, on({ platform: 'win32', env: { LOCALAPPDATA: named } })).startsWith(`${named}/groundcrew/`));
  }));
  it('is for the user alone, also when it was made open', () => check(({ workspace, on }) => {
    const folder = stateFolder(workspace, on({}));
    chmodSync(folder, 0o755);
    assert.equal(stateFolder(workspace, on({})), folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(path.dirname(folder)).mode & 0o777, 0o700);
  }));
  it('is the same through a link to the workspace, and another for another one', () => check(({ home, workspace, on }) => {
    symlinkSync(workspace, path.join(home, 'link'));
    mkdirSync(path.join(home, 'other'));
    assert.equal(stateFolder(path.join(home, 'link'), on({})), stateFolder(workspace, on({})));
    assert.notEqual(stateFolder(path.join(home, 'other'), on({})), stateFolder(workspace, on({})));
  }));
  it('is never in the workspace: a home as workspace is refused, with what to do', () => check(({ home, on }) => {
    assert.throws(() => stateFolder(home, on({})), refuses('misuse', /inside the workspace.*Set XDG_STATE_HOME/));
  }));
  it('is not led into the workspace by a link', () => check(({ home, workspace, on }) => {
    symlinkSync(workspace, path.join(home, '.local'));
    assert.throws(() => stateFolder(workspace, on({})), refuses('misuse', /inside the workspace/));
  }));
  it('says what to do when it cannot be made', () => check(({ home, workspace, on }) => {
    writeFileSync(path.join(home, '.local'), 'a file');
    assert.throws(() => stateFolder(workspace, on({})), refuses('read-only', /cannot be made.*XDG_STATE_HOME/));
  }));
  it('does not use a file or a link in its place', () => check(({ home, workspace, on }) => {
    mkdirSync(path.join(home, '.local/state'), { recursive: true });
    mkdirSync(path.join(home, 'target'));
    symlinkSync(path.join(home, 'target'), path.join(home, '.local/state/groundcrew'));
    assert.throws(() => stateFolder(workspace, on({})), refuses('misuse', /not a folder/));
  }));
});
