import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../../src/node/removeTree.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** Makes a tree by this script, as a command would, and removes it; a link out of it and what it leads to are always there. */
function check(script: string): void {
  using folder = tempFolder();
  const tree = join(folder.path, 'tree');
  mkdirSync(join(folder.path, 'kept'));
  writeFileSync(join(folder.path, 'kept/file'), 'kept');
  mkdirSync(tree);
  symlinkSync(join(folder.path, 'kept'), join(tree, 'link'));
  execFileSync('bash', ['-c', script], { cwd: tree });
  removeTree(tree);
  assert.deepEqual(readdirSync(folder.path), ['kept']);
  assert.equal(readFileSync(join(folder.path, 'kept/file'), 'utf8'), 'kept');
}

/** 7,500 bytes of path; a shell would ask where it is at every step. */
const DEEP = `perl -e 'for (1..1500) { mkdir "dddd"; chdir "dddd" } open(F, ">", "deep"); symlink("/", "link"); chmod(0, ".")'`;

describe('removing a tree', () => {
  it('takes what is there, and nothing that a link leads to', () => check('mkdir -p a/b; touch a/b/c; mkfifo p'));
  it('is done where folders are locked', () => check('mkdir -p a/b/c; touch a/b/c/x; ln -s ../../../kept a/b/l; chmod 000 a/b/c a/b a'));
  it('is done where paths are longer than the system can name', () => check(`${DEEP}; chmod 000 dddd`));
  it('is done where paths are long of long names', () => check('n=$(printf "%0250d" 1); for i in {1..40}; do mkdir "$n"; cd "$n"; touch "$n.txt" 2>/dev/null; touch x; done'));
  it('is done where names are no text', () => check(`touch $'\\xff\\xfe' $'new\\nline' -- '-rf'; mkdir $'\\xc3\\x28'; cd $'\\xc3\\x28'; ${DEEP}`));
  it('is no error where nothing is', () => {
    using folder = tempFolder();
    removeTree(join(folder.path, 'none'));
    assert.equal(existsSync(folder.path), true);
  });
});
