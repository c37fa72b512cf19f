/** Decides the steps of the scripted run: everything that a fix does to the world, without a model. */
import { readFile } from '../../../src/core/tools/files/readFile.ts';
import type { TextFile } from '../../../src/core/domain/patch.ts';
import type { Workflow } from '../../../src/core/crew.ts';
import { FileRefused } from '../../../src/core/domain/fileErrors.ts';
import { applyPatch } from '../../../src/core/workflows/apply.ts';
import { EDITS } from './scene.ts';

const CHECK_MS = 30_000;

/** `token` stands in the command line of every check, so that what survives can be found. */
export function scriptedRun(token: string): Workflow {
  return async (context, signal) => {
    const end = (kind: 'fixed' | 'conflict', reason: string, applied: boolean) => ({ kind, reason, candidate: undefined, applied, receipt: undefined });
    const check = { argv: ['sh', '-c', `cat lib/sum.js > /dev/null # ${token}`], cwd: '', origin: 'user' as const, runner: 'script' as const, scope: 'all' as const, definedBy: '' };
    await context.verifier.verify({ check, purpose: 'base', wallMs: CHECK_MS }, signal);
    const base = new Map<string, TextFile>();
    for (const { path } of EDITS) {
      const file = await read(path);
      if (file !== undefined) base.set(path, file);
    }
    context.allowWrites(['**']);
    const applied = await applyPatch(context.applying, { edits: EDITS.map(({ path, text }) => ({ path, text, baseSha256: base.get(path)?.sha256 ?? null })) }, base, signal);
    if (applied.kind === 'conflict') return end('conflict', applied.reason, false);
    context.emit('patch.applied', { paths: [...applied.paths], patch: 'scripted' });
    await context.renewSnapshot();
    await context.verifier.verify({ check, purpose: 'live', wallMs: CHECK_MS, again: 1 }, signal);
    return end('fixed', '', true);

    async function read(path: string): Promise<TextFile | undefined> {
      try {
        return (await context.tools('coder').call(readFile, readFile.input.parse({ path }), signal)).file;
      } catch (error) {
        if (error instanceof FileRefused && error.rule === 'absent') return undefined;
        throw error;
      }
    }
  };
}
