/** Decides what a person reads before saying yes: the whole of what would happen, with nothing hidden by white space or invisible characters. */
import { createTwoFilesPatch } from 'diff';
import type { Role } from '../domain/role.ts';
import { protectedChange } from './protectedContent.ts';
import { escapeInvisible } from './sanitize.ts';
import type { Preview, Touches } from './tool.ts';

/** Longer changes are shown cut, and the text says so; commands are never cut. */
const DIFF_CHARS_MAX = 6_000;

export function describeCall(role: Role, tool: string, touches: Touches, previews: readonly Preview[]): string {
  const argv = touches.argv ?? touches.check?.argv;
  const lines = [
    `${role} wants to call ${tool}${touches.paths === undefined || touches.paths.length === 0 ? '' : ` on ${touches.paths.map(visible).join(', ')}`}`,
    ...(argv === undefined ? [] : [`  ${argv.map(quoted).join(' ')}`, ...(touches.cwd === undefined || touches.cwd === '' ? [] : [`  in ${visible(touches.cwd)}`])]),
    ...(touches.script === undefined ? [] : touches.script.split('\n').map((line) => `  ${visible(line)}`)),
    ...(touches.confined === false ? ['  outside the sandbox'] : []),
    ...previews.flatMap((preview) => [...(protectedChange(preview) === undefined ? [] : [`  ${preview.path}: ${protectedChange(preview)}`]), difference(preview)]),
  ];
  return lines.join('\n');
}

function quoted(word: string): string {
  const shown = visible(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : JSON.stringify(shown);
}

/** Runs of spaces push the rest of a line out of sight: they are counted instead. */
function visible(text: string): string {
  return escapeInvisible(text).replace(/[ \t\u00A0\u2000-\u200A\u3000]{4,}/g, (spaces) => `⟨${spaces.length} spaces⟩`).replace(/\r/g, '\\r').replace(/\n/g, '\\n');
}

function difference({ path, before, after }: Preview): string {
  const patch = createTwoFilesPatch(path, path, before ?? '', after ?? '', before === null ? 'absent' : '', after === null ? 'absent' : '', { context: 2, timeout: 500 });
  const text = escapeInvisible(patch ?? `${path} changes in too many places to show.`);
  return text.length <= DIFF_CHARS_MAX ? text : `${text.slice(0, DIFF_CHARS_MAX)}\n… ${text.length - DIFF_CHARS_MAX} more characters`;
}
