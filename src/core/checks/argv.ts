/** Decides how a command line is split into words, by POSIX quoting and nothing else: no expansion, no operators. */

export type Split =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'operator'; readonly operator: string; readonly at: number }
  | { readonly kind: 'unclosed'; readonly quote: string };

/** `$`, backquote and globs outside single quotes are kept as plain characters, except that `$(…)` and backquotes count as operators. */
export function splitCommand(text: string): Split {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (/\s/.test(c)) {
      if (c === '\n' && word !== undefined && text.slice(i).trim() !== '') return { kind: 'operator', operator: 'newline', at: i };
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (c === "'" || c === '"') {
      const read = readQuoted(text, i);
      if (read === undefined) return { kind: 'unclosed', quote: c };
      word = (word ?? '') + read.value;
      i = read.end;
      continue;
    }
    if (c === '\\' && i + 1 < text.length) {
      word = (word ?? '') + text.charAt(++i);
      continue;
    }
    const operator = /^(?:&&|\|\||>>|<<|\$\(|[|&;<>()`])/.exec(text.slice(i, i + 2))?.[0];
    if (operator !== undefined) return { kind: 'operator', operator, at: i };
    word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return { kind: 'words', words };
}

function readQuoted(text: string, from: number): { readonly value: string; readonly end: number } | undefined {
  const quote = text.charAt(from);
  let value = '';
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === quote) return { value, end: i };
    if (c === '\\' && quote === '"' && /["\\$`\n]/.test(text.charAt(i + 1))) value += text.charAt(++i);
    else value += c;
  }
  return undefined;
}
