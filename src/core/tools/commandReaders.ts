/** Decides, per program, which flags keep it a reader: a list of allowed flags, so that an unknown or abbreviated one asks. */

/** `why`: these arguments must be asked for; undefined: they only read. `paths`: words that name files, as written. */
export interface Reading {
  readonly why: string | undefined;
  readonly paths: readonly string[];
}
export type Reader = (args: readonly string[]) => Reading;

interface Flags {
  /** Single letters that take no value and may be combined: "la". */
  readonly letters?: string;
  /** Single letters that take a value, joined or as the next word: never combined with others. */
  readonly valued?: string;
  /** Whole long flags without a value, and long flags that take one (`--n=3`, or the next word). */
  readonly long?: readonly string[];
  readonly longValued?: readonly string[];
  /** `-10` means a count. */
  readonly digits?: boolean;
  /** First words that are not paths: a pattern, a format. */
  readonly wordsFirst?: number;
  /** Flags that say that there is no such first word. */
  readonly withoutFirst?: RegExp;
  readonly pathsMax?: number;
}

/** Paths that a reader may name: in the workspace, as written. The sandbox shows no other, but a question is cheaper than a leak. */
const outside = (word: string): boolean => /^[/~]|^[A-Za-z]:|(?:^|\/)\.\.(?:\/|$)|\$/u.test(word);

function reader(flags: Flags): Reader {
  return (args) => {
    const first = flags.withoutFirst !== undefined && args.some((word) => flags.withoutFirst?.test(word)) ? 0 : (flags.wordsFirst ?? 0);
    const { words, why } = operands(args, flags);
    const paths = words.slice(first);
    const far = paths.find(outside);
    if (why !== undefined) return { why, paths };
    if (far !== undefined) return { why: `${far} is not in the workspace`, paths };
    return { why: paths.length > (flags.pathsMax ?? Infinity) ? `${paths.at(-1)} may be written to` : undefined, paths };
  };
}

/** Words that are neither flags nor their values; goes on past a flag that is not allowed, to find every path. */
function operands(args: readonly string[], flags: Flags): { readonly words: readonly string[]; readonly why: string | undefined } {
  const words: string[] = [];
  let why: string | undefined;
  let options = true;
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    if (!options || !word.startsWith('-') || word === '-') words.push(word);
    else if (word === '--') options = false;
    else {
      const taken = word.startsWith('--') ? longFlag(word, flags) : shortFlags(word, flags);
      if (taken === undefined) why ??= `the flag ${word} is not known to only read`;
      if (taken === 'next') i += 1;
    }
  }
  return { words, why };
}

function longFlag(word: string, { long = [], longValued = [] }: Flags): 'alone' | 'next' | undefined {
  const [name = ''] = word.split('=', 1);
  if (long.includes(word)) return 'alone';
  if (!longValued.includes(name)) return undefined;
  return word.includes('=') ? 'alone' : 'next';
}

function shortFlags(word: string, { letters = '', valued = '', digits = false }: Flags): 'alone' | 'next' | undefined {
  if (digits && /^-\d+$/u.test(word)) return 'alone';
  const body = word.slice(1);
  if ([...body].every((letter) => letters.includes(letter))) return 'alone';
  if (!valued.includes(body[0] ?? ' ')) return undefined;
  return body.length === 1 ? 'next' : 'alone';
}

/** find with tests and prints only: an action that is not listed (-exec, -delete, -fprint, -ok) asks. */
const find: Reader = (args) => {
  const alone = new Set(['-print', '-print0', '-o', '-a', '-not', '!', '(', ')', '-empty', '-prune', '-true', '-false', '-depth', '-xdev', '-mount', '-daystart', '-or', '-and', '-ls']);
  const valued = new Set(['-name', '-iname', '-path', '-ipath', '-wholename', '-regex', '-iregex', '-type', '-maxdepth', '-mindepth', '-size', '-mtime', '-mmin', '-perm', '-links']);
  const paths: string[] = [];
  let why: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    if (valued.has(word)) i += 1;
    else if (/^[-!(),]/u.test(word)) why ??= alone.has(word) ? undefined : `find ${word} is not known to only read`;
    else paths.push(word);
  }
  const far = paths.find(outside);
  return { why: why ?? (far === undefined ? undefined : `${far} is not in the workspace`), paths };
};

