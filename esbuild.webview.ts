/** Decides how the panels are bundled: one script each, their shared code in chunks, one style sheet; no script of theirs is made at run time. */
import { build, type Metafile } from 'esbuild';

/** Resolves with what was written below `folder`, and from what. `minify`: not while it is worked on. */
export async function buildWebview(folder: string, { minify = true }: { readonly minify?: boolean } = {}): Promise<{ readonly bytes: number; readonly metafile: Metafile }> {
  const { metafile } = await build({
    entryPoints: { live: 'src/webview/live.tsx', trace: 'src/webview/trace.tsx', panel: 'src/webview/panel.css' },
    absWorkingDir: import.meta.dirname,
    outdir: folder,
    chunkNames: 'panel-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify,
    legalComments: 'none',
    metafile: true,
  });
  return { bytes: Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0), metafile };
}
