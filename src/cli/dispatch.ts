/** Decides which module serves an invocation, and that an error ends in a sentence and exit code 2. */
import { type Invocation, UsageError } from './args.ts';
import { HELP } from './help.ts';

/** Resolves with the exit code. @throws UsageError. */
export async function dispatch(invocation: Invocation): Promise<number> {
  try {
    return await run(invocation);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env['GROUNDCREW_DEBUG'] !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return 2;
  }
}

async function run(invocation: Invocation): Promise<number> {
  switch (invocation.kind) {
    case 'help': process.stdout.write(HELP); return 0;
    case 'version': process.stdout.write(`${(await import('../node/version.ts')).version()}\n`); return 0;
    case 'fix': return await (await import('./commands/fix.ts')).fix(invocation);
    case 'review': return await (await import('./commands/review.ts')).review(invocation);
    case 'resume': return await (await import('./commands/resume.ts')).resume(invocation);
    case 'undo': return await (await import('./commands/undo.ts')).undo(invocation);
    case 'runs': return await (await import('./commands/runs.ts')).runs(invocation);
    case 'trace': return await (await import('./commands/trace.ts')).trace(invocation);
    case 'doctor': return await (await import('./commands/doctor.ts')).doctor(invocation);
    case 'lsp': return await (await import('./commands/lsp.ts')).lsp(invocation);
    case 'models': return await (await import('./commands/models.ts')).models(invocation);
  }
}
