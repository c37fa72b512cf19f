import assert from 'node:assert/strict';
import { defaultGrants } from '../../../src/core/tools/grants.ts';
import { decide, isRememberable } from '../../../src/core/tools/policy.ts';
import type { PolicyCall, RunPolicy } from '../../../src/core/tools/policy.ts';

const calm: RunPolicy = { approve: 'ask', confinement: 'confined', writable: ['src/**', 'package.json', '.vscode/**', '.git/**', 'test/**'], allowTestEdits: false, applyApproved: false };
const discovered = { argv: ['npm', 'test'], cwd: '', definedBy: 'node --test', origin: 'discovered', runner: 'node-test' } as const;

/** "coder write src/a.js": role, permission, then paths; an argv goes in `more`. */
function call(text: string, more: Partial<PolicyCall> = {}): PolicyCall {
  const [role, permission, ...paths] = text.split(' ');
  const found = roles.find((name) => name === role);
  const wanted = permissions.find((name) => name === permission);
  if (found === undefined || wanted === undefined) throw new Error(`no such call: ${text}`);
  return { role: found, tool: `${wanted}_tool`, permission: wanted, paths: paths.map((path) => ({ path: path === '/' ? '' : path, real: path === '/' ? '' : path })), argv: undefined, check: undefined, confined: true, command: undefined, protectedChanges: [], createdByRole: false, label: 'U', labelSource: '', ...more };
}

const roles = ['planner', 'coder', 'reviewer', 'verifier', 'orchestrator'] as const;
const permissions = ['read', 'write', 'delete', 'git-read', 'git-write', 'check', 'command'] as const;

/** expected: "allowed rule", "ask rule" (a person is asked), "denied rule" (refused unasked), "unanswered rule" (refused, exit 4). */
function check(text: string, expected: string, { run = {}, more = {} }: { readonly run?: Partial<RunPolicy>; readonly more?: Partial<PolicyCall> } = {}): void {
  it(`${text} ${JSON.stringify({ ...run, ...more })}: ${expected}`, () => {
    const ruling = decide(call(text, more), { ...calm, ...run }, defaultGrants);
    const got = ruling.kind !== 'ask' ? `${ruling.kind} ${ruling.rule}` : ruling.refusal === null ? `ask ${ruling.rule}` : `${ruling.refusal.unanswered ? 'unanswered' : 'denied'} ${ruling.refusal.rule}`;
    assert.equal(got, expected);
  });
}

