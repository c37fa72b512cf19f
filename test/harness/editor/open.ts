/** Decides what `npm run editor -- [folder] [--port n] [--model m]` does: opens a real VS Code with this extension on a folder, and builds it anew when its source changes. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCommand } from '../command.ts';
import { createProgressPrinter } from '../progress.ts';
import { buildExtension } from './build.ts';
import { installEditor } from './install.ts';
import { startEditorServer } from './server.ts';
import { packExtension } from './vsix.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../../media/sample', import.meta.url));
/** A save writes more than once. */
const SETTLED_MS = 300;
const CANNOT = 2;

await runCommand(async (signal) => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: 'string' }, model: { type: 'string' } } });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error(`--port takes a number from 1 to 65535, not "${values.port}".`);
  const onProgress = createProgressPrinter(process.stderr);
  const files = await installEditor({ env: process.env, onProgress }, signal);
  onProgress.end();
  if (files.kind === 'unavailable') {
    console.error(`The editor cannot be opened: ${files.reason}. ${files.remedy}.`);
    return CANNOT;
  }
  await buildExtension();
  using made = createPlace();
  const place = made.path;
  const folder = folderOf(positionals[0], place);
  const vsix = path.join(place, 'groundcrew.vsix');
  await packExtension(ROOT, vsix);
  const settings = values.model === undefined ? {} : { 'groundcrew.models.default': values.model };
  await using server = await startEditorServer({ files, folder: place, vsix: [vsix], settings, asksForTrust: false, env: process.env, ...(port === undefined ? {} : { port }) }, signal);
  console.log(`Open  http://localhost:${server.port}/?folder=${encodeURIComponent(folder)}\n      in a browser: VS Code with Groundcrew on ${folder}. Ctrl+K G begins; Ctrl+C here ends it.`);
  using _watching = rebuildOnChange(path.join(place, 'extensions'));
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return 0;
});

/** Profile, installed extension and sample; gone when the editor ends. */
function createPlace(): Disposable & { readonly path: string } {
  const place = realpathSync(mkdtempSync(path.join(tmpdir(), 'groundcrew-editor-')));
  return { path: place, [Symbol.dispose]: () => rmSync(place, { recursive: true, force: true }) };
}

/** The demo's sample with its failing test, in a repository of its own, unless a folder is named. */
function folderOf(named: string | undefined, place: string): string {
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`There is no folder "${named}".`);
    return realpathSync(named);
  }
  const folder = path.join(place, 'rooms');
  cpSync(SAMPLE, folder, { recursive: true });
  for (const args of [['init', '-q', '-b', 'main'], ['add', '-A'], ['-c', 'user.name=demo', '-c', 'user.email=demo@localhost', 'commit', '-qm', 'Sample']]) execFileSync('git', args, { cwd: folder });
  return folder;
}

/** The installed copy gets the new build; the window takes it with "Developer: Reload Window". */
function rebuildOnChange(extensions: string): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const rebuild = async (): Promise<void> => {
    try {
      await buildExtension();
      const [installed] = readdirSync(extensions).filter((name) => name.startsWith('groundcrew.groundcrew-'));
      if (installed === undefined) return;
      cpSync(path.join(ROOT, 'dist'), path.join(extensions, installed, 'dist'), { recursive: true });
      cpSync(path.join(ROOT, 'package.json'), path.join(extensions, installed, 'package.json'));
      console.log('Built anew. Take it with F1, Developer: Reload Window.');
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
    }
  };
  const watching = watch(path.join(ROOT, 'src'), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void rebuild(), SETTLED_MS);
  });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      watching.close();
    },
  };
}
