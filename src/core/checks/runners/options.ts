/** Decides which words of a command are options and which are what it runs. */

export interface SplitArgs {
  readonly options: readonly string[];
  readonly positionals: readonly string[];
  /** After "--", with it. */
  readonly tail: readonly string[];
}

/** `withValue`: options whose value is the next word, as "--grep x"; "--grep=x" needs no list. */
export function splitArgs(args: readonly string[], withValue: readonly string[]): SplitArgs {
  const options: string[] = [];
  const positionals: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--') return { options, positionals, tail: args.slice(i) };
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word);
      continue;
    }
    options.push(word);
    const value = args[i + 1];
    if (withValue.includes(word) && value !== undefined) {
      options.push(value);
      i++;
    }
  }
  return { options, positionals, tail: [] };
}

/** `args` without the named options and the values that they take. */
export function withoutOptions(args: readonly string[], dropped: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    const name = word.split('=')[0] ?? word;
    if (word === '--') return [...kept, ...args.slice(i)];
    if (!dropped.includes(name)) kept.push(word);
    else if (!word.includes('=') && args[i + 1]?.startsWith('-') === false) i++;
  }
  return kept;
}
