/**
 * Decides which shell texts are plain: words, quotes without expansion, and `&&`, `||`, `;`, `|` between commands. A plain text is run as
 * its parsed words, each quoted anew, so no second parser can read it otherwise. Whatever is not plain is looked at loosely, only to refuse.
 */

export interface Step {
  /** What stands before it. */
  readonly joint: '' | '&&' | '||' | ';' | '|';
  readonly argv: readonly string[];
}

export type Parsed =
  /** `cwd`: of a leading `cd folder &&`; "" without. */
  | { readonly kind: 'plain'; readonly cwd: string; readonly steps: readonly Step[] }
  | { readonly kind: 'shell'; readonly why: string };

const CHARS_MAX = 8_192;
const STEPS_MAX = 40;

export function parseShell(text: string): Parsed {
  if (text.length > CHARS_MAX) return { kind: 'shell', why: 'it is too long to judge' };
  const tokens = tokensOf(text);
  if (typeof tokens === 'string') return { kind: 'shell', why: tokens };
  const steps = stepsOf(tokens);
  if (typeof steps === 'string') return { kind: 'shell', why: steps };
  const [first, second] = steps;
  if (first?.argv[0] !== 'cd') return ruled(steps, '');
  const goesOn = second !== undefined && (second.joint === '&&' || second.joint === ';');
  const [, folder = '', ...more] = first.argv;
  if (!goesOn || more.length > 0 || folder === '' || folder.startsWith('-')) return { kind: 'shell', why: 'cd stands first, with one folder, or not at all' };
  return ruled([{ ...second, joint: '' }, ...steps.slice(2)], folder);
}

/** The same commands as one text in which every word is quoted: nothing is left for a shell to expand. */
export function quoteSteps(steps: readonly Step[]): string {
  return steps.map(({ joint, argv }) => `${joint === '' ? '' : ` ${joint} `}${argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')}`).join('');
}

/** What a shell text may run, as far as a loose look can tell: commands at every place where one could begin, its assignments and files. */
export interface Glimpse {
  readonly commands: readonly (readonly string[])[];
  /** Names of variables that it sets. */
  readonly variables: readonly string[];
  /** Files that it redirects from or to, as far as they are literal. */
  readonly files: readonly string[];
}

