import assert from 'node:assert/strict';
import { classifyScript, commandsOfScript, pathsOfScript } from '../../../src/core/tools/scriptClass.ts';

describe('the class of a shell text', () => {
  function check(text: string, expected: 'read' | 'ask' | 'never'): void {
    it(`of ${JSON.stringify(text)} is ${expected}`, () => assert.equal(classifyScript(text).class, expected));
  }
  check('ls src && cat README.md | head -3', 'read');
  check('cd src; grep -rn add . | wc -l', 'read');
  check("grep -rn 'sudo rm -rf /' docs", 'read');
  check('grep -n PATH=x docs/a.md', 'read');
  check('ls; touch x', 'ask');
  check('ls > x', 'ask');
  check('ls $HOME', 'ask');
  check('npm test', 'ask');
  check('ls && sudo ls', 'never');
  check('ls $(sudo ls)', 'never');
  check('GIT_DIR=x git status', 'never');
  check('env LD_PRELOAD=x ls', 'never');
  check('PATH=.:$PATH ls', 'never');
  check("bash -c 'docker run x'", 'never');
  check('git -c a.b=c status > x', 'never');
  check('for f in *; do git stash; done', 'never');

  it('names its files, seen from the folder that it goes to', () => {
    assert.deepEqual(pathsOfScript('cd src && cat a.js | grep x ../b.js'), ['src', 'src/a.js', 'src/../b.js']);
    assert.deepEqual(pathsOfScript('ls > /etc/x'), ['/etc/x']);
  });
  it('names all of its commands for rules about commands', () => {
    assert.deepEqual(commandsOfScript('ls a | wc'), [['ls', 'a'], ['wc']]);
    assert.deepEqual(commandsOfScript('ls & curl x'), [['ls'], ['curl', 'x']]);
  });
});
