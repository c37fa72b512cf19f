/** Decides how `resume` is run from the command line. */
import type { Invocation } from '../args.ts';
import { withSession } from '../session.ts';

export async function resume({ common, run }: Extract<Invocation, { kind: 'resume' | 'undo' }>): Promise<number> {
  return await withSession(common, async ({ crew, console, signal }) => await crew.resume(run, console.listen, signal));
}
