/** Decides what the workspace of a crash test holds before and after the scripted run, and what a user adds in between. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Bytes that a careless writer would change: no final newline, CRLF, a byte order mark, bytes that are no UTF-8. */
export const BEFORE: Readonly<Record<string, Buffer>> = {
  'package.json': Buffer.from('{ "name": "scene", "type": "module" }\n'),
  'lib/sum.js': Buffer.from('\uFEFFexport const sum = (a, b) => a - b;\r\n// Ende'),
  'lib/old.js': Buffer.from('export const old = 1;\n'),
  'latin.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]),
  'notes/user.txt': Buffer.from('mine\u0000\u0001 and nobody else\'s'),
};

const SUM_AFTER = '\uFEFFexport const sum = (a, b) => a + b;\r\n// Ende';

/** null: gone. */
export const AFTER: Readonly<Record<string, Buffer | null>> = {
  ...BEFORE,
  'lib/sum.js': Buffer.from(SUM_AFTER),
  'lib/new.js': Buffer.from(`export const big = '${'x'.repeat(200_000)}';\n`),
  'lib/old.js': null,
  'latin.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x73, 0x0a]),
};

/** Texts as the run writes them. */
export const EDITS: readonly { readonly path: string; readonly text: string | null }[] = [
  { path: 'lib/sum.js', text: SUM_AFTER.slice(1) },
  { path: 'lib/new.js', text: `export const big = '${'x'.repeat(200_000)}';\n` },
  { path: 'lib/old.js', text: null },
  { path: 'latin.txt', text: 'caf\u00e9s\n' },
];

/** What the user types into a file that the run writes too. */
export const USERS_BYTES = Buffer.from('// the user was here\r\n');

export function build(root: string): void {
  for (const [file, bytes] of Object.entries(BEFORE)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), bytes);
  }
}

/** Every file under `root`, by its path; .git left out. */
export function filesOf(root: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  const walk = (at: string): void => {
    for (const name of readdirSync(path.join(root, at))) {
      const file = at === '' ? name : `${at}/${name}`;
      if (file === '.git') continue;
      if (statSync(path.join(root, file)).isDirectory()) walk(file);
      else found.set(file, readFileSync(path.join(root, file)));
    }
  };
  walk('');
  return found;
}
