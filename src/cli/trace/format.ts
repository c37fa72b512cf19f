/** Decides how numbers, times and diffs read in the trace. */
import { html, type Markup, type Value } from './html.ts';

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

/** As it could be typed: words that hold anything but plain characters are quoted. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

export function short(text: string, characters: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= characters ? line : `${line.slice(0, characters - 1)}…`;
}

export function pre(text: string, kind = ''): Markup {
  return text === '' ? html`<p class="none">empty</p>` : html`<pre class="${kind}">${text}</pre>`;
}

export function chip(text: string, tone: 'good' | 'bad' | 'warn' | 'plain' | 'role' = 'plain'): Markup {
  return html`<span class="chip ${tone}">${text}</span>`;
}

/** A unified diff, line by line. */
export function diff(text: string): Markup {
  const lines = text.replace(/^(?:Index: .*\n)?=+\n/gm, '').replace(/\n$/, '').split('\n').map((line) => html`<span class="${lineKind(line)}">${line === '' ? ' ' : line}</span>`);
  return html`<pre class="diff">${lines}</pre>`;
}

function lineKind(line: string): string {
  if (/^(?:diff |index |--- |\+\+\+ |\\)/.test(line)) return 'file';
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'add';
  return line.startsWith('-') ? 'del' : 'same';
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** What stands beside the title, such as a count. */
  readonly aside: string;
  readonly body: Value;
}

/** A line that opens; `id` makes it a target of links. */
export function item(options: { readonly id?: string; readonly summary: Value; readonly body: Value; readonly open?: boolean }): Markup {
  return html`<details class="item"${options.id === undefined ? '' : html` id="${options.id}"`}${options.open === true ? html` open` : ''}><summary>${options.summary}</summary><div class="body">${options.body}</div></details>`;
}
