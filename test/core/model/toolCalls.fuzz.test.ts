import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recoverToolCalls } from '../../../src/core/model/toolCalls.ts';
import { fuzzing, fuzzTimeout } from '../../support/fuzzing.ts';

const offered = [{ name: 'write_file', description: '', parameters: {} }, { name: 'run_command', description: '', parameters: {} }];
const PIECES = ['<tool_call>', '</tool_call>', '<function=write_file>', '</function>', '<parameter=path>', '</parameter>', '```json\n', '\n```', '{"name":"write_file","arguments":{"path":"a"}}', '{"name":"rm","arguments":{}}', '{"name":"run_command","arguments":"{\\"argv\\":[]}"}', '[', ']', '{', '}', '"', ',', '\n', 'write_file', '\\', '</data>', '<|im_end|>', 'null'];

describe('recovering calls from any text', () => {
  it('ends, and gives only offered tools with whole objects', function () {
    this.timeout(fuzzTimeout(20_000));
    const text = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) }), { maxLength: 14 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (written) => {
      const calls = recoverToolCalls(written, offered);
      assert.ok(calls.length <= 16);
      for (const call of calls) {
        assert.ok(offered.some(({ name }) => name === call.name));
        assert.ok(typeof call.arguments === 'object' && call.arguments !== null && call.recovered);
      }
      assert.deepEqual(recoverToolCalls(written, []), []);
    }), fuzzing(2_000));
  });

  it('completes no call that was cut', function () {
    this.timeout(fuzzTimeout(10_000));
    const argument = fc.record({ path: fc.string({ maxLength: 12 }), argv: fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }) }, { noNullPrototype: true });
    const forms: readonly ((json: string) => string)[] = [(json) => `<tool_call>${json}</tool_call>`, (json) => `\`\`\`json\n${json}\n\`\`\``, (json) => json];
    fc.assert(fc.property(argument, fc.constantFrom(...forms), fc.nat(), (given, form, at) => {
      const whole = form(JSON.stringify({ name: 'run_command', arguments: given }));
      assert.deepEqual(recoverToolCalls(whole, offered).map((call) => call.arguments), [given]);
      for (const call of recoverToolCalls(whole.slice(0, at % whole.length), offered)) assert.deepEqual(call.arguments, given);
    }), fuzzing(1_000));
  });
});
