import assert from 'node:assert/strict';
import { classifyCommand, pathsOfCommand } from '../../../src/core/tools/commandClass.ts';

/** Words split at blanks; a word in quotes keeps them. */
const split = (line: string): readonly string[] => [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');

function check(expected: 'read' | 'ask' | 'never', lines: readonly string[]): void {
  for (const line of lines) {
    it(`${expected}: ${line}`, () => {
      const found = classifyCommand(split(line));
      assert.equal(found.class, expected, found.reason);
      assert.notEqual(found.reason, '');
    });
  }
}

describe('a command that only reads', () => {
  check('read', [
    'ls', 'ls -la src', 'cat src/a.js', 'head -3 README.md', 'head -n 3 README.md', 'head -n3 README.md', 'tail --lines=5 a', 'wc -l src/a.js', "find src -name '*.js'", "find . -type f -not -path './x/*'",
    'grep -rn add src', 'grep -e -x a', 'rg -n add', 'rg --files src', "sed -n '1,20p' a.js", "sed -n '3p;7,$p' a.js", 'echo hello > world', 'sort -rn a', 'uniq -c a', 'cut -d / -f 2 a', 'diff -u a b', 'pwd', 'node --version', 'go version',
    'git log --oneline -5', 'git diff HEAD~1 -- src/a.js', 'git show HEAD:src/a.js', 'git status -sb', 'git branch --show-current', 'git blame -L1,3 a.js',
  ]);
});

describe('a command that must be asked for', () => {
  check('ask', [
    // Unknown, abbreviated and combined flags.
    'ls --recursiv', 'ls -laX', 'cat --show', 'tail -f log', 'head --line=3 a', 'grep -rf patterns src', 'sort -o out a', 'sort -no out a', 'sort --compress-program=sh a', 'sort --files0-from=a', 'rg --pre ./x a', 'rg --pr=./x a', 'rg -z a', 'rg --hostname-bin x a',
    'file -f list', 'file -C -m x', 'date -s 2020', 'uniq a b', 'xxd a b', 'tree -o x',
    // Programs of common readers' own.
    "find . -name a -exec touch x ';'", 'find . -delete', 'find . -fprint x', 'find . -ok x', 'find . -execdir x', 'sed -i s/a/b/ a', "sed -n '1e touch x' a", "sed -n 'w x' a", "sed 's/a/b/w x' a", "sed -ne '1p' a", 'awk BEGIN{} a', 'tar cf x a', 'tee x', 'cp a b', 'jq -n env', 'less a', 'printenv', 'env', 'xargs ls', 'env ls', 'timeout 5 ls', 'busybox ls',
    // Programs of the workspace or of a place.
    'make', 'npm test', 'npm install left', 'pip install x', 'node -e 1', 'node x.js', 'node --version x', 'python3 -c 1', 'sh -c ls', 'bash x.sh', './git status', '/usr/bin/ls', 'bin/ls', 'perl -e 1', 'unknown-program', 'touch x', 'rm a', 'rm -r build', 'curl http://x', 'wget x',
    // Elsewhere and secrets.
    'cat /etc/passwd', 'cat ../x', 'ls ~', 'cat src/../../x', 'grep -e x /etc/passwd', 'rg --files /etc', 'head -n 3 /x', 'cat C:\\x', 'find / -name x', 'cat .env', 'cat .git/config', 'cat $HOME/x', 'git show HEAD:.env', 'grep KEY .env',
    // git beyond the list.
    'git push origin HEAD', 'git commit -m x', 'git checkout a', 'git merge x', 'git branch new', 'git tag v1', 'git log -p --unknown', 'git diff --stat=1', 'git fetch', 'git apply x', 'git',
    "'' a", "'l\u200bs'",
  ]);
  it('ask: nothing, far too much, hidden characters', () => {
    for (const argv of [[], ['ls', 'x'.repeat(10_000)], Array.from({ length: 2_000 }, () => 'ls'), ['ls', 'a\nb'], ['ls', '\u202e'], ['toString'], ['constructor', 'x'], ['__proto__']]) assert.equal(classifyCommand(argv).class, 'ask', argv[0]);
  });
});

describe('a command that never runs', () => {
  check('never', [
    'sudo ls', 'su', 'doas ls', '/usr/bin/sudo ls', 'SUDO ls', 'code --install-extension x', 'xdg-open x', 'docker run x', 'podman ps', 'systemd-run x', 'at now', 'crontab -e', 'kill -9 -1', 'pkill node', 'ssh host', 'nc -l 1', 'nsenter -t 1', 'launchctl load x',
    'env sudo ls', 'env -i A=1 sudo ls', 'env -u X sudo ls', 'timeout 5 sudo ls', 'timeout -k 1 5 sudo ls', 'nice -n 5 nohup setsid sudo ls', 'time -p docker ps', 'xargs -n 1 sudo', 'stdbuf -o L sudo ls', 'busybox su', 'command sudo ls', 'env env env env env ls',
    'rm -rf /', 'rm -rf ~', 'rm -fr /*', 'rm -r -f .', 'rm --recursive --force ..', 'rm -rf //', 'rm -Rf $HOME', 'rm -rf *', 'rm -rf ./', 'rm -rf /home/me', 'rm -rf ~/', 'rm -rf /usr', 'nohup rm -rf /',
    'git reset --hard', 'git clean -fd', 'git stash', 'git config a b', 'git -c a=b status', 'git -C /x status', 'git --git-dir=x status', 'git --exec-path=x status', 'git bisect run x', 'git difftool -x y', 'git filter-branch', 'git remote add x y', 'git submodule update',
    'git diff --output=x', 'git diff --outp=x', 'git log --ext-diff', 'git diff --no-index a b', 'git diff --no-ind a b', 'git grep -O./x a', 'git show --textconv HEAD', 'git blame --contents x a', 'git fetch --upload-pack=x',
  ]);
});

describe('paths of a command', () => {
  it('are what its words name, not patterns, flags or their values', () => {
    assert.deepEqual(pathsOfCommand(split('grep -rn -A 3 /etc/x src ../y')), ['src', '../y']);
    assert.deepEqual(pathsOfCommand(split('cat -n a -- -b -')), ['a', '-b']);
    assert.deepEqual(pathsOfCommand(split("find src lib -name '/x*' -print")), ['src', 'lib']);
    assert.deepEqual(pathsOfCommand(split('git show HEAD:src/a.js')), ['src/a.js']);
    assert.deepEqual(pathsOfCommand(split('jq -Rr . /out/secret.txt')), ['.', '/out/secret.txt']);
    assert.deepEqual(pathsOfCommand(split('sed -i s/a/b/ /home/x')), ['s/a/b/', '/home/x'].slice(1));
    assert.deepEqual(pathsOfCommand(split('node /x.js')), []);
    assert.deepEqual(pathsOfCommand([]), []);
  });
});
