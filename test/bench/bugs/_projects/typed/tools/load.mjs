import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withoutTypes } from './types.mjs';

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  return { format: 'module', shortCircuit: true, source: withoutTypes(await readFile(fileURLToPath(url), 'utf8')) };
}
