/** Decides which of three listeners follows a run: the live graph, plain lines, or one JSON event a line. */
import type { RunEvent } from '../core/domain/event.ts';
import { applyEvent, RunFold } from '../core/run/view.ts';
import { seconds } from '../core/trace/text.ts';
import { colourStyle, plainStyle, renderGraph } from './liveGraph.ts';

export interface Console {
  listen(event: RunEvent): void;
  /** Takes the graph off the screen for a question, and puts it back. */
  pause<T>(work: () => Promise<T>): Promise<T>;
  /** Draws the last state and gives the terminal back. Safe to call twice. */
  close(): void;
}

export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly colour: boolean;
  write(text: string): void;
}

/** How often the graph is drawn: often enough for a clock that moves, seldom enough to cost nothing. */
const DRAW_MS = 250;

export function createJsonConsole(terminal: Terminal): Console {
  return { listen: (event) => terminal.write(`${JSON.stringify(event)}\n`), pause: async (work) => await work(), close: () => undefined };
}

export function createQuietConsole(): Console {
  return { listen: () => undefined, pause: async (work) => await work(), close: () => undefined };
}

/** Plain lines: a task that starts or ends, a candidate that passes, whatever is missing. */
export function createLineConsole(terminal: Terminal): Console {
  const view = new RunFold();
  return {
    listen(event) {
      applyEvent(view, event);
      const line = describe(view, event);
      if (line !== undefined) terminal.write(`${line}\n`);
    },
    pause: async (work) => await work(),
    close: () => undefined,
  };
}

export function createLiveConsole(terminal: Terminal, now: () => number): Console {
  const view = new RunFold();
  let drawn = 0;
  const clear = (): void => {
    if (drawn > 0) terminal.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    clear();
    if (view.seq === 0) return;
    const rows = renderGraph(view, now(), Math.max(40, terminal.columns - 1), terminal.colour ? colourStyle : plainStyle);
    terminal.write(`${rows.join('\n')}\n`);
    drawn = rows.length;
  };
  let timer: NodeJS.Timeout | undefined = setInterval(draw, DRAW_MS);
  timer.unref();
  return {
    listen: (event) => applyEvent(view, event),
    async pause(work) {
      clearInterval(timer);
      draw();
      drawn = 0;
      try {
        return await work();
      } finally {
        timer = setInterval(draw, DRAW_MS);
        timer.unref();
      }
    },
    close() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      draw();
      drawn = 0;
    },
  };
}

function describe(view: RunFold, event: RunEvent): string | undefined {
  const title = (id: string): string => view.tasks.get(id)?.title ?? id;
  switch (event.type) {
    case 'task.started': return `… ${title(event.data.task)}`;
    case 'task.finished': {
      const task = view.tasks.get(event.data.task);
      const spent = task?.startedAt === null || task?.startedAt === undefined ? '' : ` (${seconds(event.at - task.startedAt)})`;
      return `${event.data.state === 'done' ? '✓' : event.data.state === 'failed' ? '✗' : '–'} ${title(event.data.task)}${spent} ${event.data.summary}`.trimEnd();
    }
    case 'candidate.gated': return event.data.verdict.passed && event.data.verdict.gate === 'all' ? `  passes: ${view.candidates.get(event.data.candidate)?.note ?? event.data.candidate}` : undefined;
    case 'degraded': return `! ${event.data.what}`;
    case 'user.advised': return event.data.text;
    default: return undefined;
  }
}
