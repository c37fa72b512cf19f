/** Decides how text becomes HTML: everything that is put in is escaped, only what this tag made is markup. */
import { visible } from './text.ts';

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Value = string | number | Markup | readonly Value[] | null | undefined | false;

/** For whole elements: strings are escaped, arrays joined; null, undefined and false are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = parts[0] ?? '';
  values.forEach((value, i) => {
    text += textOf(value) + (parts[i + 1] ?? '');
  });
  return new Markup(text);
}

function textOf(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Safe between tags and in quoted attributes. */
export function escaped(text: string): string {
  return visible(text.replace(/\r\n/g, '\n')).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}
