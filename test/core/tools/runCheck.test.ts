import assert from 'node:assert/strict';
import type { Check } from '../../../src/core/domain/check.ts';
import type { Command, CommandResult } from '../../../src/core/ports.ts';
import { runCheck, showOutcome } from '../../../src/core/tools/runCheck.ts';
import { runCommand } from '../../../src/core/tools/runCommand.ts';
import type { ToolHost } from '../../../src/core/tools/tool.ts';

const check: Check = { argv: ['npm', 'test'], cwd: 'pkg', runner: 'script', origin: 'user', scope: 'all', definedBy: '' };
const limits = { wallMs: 1, silenceMs: 1, outputBytes: 1, memoryBytes: 1, processes: 1 };
const sha = 'a'.repeat(64);
const result: CommandResult = { ended: 'exited', exit: 1, stdout: 'out\n', stderr: 'err\n', outputSha256: sha, collected: {}, durationMs: 1, confined: true, environmentSha256: sha };
const never = new AbortController().signal;

function host(): { readonly host: ToolHost; readonly commands: Command[] } {
  const commands: Command[] = [];
  const run = async (command: Command): Promise<CommandResult> => {
    commands.push(command);
    command.onLine?.('line');
    return result;
  };
  const snapshot = { treeSha256: sha, run, [Symbol.asyncDispose]: async () => {} };
  const only = new Proxy({}, { get: (_target, name) => (name === 'snapshot' ? async () => snapshot : assert.fail(`${String(name)} is not for this tool`)) });
  return { host: only as ToolHost, commands }; // a proxy that fails for everything but the snapshot
}

describe('run_check', () => {
  it('runs the argv of the check, or the prepared one, and touches just that', async () => {
    const lines: string[] = [];
    const { host: given, commands } = host();
    const plain = runCheck.input.parse({ check, limits });
    assert.deepEqual(await runCheck.run(plain, given, never), result);
    const prepared = runCheck.input.parse({ check, limits, argv: ['npm', 'test', '--', '-x'], env: { A: '1' }, overlay: [{ path: 'a', text: null }], onLine: (line: string) => lines.push(line), confined: false });
    await runCheck.run(prepared, given, never);
    assert.deepEqual(commands.map(({ argv, cwd, confined, overlay }) => ({ argv, cwd, confined, overlay })), [
      { argv: ['npm', 'test'], cwd: 'pkg', confined: true, overlay: [] },
      { argv: ['npm', 'test', '--', '-x'], cwd: 'pkg', confined: false, overlay: [{ path: 'a', text: null, encoding: 'utf8', bom: false }] },
    ]);
    assert.deepEqual(lines, ['line']);
    assert.deepEqual(runCheck.touches(prepared), { argv: ['npm', 'test', '--', '-x'], cwd: 'pkg', check, confined: false });
    assert.equal(JSON.stringify(prepared).includes('onLine'), false);
  });

  it('refuses what is no check', () => {
    for (const bad of [{ check, limits: { ...limits, wallMs: 0 } }, { check: { ...check, argv: [] }, limits }, { check, limits, argv: [] }, { check, limits, onLine: 'x' }, { check, limits, overlay: [{ path: '', text: 'x' }] }]) {
      assert.equal(runCheck.input.safeParse(bad).success, false);
    }
  });

  it('shows how it ended, then both streams', () => {
    assert.equal(showOutcome({ ...result, collected: {} }), 'exit 1\nout\nerr');
    assert.equal(showOutcome({ ...result, collected: {}, ended: 'wall-limit', exit: null, stdout: '', stderr: '' }), 'wall-limit');
  });
});

describe('run_command', () => {
  it('touches its argv and the paths that it names, below its folder', () => {
    assert.deepEqual(runCommand.touches(runCommand.input.parse({ argv: ['cat', 'a', '/x'], cwd: 'sub' })), { argv: ['cat', 'a', '/x'], cwd: 'sub', confined: true, paths: ['sub/a', '/x'] });
  });

  it('runs confined with nothing added, and never silent longer than it may last', async () => {
    const { host: given, commands } = host();
    await runCommand.run(runCommand.input.parse({ argv: ['ls'], wallMs: 100 }), given, never);
    const [command] = commands;
    assert.deepEqual([command?.argv, command?.confined, command?.env, command?.overlay, command?.limits.silenceMs], [['ls'], true, {}, [], 100]);
    assert.equal(runCommand.input.safeParse({ argv: [] }).success, false);
    assert.equal(runCommand.input.safeParse({ argv: 'ls -la' }).success, false);
  });
});
