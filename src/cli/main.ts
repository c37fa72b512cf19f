#!/usr/bin/env node
/** Decides which command runs; each is loaded only when it is called, so that --help is quick. */
import { HELP } from './help.ts';
import { nodeVersionProblem } from '../node/nodeVersion.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error; // a reader that has seen enough, as `head` does, is no fault; a run stops for it (session.ts)
});
const tooOld = nodeVersionProblem(process.versions.node);
if (tooOld !== undefined) {
  process.stderr.write(`${tooOld}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await main(process.argv.slice(2));
}

/** Resolves with the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h') || argv[0] === 'help') {
    process.stdout.write(HELP);
    return argv.length === 0 ? 2 : 0;
  }
  const { parseInvocation, UsageError } = await import('./args.ts');
  try {
    const { dispatch } = await import('./dispatch.ts');
    return await dispatch(parseInvocation(argv));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nSee groundcrew --help.\n`);
    return 2;
  }
}
