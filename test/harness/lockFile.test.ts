import assert from 'node:assert/strict';
import { completeLock, lockFaults } from './lockFile.ts';

const LOCK = JSON.stringify({
  name: 'x',
  lockfileVersion: 3,
  packages: {
    '': { name: 'x' },
    'node_modules/tool': { version: '1.0.0', dev: true, optionalDependencies: { '@tool/linux-x64-musl': '1.0.0', '@tool/darwin-arm64': '1.0.0', '@tool/linux-x64-gnu': '1.0.0' } },
    'node_modules/@tool/linux-x64-gnu': { version: '1.0.0', optional: true },
  },
});

describe('lock file', () => {
  it('is refused while a platform has no entry', () => {
    assert.equal(lockFaults(LOCK).length, 2);
    assert.match(lockFaults(LOCK)[0] ?? '', /no entry for @tool\/linux-x64-musl@1\.0\.0.*completeLock/);
  });
  it('is completed without a change to what is there', () => {
    const { packages } = JSON.parse(completeLock(LOCK));
    assert.deepEqual(packages['node_modules/@tool/darwin-arm64'], { version: '1.0.0', cpu: ['arm64'], dev: true, optional: true, os: ['darwin'] });
    assert.deepEqual(packages['node_modules/@tool/linux-x64-musl'], { version: '1.0.0', cpu: ['x64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] });
    assert.deepEqual(packages['node_modules/@tool/linux-x64-gnu'], { version: '1.0.0', optional: true });
    assert.deepEqual(lockFaults(completeLock(LOCK)), []);
    assert.equal(Object.keys(packages)[0], '');
  });
});