/** Only `sed -n` with line addresses and p: every other script may write (w, W), run (e) or read files (r). */
const sed: Reader = (args) => {
  const [flag, script = '', ...paths] = args;
  const harmless = flag === '-n' && /^(?:\d+|\$)(?:,(?:\d+|\$))?p(?:;(?:\d+|\$)(?:,(?:\d+|\$))?p)*$/u.test(script);
  if (!harmless) return { why: 'sed scripts other than -n with line numbers and p may write or run programs', paths: args.filter((word) => !word.startsWith('-') && outside(word)) };
  const far = paths.find((path) => path.startsWith('-') || outside(path));
  return { why: far === undefined ? undefined : `${far} is not a path in the workspace`, paths };
};

const logFlags = { letters: 'pzn', long: ['--oneline', '--stat', '--graph', '--all', '--decorate', '--no-decorate', '--no-merges', '--merges', '--name-only', '--name-status', '--patch', '--no-patch', '--reverse', '--follow', '--no-color', '--shortstat', '--numstat', '--cached', '--staged'], longValued: ['--max-count', '--since', '--until', '--author', '--grep', '--unified'], digits: true, valued: 'nUSGL' } as const;

/** The read-only commands; their output comes from the repository, so options are a list of their own. */
const GIT: Readonly<Record<string, Reader>> = {
  status: reader({ letters: 'sb', long: ['--short', '--branch', '--porcelain', '--porcelain=v1', '--porcelain=v2', '--ignored'] }),
  log: reader(logFlags),
  show: reader(logFlags),
  diff: reader(logFlags),
  blame: reader({ letters: 'wsefn', valued: 'L', long: ['--porcelain', '--line-porcelain'] }),
  'ls-files': reader({ letters: 'cmdosz', long: ['--cached', '--modified', '--deleted', '--others', '--exclude-standard', '--stage'] }),
  'rev-parse': reader({ long: ['--show-toplevel', '--abbrev-ref', '--short', '--verify', '--is-inside-work-tree', '--show-prefix'] }),
  branch: reader({ letters: 'avr', long: ['--list', '--all', '--show-current', '--no-color'], pathsMax: 0 }),
  tag: reader({ letters: 'l', long: ['--list'], pathsMax: 0 }),
};

/** The read-only commands; what a repository configures runs inside the sandbox, and unconfined every command asks (policy.ts). */
const git: Reader = ([command = '', ...args]) => {
  const known = Object.hasOwn(GIT, command) ? GIT[command] : undefined;
  if (known === undefined) return { why: `git ${command} is not known to only read`, paths: [] };
  // `commit:path` names a file too.
  const { why, paths } = known(args);
  return { why, paths: paths.map((word) => word.replace(/^[^:/]*:/u, '')).filter((word) => word !== '') };
};

/** Exactly these words: asking a program for its version runs nothing of the workspace. */
const version: Reader = (args) => ({ why: args.length === 1 && /^(?:--version|-v|-V|version)$/u.test(args[0] ?? '') ? undefined : 'it runs code of the workspace', paths: [] });

const none: Reader = (args) => ({ why: args.length === 0 ? undefined : 'it takes no arguments here', paths: [] });

/** Prints its words: none of them is a path. */
const words: Reader = () => ({ why: undefined, paths: [] });

/** Asks always, but its words are files that it would read or write, so the path broker looks at them first. */
const asks = (why: string): Reader => (args) => ({ why, paths: args.filter((word) => !word.startsWith('-') && /[/~]|^\.\.?$/u.test(word)) });

