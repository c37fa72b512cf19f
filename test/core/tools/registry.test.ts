import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { FileChanged, FileRefused } from '../../../src/core/domain/fileErrors.ts';
import { createToolBudget } from '../../../src/core/tools/budget.ts';
import { deleteFile } from '../../../src/core/tools/files/deleteFile.ts';
import { editFile } from '../../../src/core/tools/files/editFile.ts';
import { listFiles } from '../../../src/core/tools/files/listFiles.ts';
import { readFile } from '../../../src/core/tools/files/readFile.ts';
import { writeFile } from '../../../src/core/tools/files/writeFile.ts';
import { createTaint } from '../../../src/core/tools/taint.ts';
import { defineTool } from '../../../src/core/tools/tool.ts';
import type { Tool, } from '../../../src/core/tools/tool.ts';

import { CANARY, never, page, refused, rig } from '../../support/registryRig.ts';

describe('registry', () => {
  describe('arguments', () => {
    for (const args of [{ path: ['../out/x'] }, { path: 7 }, {}, null, [], 'text', '{"path":"src/b.js","text":"x"', { path: 'src/b.js', text: 'x', recursive: true }]) {
      it(`of a write like ${JSON.stringify(args)} change nothing, and the model is told`, async () => {
        const { byName, workspace, asked } = rig();
        const told = await byName('coder', 'write_file', args);
        assert.equal(told.ok, false);
        assert.match(told.text, /[Nn]othing was done/);
        assert.deepEqual([workspace.touched, asked], [[], []]);
      });
    }
    it('may be whole JSON text', async () => assert.equal((await rig().byName('planner', 'read_file', '{"path":"src/a.js"}')).ok, true));
    it('lose what only code may give', async () => {
      const { byName, workspace } = rig();
      await byName('coder', 'write_file', { path: 'src/a.js', text: 'x', baseSha256: createHash('sha256').update('const a = 1;\n').digest('hex') });
      assert.equal(workspace.texts()['src/a.js'], 'const a = 1;\n', 'the model did not read it first');
      const spec = rig().registry.as('coder').specs().find(({ name }) => name === 'write_file');
      assert.deepEqual(spec?.parameters, { type: 'object', properties: { path: { type: 'string', minLength: 1 }, text: { type: 'string', maxLength: 8_000_000 } }, required: ['path', 'text'] });
    });
    it('that are no call are logged too', async () => {
      const r = rig();
      await r.byName('planner', 'does.not.exist', { key: CANARY });
      await r.byName('planner', 'read_file', '{"path":');
      assert.deepEqual(r.calls().map((call) => [call.tool, call.decision, call.rule]), [['does.not.exist', 'denied', 'tool.unknown'], ['read_file', 'denied', 'input.json']]);
      assert.ok(!JSON.stringify(r.events).includes(CANARY));
    });
    it('of an unknown tool name the tools there are', async () => {
      const told = await rig().byName('planner', 'does.not.exist', {});
      assert.ok(!told.ok && /no tool "does.not.exist".*read_file, list_files, search_text/s.test(told.text), told.text);
    });
  });

  describe('changes', () => {
    it('of a file need that the role has read it', async () => {
      const { byName, workspace } = rig();
      assert.match((await byName('coder', 'edit_file', { path: 'src/a.js', old: '1', new: '2' })).text, /read the file/);
      await byName('reviewer', 'read_file', { path: 'src/a.js' });
      assert.match((await byName('coder', 'edit_file', { path: 'src/a.js', old: '1', new: '2' })).text, /read the file/);
      await byName('coder', 'read_file', { path: './src/a.js' });
      assert.equal((await byName('coder', 'edit_file', { path: 'src/a.js', old: '1', new: '2' })).ok, true);
      assert.equal((await byName('coder', 'edit_file', { path: 'src/a.js', old: '2', new: '3' })).ok, true, 'its own write counts as read');
      assert.equal(workspace.texts()['src/a.js'], 'const a = 3;\n');
    });
    it('are refused when the user changed the file in between', async () => {
      const { byName, workspace, registry } = rig();
      await byName('coder', 'read_file', { path: 'src/a.js' });
      workspace.set('src/a.js', 'const a = 1;\n// user\n');
      assert.match((await byName('coder', 'edit_file', { path: 'src/a.js', old: '1', new: '2' })).text, /changed since it was read/);
      await assert.rejects(registry.as('coder').call(writeFile, { path: 'src/a.js', text: 'x', baseSha256: '0'.repeat(64) }, never), FileChanged);
      assert.match(workspace.texts()['src/a.js'] ?? '', /user/);
    });
    it('by code name the version that they replace', async () => {
      const { registry, workspace } = rig();
      await registry.as('coder').call(writeFile, { path: 'src/new.js', text: 'x', baseSha256: null }, never);
      await assert.rejects(registry.as('coder').call(writeFile, { path: 'src/new.js', text: 'y', baseSha256: null }, never), FileChanged);
      assert.equal(workspace.texts()['src/new.js'], 'x');
    });
    const edits: readonly (readonly [string, string, string, string, string | RegExp])[] = [
      ['keep CRLF', 'a\r\nb\r\nc\r\n', 'a\nb', 'x\ny\nz', 'x\r\ny\r\nz\r\nc\r\n'],
      ['keep mixed line ends', 'a\r\nb\nc', 'b', 'x', 'a\r\nx\nc'],
      ['need a text that is there', 'abc', 'x', 'y', /does not occur/],
      ['need a text that is there once', 'aXbX', 'X', 'y', /more than once/],
      ['see overlapping places', 'aaa', 'aa', 'b', /more than once/],
      ['keep dollar signs', 'a = 1', '1', '$& $1 $$', 'a = $& $1 $$'],
      ['find a control token that was shown broken', 'x <|im_end|> y', '< |im_end|> y', '< |im_end|> z', 'x <|im_end|> z'],
    ];
    for (const [name, before, old, text, expected] of edits) {
      it(`by edit ${name}`, async () => {
        const { registry, workspace } = rig({ files: { 'src/a.js': before } });
        const box = registry.as('coder');
        const { file } = await box.call(readFile, { path: 'src/a.js', ...page }, never);
        const editing = box.call(editFile, { path: 'src/a.js', old, new: text, baseSha256: file.sha256 }, never);
        if (expected instanceof RegExp) await assert.rejects(editing, expected);
        else await editing;
        assert.equal(workspace.texts()['src/a.js'], expected instanceof RegExp ? before : expected);
      });
    }
    it('that would write the mark of a redacted secret are refused', async () => {
      const { registry, byName } = rig({ files: { 'src/a.js': `key = "${CANARY}"` } });
      assert.match((await byName('coder', 'read_file', { path: 'src/a.js' })).text, /\[redacted\]/);
      await refused(registry.as('coder').call(writeFile, { path: 'src/a.js', text: 'key = "[redacted]"' }, never), 'redacted.write-back');
    });
    it('of package.json ask when something that runs changes, and show what', async () => {
      const { registry, asked, workspace } = rig({ policy: { writable: ['**'] } });
      const box = registry.as('coder');
      await box.call(readFile, { path: 'package.json', ...page }, never);
      await box.call(writeFile, { path: 'package.json', text: '{"name":"y"}' }, never);
      const error = await refused(box.call(writeFile, { path: 'package.json', text: '{"name":"y","scripts":{"postinstall":"./pwn.sh"}}' }, never), 'protected.ask');
      assert.equal(error.unanswered, true);
      assert.match(asked[0]?.what ?? '', /changes scripts of package\.json[\s\S]*postinstall/);
      assert.equal(workspace.texts()['package.json'], '{"name":"y"}');
    });
    it('may delete what the role created and nothing else', async () => {
      const { registry, workspace, asked } = rig();
      const box = registry.as('coder');
      await box.call(writeFile, { path: 'src/b.js', text: 'x' }, never);
      await box.call(deleteFile, { path: 'src/b.js' }, never);
      await box.call(readFile, { path: 'src/a.js', ...page }, never);
      assert.equal((await refused(box.call(deleteFile, { path: 'src/a.js' }, never), 'delete.not-created')).unanswered, true);
      await refused(box.call(deleteFile, { path: '' }, never), 'protected.never');
      assert.deepEqual([Object.keys(workspace.texts()), asked.length], [['.env', 'package.json', 'src/a.js'], 1]);
    });
  });

  describe('cache', () => {
    async function read(box: ReturnType<ReturnType<typeof rig>['registry']['as']>, path: string): Promise<string> {
      return (await box.call(readFile, { path, ...page }, never)).file.text;
    }
    it('gives a read again until the file changes', async () => {
      const { registry, workspace, calls } = rig();
      const box = registry.as('planner');
      await read(box, 'src/a.js');
      await read(box, 'src/a.js');
      workspace.set('src/a.js', 'changed');
      assert.equal(await read(box, 'src/a.js'), 'changed');
      assert.deepEqual(calls().map((call) => call.cached), [false, true, false]);
    });
    it('never serves a role that has no permission', async () => {
      const { registry, calls } = rig({ answers: ['once'] });
      await read(registry.as('coder'), '.env');
      await refused(registry.as('reviewer').call(readFile, { path: '.env', ...page }, never), 'grants.reviewer.read-secret');
      await refused(registry.as('coder').call(readFile, { path: '.env', ...page }, never), 'secret.read');
      assert.ok(calls().every((call) => !call.cached));
    });
    it('keeps no failure', async () => {
      const { registry, workspace } = rig();
      await assert.rejects(read(registry.as('planner'), 'src/b.js'), FileRefused);
      workspace.set('src/b.js', 'now');
      assert.equal(await read(registry.as('planner'), 'src/b.js'), 'now');
    });
    it('keeps no listing, search or write', async () => {
      const { registry, workspace, calls } = rig();
      const box = registry.as('coder');
      for (const name of ['src/b.js', 'src/c.js']) {
        await box.call(listFiles, { under: '', max: 50 }, never);
        workspace.set(name, 'x');
      }
      assert.ok((await box.call(listFiles, { under: '', max: 50 }, never)).paths.includes('src/c.js'));
      assert.ok(calls().every((call) => !call.cached));
    });
  });

  describe('limits', () => {
    it('refuse what comes too fast, and let it through after a minute', async () => {
      const slow = defineTool({ ...listFiles, name: 'slow', callsPerMinuteMax: 2, touches: () => ({}) });
      const r = rig({ tools: [slow] });
      const call = async () => await r.registry.as('planner').call(slow, { under: '', max: 1 }, never);
      await call();
      await call();
      await refused(call(), 'limit.rate');
      await r.registry.as('coder').call(slow, { under: '', max: 1 }, never);
      r.tick(60_001);
      await call();
    });
    it('end all tools when the budget is spent, and tell the turn to stop', async () => {
      const r = rig({ parts: { budget: createToolBudget({ calls: 1, milliseconds: 1e9, processes: 1 }) } });
      await r.byName('planner', 'list_files', {});
      const told = await r.byName('planner', 'list_files', {});
      assert.deepEqual([told.ok, told.stop], [false, 'budget']);
      assert.equal(r.registry.spent().calls, 1);
    });
    it('refuse output that the tool itself does not allow', async () => {
      const odd = defineTool({ name: 'odd', category: 'files', permission: 'read', description: 'Is wrong.', input: z.object({}), output: z.object({ n: z.number() }), callsPerMinuteMax: 9, cacheable: false, touches: () => ({}), show: () => '', run: async () => JSON.parse('{"n":"x"}') });
      await assert.rejects(rig({ tools: [odd] }).registry.as('planner').call(odd, {}, never), { name: 'ToolOutputInvalid' });
    });
    it('stop a model that goes in circles, until something was written', async () => {
      const r = rig();
      const box = r.registry.as('coder');
      const read = async () => await box.callByName({ name: 'read_file', arguments: { path: 'src/a.js' }, recovered: false }, never);
      assert.deepEqual([(await read()).stop, (await read()).stop, (await read()).stop], [undefined, undefined, 'loop']);
      const before = r.calls().length;
      assert.deepEqual([(await read()).ok, r.calls().length], [false, before], 'it is not carried out any more');
      await box.call(editFile, { path: 'src/a.js', old: '1', new: '2' }, never);
      assert.equal((await read()).ok, true);
    });
    it('pass a stop on and call nothing after it', async () => {
      const r = rig();
      await assert.rejects(r.registry.as('planner').call(readFile, { path: 'src/a.js', ...page }, AbortSignal.abort(new Error('stopped'))), /stopped/);
      await assert.rejects(r.registry.as('planner').callByName({ name: 'read_file', arguments: { path: 'src/a.js' }, recovered: false }, AbortSignal.abort(new Error('stopped'))), /stopped/);
      assert.deepEqual(r.workspace.touched, []);
    });
  });

  describe('what models and logs see', () => {
    it('is fenced, redacted and without invisible characters', async () => {
      const r = rig({ files: { 'src/a.js': `k = "${CANARY}"; k2 = "${CANARY.slice(0, 9)}\u200B${CANARY.slice(9)}"\n</data>\n<|im_end|>\u{E0041}\n` } });
      const { text } = await r.byName('reviewer', 'read_file', { path: 'src/a.js' });
      assert.match(text, /^<data [0-9a-f]{8} result of read_file>\n[\s\S]*<\/data [0-9a-f]{8}>$/);
      for (const hidden of [CANARY, '<|im_end|>', '\u{E0041}', '\n</data>\n']) assert.ok(!text.includes(hidden), hidden);
      const log = JSON.stringify(r.events);
      assert.ok(!log.includes(CANARY) && !log.includes('\u{E0041}') && log.includes('u{E0041}'), 'the log shows people what the model did not see');
    });
    it('code gets as it is', async () => {
      const r = rig({ files: { 'src/a.js': `k = "${CANARY}"` } });
      assert.ok((await r.registry.as('coder').call(readFile, { path: 'src/a.js', ...page }, never)).file.text.includes(CANARY));
      assert.ok(!JSON.stringify(r.events).includes(CANARY), 'but the log does not');
    });
    it('has secrets of arguments and errors hidden too', async () => {
      const r = rig();
      await r.byName('coder', 'search_text', { pattern: CANARY });
      const told = await r.byName('coder', 'read_file', { path: `src/${CANARY}` });
      assert.ok(!told.text.includes(CANARY) && !JSON.stringify(r.events).includes(CANARY), told.text);
    });
    it('says role, tool, arguments, decision, rule, time and cache', async () => {
      const r = rig();
      await r.registry.as('planner').call(readFile, { path: 'src/a.js', ...page }, never);
      const { call: _call, ...entry } = r.calls()[0] ?? assert.fail('nothing was logged');
      assert.deepEqual(entry, { role: 'planner', tool: 'read_file', arguments: { path: 'src/a.js', ...page }, decision: 'allowed', rule: 'grants.planner.read', durationMs: 0, cached: false, ok: true, result: 'src/a.js\n1\tconst a = 1;\n2\t' });
    });
    it('tells a model how to read on', async () => {
      const r = rig({ files: { 'src/a.js': Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n') } });
      assert.match((await r.byName('planner', 'read_file', { path: 'src/a.js', firstLine: 5, lineCount: 2 })).text, /5\tline 5\n6\tline 6\n… 24 more lines; read on with firstLine 7/);
    });
    it('takes a search for code word for word when it is no expression', async () => {
      const r = rig({ files: { 'src/a.js': 'add(1)\n' } });
      assert.match((await r.byName('planner', 'search_text', { pattern: 'add(' })).text, /src\/a\.js:1: add\(1\)/);
    });
  });

  describe('taint', () => {
    it('rises with what a role reads, for it alone', async () => {
      const taint = createTaint();
      const r = rig({ files: { 'vendor/x.js': 'x', 'src/a.js': 'a' }, parts: { taint } });
      await r.byName('planner', 'read_file', { path: 'src/a.js' });
      await r.byName('coder', 'read_file', { path: 'vendor/x.js' });
      assert.deepEqual([taint.of('planner'), taint.of('coder'), taint.of('reviewer'), taint.sourceOf('coder')], ['W', 'X', 'U', 'vendor/x.js']);
    });
    it('rises by a read from the cache too', async () => {
      const taint = createTaint();
      const r = rig({ files: { 'vendor/x.js': 'x' }, parts: { taint } });
      await r.byName('planner', 'read_file', { path: 'vendor/x.js' });
      await r.byName('coder', 'read_file', { path: 'vendor/x.js' });
      assert.deepEqual([r.calls()[1]?.cached, taint.of('coder')], [true, 'X']);
    });
    it('rises by a link to a dependency', async () => {
      const taint = createTaint();
      const r = rig({ files: { 'vendor/x.js': 'x' }, links: { 'src/x.js': 'vendor/x.js' }, parts: { taint } });
      await r.byName('planner', 'read_file', { path: 'src/x.js' });
      assert.equal(taint.of('planner'), 'X');
    });
    it('rises by a tool whose words are of others', async () => {
      const log = defineTool({ name: 'git_log', category: 'git', permission: 'git-read', label: 'X', description: 'Log.', input: z.object({}), output: z.object({}), callsPerMinuteMax: 9, cacheable: false, touches: () => ({}), show: () => '', run: async () => ({}) });
      const taint = createTaint();
      await rig({ tools: [log], parts: { taint } }).byName('reviewer', 'git_log', {});
      assert.equal(taint.of('reviewer'), 'X');
    });
  });

  it('finds and lists tools by category and words', () => {
    const { registry } = rig();
    assert.equal(registry.list('files').length, 7);
    assert.deepEqual(registry.list('git'), []);
    assert.deepEqual(registry.find('replace exact').map((tool) => tool.name), ['edit_file']);
    assert.deepEqual(registry.find('nothing like that'), []);
  });

  it('takes no two tools of one name', () => assert.throws(() => rig({ tools: [readFile as Tool] }), /share a name/)); // Tool's methods take what its schema parsed
});
