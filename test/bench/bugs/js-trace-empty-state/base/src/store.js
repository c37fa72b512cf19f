import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isEntry } from './entry.js';

const VERSION = 2;

/** Thrown for a file that holds something else. Nothing is written over it. */
export class BrokenStore extends Error {
  constructor(path, why, cause) {
    super(`${path} is no reading list: ${why}`, { cause });
    this.name = 'BrokenStore';
  }
}

/**
 * Entries by address. A file that is not there, or has nothing in it but white space, is an empty list: editors and full
 * disks leave such files behind.
 * @throws {BrokenStore} for anything else that is no list of entries.
 */
export async function load(path) {
  const text = await readOrNothing(path);
  if (text === null) return new Map();
  const data = parse(text, path);
  const list = Array.isArray(data) ? data.map(fromVersion1) : entriesOf(data, path);
  if (!list.every(isEntry)) throw new BrokenStore(path, 'it holds something that is no entry');
  return new Map(list.map((entry) => [entry.url, entry]));
}

/** Never leaves half a file: what was there before stays until all is written. */
export async function save(path, entries) {
  await mkdir(dirname(path), { recursive: true });
  const text = JSON.stringify({ version: VERSION, entries: [...entries.values()] }, null, 2);
  await writeFile(`${path}.new`, `${text}\n`);
  await rename(`${path}.new`, path);
}

async function readOrNothing(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function parse(text, path) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BrokenStore(path, error.message, error);
  }
}

function entriesOf(data, path) {
  if (data?.version !== VERSION || !Array.isArray(data.entries)) throw new BrokenStore(path, `its version is ${data?.version}, not ${VERSION}`);
  return data.entries;
}

/** The first version was a plain list without tags. */
function fromVersion1(entry) {
  return { ...entry, tags: [], readAt: entry.read ? entry.addedAt : null };
}
