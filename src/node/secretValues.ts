/** Decides which values of this machine and workspace are secrets to hide: from .env files and from the environment. */
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { secretsOfEnvFile, secretsOfEnvironment } from '../core/tools/secrets.ts';

/** Larger ones are no .env files. */
const FILE_BYTES_MAX = 256_000;
const FOLDERS_MAX = 200;
const FILES_MAX = 50;

/** For createRedactor. Looks at the workspace's root and one folder below it, where .env files stand in practice; follows no links. */
export async function secretValues(root: string, env: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const top = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = ['', ...top.filter((entry) => entry.isDirectory() && !/^(?:node_modules|\.git)$/.test(entry.name)).map((entry) => entry.name).slice(0, FOLDERS_MAX)];
  const names = await Promise.all(folders.map(async (folder) => (await readdir(join(root, folder)).catch(() => [])).filter((name) => /^\.env/i.test(name) || /\.env$/i.test(name)).map((name) => join(root, folder, name))));
  const texts = await Promise.all(names.flat().slice(0, FILES_MAX).map(readSmall));
  return [...new Set([...texts.flatMap(secretsOfEnvFile), ...secretsOfEnvironment(env)])];
}

async function readSmall(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() === true && stats.size <= FILE_BYTES_MAX ? await readFile(path, 'utf8').catch(() => '') : '';
}