export const READERS: Readonly<Record<string, Reader>> = {
  ls: reader({ letters: 'aAlhrtRS1FdpnisU', long: ['--all', '--almost-all', '--human-readable', '--recursive', '--reverse', '--color=never', '--full-time'] }),
  cat: reader({ letters: 'nbsAETve', long: ['--number', '--show-all', '--squeeze-blank'] }),
  head: reader({ letters: 'qv', valued: 'nc', longValued: ['--lines', '--bytes'], digits: true }),
  // Not -f: it never ends.
  tail: reader({ letters: 'qv', valued: 'nc', longValued: ['--lines', '--bytes'], digits: true }),
  wc: reader({ letters: 'lwcmL', long: ['--lines', '--words', '--bytes', '--chars'] }),
  stat: reader({ letters: 'Lft', valued: 'c', longValued: ['--format'] }),
  file: reader({ letters: 'bihL', long: ['--brief', '--mime', '--mime-type'] }),
  du: reader({ letters: 'sahckmx', valued: 'd', long: ['--summarize', '--human-readable', '--all'], longValued: ['--max-depth'] }),
  df: reader({ letters: 'hkiT' }),
  pwd: reader({ letters: 'LP', pathsMax: 0 }),
  echo: words,
  // Without -v: it would set a variable.
  printf: (args) => ({ why: args[0]?.startsWith('-') ? 'printf takes no flags here' : undefined, paths: [] }),
  true: words,
  false: words,
  basename: reader({ letters: 'a', valued: 's', wordsFirst: Infinity }),
  dirname: reader({ wordsFirst: Infinity }),
  realpath: reader({ letters: 'emsLP' }),
  readlink: reader({ letters: 'fem' }),
  grep: reader({ letters: 'rRinlLcvwxEFPHhoszqabI', valued: 'eABCm', long: ['--recursive', '--ignore-case', '--line-number', '--files-with-matches', '--count', '--color=never', '--fixed-strings', '--extended-regexp', '--only-matching', '--word-regexp', '--invert-match'], longValued: ['--include', '--exclude', '--exclude-dir', '--max-count', '--context', '--regexp'], wordsFirst: 1, withoutFirst: /^-e|^--regexp/u }),
  // Not --pre, --hostname-bin, --search-zip, -z, --ignore-file, --config: they run programs or read elsewhere.
  rg: reader({ letters: 'inlcvwxFSsoNHIuUP', valued: 'egtTABCm', long: ['--files', '--hidden', '--no-ignore', '--line-number', '--ignore-case', '--fixed-strings', '--files-with-matches', '--count', '--json', '--no-heading', '--smart-case', '--word-regexp', '--only-matching', '--color=never'], longValued: ['--glob', '--type', '--type-not', '--max-count', '--context', '--regexp', '--max-depth'], wordsFirst: 1, withoutFirst: /^-e|^--regexp|^--files$/u }),
  find,
  sed,
  sort: reader({ letters: 'nrufbdghViM', valued: 'kt' }),
  // A second path is written to.
  uniq: reader({ letters: 'cdui', valued: 'fsw', pathsMax: 1 }),
  cut: reader({ letters: 's', valued: 'dfbc', longValued: ['--delimiter', '--fields'] }),
  tr: reader({ letters: 'dsc', wordsFirst: Infinity }),
  nl: reader({ valued: 'bw' }),
  tac: reader({}),
  rev: reader({}),
  diff: reader({ letters: 'uqrNwbBiay', valued: 'U', long: ['--unified', '--brief', '--recursive', '--color=never'] }),
  cmp: reader({ letters: 'sl' }),
  comm: reader({ letters: '123' }),
  md5sum: reader({}),
  sha1sum: reader({}),
  sha256sum: reader({}),
  xxd: reader({ letters: 'cp', valued: 'ls', pathsMax: 1 }),
  od: reader({ letters: 'cxbo', valued: 'AtNj' }),
  hexdump: reader({ letters: 'Cv', valued: 'ns' }),
  tree: reader({ letters: 'adfi', valued: 'LI' }),
  which: reader({ letters: 'a', wordsFirst: Infinity }),
  uname: reader({ letters: 'asrmnpvo', pathsMax: 0 }),
  whoami: none,
  nproc: none,
  date: reader({ letters: 'uIR', pathsMax: 0 }),
  git,
  ...Object.fromEntries('jq awk gawk mawk less more cp mv tee ln install strings base64 dd shred touch chmod chown mkdir rm rmdir unlink truncate tar zip unzip gzip gunzip split patch'.split(' ').map((name) => [name, asks(`${name} may write, run programs or show the environment`)])),
  ...Object.fromEntries('node npm npx yarn pnpm python python3 pip pip3 go cargo rustc java javac mvn gradle tsc bun deno ruby make gcc clang'.split(' ').map((name) => [name, version])),
};
