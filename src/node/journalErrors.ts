/** Decides what an error of SQLite or the file system means for the user: which file, why, what next. */
import { StaleLease, StoreFailed, WorkspaceHeld } from '../core/run/storeErrors.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html); the low byte of the extended ones. */
const SQLITE = { busy: 5, locked: 6, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;

/** Our own errors pass as they are. */
export function storeFailure(file: string, error: unknown): Error {
  if (error instanceof StoreFailed || error instanceof StaleLease || error instanceof WorkspaceHeld) return error;
  const why = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (typeof code === 'string') return fileFailure(file, code, why);
  switch (code) {
    case SQLITE.full:
      return full(file, why);
    case SQLITE.corrupt: case SQLITE.notADatabase:
      return new StoreFailed('corrupt', `The run log ${file} is damaged (${why}). Nothing was deleted. Restore it from a copy, or begin a new one with: mv '${file}' '${file}.damaged'; its runs can then no longer be resumed or shown.`);
    case SQLITE.readOnly: case SQLITE.cannotOpen:
      return new StoreFailed('read-only', `The run log ${file} cannot be written (${why}). Make it and its folder writable for you, or set XDG_STATE_HOME to a folder that is.`);
    case SQLITE.busy: case SQLITE.locked:
      return new StoreFailed('busy', `The run log ${file} is kept busy by another process (${why}). Wait a moment and try again.`);
    case SQLITE.io:
      return new StoreFailed('failed', `The disk refused the run log ${file} (${why}). What was stored before is intact. Check the disk and its quota, then go on with: groundcrew resume`);
    default:
      return new StoreFailed('failed', `The run log ${file} failed: ${why}. What was stored before is intact.`);
  }
}

function fileFailure(file: string, code: string, why: string): StoreFailed {
  switch (code) {
    case 'ENOSPC': case 'EDQUOT': return full(file, why);
    case 'EACCES': case 'EPERM': case 'EROFS': case 'ENOENT': case 'ENOTDIR': case 'EISDIR':
      return new StoreFailed('read-only', `The run log ${file} cannot be opened (${why}). Make its folder writable for you, or set XDG_STATE_HOME to a folder that is.`);
    default: return new StoreFailed('failed', `The run log ${file} cannot be opened (${why}).`);
  }
}

function full(file: string, why: string): StoreFailed {
  return new StoreFailed('full', `The disk with the run log ${file} is full (${why}). What was stored before is intact. Free some space, then go on with: groundcrew resume`);
}

/** node:sqlite puts SQLite's extended code into `errcode`; the file system its name into `code`. */
function codeOf(error: unknown): number | string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
