/** Decides how numbers, times, commands and titles read wherever a run is shown; what could hide from a reader is made visible. */
import type { CallView, RunView } from '../run/view.ts';

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Since the run's start. */
export function offset(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
}

export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** "2 checks", "1 check". */
export function some(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? '';
}

/** The call that is waited for, and why it is sent again; "" where none is. */
export function describeWaiting(view: Pick<RunView, 'calls'>): string {
  const call = [...view.calls.values()].findLast((one) => one.state === 'running');
  if (call === undefined) return '';
  const failed = call.retryOf === undefined ? undefined : view.calls.get(call.retryOf);
  return failed?.error ? `${describeCall(call)} (again: ${short(failed.error, REASON_CHARS)})` : describeCall(call);
}

const REASON_CHARS = 160;

/** "reading 43 %, 12 s left": what a person waits for. */
export function describeCall(call: CallView): string {
  const left = call.leftMs === null ? '' : `, ${seconds(call.leftMs)} left`;
  switch (call.phase) {
    case 'queued': return `${call.purpose}: waiting for a slot`;
    case 'loading': return `${call.purpose}: loading the model${left}`;
    case 'reading': return `${call.purpose}: reading${call.ratio === null ? '' : ` ${Math.round(call.ratio * 100)} %`}${left}`;
    case 'writing': return `${call.purpose}: writing, ${call.progressTokens} tokens`;
  }
}

export function seconds(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** As it could be typed: words that hold anything but plain characters are quoted. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

export function short(text: string, characters: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= characters ? line : `${line.slice(0, characters - 1)}…`;
}

/** What the user asked for, in one line; not yet made visible. */
export function titleOf(view: RunView): string {
  const request = view.request;
  if (request === null) return view.run === '' ? 'Empty run' : view.run;
  if (request.words.trim() !== '') return request.words.trim();
  if (request.test !== null) return `${request.command}: ${commandLine(request.test)}`;
  const check = view.checksFound[view.checkChosen ?? -1];
  if (request.file === null && request.paths.length === 0 && check !== undefined) return `${request.command}: ${commandLine(check.argv)}`;
  return request.file !== null ? `${request.command} ${request.file}${request.line === null ? '' : `:${request.line}`}` : [request.command, ...request.paths].join(' ');
}

/** Written as escapes, since a control character in source would be as unseen as in a trace. Tab and line feed stay. */
const UNSEEN = new RegExp(
  [
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f]',
    '[\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\ud800-\\udfff]',
    '[\\u{e0000}-\\u{e0fff}]',
  ].join('|'),
  'gu',
);

/** Control, invisible and direction-changing characters become their code: a reader must see what a model could hide. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}
