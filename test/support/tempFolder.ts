/** Decides where a test puts real files: a folder of its own, gone after the test. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TempFolder extends Disposable {
  readonly path: string;
}

export function tempFolder(): TempFolder {
  const made = realpathSync(mkdtempSync(path.join(tmpdir(), 'groundcrew-test-')));
  return { path: made, [Symbol.dispose]: () => rmSync(made, { recursive: true, force: true }) };
}
