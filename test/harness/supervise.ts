/**
 * Decides when a server that we started ends: when our end of its standard input closes, however we ended.
 * Run as `node supervise.ts <argv…>`; the command gets its own process group, which is ended whole.
 */
import { spawn } from 'node:child_process';

const KILL_AFTER_MS = 3_000;

const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error('supervise.ts needs the command to run.');
const child = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

process.on('SIGINT', () => undefined); // Ctrl+C reaches the whole group; the parent decides when the server ends.
process.on('SIGTERM', stop);
process.stdin.on('end', stop).on('error', stop).resume();
child.on('error', (error) => {
  console.error(`${command} did not start: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code) => {
  signalGroup('SIGKILL'); // Runners that outlive the server hold gigabytes.
  process.exit(code ?? 1);
});

function stop(): void {
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), KILL_AFTER_MS).unref();
}

function signalGroup(signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone: what was wanted.
  }
}
