import assert from 'node:assert/strict';
import { isTestPath } from '../../../src/core/tools/testPaths.ts';

describe('testPaths', () => {
  for (const path of ['test/add.test.js', 'src/add.spec.ts', 'src/__tests__/add.js', 'test_add.py', 'pkg/add_test.py', 'conftest.py', 'tests/helpers.py', 'add_test.go', 'testdata/x.json', 'src/test/java/AddTest.java', 'AddTest.java', 'tests/it.rs', 'jest.config.js', '.mocharc.json', 'a.test.mjs', '__snapshots__/a.snap', 'Test/x.js', 'pytest.ini']) {
    it(`${path} is a test`, () => assert.equal(isTestPath(path), true));
  }
  for (const path of ['src/add.js', 'src/contest.js', 'src/latest.py', 'attest.go', 'src/testing.ts', 'src/specification.md', 'protest/x.js', 'src/inspect.js', 'testimony.py', 'src/Testify.kts', 'vite.config.ts', 'src/Manifest.java']) {
    it(`${path} is none`, () => assert.equal(isTestPath(path), false));
  }
});