describe('policy', () => {
  describe('reads', () => {
    for (const role of roles) {
      check(`${role} read src/a.js`, `allowed grants.${role}.read`);
      check(`${role} read /`, `allowed grants.${role}.read`);
      check(`${role} git-read`, `allowed grants.${role}.git-read`);
      check(`${role} read src/a.js`, `allowed grants.${role}.read`, { run: { approve: 'never' }, more: { label: 'X' } });
    }
    for (const role of ['planner', 'reviewer', 'verifier', 'orchestrator']) check(`${role} read .env`, `denied grants.${role}.read-secret`);
    check('coder read .env', 'ask secret.read');
    check('coder read src/a.js .env.local', 'ask secret.read');
    check('coder read .env', 'denied approve.safe', { run: { approve: 'safe' } });
    check('coder read .env', 'denied approve.never', { run: { approve: 'never' } });
    check('coder read .env', 'denied taint.external', { more: { label: 'X', labelSource: 'a download' } });
    check('coder read .git/config', 'ask secret.read');
    check('reviewer read .git/config', 'denied grants.reviewer.read-secret');
    check('planner read .env.example', 'allowed grants.planner.read');
    check('planner read a.txt', 'denied grants.planner.read-secret', { more: { paths: [{ path: 'a.txt', real: '.env' }] } });
  });

  describe('writes', () => {
    for (const role of ['planner', 'reviewer', 'verifier']) check(`${role} write src/a.js`, `denied grants.${role}.write`);
    check('coder write src/a.js', 'allowed plan.globs');
    check('coder write src/a.js', 'allowed plan.globs', { run: { approve: 'safe' }, more: { label: 'X' } });
    check('orchestrator write src/a.js', 'allowed plan.globs');
    check('coder write lib/a.js', 'ask plan.outside');
    check('coder write src/a.js lib/a.js', 'ask plan.outside');
    check('coder write src/a.js', 'ask plan.outside', { run: { writable: null } });
    check('coder write src/a.js', 'ask plan.outside', { run: { writable: [] } });
    check('coder write lib/a.js', 'denied approve.safe', { run: { approve: 'safe' } });
    check('coder write lib/a.js', 'denied taint.external', { more: { label: 'X' } });
    check('coder write src/a.js', 'ask plan.outside', { more: { paths: [{ path: 'src/a.js', real: 'lib/a.js' }] } });
    check('coder write src/a.js', 'denied approve.never', { run: { approve: 'never' } });
    check('coder write src/a.js', 'allowed plan.globs', { run: { approve: 'never', applyApproved: true } });
    check('coder write .git/hooks/pre-commit', 'denied protected.never');
    check('coder write src/a.js', 'denied protected.never', { more: { paths: [{ path: 'src/a.js', real: '.git/config' }] } });
    check('coder write .git git-old', 'denied protected.never');
    check('coder write .groundcrew/policy.json', 'denied protected.never');
    check('coder write .vscode/settings.json', 'ask protected.ask');
    check('coder write .VSCode/settings.json', 'ask protected.ask');
    check('coder write .vscode/tasks.json', 'denied taint.external', { more: { label: 'X' } });
    check('coder write .vscode/tasks.json', 'denied approve.safe', { run: { approve: 'safe' } });
    check('coder write .env', 'ask protected.ask');
    check('coder write package.json', 'allowed plan.globs');
    check('coder write package.json', 'ask protected.ask', { more: { protectedChanges: ['changes scripts of package.json'] } });
    check('coder write package.json', 'denied taint.external', { more: { protectedChanges: ['changes scripts of package.json'], label: 'X' } });
    check('planner write .vscode/settings.json', 'denied grants.planner.protected');
  });

  describe('tests', () => {
    check('coder write test/a.test.js', 'denied tests.read-only');
    check('coder write src/a.js test/a.test.js', 'denied tests.read-only');
    check('coder delete src/a.spec.ts', 'denied tests.read-only');
    check('coder write src/x.js', 'denied tests.read-only', { more: { paths: [{ path: 'src/x.js', real: 'test/x.js' }] } });
    check('coder write test/a.test.js', 'allowed plan.globs', { run: { allowTestEdits: true } });
    check('coder write test/new.test.js', 'allowed plan.globs', { more: { createdByRole: true } });
    check('coder read test/a.test.js', 'allowed grants.coder.read');
  });

  describe('deletes', () => {
    check('coder delete src/a.js', 'ask delete.not-created');
    check('coder delete src/a.js', 'allowed created.by-role', { more: { createdByRole: true } });
    check('coder delete /', 'denied protected.never');
    check('coder delete yarn.lock', 'ask protected.ask', { more: { createdByRole: true } });
    check('verifier delete src/a.js', 'denied grants.verifier.delete');
    check('coder delete src/a.js', 'denied approve.never', { run: { approve: 'never' } });
  });

  describe('git writes', () => {
    check('coder git-write', 'ask git.write');
    check('coder git-write', 'denied taint.external', { more: { label: 'X' } });
    check('coder git-write', 'denied approve.safe', { run: { approve: 'safe' } });
    for (const role of ['planner', 'reviewer', 'verifier']) check(`${role} git-write`, `denied grants.${role}.git-write`);
  });

  describe('checks', () => {
    const found = { check: discovered };
    const typed = { check: { ...discovered, origin: 'user' } } as const;
    for (const role of ['planner', 'reviewer', 'orchestrator']) check(`${role} check`, `denied grants.${role}.check`, { more: typed });
    check('verifier check', 'ask check.first-run', { more: found });
    check('coder check', 'ask check.first-run', { more: found });
    check('verifier check', 'allowed check.discovered', { run: { approve: 'safe' }, more: found });
    check('verifier check', 'unanswered approve.never', { run: { approve: 'never' }, more: found });
    check('verifier check', 'unanswered taint.external', { more: { ...found, label: 'X' } });
    for (const approve of ['ask', 'safe', 'never'] as const) check('verifier check', 'allowed check.user', { run: { approve }, more: typed });
    check('verifier check', 'allowed check.user', { more: { ...typed, label: 'X' } });
    check('verifier check', 'ask check.unconfined', { run: { confinement: 'none' }, more: found });
    check('verifier check', 'ask check.unconfined', { run: { confinement: 'none' }, more: typed });
    check('verifier check', 'ask check.unconfined', { more: { ...typed, confined: false } });
    check('verifier check', 'unanswered approve.safe', { run: { approve: 'safe', confinement: 'none' }, more: found });
    check('verifier check', 'unanswered approve.never', { run: { approve: 'never', confinement: 'none' }, more: typed });
    check('verifier check', 'allowed check.discovered', { run: { approve: 'safe', confinement: 'waived' }, more: { ...found, confined: false } });
    check('verifier check', 'allowed check.user', { run: { approve: 'never', confinement: 'waived' }, more: { ...typed, confined: false } });
    check('verifier check', 'denied command.never', { more: { ...typed, command: { class: 'never', reason: 'sudo' } } });
    check('verifier check', 'ask command.ask', { more: { argv: ['make', 'test'], command: { class: 'ask', reason: 'unknown' } } });
  });

  describe('commands', () => {
    const reading = { argv: ['ls'], command: { class: 'read', reason: '' } } as const;
    const asking = { argv: ['touch', 'x'], command: { class: 'ask', reason: 'it writes' } } as const;
    for (const role of ['planner', 'reviewer', 'orchestrator']) check(`${role} command`, `denied grants.${role}.command`, { more: reading });
    check('coder command', 'allowed command.read', { more: reading });
    check('verifier command', 'allowed command.read', { run: { approve: 'never' }, more: { ...reading, label: 'X' } });
    check('coder command', 'ask command.ask', { more: asking });
    check('coder command', 'denied approve.safe', { run: { approve: 'safe' }, more: asking });
    check('coder command', 'denied approve.never', { run: { approve: 'never' }, more: asking });
    check('coder command', 'denied taint.external', { more: { ...asking, label: 'X' } });
    check('coder command', 'denied command.never', { more: { argv: ['sudo', 'ls'], command: { class: 'never', reason: 'sudo' } } });
    check('coder command', 'ask command.ask');
    check('coder command', 'ask secret.read', { more: { ...reading, paths: [{ path: 'a.txt', real: '.env' }] } });
  });

  describe('what a yes can reach', () => {
    function reach(argv: readonly string[], expected: boolean): void {
      it(`${argv.join(' ')}: ${expected ? 'this workspace' : 'once'}`, () => assert.equal(isRememberable(argv), expected));
    }
    reach(['make', 'build'], true);
    reach(['npm', 'run', 'build'], true);
    reach(['node', 'script.js'], true);
    for (const argv of [['node', '-e', 'x'], ['node', '--eval=x'], ['python3', '-c', 'x'], ['bash', '-lc', 'x'], ['sh', '-ec', 'x'], ['perl', '-pe', 'x'], ['/usr/bin/python3.12', '-c', 'x'], ['curl', 'x'], ['npx', 'x'], ['npm', 'install', 'x'], ['npm', 'publish'], ['pip', 'install', 'x'], ['git', 'push'], ['rm', 'x'], ['cargo', 'install', 'x'], ['powershell', '-Command', 'x']]) reach(argv, false);

    it('is never more than once for protected paths, secrets and deletes', () => {
      for (const text of ['coder write .vscode/x', 'coder read .env', 'coder delete src/a.js', 'coder git-write']) {
        const ruling = decide(call(text), calm, defaultGrants);
        assert.equal(ruling.kind === 'ask' ? ruling.covers : ruling.kind, 'once', text);
      }
    });
    it('is this run without a sandbox', () => {
      const ruling = decide(call('verifier check', { check: discovered }), { ...calm, confinement: 'none' }, defaultGrants);
      assert.deepEqual(ruling.kind === 'ask' ? [ruling.covers, ruling.risk] : ruling.kind, ['run', 'high']);
    });
  });
});
