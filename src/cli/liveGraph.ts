/** Decides what a run looks like in a terminal while it goes on: the task graph, what is being waited for, what it costs. */
import type { RunView, TaskView } from '../core/run/view.ts';
import { describeWaiting, seconds } from '../core/trace/text.ts';

const MARK = { waiting: '○', running: '●', done: '✓', failed: '✗', skipped: '–', stopped: '■' } as const;

export interface Style {
  dim(text: string): string;
  strong(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export const plainStyle: Style = { dim: (text) => text, strong: (text) => text, good: (text) => text, bad: (text) => text };

const sgr = (code: number) => (text: string): string => `\u001b[${code}m${text}\u001b[0m`;
export const colourStyle: Style = { dim: sgr(2), strong: sgr(1), good: sgr(32), bad: sgr(31) };

/** One string a line, each at most `width` columns before styling. `now`: milliseconds since 1970. */
export function renderGraph(view: RunView, now: number, width: number, style: Style): readonly string[] {
  const { prompt, reply } = view.totals.tokens;
  const head = [`Groundcrew ${view.request?.command ?? ''}`.trim(), view.model ?? 'no model', `${seconds(now - view.startedAt)}`, `${count(prompt)} + ${count(reply)} tokens`].join(' · ');
  const rows = [style.strong(cut(head, width))];
  const depth = depths(view);
  for (const task of view.tasks.values()) {
    if (!task.planned && task.state !== 'failed') continue;
    const lead = `${'  '.repeat(Math.min(depth.get(task.id) ?? 0, 1))}${MARK[task.state]} `;
    rows.push(paint(task, cut(`${lead}${task.title.padEnd(22)} ${task.role.padEnd(12)} ${detail(view, task, now)}`, width), style));
  }
  return rows;
}

function paint(task: TaskView, row: string, style: Style): string {
  switch (task.state) {
    case 'waiting': case 'skipped': return style.dim(row);
    case 'running': return row;
    case 'done': return style.good(row);
    case 'failed': case 'stopped': return style.bad(row);
  }
}

function detail(view: RunView, task: TaskView, now: number): string {
  if (task.startedAt === null) return '';
  const spent = seconds((task.finishedAt ?? now) - task.startedAt);
  if (task.state !== 'running') return `${spent}  ${task.summary}`;
  const tried = [...view.candidates.values()];
  const passed = tried.filter((candidate) => candidate.state === 'passed' || candidate.state === 'chosen').length;
  const parts = [spent, describeWaiting(view), tried.length === 0 ? '' : `${tried.length} candidates, ${passed} pass`];
  return parts.filter((part) => part !== '').join(' · ');
}

/** Longest path from a first task; a task whose dependency is unknown counts as a first one. */
function depths(view: RunView): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const task of view.tasks.values()) found.set(task.id, Math.max(0, ...task.dependsOn.map((id) => (found.get(id) ?? 0) + 1)));
  return found;
}

export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
}

function cut(text: string, width: number): string {
  const line = text.replaceAll(/\s+/gu, (space) => (space.includes('\n') ? ' ' : space));
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
