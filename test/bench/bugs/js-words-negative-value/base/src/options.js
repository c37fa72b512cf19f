/**
 * Reads command lines:
 *
 *     tool --offset 5 --offset=5 -o 5 -v --no-colour -- rest
 *
 * Options take a text, a number or nothing (flags). Short flags can be joined, "-vq". After "--" everything is an argument.
 *
 * @typedef {{ type: 'flag' | 'text' | 'number', short?: string, default?: unknown, many?: boolean }} Option
 */

const NUMBER = /^-?(\d+\.?\d*|\.\d+)$/;

export class UsageError extends Error {
  constructor(message) {
    super(message);
    this.name = 'UsageError';
  }
}

/**
 * @param {string[]} argv
 * @param {Record<string, Option>} options
 * @returns {{ values: Record<string, unknown>, args: string[] }}
 */
export function readOptions(argv, options) {
  const values = defaults(options);
  const args = [];
  const words = [...argv];
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--') {
      args.push(...words);
      break;
    }
    if (word.startsWith('--')) readLong(word.slice(2), words, options, values);
    else if (word.startsWith('-') && word !== '-' && !NUMBER.test(word)) readShort(word.slice(1), words, options, values);
    else args.push(word);
  }
  return { values, args };
}

function defaults(options) {
  const values = {};
  for (const [name, option] of Object.entries(options)) {
    if (option.default !== undefined) values[name] = option.default;
    else if (option.many) values[name] = [];
    else if (option.type === 'flag') values[name] = false;
  }
  return values;
}

function readLong(text, words, options, values) {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (at < 0 && name.startsWith('no-') && options[name.slice(3)]?.type === 'flag') {
    values[name.slice(3)] = false;
    return;
  }
  const option = options[name];
  if (option === undefined) throw new UsageError(`There is no option --${name}.`);
  if (option.type === 'flag') {
    if (at >= 0) throw new UsageError(`--${name} takes no value.`);
    values[name] = true;
    return;
  }
  const value = at < 0 ? nextValue(`--${name}`, words) : text.slice(at + 1);
  store(values, name, option, `--${name}`, value);
}

function readShort(letters, words, options, values) {
  for (const [index, letter] of [...letters].entries()) {
    const [name, option] = Object.entries(options).find(([, { short }]) => short === letter) ?? [];
    if (option === undefined) throw new UsageError(`There is no option -${letter}.`);
    if (option.type === 'flag') {
      values[name] = true;
      continue;
    }
    const joined = letters.slice(index + 1);
    store(values, name, option, `-${letter}`, joined === '' ? nextValue(`-${letter}`, words) : joined);
    return;
  }
}

/** The word after an option. Another option is no value, a negative number is. */
function nextValue(shown, words) {
  const [word] = words;
  if (word === undefined || word.startsWith('-')) throw new UsageError(`${shown} needs a value.`);
  words.shift();
  return word;
}

function store(values, name, option, shown, text) {
  if (option.type === 'number' && !NUMBER.test(text)) throw new UsageError(`${shown} takes a number, not "${text}".`);
  const value = option.type === 'number' ? Number(text) : text;
  values[name] = option.many ? [...values[name], value] : value;
}
