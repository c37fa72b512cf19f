/** Decides whether a failed check says something about the code, or only about the place where it ran. */
import type { EnvironmentFault } from '../domain/check.ts';
import type { CommandResult } from '../ports.ts';

interface Sign {
  readonly kind: EnvironmentFault['kind'];
  readonly pattern: RegExp;
}

const SIGNS: readonly Sign[] = [
  { kind: 'read-only', pattern: /EROFS|[Rr]ead-only file system/ },
  { kind: 'resources', pattern: /ENOSPC|No space left on device|EMFILE|[Tt]oo many open files|Cannot allocate memory|JavaScript heap out of memory|java\.lang\.OutOfMemoryError|signal: killed|resource temporarily unavailable/ },
  {
    kind: 'network',
    pattern: /ENETUNREACH|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ECONNREFUSED|[Nn]etwork is unreachable|Temporary failure in name resolution|[Cc]onnection refused|Could not resolve host|no such host|UnknownHostException|Name or service not known|could not connect to server/,
  },
  { kind: 'permission', pattern: /EACCES|[Pp]ermission denied|Operation not permitted/ },
];

const MISSING: readonly RegExp[] = [
  /(?:^|\n)[^\n]*(?:command not found|: not found)(?=\n|$)/,
  /spawn (\S+) ENOENT/,
  /executable file not found in/,
  /env: .*: No such file or directory/,
  /Cannot find (?:package|module) '(?!\.{0,2}\/)([^']+)'/,
  /ModuleNotFoundError: No module named '([^']+)'/,
  /No module named (\w[\w.]*)/,
  /no required module provides package (\S+)/,
  /cannot find module providing package (\S+)/,
  /unresolved import .*use of (?:undeclared|unresolved) (?:crate|module)/,
  /can't find crate for/,
  /failed to (?:download|get|load source for dependency)/,
  /package ([\w.]+) does not exist/,
  /Could not (?:resolve dependencies|find artifact)|in offline mode and the artifact/,
  /No compiler is provided in this environment/,
];

const EVIDENCE_MAX = 200;

/** How a run ended decides before what it printed. `known`: the workspace's paths, so that its own missing module counts as code. */
export function endedBadly(result: CommandResult): EnvironmentFault | undefined {
  switch (result.ended) {
    case 'unstarted':
      return { kind: 'missing-tool', evidence: lastLine(result.stderr) || 'The command could not be started.' };
    case 'wall-limit':
      return { kind: 'hang', evidence: `It had not ended after ${seconds(result.durationMs)} and was stopped. ${lastLine(result.stdout)}`.trim() };
    case 'silence-limit':
      return { kind: 'hang', evidence: `It printed nothing for too long and was stopped after ${seconds(result.durationMs)}; it may wait for input. ${lastLine(result.stdout)}`.trim() };
    case 'output-limit':
      return { kind: 'flood', evidence: 'It printed more than the output limit and was stopped.' };
    case 'signalled':
      return /Killed|out of memory|OutOfMemory/i.test(result.stderr) ? { kind: 'resources', evidence: lastLine(result.stderr) } : undefined;
    case 'exited':
    case 'stopped':
      return undefined;
  }
}

/** The fault that a text shows, if any. */
export function faultIn(text: string, known: readonly string[]): EnvironmentFault | undefined {
  for (const pattern of MISSING) {
    const match = pattern.exec(text);
    if (match !== null && !isOwn(match[1], known)) return { kind: 'missing-tool', evidence: lineAt(text, match.index, match[0]) };
  }
  for (const { kind, pattern } of SIGNS) {
    const match = pattern.exec(text);
    if (match !== null) return { kind, evidence: lineAt(text, match.index, match[0]) };
  }
  return undefined;
}

/** A module that the workspace holds is missing because of the code (a wrong import), not because something is not installed. */
function isOwn(name: string | undefined, known: readonly string[]): boolean {
  const first = name?.split(/[./]/)[0];
  if (first === undefined || first === '') return false;
  return known.some((path) => path.split('/').some((part) => part === first || part === `${first}.py`));
}

function lineAt(text: string, index: number, matched: string): string {
  const at = index + (matched.length - matched.trimStart().length);
  const start = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(start, end < 0 ? undefined : end).trim().slice(0, EVIDENCE_MAX);
}

const lastLine = (text: string): string => (text.trimEnd().split('\n').at(-1) ?? '').trim().slice(0, EVIDENCE_MAX);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
