/** Decides how a plan reads as a checklist, and what a person's edit of it says. */
import type { KeptTasks, OfferedPlan } from '../core/workflows/ownPlan.ts';

export function planText({ plan, states, cause, wrong }: OfferedPlan & { readonly cause: string; readonly wrong: string }): string {
  const lines = plan.tasks.map((task) => {
    const isSettled = (states.get(task.id) ?? 'waiting') !== 'waiting';
    const files = task.files.length === 0 || isSettled ? '' : ` | files: ${task.files.join(', ')}`;
    return `- [${isSettled ? 'x' : ' '}] ${oneLine(task.title)}${files}${isSettled ? '' : `  <!-- ${task.id} -->`}`;
  });
  return [
    '# Plan', '', ...(wrong === '' ? [] : [`> Not yet: ${oneLine(wrong)}`, '']), oneLine(cause), '',
    ...lines, '',
    'Nothing of this has run but what is ticked. Move lines to change the order, delete what is not to be done, change words and files, or add a line for a further step; then choose **Run This Plan** above. Only lines that begin with `- [ ]` count.', '',
  ].join('\n');
}

/** Steps that are to be done, in the order of the text; those without the mark of a known step are new. */
export function readPlan(text: string): KeptTasks {
  const kept: { id: string; title: string; files: string[] }[] = [];
  for (const line of text.split(/\r?\n/u)) {
    const found = LINE.exec(line);
    const title = found?.groups?.['title']?.trim() ?? '';
    if (found === null || title === '') continue;
    const files = (found.groups?.['files'] ?? '').split(',').map((file) => file.trim()).filter((file) => file !== '');
    const id = found.groups?.['id'];
    kept.push({ id: id !== undefined && !kept.some((task) => task.id === id) ? id : `own-${kept.length + 1}`, title: title.slice(0, TITLE_CHARS_MAX), files });
  }
  return kept;
}

const LINE = /^\s*[-*] \[ \] (?<title>[^|<]*)(?:\|\s*files:(?<files>[^<]*))?(?:<!--\s*(?<id>[\w-]+)\s*-->)?\s*$/u;
const TITLE_CHARS_MAX = 200;

const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').replaceAll(/[|<]/gu, ' ').trim();
