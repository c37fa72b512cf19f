/** Decides what a test of the editor finds made: a real editor, a browser for it, the packed extension, a folder for screenshots. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Unavailable } from '../cache.ts';
import type { OnProgress } from '../progress.ts';
import { launchBrowser } from './browser.ts';
import { buildExtension } from './build.ts';
import { installEditor } from './install.ts';
import { packExtension } from './vsix.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Not committed. */
const KEPT = join(ROOT, '.vscode-test');

export interface PreparedEditor {
  readonly kind: 'ready';
  /** Screenshots, and logs of what failed. */
  readonly kept: string;
  /** What the tests are told by their environment. */
  readonly env: Readonly<Record<string, string>>;
}

export async function prepareEditor(onProgress: OnProgress, signal: AbortSignal): Promise<PreparedEditor | Unavailable> {
  const editor = await installEditor({ env: process.env, onProgress }, signal);
  const browser = editor.kind === 'unavailable' ? editor : await launchBrowser({ env: process.env, onProgress }, signal);
  if ('kind' in browser) return { kind: 'unavailable', reason: browser.reason, remedy: browser.remedy };
  await browser.close();
  await rm(KEPT, { recursive: true, force: true });
  await mkdir(KEPT, { recursive: true });
  await buildExtension();
  const vsix = join(KEPT, 'groundcrew.vsix');
  await packExtension(ROOT, vsix);
  return { kind: 'ready', kept: KEPT, env: { GROUNDCREW_VSIX: vsix, GROUNDCREW_SCREENSHOTS: KEPT } };
}
