/** Decides how the yardsticks ask a model: one call, the whole reply at once, nothing added. */
import { request } from 'node:http';
import * as z from 'zod';

const Reply = z.object({ message: z.object({ content: z.string() }), prompt_eval_count: z.number().default(0), eval_count: z.number().default(0), done_reason: z.string().default('') });
export type PlainReply = z.infer<typeof Reply>;

/** Over node:http: fetch would give up when a slow model sends no header for five minutes. @throws Error with what the server said. */
export function plainChat(base: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<PlainReply> {
  const url = `${base}/api/chat`;
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', signal, headers: { 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('error', reject).on('end', () => {
        const parsed = response.statusCode === 200 ? Reply.safeParse(JSON.parse(text)) : undefined;
        if (parsed?.success) resolve(parsed.data);
        else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    call.on('error', reject).end(JSON.stringify({ ...body, stream: false }));
  });
}
