/** Decides how a run's time is drawn: one row for each kind of work, each model call split into queue, load, prompt and reply. */
import type { CallView, RunView } from '../run/view.ts';
import { html, type Markup } from './html.ts';
import { commandLine, duration, offset } from './text.ts';

const WIDTH = 1_000;
const LABEL = 210;
const LANE = { height: 16, gap: 4 } as const;
const AXIS = 22;
/** Bars shorter than this could not be seen or hit. */
const BAR_PX_MIN = 2;

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly link: string;
  readonly title: string;
  readonly parts: readonly Part[];
}
interface Part { readonly kind: string; readonly ms: number }

/** undefined: nothing took time. */
export function timeline(view: RunView): Markup | undefined {
  const rows = rowsOf(view);
  if (rows.size === 0) return undefined;
  const total = Math.max(1, view.lastAt - view.startedAt);
  const toX = (at: number): number => LABEL + ((at - view.startedAt) / total) * (WIDTH - LABEL - 8);
  let y = AXIS;
  const drawn: Markup[] = [];
  for (const [name, bars] of rows) {
    const lanes = inLanes(bars);
    drawn.push(html`<text class="label" x="${LABEL - 10}" y="${y + 12}">${name}</text>`);
    drawn.push(...lanes.flatMap((lane, i) => lane.map((bar) => drawBar(bar, toX, y + i * (LANE.height + LANE.gap)))));
    y += lanes.length * (LANE.height + LANE.gap) + 4;
    drawn.push(html`<line class="rule" x1="0" x2="${WIDTH}" y1="${y - 3}" y2="${y - 3}"/>`);
  }
  const ticks = ticksOf(total).map((ms) => {
    const x = toX(view.startedAt + ms);
    return html`<line class="rule" x1="${x}" x2="${x}" y1="${AXIS - 6}" y2="${y}"/><text class="tick" x="${x}" y="12">${offset(ms)}</text>`;
  });
  const kinds = ['queue', 'load', 'prompt', 'reply', 'passed', 'failed'].map((kind) => html`<span><svg width="10" height="10"><rect class="${kind}" width="10" height="10" rx="2"/></svg> ${kind}</span>`);
  return html`<p class="legend">${kinds}</p><div class="wide"><svg class="timeline" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="Model calls and checks over time">${ticks}${drawn}</svg></div>`;
}

/** The parts of one call beside each other, for its line in the list. */
export function callBar(call: CallView): Markup {
  const parts = partsOf(call);
  const total = parts.reduce((sum, part) => sum + part.ms, 0);
  if (total <= 0) return html``;
  let x = 0;
  const rects = parts.map(({ kind, ms }) => {
    const width = (ms / total) * 90;
    x += width;
    return html`<rect class="${kind}" x="${(x - width).toFixed(1)}" width="${width.toFixed(1)}" height="8"><title>${kind} ${duration(ms)}</title></rect>`;
  });
  return html`<svg class="minibar" width="90" height="8" aria-hidden="true">${rects}</svg>`;
}

function rowsOf(view: RunView): ReadonlyMap<string, readonly Bar[]> {
  const rows = new Map<string, Bar[]>();
  const row = (name: string): Bar[] => {
    const known = rows.get(name) ?? [];
    rows.set(name, known);
    return known;
  };
  for (const call of view.calls.values()) {
    const parts = partsOf(call);
    const ms = parts.reduce((sum, part) => sum + part.ms, 0);
    row(`${call.role} · ${kindOf(call.purpose)}`).push({
      from: call.startedAt, to: call.startedAt + ms, link: `call-${call.call}`, parts,
      title: `${call.role}, ${call.purpose}: ${call.state}, ${parts.map((part) => `${part.kind} ${duration(part.ms)}`).join(', ')}`,
    });
  }
  view.checks.forEach((check, i) => {
    const ms = check.outcome.durationMs;
    row(`check · ${check.purpose}`).push({
      from: check.at - ms, to: check.at, link: `check-${i}`, parts: [{ kind: check.outcome.passed ? 'passed' : 'failed', ms }],
      title: `${commandLine(check.check.argv)}: ${check.outcome.passed ? 'passed' : 'failed'}, ${duration(ms)}`,
    });
  });
  return rows;
}

/** Calls for different places are one kind of work: "fill src/cart.js:6" is "fill". */
function kindOf(purpose: string): string {
  return purpose.split(/\s+/).filter((word) => !/[\d/.]/.test(word)).join(' ') || 'call';
}

/** A call that has no final record is drawn as one piece, in the phase it was last seen in. */
function partsOf(call: CallView): readonly Part[] {
  const { timings } = call;
  if (timings === null) return [{ kind: call.phase === 'writing' ? 'reply' : call.phase === 'reading' ? 'prompt' : call.phase === 'loading' ? 'load' : 'queue', ms: Math.max(0, (call.finishedAt ?? call.startedAt) - call.startedAt) }];
  return [
    { kind: 'queue', ms: timings.queueMs }, { kind: 'load', ms: timings.loadMs }, { kind: 'prompt', ms: timings.promptMs }, { kind: 'reply', ms: timings.replyMs },
  ].filter((part) => part.ms > 0);
}

/** Bars that overlap are put below each other: first lane with room. */
function inLanes(bars: readonly Bar[]): Bar[][] {
  const lanes: { end: number; readonly bars: Bar[] }[] = [];
  for (const bar of bars.toSorted((a, b) => a.from - b.from)) {
    const lane = lanes.find((other) => other.end <= bar.from);
    if (lane === undefined) lanes.push({ end: bar.to, bars: [bar] });
    else {
      lane.end = bar.to;
      lane.bars.push(bar);
    }
  }
  return lanes.map((lane) => lane.bars);
}

function drawBar(bar: Bar, toX: (at: number) => number, y: number): Markup {
  let at = bar.from;
  const rects = bar.parts.map(({ kind, ms }) => {
    const x = toX(at);
    at += ms;
    return html`<rect class="${kind}" x="${x.toFixed(1)}" y="${y}" width="${Math.max(BAR_PX_MIN, toX(at) - x).toFixed(1)}" height="${LANE.height}" rx="2"/>`;
  });
  return html`<a href="#${bar.link}"><g><title>${bar.title}</title>${rects}</g></a>`;
}

/** At most eight marks at round times. */
function ticksOf(totalMs: number): number[] {
  const step = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000].find((ms) => totalMs / ms <= 8) ?? totalMs / 4;
  return Array.from({ length: Math.floor(totalMs / step) + 1 }, (_, i) => i * step);
}
