/** Decides how the text of `--test` becomes an argv: POSIX quoting, no expansion, no operators. */

export class ArgvError extends Error {
  override readonly name = 'ArgvError';
}

const OPERATORS = new Set(['|', '&', ';', '<', '>', '(', ')', '`', '\n']);

/**
 * Quotes and backslashes as POSIX.1-2017 2.2 has them. `$NAME`, `*` and `~` stay as they are written.
 * @throws ArgvError for an operator outside quotes, an open quote, a command substitution, or no word at all.
 */
export function splitArgv(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) throw new ArgvError(`--test has an open quote at character ${at + 1}: close it.`);
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const quoted = readDoubleQuoted(text, at);
      word = (word ?? '') + quoted.value;
      at = quoted.end;
    } else if (char === '\\') {
      if (at + 1 >= text.length) throw new ArgvError('--test ends in a backslash: remove it or write what it escapes.');
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else {
      if (OPERATORS.has(char) || text.startsWith('$(', at)) throw new ArgvError(`--test takes one command without a shell; "${char}" at character ${at + 1} is a shell operator. Quote it, or put the command in a script.`);
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new ArgvError('--test is empty: give the command that fails, for example --test "npm test".');
  return words;
}

/** Inside double quotes a backslash escapes only `$`, `` ` ``, `"`, `\` and a newline. */
function readDoubleQuoted(text: string, open: number): { readonly value: string; readonly end: number } {
  let value = '';
  for (let at = open + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { value, end: at };
    if (char === '`' || text.startsWith('$(', at)) throw new ArgvError(`--test asks for a command substitution at character ${at + 1}; nothing is expanded. Write the value.`);
    const next = text.charAt(at + 1);
    if (char === '\\' && '$`"\\\n'.includes(next) && next !== '') {
      value += next === '\n' ? '' : next;
      at += 1;
    } else value += char;
  }
  throw new ArgvError(`--test has an open quote at character ${open + 1}: close it.`);
}
