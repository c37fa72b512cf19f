import assert from 'node:assert/strict';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { glimpse, parseShell, quoteSteps } from '../../../src/core/tools/shellText.ts';

describe('shell text', () => {
  function plain(text: string, expected: string, cwd = ''): void {
    it(`reads ${JSON.stringify(text)} as plain words`, () => {
      const parsed = parseShell(text);
      assert.equal(parsed.kind === 'plain' ? quoteSteps(parsed.steps) : parsed.why, expected);
      assert.equal(parsed.kind === 'plain' ? parsed.cwd : '', cwd);
    });
  }
  plain('ls', "'ls'");
  plain('ls -la src && cat a.md | head -3', "'ls' '-la' 'src' && 'cat' 'a.md' | 'head' '-3'");
  plain("grep -n 'a b' x || true", "'grep' '-n' 'a b' 'x' || 'true'");
  plain('echo "a > b; c"', "'echo' 'a > b; c'");
  plain('ls\n\ncat x;\n', "'ls' ; 'cat' 'x'");
  plain('cd src && ls', "'ls'", 'src');
  plain("t'ou'c\"h\" x", "'touch' 'x'");
  plain('git log HEAD~3 a#b', "'git' 'log' 'HEAD~3' 'a#b'");
  plain(`echo "it's"`, "'echo' 'it'\\''s'");

  for (const text of [
    '', ' ', ';', 'ls &', 'ls & cat', 'ls |& cat', 'ls &&', '&& ls', 'ls ; | cat', 'ls ||| cat', 'ls && && cat', 'ls;;', 'a > b', 'a >> b', 'a < b', 'a <<< b', 'a <<E\nE', 'a 2>&1', '$(a)', '`a`', '$x', '$\x7bx}', '"$x"', '"`a`"', '"a\\"b"',
    'a\\ b', '{a,b}', 'a*', 'a?', '[ab]', '~', '~/x', 'x=~', '# a', 'ls # a', '!ls', '! ls', '"a!b"', '(ls)', '{ ls; }', 'x=1', 'x=1 ls', 'x+=1 ls', 'x[0]=1 ls', 'if a; then b; fi', 'for i in a; do b; done', 'while a; do b; done', 'a() { b; }',
    'eval ls', 'exec ls', '. x', 'source x', 'export X', 'set -e', 'alias a=b', 'trap a EXIT', 'cd a', 'cd a | ls', 'cd && ls', 'cd - && ls', 'cd a b && ls', 'ls && cd a', 'command ls', 'builtin ls', 'time ls', 'coproc ls', "$'a'", '$"a"', "'a", '"a', 'a\rb', 'a\u00a0b', 'a\u202eb', 'a\u200bb', 'a\0b', '\ud800',
    `${'true && '.repeat(60)}ls`, `echo ${'x'.repeat(9_000)}`,
  ]) it(`takes ${JSON.stringify(text.slice(0, 30))} for more than words`, () => assert.equal(parseShell(text).kind, 'shell'));

  it('reads a plain text as bash and sh do, whatever its letters', function () {
    this.timeout(60_000);
    const piece = fc.constantFrom('a', 'b c', "'", '"', '\\', '$', '$x', '`', ';', '&&', '||', '|', '&', '\n', ' ', '\t', '~', '#', '*', '{a,b}', '(', ')', '<', '>', '!', '=', '-', 'x=1', '\u00e9', '\r', "'d e'", '"f g"', '[', ']', '%', '^', ':', ',', '@', '+');
    const texts = fc.sample(fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => `printf %s: ${parts.join('')}`), { numRuns: 1_500, seed: 20 });
    const single = texts.filter((text) => {
      const parsed = parseShell(text);
      return parsed.kind === 'plain' && parsed.steps.length === 1;
    });
    assert.ok(single.length > 100, `${single.length} of the texts are plain`);
    for (const shell of ['bash', 'sh']) {
      const told = execFileSync(shell, ['-c', single.map((text) => `${text}\necho`).join('\n')], { encoding: 'utf8' }).split('\n');
      single.forEach((text, i) => {
        const parsed = parseShell(text);
        const words = parsed.kind === 'plain' ? (parsed.steps[0]?.argv.slice(2) ?? []) : [];
        assert.equal(told[i], words.map((word) => `${word}:`).join('') || ':', `${shell} reads ${JSON.stringify(text)} otherwise`);
      });
    }
  });

  it('ends for every text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      parseShell(text);
      glimpse(text);
    }), { numRuns: 2_000, seed: 3 });
  });

  function sees(text: string, command: string): void {
    it(`sees ${command} in ${JSON.stringify(text)}`, () => assert.ok(glimpse(text).commands.some((argv) => argv.join(' ').startsWith(command)), JSON.stringify(glimpse(text))));
  }
  sees('echo $(sudo ls)', 'sudo ls');
  sees('ls & sudo ls', 'sudo ls');
  sees('x=1 sudo ls', 'sudo ls');
  sees('if true; then sudo ls; fi', 'sudo ls');
  sees("s'ud'o ls", 'sudo ls');
  sees('su\\\ndo ls', 'sudo ls');
  sees('find . -exec sudo {} ;', 'sudo');
  sees('cat <(sudo ls)', 'sudo ls');
  sees("bash -c 'sudo ls'", 'sudo ls');
  it('sees what is set and where it is redirected', () => {
    assert.deepEqual(glimpse('export A=1 B=2; C=3 ls > out.txt 2>&1 < $in').variables, ['A', 'B', 'C']);
    assert.deepEqual(glimpse('export A=1 B=2; C=3 ls > out.txt 2>&1 < $in').files, ['out.txt']);
    assert.deepEqual(glimpse('grep PATH=x file').variables, []);
  });
});
