/** Decides how numbers, times and diffs read in the trace. */
import { html, type Markup, type Value } from './html.ts';

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
