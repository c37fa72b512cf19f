import assert from 'node:assert/strict';
import { type Cli, eventsIn, openCli } from '../support/cli.ts';
import { createCrewModel, missingRule, oneTest, RIGHT_LINE, slip } from '../support/cliProjects.ts';
import { renderOutcome } from '../../src/cli/summary.ts';
import { plainStyle } from '../../src/cli/liveGraph.ts';

describe('the command line, driven by a program', function () {
  this.timeout(60_000);

  it('prints events and nothing else, ends in run.finished, counts tokens as the server did, writes, traces and undoes', async () => {
    await using model = await createCrewModel();
    using cli = openCli({ files: missingRule, host: model.address });
    const ran = await cli.json('fix', '--approve', 'safe', '--apply', '--sources', 'cloze');
    const { outcome } = ran;
    assert.deepEqual([ran.code, outcome.kind, outcome.applied, outcome.degraded, outcome.refused], [0, 'fixed', true, [], []], outcome.reason);
    assert.equal(ran.stderr, '');
    assert.equal(cli.text('src/discount.js'), missingRule['src/discount.js'].replace('  if (age >=', `${RIGHT_LINE}\n  if (age >=`));
    assert.equal(ran.events[0]?.seq, 1);
    assert.deepEqual(outcome.receipt?.exit, 0);

    const finished = ran.events.flatMap((event) => (event.type === 'model.finished' ? [event.data] : []));
    const completed = finished.filter((call) => call.state === 'completed').map(({ tokens }) => [tokens.prompt, tokens.reply, tokens.estimated]);
    assert.ok(completed.length > 1);
    for (const counted of completed) assert.ok(model.sent.some((sent) => sent.promptTokens === counted[0] && sent.replyTokens === counted[1] && counted[2] === false), `${counted} was never sent`);
    assert.ok(finished.filter((call) => call.state !== 'completed').every(({ tokens }) => tokens.estimated || tokens.prompt + tokens.reply === 0));
    const sum = (of: 'prompt' | 'reply'): number => finished.reduce((total, call) => total + call.tokens[of], 0);
    assert.deepEqual(outcome.tokens, { prompt: sum('prompt'), reply: sum('reply') });

    const run = ran.events[0]?.run ?? '';
    const listed = (await cli.run('runs', '--json')).stdout.trim().split('\n').map((line) => JSON.parse(line).run);
    assert.deepEqual(listed, [run]);
    const [traced, , undone] = [await cli.run('trace', run), await checkHtml(cli, run), await cli.run('undo', run, '--json')];
    assert.ok(traced.stdout.endsWith(renderOutcome(outcome, run, plainStyle)), traced.stdout);
    assert.deepEqual([undone.code, eventsIn(undone.stdout).findLast((event) => event.type === 'patch.undone')?.data], [0, { restored: ['src/discount.js'], conflicts: [] }]);
    assert.equal(cli.text('src/discount.js'), missingRule['src/discount.js']);
    assert.deepEqual(cli.leftovers(), []);
  });

  it('shows the patch in a pipe, writes nothing, leaves the tree as dirty as it was, and says what it went without', async () => {
    using cli = openCli({ files: slip });
    cli.write('notes.txt', 'mine\n');
    cli.git('checkout', '-q', '--detach');
    const ran = await cli.run('fix', '--approve', 'safe');
    assert.equal(ran.code, 0, ran.stdout);
    assert.match(ran.stdout, /^Fixed, verified by running the tests, your files are unchanged\.$/mu);
    assert.match(ran.stdout, /^-\s+if \(age < 65\) rate = 0\.2;\n\+\s+if \(age >= 65\) rate = 0\.2;$/mu);
    assert.match(ran.stdout, /^! no model: .*ollama pull/mu);
    assert.match(ran.stdout, /^Without {2}not reviewed/mu);
    assert.equal(cli.git('status', '--porcelain'), '?? notes.txt\n');
  });

  it('uses exit code 2 for what it cannot understand, and says what fits', async () => {
    using cli = openCli({ files: slip });
    const wrong = [
      [['fix', '--test', 'npm test && rm x'], /"&" at character 10 is a shell operator/u],
      [['fix', '--approve', 'maybe'], /ask, safe or never, not "maybe"/u],
      [['fix', '--apply', '--no-apply'], /exclude each other/u],
      [['mend'], /no command "mend": use one of fix/u],
      [['runs', '--cwd', 'nowhere'], /"nowhere" is not a folder.*--cwd/u],
      [['undo', 'run-none'], /no run "run-none".*groundcrew runs/u],
      [['resume', 'run-none'], /no such run.*groundcrew runs/u],
      [['trace', 'run-none'], /no run "run-none".*groundcrew runs/u],
    ] as const;
    for (const [args, says] of wrong) {
      const { code, stdout, stderr } = await cli.run(...args); // one at a time: undo and resume hold the workspace
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, says);
    }
    assert.equal(cli.git('status', '--porcelain'), '');
  });

  it('asks nobody where there is no terminal: ask and never end with exit code 4, --test is its own approval', async () => {
    using cli = openCli({ files: slip });
    const [asked, never, named] = await inTurn(
      async () => await cli.json('fix'),
      async () => await cli.json('fix', '--approve', 'never'),
      async () => await cli.json('fix', '--approve', 'never', '--test', 'node --test', '--no-apply'),
    );
    assert.deepEqual([asked.code, asked.outcome.kind, asked.outcome.refused.map(({ tool, rule }) => [tool, rule])], [4, 'needs-approval', [['run_check', 'check.first-run']]]);
    assert.deepEqual([never.code, never.outcome.refused.map(({ rule }) => rule)], [4, ['approve.never']]);
    assert.ok([asked, never].every(({ events }) => events.every(({ type }) => type !== 'check.finished')));
    assert.deepEqual([named.code, named.outcome.kind, named.outcome.applied], [0, 'fixed', false], named.outcome.reason);
    assert.equal(cli.git('status', '--porcelain'), '');
  });

  it('ends with 3 when the test passes already, and 1 when nothing passes', async () => {
    await using model = await createCrewModel({ fill: '  rate = rate;' });
    using passing = openCli({ files: oneTest("test('one', () => assert.equal(one(), 1));") });
    using hopeless = openCli({ files: missingRule, host: model.address });
    const [passes, gaveUp] = await Promise.all([passing.json('fix', '--approve', 'safe'), hopeless.json('fix', '--approve', 'safe', '--sources', 'cloze')]);
    assert.deepEqual([passes.code, passes.outcome.kind], [3, 'not-reproduced']);
    assert.match(passes.outcome.reason, /passes on the unchanged code: node --test/u);
    assert.deepEqual([gaveUp.code, gaveUp.outcome.kind, gaveUp.outcome.receipt], [1, 'gave-up', null], gaveUp.outcome.reason);
  });
});

async function checkHtml(cli: Cli, run: string): Promise<void> {
  const { code } = await cli.run('trace', run, '--html', 'trace.html');
  const html = cli.text('trace.html');
  assert.equal(code, 0);
  assert.doesNotMatch(html, /(?:src|href|action)\s*=\s*["']?\s*(?:https?:)?\/\//iu);
  assert.doesNotMatch(html, /url\((?!#)|@import|<link\b/iu);
  assert.match(html, /default-src &#39;none&#39;|default-src 'none'/u);
  assert.ok(html.includes('age &lt; 18') && html.includes(run));
}

async function inTurn<T>(...work: readonly [() => Promise<T>, () => Promise<T>, () => Promise<T>]): Promise<[T, T, T]> {
  return [await work[0](), await work[1](), await work[2]()];
}
