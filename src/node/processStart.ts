/** Decides whether a process lives, and is still the one that we knew: a pid alone may have been given to another since. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export type Life = { readonly kind: 'dead' } | { readonly kind: 'alive'; /** Equal for one process, "" where the system does not say. */ readonly started: string };

export function lifeOf(pid: number): Life {
  if (process.platform === 'linux') return linuxLife(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return { kind: 'dead' };
  }
  if (process.platform !== 'darwin') return { kind: 'alive', started: '' };
  try {
    const line = execFileSync('/bin/ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' }, timeout: 5_000 }).trim();
    return line === '' || line.startsWith('Z') ? { kind: 'dead' } : { kind: 'alive', started: line.replace(/^\S+\s+/, '') };
  } catch {
    return { kind: 'dead' }; // ps ends with 1 when there is no such process
  }
}

/** proc(5): after the name in brackets come the state, and 19 fields on, the start in ticks since boot. */
function linuxLife(pid: number): Life {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    if (state === 'Z' || state === 'X') return { kind: 'dead' }; // killed, and its parent has not looked yet
    return { kind: 'alive', started: fields[19] ?? '' };
  } catch {
    return { kind: 'dead' };
  }
}

/** Equal where pids mean the same: this machine since its boot, and within it this container. */
export function pidSpace(): string {
  return [hostname(), tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()), tryRead(() => readlinkSync('/proc/self/ns/pid'))].join(' ');
}

function tryRead(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
