import { characterWidth, textWidth } from './width.ts';

export type Alignment = 'left' | 'right' | 'center';

export interface WrapOptions {
  readonly width: number;
  /** Put before each line but the first. */
  readonly hang?: string;
  /** Cuts words that are longer than a line. Otherwise such a word has a line of its own and sticks out. */
  readonly cut?: boolean;
}

/**
 * Text in lines of at most `width` columns, broken at spaces. Line breaks of the text stay, empty lines too; otherwise there are
 * no empty lines.
 */
export function wrap(text: string, options: WrapOptions): string[] {
  const hang = options.hang ?? '';
  if (options.width <= textWidth(hang)) throw new RangeError(`Nothing fits into ${options.width} columns.`);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, options, hang));
}

function wrapParagraph(paragraph: string, { width, cut = false }: WrapOptions, hang: string): string[] {
  const lines: string[] = [];
  let line = '';
  const room = (): number => width - (lines.length === 0 ? 0 : textWidth(hang));
  const finish = (): void => {
    lines.push(lines.length === 0 ? line : hang + line);
    line = '';
  };
  for (const word of paragraph.split(/ +/).filter((part) => part !== '')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= room()) {
      line = joined;
      continue;
    }
    if (line !== '') finish();
    line = word;
    while (cut && textWidth(line) > room()) {
      const rest = line;
      line = fitting(rest, room());
      const taken = line.length;
      finish();
      line = rest.slice(taken);
    }
  }
  finish();
  return lines;
}

/** As much of a text as fits, one character at least. */
function fitting(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (taken !== '' && used > width) break;
    taken += character;
  }
  return taken;
}

/** A text as wide as a column. What is too wide stays as it is. */
export function align(text: string, width: number, alignment: Alignment = 'left'): string {
  const missing = Math.max(0, width - textWidth(text));
  if (alignment === 'right') return ' '.repeat(missing) + text;
  if (alignment === 'left') return text + ' '.repeat(missing);
  const left = Math.floor(missing / 2);
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
}

/** Names with their explanations beside them: "  --all   shows all". */
export function definitionList(entries: readonly (readonly [string, string])[], width: number, gap = 2): string[] {
  const column = Math.max(0, ...entries.map(([name]) => textWidth(name))) + gap;
  return entries.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrap(text, { width: Math.max(1, width - column) });
    return [`${align(name, column)}${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(column) + line)];
  });
}