export function glimpse(text: string): Glimpse {
  const bare = text.slice(0, CHARS_MAX * 8).replace(/\\\n/g, '').replace(/\$?["'\\]/g, '');
  const parts = bare.replace(REDIRECTION, ' ').split(/\$\(|[<>]\(|[;&|\n(){}`]|(?:^|\s)(?:if|then|elif|else|do|while|until|time|coproc|eval|exec|!|-exec|-execdir|-ok)(?=\s)|(?<=sh(?:\s+-\w+)*\s+-\w*c)\s/u);
  const words = parts.map((part) => part.split(/[\s]+/u).filter((word) => word !== ''));
  return {
    commands: words.map((list) => list.slice(list.findIndex(isNoPrefix))).filter((list) => list.some(isNoPrefix)),
    variables: words.flatMap(assignedIn),
    files: [...bare.matchAll(REDIRECTION)].map((match) => match[1] ?? '').filter((file) => !/[$*?{}[\]]/u.test(file) && !/^(?:\d+|-|\/dev\/(?:null|stdin|stdout|stderr|zero))$/u.test(file)),
  };
}

const REDIRECTION = /\d*[<>]{1,2}[|&]?[ \t]*([^\s<>|&;()]+)/gu;

/** Before a command, or as arguments of a word that sets them. */
function assignedIn(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !ASSIGNMENT.test(word));
  const isSetting = /^(?:export|declare|typeset|local|readonly|env)$/u.test(words[first] ?? '');
  return (isSetting || first < 0 ? words : words.slice(0, first)).flatMap((word) => ASSIGNMENT.exec(word)?.[1] ?? []);
}

const isNoPrefix = (word: string): boolean => !ASSIGNMENT.test(word) && !/^\d*[<>]/u.test(word);
const ASSIGNMENT = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/u;

/** Words that the shell itself obeys: no program of that name would run. */
const SHELL_WORDS = new Set(
  'if then else elif fi do done case esac while until for in select function time coproc { } ! [[ ]] . : source eval exec export declare typeset local readonly unset set shopt alias unalias trap cd pushd popd dirs wait jobs fg bg disown kill ulimit umask hash type command builtin enable bind let read mapfile readarray getopts shift return exit break continue times caller compgen complete logout history fc'.split(' '),
);

function ruled(steps: readonly Step[], cwd: string): Parsed {
  const obeyed = steps.find(({ argv }) => SHELL_WORDS.has(argv[0] ?? ''));
  if (obeyed !== undefined) return { kind: 'shell', why: `${obeyed.argv[0]} is a word of the shell itself` };
  const assigning = steps.find(({ argv }) => ASSIGNMENT.test(argv[0] ?? ''));
  if (assigning !== undefined) return { kind: 'shell', why: 'it sets a variable' };
  return { kind: 'plain', cwd, steps };
}

type Token = { readonly kind: 'word'; readonly text: string } | { readonly kind: 'joint'; readonly text: Step['joint'] };

/** A sentence where the text is not plain. */
function tokensOf(text: string): readonly Token[] | string {
  const tokens: Token[] = [];
  let rest = text;
  while (rest !== '') {
    const space = /^[ \t]+/u.exec(rest)?.[0] ?? '';
    const joint = /^(?:&&(?!&)|\|\|(?!\|)|\|(?![|&])|;(?!;)|\n+)/u.exec(rest.slice(space.length))?.[0];
    if (joint !== undefined) {
      tokens.push({ kind: 'joint', text: asJoint(joint) });
      rest = rest.slice(space.length + joint.length);
      continue;
    }
    rest = rest.slice(space.length);
    if (rest === '') break;
    const word = wordAt(rest);
    if (word === undefined) return `${JSON.stringify(rest.slice(0, 20))} is more than words`;
    tokens.push({ kind: 'word', text: word.text });
    rest = rest.slice(word.length);
  }
  return tokens;
}

function asJoint(text: string): Step['joint'] {
  return text === '&&' || text === '||' || text === '|' ? text : ';';
}

/** Letters that no shell expands, single quotes, and double quotes that hold nothing to expand. */
const PART = /^(?:[^\s'"\\$`<>(){}*?[\]#!~&|;\p{C}\p{Z}]+|'[^'\p{Cc}]*'|"[^"\\$`!\p{Cc}]*")/u;

function wordAt(text: string): { readonly text: string; readonly length: number } | undefined {
  let word = '';
  let at = 0;
  while (at < text.length && !/^[ \t\n;&|]/u.test(text.slice(at, at + 1))) {
    // Inside a word these two mean themselves, but for a tilde where a path could begin.
    const inner = at > 0 ? /^[~#]/u.exec(text.slice(at, at + 1))?.[0] : undefined;
    const part = inner !== undefined && !/[:=]$/u.test(text.slice(0, at)) ? inner : PART.exec(text.slice(at))?.[0];
    if (part === undefined) return undefined;
    word += /^['"]/u.test(part) ? part.slice(1, -1) : part;
    at += part.length;
  }
  return at === 0 ? undefined : { text: word, length: at };
}

function stepsOf(tokens: readonly Token[]): readonly Step[] | string {
  const steps: { joint: Step['joint']; argv: string[] }[] = [];
  let joint: Step['joint'] | undefined = '';
  for (const token of tokens) {
    if (token.kind === 'joint') {
      if (joint !== undefined) {
        if ((joint === ';' || joint === '') && token.text === ';') continue;
        return 'a command is missing between two signs';
      }
      joint = token.text;
    } else if (joint === undefined) steps.at(-1)?.argv.push(token.text);
    else {
      steps.push({ joint, argv: [token.text] });
      joint = undefined;
    }
  }
  if (joint !== undefined && joint !== ';' && joint !== '') return 'it ends in the middle';
  if (steps.length === 0) return 'there is no command in it';
  return steps.length > STEPS_MAX ? 'it has too many commands to judge' : steps;
}
