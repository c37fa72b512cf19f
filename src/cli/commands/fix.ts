/** Decides how `fix` is run from the command line. */
import type { Invocation } from '../args.ts';
import { withSession } from '../session.ts';

export async function fix({ common, settings, words, test, file, line }: Extract<Invocation, { kind: 'fix' }>): Promise<number> {
  const request = { command: 'fix' as const, words, test: test === null ? null : [...test], file, line, paths: [] };
  return await withSession(common, async ({ crew, console, signal }) => await crew.start(request, settings, console.listen, signal));
}
