import assert from 'node:assert/strict';
import { GrantsWidened, defaultGrants, denyAll, grantOnly, inScope, matchesGlobs, narrowGrants, renderGrants } from '../../../src/core/tools/grants.ts';
import type { Scope } from '../../../src/core/tools/grants.ts';

const tools = [
  { name: 'read_file', permission: 'read' },
  { name: 'write_file', permission: 'write' },
  { name: 'run_check', permission: 'check' },
] as const;

function matches(scope: Scope, facts: Partial<Parameters<typeof inScope>[1]>, expected: boolean): void {
  it(`${JSON.stringify(scope)} ${expected ? 'covers' : 'does not cover'} ${JSON.stringify(facts)}`, () => {
    assert.equal(inScope(scope, { role: 'coder', tool: 'read_file', capability: 'read', paths: [], argv: undefined, ...facts }), expected);
  });
}

describe('grants', () => {
  it('prints the table of design 05', () => {
    assert.equal(
      renderGrants(defaultGrants, tools),
      [
        'tool               planner  coder         reviewer  verifier  judge  orchestrator',
        'read_file          yes      yes           yes       yes       no     yes',
        "write_file         no       plan's files  no        no        no     plan's files",
        'run_check          no       approved      no        approved  no     no',
        '(secret files)     no       ask           no        no        no     no',
        '(protected paths)  no       ask           no        no        no     ask',
      ].join('\n'),
    );
  });

  it('prints what a setting has taken away', () => {
    const narrowed = narrowGrants(defaultGrants, { table: { coder: { write: 'no' } }, rules: [{ tool: 'run_check', commands: [['npm']], grant: 'ask' }, { role: 'planner', tool: 'read', grant: 'no' }] });
    const lines = renderGrants(narrowed, tools).split('\n');
    assert.match(lines[1] ?? '', /read_file +no +yes/);
    assert.match(lines[2] ?? '', /write_file +no +no/);
    assert.match(lines[3] ?? '', /approved\*.*approved\*/);
    assert.match(lines.at(-1) ?? '', /asked: every role × run_check for npm/);
    assert.ok(renderGrants(denyAll, tools).split('\n').slice(1).every((line) => !/yes|approved|plan/.test(line)));
  });

  describe('narrowing', () => {
    it('lowers a level', () => assert.equal(narrowGrants(defaultGrants, { table: { coder: { read: 'ask' } } }).table.coder.read, 'ask'));
    it('leaves all others', () => assert.deepEqual(narrowGrants(defaultGrants, { table: { coder: { read: 'ask' } } }).table.planner, defaultGrants.table.planner));
    for (const [role, capability, level] of [['planner', 'write', 'yes'], ['reviewer', 'read-secret', 'ask'], ['coder', 'write', 'yes'], ['coder', 'write', 'created'], ['verifier', 'command', 'approved']] as const) {
      it(`refuses ${role} × ${capability} = ${level}, and says what it may be`, () => {
        assert.throws(() => narrowGrants(defaultGrants, { table: { [role]: { [capability]: level } } }), (error: unknown) => error instanceof GrantsWidened && error.message.includes(`${role} × ${capability} = "${level}"`) && /choose one of: no/.test(error.message));
      });
    }
    for (const bad of [{ table: { coder: { fly: 'yes' } } }, { table: { boss: {} } }, { rules: [{ grant: 'yes' }] }, { allow: ['*'] }, { rules: 'all' }, null, '{"allow":["ls"']) {
      it(`refuses ${JSON.stringify(bad)}`, () => assert.throws(() => narrowGrants(defaultGrants, bad)));
    }
    it('cannot be undone by narrowing again', () => {
      const once = narrowGrants(grantOnly({ role: 'coder' }), { only: [{ tool: 'read_file' }] });
      assert.deepEqual(once.only, [{ role: 'coder', tool: 'read_file', paths: undefined, commands: undefined }]);
      assert.deepEqual(narrowGrants(once, { only: [{ role: 'planner' }] }).only, []);
      assert.deepEqual(narrowGrants(denyAll, { only: [{}] }).only, []);
    });
  });

  describe('scopes', () => {
    matches({}, {}, true);
    matches({ role: 'planner' }, {}, false);
    matches({ tool: 'read_file' }, {}, true);
    matches({ tool: 'read' }, {}, true);
    matches({ tool: 'write' }, {}, false);
    matches({ paths: ['src/**'] }, { paths: ['src/a.js'] }, true);
    matches({ paths: ['src/**'] }, { paths: ['src/a.js', 'lib/b.js'] }, false);
    matches({ paths: ['src/**'] }, { paths: [] }, false);
    matches({ commands: [['npm', 'test']] }, { argv: ['npm', 'test', '--', 'x'] }, true);
    matches({ commands: [['npm', 'test']] }, { argv: ['npm', 'run', 'x'] }, false);
    matches({ commands: [['npm']] }, {}, false);
  });

  describe('globs', () => {
    function check(globs: readonly string[], path: string, expected: boolean): void {
      it(`${globs.join().slice(0, 60)} ${expected ? 'covers' : 'does not cover'} ${path.slice(0, 60)}`, () => assert.equal(matchesGlobs(globs, path), expected));
    }
    check(['src/**'], 'src/a/b.js', true);
    check(['src/*.{js,ts}'], 'src/a.ts', true);
    check(['src'], 'src/a.js', false);
    check(['src/[id].js'], 'src/[id].js', true);
    check(['!src/a.js'], 'lib/b.js', false);
    check(['**'], 'src/.hidden', true);
    check(['x'.repeat(300)], 'x'.repeat(300), false);
    it('takes no time for a hostile one', () => {
      const began = performance.now();
      matchesGlobs([`${'*a'.repeat(100)}b`, `${'+(a|'.repeat(40)}b${')'.repeat(40)}`, `${'{a,'.repeat(60)}b${'}'.repeat(60)}`, `${'**/'.repeat(80)}b`], `${'a/'.repeat(40)}${'a'.repeat(200)}`);
      assert.ok(performance.now() - began < 1_000, `${performance.now() - began} ms`);
    });
  });
});
