/** Decides the yardstick of a call's cost: the least code that reads a streamed reply. */
import { Agent, request } from 'node:http';

/** What anyone would write by hand: lines split, JSON parsed, text added up. */
export function createBareCaller(url: string): { /** Resolves with the characters of the reply. */ call(body: unknown): Promise<number> } & Disposable {
  const agent = new Agent({ keepAlive: true });
  const call = (body: unknown): Promise<number> => new Promise((resolve, reject) => {
    const sent = request(`${url}/api/chat`, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => {
      let rest = '';
      let characters = 0;
      response.setEncoding('utf8').on('error', reject).on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) characters += JSON.parse(line).message.content.length;
      }).on('end', () => resolve(characters));
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
  return { call, [Symbol.dispose]: () => agent.destroy() };
}
