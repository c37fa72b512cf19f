/** Decides what dist/THIRD-PARTY-NOTICES.txt says: every package whose code we ship, under which licence, in that licence's own words. */
import type { Metafile } from 'esbuild';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

export const NOTICES = 'THIRD-PARTY-NOTICES.txt';

/** @throws Error for a package without a licence's text, or under a licence that asks for more than its own notice. */
export async function noticesOf(root: string, folders: readonly string[]): Promise<string> {
  const packages = await Promise.all(folders.map((folder) => readPackage(root, folder)));
  const texts = packages.toSorted((a, b) => (a.heading < b.heading ? -1 : 1)).map(({ heading, texts: own }) => [heading, '='.repeat(heading.length), ...own].join('\n\n'));
  return `Groundcrew ships code of the ${packages.length} packages below, unchanged but for bundling.\n\n${texts.join('\n\n\n')}\n`;
}

/** name@version of each package of a notices file, in its order. */
export function noticedPackages(notices: string): readonly string[] {
  return [...notices.matchAll(/^(\S+@\d\S*) \([^()\n]+\)$/gmu)].map((match) => match[1] ?? '');
}

/** Folders (`node_modules/x`) of the packages that gave at least a byte to these outputs. */
export function bundledFolders(metafiles: readonly Metafile[]): readonly string[] {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap(({ inputs: of }) => Object.entries(of).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []))));
  return [...new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path)?.[0] ?? []))].sort();
}

/** Licences that ask for no more than that their text goes along: https://spdx.org/licenses/ */
const PERMISSIVE = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense', 'Zlib']);

/** An SPDX expression of names, OR and AND; anything else is not read as a yes. */
export function isPermissive(licence: string): boolean {
  const bare = licence.replace(/^\((.*)\)$/u, '$1');
  return bare.split(/ OR /u).some((choice) => choice.split(/ AND /u).every((name) => PERMISSIVE.has(name)));
}

const Package = z.looseObject({ name: z.string(), version: z.string(), license: z.string().optional() });
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice|third-?party-?notices?)(?:[.-].*)?$/iu;

/** What one package ships of others without their notices: our grammars, each from the package of its name at the registry. All are MIT. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  '@vscode/tree-sitter-wasm': [
    'tree-sitter: Copyright (c) 2018-2023 Max Brunsfeld',
    'tree-sitter-javascript: Copyright (c) 2014 Max Brunsfeld',
    'tree-sitter-typescript: Copyright (c) 2017 Max Brunsfeld',
    'tree-sitter-python: Copyright (c) 2016 Max Brunsfeld',
    'tree-sitter-go: Copyright (c) 2014 Max Brunsfeld',
    'tree-sitter-rust: Copyright (c) 2017 Maxim Sokolov',
    'tree-sitter-java: Copyright (c) 2017 Ayman Nadeem',
  ],
};

async function readPackage(root: string, folder: string): Promise<{ readonly heading: string; readonly texts: readonly string[] }> {
  const { name, version, license = 'no licence named' } = Package.parse(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')));
  if (!isPermissive(license)) throw new Error(`${name}@${version} is under ${license}, which may ask for more than its notice. Use another package, or, where that licence is as free, name it in esbuild.notices.ts.`);
  const files = (await readdir(join(root, folder))).filter((file) => LICENCE_FILE.test(file)).sort();
  if (files.length === 0) throw new Error(`${name}@${version} has no licence file in ${folder}, and its licence must go along with its code. Ask its authors for one, or use another package.`);
  const own = await Promise.all(files.map(async (file) => (await readFile(join(root, folder, file), 'utf8')).replaceAll('\r\n', '\n').trim()));
  const within = WITHIN[name] ?? [];
  return { heading: `${name}@${version} (${license})`, texts: [...(within.length === 0 ? [] : [`Holds, under the same licence:\n${within.join('\n')}`]), ...own] };
}
