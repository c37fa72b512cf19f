/** Decides how the plan is drawn: tasks in columns by how far they stand from the start, arrows from what they wait for. */
import type { RunView, TaskView } from '../run/view.ts';
import { html, type Markup } from './html.ts';
import { duration, short } from './text.ts';

const BOX = { width: 216, height: 62, gapX: 44, gapY: 18, margin: 8 } as const;
/** Bold 13 px letters are about 8 px wide in the widest of the usual system fonts. */
const TITLE_CHARACTERS = 25;

/** undefined: there is nothing to draw. */
export function taskGraph(view: RunView): Markup | undefined {
  const tasks = [...view.tasks.values()];
  if (tasks.length === 0) return undefined;
  const columns = inColumns(tasks);
  const at = new Map(columns.flatMap((column, x) => column.map((task, y) => [task.id, {
    x: BOX.margin + x * (BOX.width + BOX.gapX),
    y: BOX.margin + y * (BOX.height + BOX.gapY),
  }] as const)));
  const width = 2 * BOX.margin + columns.length * (BOX.width + BOX.gapX) - BOX.gapX;
  const height = 2 * BOX.margin + Math.max(...columns.map((column) => column.length)) * (BOX.height + BOX.gapY) - BOX.gapY;
  const arrows = tasks.flatMap((task) => task.dependsOn.flatMap((id) => arrow(at.get(id), at.get(task.id))));
  return html`<div class="wide"><svg class="graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Tasks and what they wait for">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
${arrows}${tasks.map((task) => box(task, at.get(task.id) ?? { x: 0, y: 0 }))}</svg></div>`;
}

/** A task stands one column after the last that it waits for; a circle, which no valid plan has, is cut where it is met. */
function inColumns(tasks: readonly TaskView[]): TaskView[][] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const depths = new Map<string, number>();
  function depthOf(id: string, above: ReadonlySet<string>): number {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const task = byId.get(id);
    if (task === undefined || above.has(id)) return -1;
    const depth = 1 + Math.max(-1, ...task.dependsOn.map((other) => depthOf(other, new Set([...above, id]))));
    depths.set(id, depth);
    return depth;
  }
  const placed = tasks.map((task) => ({ task, column: Math.max(0, depthOf(task.id, new Set())) }));
  const last = Math.max(...placed.map(({ column }) => column));
  return Array.from({ length: last + 1 }, (_, column) => placed.filter((each) => each.column === column).map(({ task }) => task));
}

interface Point { readonly x: number; readonly y: number }

function arrow(from: Point | undefined, to: Point | undefined): Markup[] {
  if (from === undefined || to === undefined) return [];
  const x1 = from.x + BOX.width;
  const y1 = from.y + BOX.height / 2;
  const x2 = to.x - 2;
  const y2 = to.y + BOX.height / 2;
  const bend = Math.max(20, (x2 - x1) / 2);
  return [html`<path class="edge" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" marker-end="url(#tip)"/>`];
}

function box(task: TaskView, { x, y }: Point): Markup {
  const took = task.startedAt !== null && task.finishedAt !== null ? ` · ${duration(task.finishedAt - task.startedAt)}` : '';
  const again = task.attempts > 1 ? ` · ${task.attempts} attempts` : '';
  return html`<a href="#task-${task.id}"><g class="task ${task.state}" transform="translate(${x} ${y})"><title>${task.title}</title>
<rect width="${BOX.width}" height="${BOX.height}" rx="7"/><rect class="state" width="5" height="${BOX.height}" rx="2.5"/>
<text class="role" x="16" y="17">${task.role}</text><text class="title" x="16" y="35">${short(task.title, TITLE_CHARACTERS)}</text>
<text class="note" x="16" y="52">${task.state}${took}${again}</text></g></a>`;
}
