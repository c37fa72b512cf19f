/** Decides what a reference leads to: a place in the trace where there is one, else only its name. */
import type { RunView } from '../run/view.ts';
import { html, type Markup } from './html.ts';

export type Target = 'task' | 'call' | 'candidate' | 'receipt' | 'message';

export function link(view: RunView, target: Target, id: string, text: string = id): Markup {
  return isThere(view, target, id) ? html`<a href="#${target}-${id}">${text}</a>` : html`${text}`;
}

function isThere(view: RunView, target: Target, id: string): boolean {
  switch (target) {
    case 'task': return view.tasks.has(id);
    case 'call': return view.calls.has(id);
    case 'candidate': return view.candidates.has(id);
    case 'receipt': return view.receipts.some((receipt) => receipt.id === id);
    case 'message': return view.messages.some((message) => message.id === id);
  }
}
