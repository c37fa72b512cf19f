/** Decides how the language server is started from the command line: on the streams that an editor gives it. */
import { version } from '../../node/version.ts';
import { serve } from '../../server/serve.ts';
import type { Invocation } from '../args.ts';

/** Never resolves: the process ends when the editor says so, or is gone. */
export async function lsp({ common: { model, hosts }, approve }: Extract<Invocation, { kind: 'lsp' }>): Promise<number> {
  serve({ version: version(), model, hosts, approve, streams: { input: process.stdin, output: process.stdout } });
  return await new Promise<never>(() => undefined);
}
