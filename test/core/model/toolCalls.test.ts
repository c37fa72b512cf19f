import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { recoverToolCalls, toolsAsText } from '../../../src/core/model/toolCalls.ts';

const OFFERED = ['read_file', 'list_files'].map((name) => ({ name, description: '', parameters: {} }));
const CALL = { name: 'read_file', arguments: { path: 'a.ts' } };
const JSON_CALL = JSON.stringify(CALL);

describe('tool calls in text', () => {
  const check = (text: string, expected: readonly object[]): void =>
    assert.deepEqual(recoverToolCalls(text, OFFERED), expected.map((call) => ({ ...call, recovered: true })), text);

  it('are found in tags', () => {
    check(`<tool_call>${JSON_CALL}</tool_call>`, [CALL]);
    check(`Let me look.\n<tool_call>\n${JSON_CALL}\n</tool_call>\nThen I decide.`, [CALL]);
    check(`<tool_call>\n${JSON_CALL}\n</tool_call>\n<tool_call>\n{"name":"list_files","arguments":{}}\n</tool_call>`, [CALL, { name: 'list_files', arguments: {} }]);
    check(`<tool_call>\n${JSON_CALL}\n${JSON_CALL}\n</tool_call>`, [CALL, CALL]);
    check('<tool_call>{"name":"list_files"}</tool_call>', [{ name: 'list_files', arguments: {} }]);
    check(`<tool_call>\n\`\`\`json\n${JSON_CALL}\n\`\`\`\n</tool_call>`, [CALL]);
  });
  it('are found in the function form', () => {
    check('<function=read_file>{"path":"a.ts"}</function>', [CALL]);
    check('<function=read_file>\n<parameter=path>\na.ts\n</parameter>\n</function>', [CALL]);
    check('<tool_call><function=read_file><parameter=path>a.ts</parameter><parameter=lineCount>5</parameter></function></tool_call>', [{ name: 'read_file', arguments: { path: 'a.ts', lineCount: 5 } }]);
    check('<function=list_files></function>', [{ name: 'list_files', arguments: {} }]);
  });
  it('are found in a fence, as the 1.5B writes them', () => {
    check('```json\n{\n  "name": "read_file",\n  "arguments": {\n    "path": "a.ts"\n  }\n}\n```', [CALL]);
    check(`I will read it:\n\`\`\`\n[${JSON_CALL}]\n\`\`\``, [CALL]);
  });
  it('are found bare', () => {
    check(JSON_CALL, [CALL]);
    check(` ${JSON_CALL}\n${JSON_CALL}\n`, [CALL, CALL]);
    check('{"name":"read_file","parameters":{"path":"a.ts"}}', [CALL]);
    check('{"type":"function","function":{"name":"read_file","arguments":"{\\"path\\":\\"a.ts\\"}"}}', [CALL]);
  });
  it('run once when written in two forms', () => check(`<tool_call>${JSON_CALL}</tool_call>\n\`\`\`json\n${JSON_CALL}\n\`\`\``, [CALL]));

  it('are none when broken: nothing is repaired', () => {
    check('<tool_call>{"name":"read_file","arguments":{"path":"a.ts"}</tool_call>', []);
    check('<tool_call>{"name":"read_file","arguments":{"path":"a.ts"}}', []);
    check("{'name':'read_file','arguments':{'path':'a.ts'}}", []);
    check('{"name":"read_file","arguments":"{\\"path\\":"}', []);
    check('<function=read_file>\npath: a.ts\n</function>', []);
    check(`${JSON_CALL}\nand so on`, []);
    check(`[${JSON_CALL}, 5]`, []);
  });
  it('are none of tools that were not offered', () => {
    check('<tool_call>{"name":"rm_rf","arguments":{}}</tool_call>', []);
    assert.deepEqual(recoverToolCalls(JSON_CALL, []), []);
  });
  it('are none in ordinary replies', () => {
    check('', []);
    check('The function `read_file` reads {"path": …}.', []);
    check('```json\n{"name":"groundcrew","version":"1.0.0"}\n```', []);
    check('{"verdict":"pass"}', []);
  });

  const json = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { noNullPrototype: true, maxKeys: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'));
  const wrap: Readonly<Record<string, (call: string) => string>> = {
    tag: (call) => `<tool_call>\n${call}\n</tool_call>`,
    fence: (call) => `\`\`\`json\n${call}\n\`\`\``,
    bare: (call) => call,
  };
  for (const [form, write] of Object.entries(wrap)) {
    it(`come back exactly from a ${form}, whatever their arguments`, () => {
      fc.assert(fc.property(json, (given) => {
        const call = JSON.parse(JSON.stringify({ name: 'read_file', arguments: given }));
        // A closing tag inside an argument ends the tag for every reader; then nothing may come out, rather than something else.
        const found = recoverToolCalls(write(JSON.stringify(call)), OFFERED);
        if (JSON.stringify(call).includes('</tool_call>')) return;
        assert.deepEqual(found, [{ ...call, recovered: true }]);
      }));
    });
    it(`never come out of a ${form} that was cut anywhere before its end`, () => {
      fc.assert(fc.property(json, fc.nat(), (given, seed) => {
        const text = write(JSON.stringify({ name: 'read_file', arguments: given }));
        assert.deepEqual(recoverToolCalls(text.slice(0, seed % text.trimEnd().length), OFFERED).filter((call) => JSON.stringify(call.arguments) !== JSON.stringify(given)), []);
      }));
    });
  }
  it('never throw, and only ever name what was offered', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('<tool_call>', '</tool_call>', '<function=read_file>', '</function>', '```json\n', '\n```', '<parameter=path>', '</parameter>', JSON_CALL, '{', '}', '\n'));
    fc.assert(fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      for (const call of recoverToolCalls(parts.join(''), OFFERED)) assert.ok(OFFERED.some((tool) => tool.name === call.name));
    }));
  });
  it('read text that only opens tags in linear time', () => {
    const started = performance.now();
    check('<tool_call>{"a":'.repeat(5_000), []);
    check('<function=read_file><parameter=path>'.repeat(3_000), []);
    check('```json\n{"a":1}\n'.repeat(5_000), []);
    assert.ok(performance.now() - started < 3_000, `${performance.now() - started} ms`);
  });
});

describe('tools told in the text', () => {
  it('can be called in the form that the text asks for', () => {
    const text = toolsAsText(OFFERED);
    assert.match(text, /"name":"list_files"/);
    assert.match(text, /<tool_call>\{"name": "…", "arguments": \{…\}\}<\/tool_call>/);
  });
});
