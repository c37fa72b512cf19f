/** Decides what follows an `npm install` here: the lock file gets the entries that npm left out. */
import { readFile, writeFile } from 'node:fs/promises';
import { completeLock, lockFaults } from './lockFile.ts';

const file = new URL('../../package-lock.json', import.meta.url);
const text = await readFile(file, 'utf8');
const missing = lockFaults(text).length;
if (missing > 0) await writeFile(file, completeLock(text));
console.log(missing === 0 ? 'package-lock.json is complete.' : `package-lock.json: ${missing} entries added.`);
