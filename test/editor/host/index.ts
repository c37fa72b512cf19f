/** Decides how tests run inside the extension host: mocha in the process that the extension lives in. */
import Mocha from 'mocha';
import { editorFilesTests } from './editorFiles.ts';

/** Called by the editor. Rejects when a test failed; what failed is in the log. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, reporter: 'spec', color: false });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  editorFilesTests();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed in the extension host.`);
}
