import assert from 'node:assert/strict';
import { dependencyFaults } from './dependencies.ts';

const ZOD = { version: '4.6.7', license: 'MIT', integrity: 'sha512-aa' };

/** Faults of a project that asks for `version` of zod, as `field`, and locks `entry`. */
function check({ version = '4.6.7', entry = ZOD, field = 'dependencies' }: { readonly version?: string; readonly entry?: object | null; readonly field?: string }, expected: readonly RegExp[]): void {
  const faults = dependencyFaults(JSON.stringify({ [field]: { zod: version } }), JSON.stringify({ packages: { '': {}, ...(entry === null ? {} : { 'node_modules/zod': entry }) } }));
  assert.equal(faults.length, expected.length, faults.join('\n'));
  for (const [index, pattern] of expected.entries()) assert.match(faults[index] ?? '', pattern);
}

describe('dependencies', () => {
  it('pass with an exact version, a hash and a permissive licence', () => check({}, []));
  for (const version of ['^4.6.7', '~4.6.7', '4', '4.6', '*', '', 'latest', '>=4.6.7', '4.6.7 || 5.0.0', '4.x', 'git+https://x.test/z.git', 'file:../zod', 'npm:other@4.6.7', 'v4.6.7']) {
    it(`fail with ${JSON.stringify(version)}, in development too`, () => {
      check({ version }, [/can be another version tomorrow/]);
      check({ version, field: 'devDependencies' }, [/can be another version tomorrow/]);
      check({ version, field: 'optionalDependencies' }, [/can be another version tomorrow/]);
    });
  }
  it('fail where the lock file holds another version, or none', () => {
    check({ entry: { ...ZOD, version: '4.6.8' } }, [/holds zod 4\.6\.8 and package\.json asks for 4\.6\.7/]);
    check({ entry: null }, [/holds zod \(nothing\)/]);
  });
  it('fail where what is shipped asks for more than its notice', () => {
    for (const license of ['GPL-3.0-only', 'AGPL-3.0-only', 'MPL-2.0', 'SSPL-1.0', 'BUSL-1.1', undefined]) check({ entry: { ...ZOD, license } }, [/^zod@4\.6\.7 is under/]);
    check({ entry: { ...ZOD, license: 'MPL-2.0', dev: true } }, []);
  });
  it('fail where nothing says what the bytes must be', () => {
    check({ entry: { version: '4.6.7', license: 'MIT' } }, [/no hash of zod@4\.6\.7/]);
    check({ entry: { ...ZOD, link: true } }, [/no hash of zod@4\.6\.7/]);
  });
});
