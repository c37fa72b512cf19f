import assert from 'node:assert/strict';
import { parseInvocation, UsageError } from '../../src/cli/args.ts';
import { ArgvError, splitArgv } from '../../src/cli/splitArgv.ts';

describe('splitArgv', () => {
  const check = (text: string, argv: readonly string[]) => assert.deepEqual(splitArgv(text), argv);

  it('splits words at blanks', () => check('node --test  test/a.test.js', ['node', '--test', 'test/a.test.js']));
  it('keeps what quotes hold, operators too', () => check(`sh -c 'a | b' "c;d"`, ['sh', '-c', 'a | b', 'c;d']));
  it('joins quoted and plain parts of one word', () => check(`--grep="two words"x`, ['--grep=two wordsx']));
  it('keeps an empty quoted word', () => check(`run ''`, ['run', '']));
  it('expands nothing', () => check('echo $HOME * ~', ['echo', '$HOME', '*', '~']));
  it('escapes with a backslash as POSIX does', () => check(String.raw`a\ b "q\"\n\\"`, ['a b', 'q"\\n\\']));

  for (const bad of ['a | b', 'a; b', 'a && b', 'a > f', 'echo `id`', 'echo $(id)', 'echo "$(id)"', "open 'quote", 'open "quote', 'end\\', '', '   ']) {
    it(`refuses ${JSON.stringify(bad)}`, () => assert.throws(() => splitArgv(bad), ArgvError));
  }
});

describe('parseInvocation', () => {
  const parse = (line: string) => parseInvocation(splitArgv(line));

  it('reads every option of fix', () => {
    const invocation = parse(`fix total is NaN --test "npm test" --file src/a.js:12 --plan-first --apply --samples 3 --sources mechanical,cloze --budget-minutes 2 --budget-tokens 900 --approve safe --json --host http://a --host http://b --model m`);
    assert(invocation.kind === 'fix');
    assert.deepEqual([invocation.words, invocation.test, invocation.file, invocation.line], ['total is NaN', ['npm', 'test'], 'src/a.js', 12]);
    const { apply, samples, sources, budgetMs, budgetTokens, approve, planFirst } = invocation.settings;
    assert.deepEqual({ apply, samples, sources, budgetMs, budgetTokens, approve, planFirst }, { apply: 'yes', samples: 3, sources: ['mechanical', 'cloze'], budgetMs: 120_000, budgetTokens: 900, approve: 'safe', planFirst: true });
    assert.deepEqual([invocation.common.json, invocation.common.hosts, invocation.common.model], [true, ['http://a', 'http://b'], 'm']);
  });

  it('takes a file without a line', () => {
    const invocation = parse('fix --file src/a.js');
    assert(invocation.kind === 'fix');
    assert.deepEqual([invocation.file, invocation.line], ['src/a.js', null]);
  });

  for (const bad of ['fly', 'fix --nope', 'fix --apply --no-apply', 'fix --approve maybe', 'fix --sources magic', 'fix --samples 0', 'fix --samples x', 'fix --budget-minutes -1', `fix --test "a | b"`, 'trace', 'undo a b', 'runs x', 'review --changes a.js']) {
    it(`refuses ${bad}`, () => assert.throws(() => parse(bad), UsageError));
  }
});
