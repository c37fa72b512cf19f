import assert from 'node:assert/strict';
import * as z from 'zod';

const Show = z.object({ capabilities: z.array(z.string()) });
const Reply = z.object({
  response: z.string().default(''),
  message: z.object({ content: z.string(), tool_calls: z.array(z.object({ function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }) })).default([]) }).optional(),
  done_reason: z.string(),
});
const TOOLS = [{ type: 'function', function: { name: 'read_file', description: 'Read a text file.', parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } } }];

/** What the model on the test server does with a request; greedy, so that it does the same each time. */
async function check(path: '/api/chat' | '/api/generate', body: Readonly<Record<string, unknown>>): Promise<z.infer<typeof Reply>> {
  const url = process.env['GROUNDCREW_TEST_URL'];
  const model = process.env['GROUNDCREW_TEST_MODEL'];
  assert.ok(url && model, 'These tests run by `npm run test:model`, which makes the server.');
  const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify({ model, stream: false, options: { temperature: 0, seed: 7, num_predict: 64, num_ctx: 4096 }, ...body }) });
  assert.equal(answer.status, 200);
  return Reply.parse(await answer.json());
}

describe('the test model', () => {
  it('can chat, call tools and fill in', async () => {
    const answer = await fetch(`${process.env['GROUNDCREW_TEST_URL']}/api/show`, { method: 'POST', body: JSON.stringify({ model: process.env['GROUNDCREW_TEST_MODEL'] }) });
    const { capabilities } = Show.parse(await answer.json());
    for (const capability of ['completion', 'tools', 'insert']) assert.ok(capabilities.includes(capability), `${capability} is not among ${capabilities.join(', ')}`);
  });
  it('obeys the system message', async () => {
    const { message } = await check('/api/chat', { messages: [{ role: 'system', content: 'Answer every question with exactly the word PINEAPPLE.' }, { role: 'user', content: 'What is 2+2?' }] });
    assert.match(message?.content ?? '', /PINEAPPLE/);
  });
  it('stops at the end of its turn', async () => {
    const { message, done_reason } = await check('/api/chat', { messages: [{ role: 'user', content: 'Answer with the word yes.' }] });
    assert.equal(done_reason, 'stop');
    assert.doesNotMatch(message?.content ?? '', /<\|/);
  });
  it('fills a gap between prefix and suffix', async () => {
    const { response, done_reason } = await check('/api/generate', { prompt: 'export function add(a, b) {\n  return ', suffix: ';\n}\n' });
    assert.equal(response.trim(), 'a + b');
    assert.equal(done_reason, 'stop');
  });
  it('sees the tools, and names one with its arguments', async () => {
    const { message } = await check('/api/chat', { messages: [{ role: 'user', content: 'Read the file src/cart.js' }], tools: TOOLS });
    const native = message?.tool_calls[0]?.function;
    // A small model writes the call as text as often as not: the crew recovers both.
    assert.match(native === undefined ? (message?.content ?? '') : JSON.stringify(native), /read_file[\s\S]*src\/cart\.js/);
  });
  it('sees what a tool answered', async () => {
    const call = { role: 'assistant', content: '', tool_calls: [{ function: { name: 'read_file', arguments: { path: 'colour.txt' } } }] };
    const { message } = await check('/api/chat', { messages: [{ role: 'user', content: 'Which colour does the file colour.txt name? Answer in one word.' }, call, { role: 'tool', tool_name: 'read_file', content: 'turquoise' }] });
    assert.match(message?.content ?? '', /turquoise/i);
  });
});
