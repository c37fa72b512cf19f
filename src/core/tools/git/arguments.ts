/** Decides what a model may write for a commit, a branch or a path, so that none of them can be an option or leave the work tree. */
import * as z from 'zod';
import type { Touches } from '../tool.ts';

const REFERENCE_CHARS_MAX = 250;
const PATH_CHARS_MAX = 4_096;

/** A name or an id with ~n and ^n; no range, no @{…}, no path after a colon. The rules of git-check-ref-format(1) for the rest. */
export const Reference = z
  .string()
  .max(REFERENCE_CHARS_MAX)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_./+-]*(?:[~^]\d*)*$/u, 'a branch, tag or commit id, at most with ~n or ^n')
  .refine((name) => !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|\/$|\.$/u.test(name.replace(/[~^].*$/u, '')), 'not a name that git allows');

/** Relative to the workspace root, forward slashes; taken literally, never as a pattern. */
export const RepositoryPath = z
  .string()
  .min(1)
  .max(PATH_CHARS_MAX)
  .refine((path) => !path.includes('\0') && !path.includes('\\') && !/^[~/:]|^[A-Za-z]:/u.test(path), 'a path relative to the workspace root')
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git'), 'a path inside the work tree');

export const touchedPath = (path: string | undefined): Touches => (path === undefined ? {} : { paths: [path] });
