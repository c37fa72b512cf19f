/** Decides what dist/ holds: the command line in chunks that load when needed, the store's worker, the grammars. */
import { build } from 'esbuild';
import { chmod, copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const OUT = 'dist';
/** The languages that the crew parses, and the library that reads them. */
const GRAMMARS = ['javascript', 'typescript', 'tsx', 'python', 'go', 'rust', 'java'];

await rm(OUT, { recursive: true, force: true });
const result = await build({
  entryPoints: { groundcrew: 'src/cli/main.ts', storeWorker: 'src/node/storeWorker.ts' },
  outdir: OUT,
  chunkNames: '[name]-[hash]', // beside the entries: files are found relative to the code that asks,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // CommonJS packages inside an ES module still call require for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  external: ['@vscode/tree-sitter-wasm'],
  sourcemap: process.argv.includes('--sourcemap'),
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
});
await copyGrammars();
await chmod(join(OUT, 'groundcrew.js'), 0o755);
const kilobytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
console.log(`${OUT}/groundcrew.js: ${(await stat(join(OUT, 'groundcrew.js'))).size} bytes, with its chunks ${kilobytes.toFixed(0)} kB, and ${GRAMMARS.length} grammars`);

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
