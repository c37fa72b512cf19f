/** Decides what a model server costs nothing: a process of its own that streams ready-made lines. Prints its port. argv: milliseconds between tokens, default none. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const TOKENS = 256;
const PACE_MS = Number(process.argv[2] ?? 0);

const at = '2026-01-01T00:00:00Z';
const lines = Array.from({ length: TOKENS }, (_, index) => `${JSON.stringify({ model: 'm', created_at: at, message: { role: 'assistant', content: ` token${index % 10}` }, done: false })}\n`);
const last = `${JSON.stringify({ model: 'm', created_at: at, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', total_duration: 1e9, load_duration: 1e6, prompt_eval_count: 40, prompt_eval_duration: 1e8, eval_count: TOKENS, eval_duration: 8e8 })}\n`;

/** What the crew asks of a server before its first call. */
const FACTS: Readonly<Record<string, unknown>> = {
  '/api/version': { version: '0.0.0' },
  '/api/tags': { models: [{ name: 'm:latest', model: 'm:latest', size: 1e9, details: { parameter_size: '1.5B' } }] },
  '/api/show': { capabilities: ['completion', 'tools', 'insert'], template: '{{ .Prompt }}', details: { parameter_size: '1.5B' }, model_info: { 'general.architecture': 'qwen2', 'general.parameter_count': 1.5e9, 'qwen2.context_length': 32768 } },
  '/api/ps': { models: [] },
};

const server = createServer((request, response) => {
  const fact = FACTS[request.url ?? ''];
  if (fact !== undefined) return request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(fact)));
  return request.resume().on('end', async () => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    // One chunk per token, as Ollama sends them: a reader that pays per chunk shows it.
    for (const line of lines) {
      response.write(line);
      await new Promise((resolve) => (PACE_MS === 0 ? setImmediate(resolve) : setTimeout(resolve, PACE_MS)));
    }
    response.end(last);
  });
}).listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port)); // a listening TCP server's address has this type
process.stdin.on('end', () => process.exit()).resume();
