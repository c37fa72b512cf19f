/** Decides how the runs of a workspace are listed in a terminal: one line each, newest first. */
import type { RunEvent } from '../core/domain/event.ts';
import { count, duration, short, visible } from '../core/trace/text.ts';

export interface RunRow {
  readonly run: string;
  readonly startedAt: number;
  readonly first: RunEvent;
  readonly last: RunEvent;
}

const COLUMNS_MIN = 60;

/** `now` in milliseconds since 1970, `columns` of the terminal. Ends with a line break. */
export function renderRuns(rows: readonly RunRow[], { now, columns }: { readonly now: number; readonly columns: number }): string {
  if (rows.length === 0) return 'No runs in this workspace yet. Start one with: groundcrew fix\n';
  const cells = rows.map((row) => cellsOf(row, now));
  const head = ['run', 'started', 'ended', 'took', 'tokens', 'what'];
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((cell) => cell[i]?.length ?? 0)));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const whatMax = Math.max(COLUMNS_MIN, columns) - before;
  const lines = [head, ...cells].map((cell) => cell.map((text, i) => (i === head.length - 1 ? short(text, Math.max(12, whatMax)) : text.padEnd(widths[i] ?? 0))).join('  ').trimEnd());
  const open = rows.find(({ last }) => last.type !== 'run.finished');
  return `${[...lines, ...(open === undefined ? [] : ['', `Go on with an unfinished run: groundcrew resume ${open.run}`])].join('\n')}\n`;
}

function cellsOf({ run, startedAt, first, last }: RunRow, now: number): readonly string[] {
  const outcome = last.type === 'run.finished' ? last.data : undefined;
  return [
    run,
    ago(now - startedAt),
    outcome?.kind ?? 'unfinished',
    duration(outcome?.durationMs ?? Math.max(0, last.at - startedAt)),
    outcome === undefined ? '–' : count(outcome.tokens.prompt + outcome.tokens.reply),
    first.type === 'run.started' ? visible(whatOf(first.data.request)) : '',
  ];
}

function whatOf(request: Extract<RunEvent, { type: 'run.started' }>['data']['request']): string {
  const where = request.file === null ? '' : `${request.file}${request.line === null ? '' : `:${request.line}`}`;
  return [request.command, request.words, request.test?.join(' ') ?? '', where, ...request.paths].filter((part) => part !== '').join(' ').replace(/\s+/g, ' ');
}

function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
