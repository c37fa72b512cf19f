/** Decides how `review` is run from the command line. */
import type { Invocation } from '../args.ts';
import { withSession } from '../session.ts';

export async function review({ common, settings, paths }: Extract<Invocation, { kind: 'review' }>): Promise<number> {
  const request = { command: 'review' as const, words: '', test: null, file: null, line: null, paths: [...paths] };
  return await withSession(common, async ({ crew, console, signal }) => await crew.start(request, settings, console.listen, signal));
}
