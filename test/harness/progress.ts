/** Decides how long work is told: step, bytes, rate and time left, on one moving line in a terminal and on few plain lines elsewhere. */

export interface Progress {
  /** What is being made: "model", "server". */
  readonly step: string;
  readonly detail: string;
  /** What changes too often for a line of its own: a count, seconds. */
  readonly note?: string;
  readonly bytes?: number;
  /** 0 or absent: not known. */
  readonly totalBytes?: number;
}

export type OnProgress = (progress: Progress) => void;

interface Sink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A pipe gets a line when the detail changes, and at most one in so long while only bytes move. */
const PLAIN_LINE_EVERY_MS = 10_000;
const TERMINAL_LINE_EVERY_MS = 100;

/** Call the result for each progress; its `end` closes the moving line. */
export function createProgressPrinter(sink: Sink, nowMs: () => number = () => performance.now()): OnProgress & { end(): void } {
  let meter = createMeter(nowMs);
  let shown = '';
  let shownAt = -Infinity;
  const print = (progress: Progress): void => {
    const topic = `${progress.step} ${progress.detail}`;
    const isNew = topic !== shown;
    if (isNew) meter = createMeter(nowMs);
    const line = `${progress.step}: ${progress.detail}${progress.note === undefined ? '' : `, ${progress.note}`}${meter(progress)}`;
    if (!isNew && nowMs() - shownAt < (sink.isTTY ? TERMINAL_LINE_EVERY_MS : PLAIN_LINE_EVERY_MS)) return;
    shown = topic;
    shownAt = nowMs();
    sink.write(sink.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
  };
  return Object.assign(print, { end: () => void (sink.isTTY && shown !== '' && sink.write('\n')) });
}

/** ", 12 of 50 MB, 4.1 MB/s, 9 s left" for successive progress of one piece of work. */
export function createMeter(nowMs: () => number): (progress: Progress) => string {
  let first: { readonly at: number; readonly bytes: number } | undefined;
  return ({ bytes, totalBytes }) => {
    if (bytes === undefined) return '';
    first ??= { at: nowMs(), bytes };
    const seconds = (nowMs() - first.at) / 1000;
    const rate = seconds > 0 ? (bytes - first.bytes) / seconds : 0;
    const parts = [totalBytes ? `${sizeText(bytes)} of ${sizeText(totalBytes)}` : sizeText(bytes)];
    if (rate > 0) parts.push(`${sizeText(rate)}/s`);
    if (rate > 0 && totalBytes && totalBytes > bytes) parts.push(`${durationText((totalBytes - bytes) / rate)} left`);
    return `, ${parts.join(', ')}`;
  };
}

/** Decimal units, as download tools print them. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(bytes >= 1e7 ? 0 : 1)} MB`;
  return `${Math.round(bytes / 1e3)} kB`;
}

export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
