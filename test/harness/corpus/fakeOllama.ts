/** Decides what the fake Ollama of an attack says: what the case scripts, else what a healthy one with the model asked for says. */
import * as z from 'zod';
import type { Reply, ReplyMaker, StandInModel } from '../../support/ollamaStandIn.ts';
import type { AttackCase } from './attackCase.ts';

const Chunk = z.strictObject({
  json: z.unknown().optional(), raw: z.string().optional(), base64: z.string().optional(), delayMs: z.number().optional(), repeat: z.int().optional(), splitBytes: z.int().optional(),
});
const ScriptedReply = z.strictObject({
  status: z.int().optional(), headers: z.record(z.string(), z.string()).optional(), body: z.unknown().optional(), chunks: z.array(Chunk).optional(),
  end: z.enum(['done', 'fin', 'rst', 'hang']).optional(), action: z.enum(['never', 'close', 'rst']).optional(), delayMs: z.number().optional(), downMs: z.number().optional(),
});
const Server = z.strictObject({
  endpoint: z.string().optional(), requests: z.array(ScriptedReply).optional(), others: z.record(z.string(), ScriptedReply).optional(),
  listen: z.boolean().optional(), family: z.string().optional(), url: z.string().optional(), resolve: z.unknown().optional(), serial: z.boolean().optional(),
});

/** `m`, and the one that the case asks for: were it missing, nothing would be sent to it anyway. */
export function modelsOf({ input }: AttackCase): readonly StandInModel[] {
  const asked = z.looseObject({ model: z.string() }).safeParse(input).data?.model;
  return [{ name: 'm' }, ...(asked === undefined || asked === 'm' ? [] : [{ name: asked }])];
}

/** Path → replies, of `setup.server` with its placeholders filled. */
export function scriptedReplies(server: unknown, { tool }: AttackCase): ReadonlyMap<string, readonly ReplyMaker[]> {
  const { endpoint = tool === 'ollama.connect' ? '*' : '/api/chat', requests = [], others = {} } = Server.parse(server);
  const paths: readonly (readonly [string, readonly ReplyMaker[]])[] = Object.entries(others).map(([path, reply]) => [path, [asReply(reply)]]);
  return new Map(requests.length === 0 ? paths : [...paths, [endpoint, requests.map(asReply)]]);
}

function asReply({ chunks, downMs: _, ...reply }: z.infer<typeof ScriptedReply>): Reply {
  const plain = Object.fromEntries(Object.entries(reply).filter(([, value]) => value !== undefined));
  return chunks === undefined ? plain : { ...plain, chunks: chunks.map(({ base64, ...chunk }) => ({ ...Object.fromEntries(Object.entries(chunk).filter(([, value]) => value !== undefined)), ...(base64 === undefined ? {} : { raw: Buffer.from(base64, 'base64') }) })) };
}
