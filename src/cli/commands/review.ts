/** Decides how `review` is run from the command line, and that its findings are left in a file where one was asked for. */
import { writeFile } from 'node:fs/promises';
import { toSarif } from '../../core/review/sarif.ts';
import { type Invocation, UsageError } from '../args.ts';
import { withSession } from '../session.ts';
import { version } from '../../node/version.ts';

export async function review({ common, settings, paths, sarif }: Extract<Invocation, { kind: 'review' }>): Promise<number> {
  const request = { command: 'review' as const, words: '', test: null, file: null, line: null, paths: [...paths] };
  return await withSession(common, async ({ crew, console, signal }) => {
    const ended = await crew.start(request, settings, console.listen, signal);
    if (sarif !== undefined) await writeSarif(sarif, toSarif(ended.outcome.findings, { version: version(), isWhole: ended.outcome.kind === 'reviewed' }));
    return ended;
  });
}

/** Relative to where the command was typed, as any program's output. */
async function writeSarif(path: string, log: unknown): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(log, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`--sarif could not write ${path}: ${error instanceof Error ? error.message : String(error)}. Name a file in a folder that is there.`);
  }
}
