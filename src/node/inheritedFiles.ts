/** Decides which descriptors our own parent left open to every child of ours: a command in the sandbox must not hold them. */
import { readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC in the octal flags of proc(5), fdinfo. */
const CLOSED_AT_EXEC = 0o2_000_000;
const STANDARD_MAX = 2;

/** Node closes its own at exec, and those that it inherited only up to the first gap after 16: a shell's 251 went on into the sandbox. Linux only. */
export function inheritedFiles(): readonly number[] {
  known ??= list();
  return known;
}

/** They were there at our start; what Node opens later is closed at exec. */
let known: readonly number[] | undefined;

function list(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number).filter((descriptor) => descriptor > STANDARD_MAX && staysOpen(descriptor));
  } catch {
    return [];
  }
}

function staysOpen(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/mu.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSED_AT_EXEC) === 0;
  } catch {
    return false; // the listing's own
  }
}
