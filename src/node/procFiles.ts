/** Decides what a file or folder of the kernel's says that may be gone by now, or never was: nothing. */
import { readdirSync, readFileSync } from 'node:fs';

export function readFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** One character a byte. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
