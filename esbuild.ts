/** Decides what dist/ holds: the command line and the extension in chunks that load when needed, the store's worker, the grammars. */
import { build, type Metafile, type Plugin } from 'esbuild';
import { chmod, copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundledFolders, NOTICES, noticesOf } from './esbuild.notices.ts';
import { buildWebview } from './esbuild.webview.ts';

const OUT = 'dist';
/** What the editor waits for when it activates us. */
const FIRST_BYTES_MAX = 200_000;
/** The languages that the crew parses, and the library that reads them. */
const GRAMMARS = ['javascript', 'typescript', 'tsx', 'python', 'go', 'rust', 'java'];

/** simple-git's logger takes colours from a package that is here only for development: what is packed must not depend on that. */
const NO_COLOURS: Plugin = {
  name: 'no colours',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^supports-color$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = undefined;' }));
  },
};

await rm(OUT, { recursive: true, force: true });
const result = await build({
  entryPoints: { groundcrew: 'src/cli/main.ts', storeWorker: 'src/node/storeWorker.ts', extension: 'src/vscode/extension.ts', server: 'src/server/main.ts' },
  outdir: OUT,
  chunkNames: '[name]-[hash]', // beside the entries: files are found relative to the code that asks,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // CommonJS packages inside an ES module still call require for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  external: ['@vscode/tree-sitter-wasm', 'vscode'],
  sourcemap: process.argv.includes('--sourcemap'),
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  plugins: [NO_COLOURS],
});
await copyGrammars();
const webview = await buildWebview(join(OUT, 'webview'));
console.log(`${join(OUT, 'webview')}: ${(webview.bytes / 1000).toFixed(0)} kB`);
await writeFile(join(OUT, NOTICES), await noticesOf('.', [...bundledFolders([result.metafile, webview.metafile]), 'node_modules/@vscode/tree-sitter-wasm']));
await chmod(join(OUT, 'groundcrew.js'), 0o755);
const kilobytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
console.log(`${OUT}/groundcrew.js: ${(await stat(join(OUT, 'groundcrew.js'))).size} bytes, with its chunks ${kilobytes.toFixed(0)} kB, and ${GRAMMARS.length} grammars`);
const first = firstBytes(result.metafile, join(OUT, 'extension.js'));
console.log(`${OUT}/extension.js: ${(first / 1000).toFixed(0)} kB loaded at activation`);
if (first > FIRST_BYTES_MAX) throw new Error(`The extension loads ${first} bytes at activation, and ${FIRST_BYTES_MAX} are the limit. Something heavy (zod, diff, the crew) is imported statically from src/vscode/extension.ts: import() it where it is first needed.`);

/** What one entry loads at once: itself and every chunk that it imports statically. */
function firstBytes({ outputs }: Metafile, entry: string): number {
  const loaded = new Set<string>([entry]);
  for (const path of loaded) {
    for (const imported of outputs[path]?.imports ?? []) if (imported.kind === 'import-statement' && imported.external !== true) loaded.add(imported.path);
  }
  return [...loaded].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
}

/** Beside the bundle, where src/node/syntax.ts looks first. */
async function copyGrammars(): Promise<void> {
  const library = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm');
  const folder = join(OUT, 'wasm');
  await mkdir(folder);
  for (const name of ['tree-sitter.js', 'tree-sitter.wasm', ...GRAMMARS.map((language) => `tree-sitter-${language}.wasm`)]) {
    await copyFile(join(dirname(library), name), join(folder, name));
  }
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n'); // ours says module, the library is CommonJS
}
