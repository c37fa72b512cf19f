/** The language server as clients see it: `groundcrew lsp --stdio` in a process of its own, spoken to byte by byte. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { parseInvocation } from '../../src/cli/args.ts';
import { type LspClient, openLsp, startLsp } from '../support/lspClient.ts';
import { type TempFolder, tempFolder } from '../support/tempFolder.ts';

const LOOP = 'export function total(xs) {\n  let sum = 0;\n  for (let i = 0; i <= xs.length; i++) sum += xs[i];\n  return sum;\n}\n';
const RIGHT = LOOP.replace('<=', '<');
const PULL = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true }, workspaceEdit: { documentChanges: true } } };

const Position = z.object({ line: z.number(), character: z.number() });
const Range = z.object({ start: Position, end: Position });
const Diagnostic = z.object({ range: Range, severity: z.number(), code: z.string(), message: z.string(), source: z.string() });
const Published = z.object({ uri: z.string(), version: z.number().optional(), diagnostics: z.array(Diagnostic) });
const Pulled = z.object({ kind: z.string(), resultId: z.string(), items: z.array(Diagnostic).optional() });
const Action = z.object({ title: z.string(), kind: z.string(), isPreferred: z.boolean().optional(), command: z.object({ command: z.string(), arguments: z.array(z.unknown()) }).optional(), edit: z.object({ documentChanges: z.array(z.object({ textDocument: z.object({ uri: z.string(), version: z.number() }), edits: z.array(z.object({ range: Range, newText: z.string() })) })).optional(), changes: z.record(z.string(), z.array(z.object({ range: Range, newText: z.string() }))).optional() }).optional() });

interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly capabilities?: unknown;
  readonly initializationOptions?: unknown;
}

async function withServer({ files = {}, ...more }: Setting, work: (client: LspClient, folder: TempFolder) => Promise<void>): Promise<void> {
  using folder = tempFolder();
  const root = path.join(folder.path, 'workspace');
  for (const [file, text] of Object.entries({ 'package.json': '{"type":"module"}\n', ...files })) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  await using client = await openLsp({ root, state: path.join(folder.path, 'state'), ...more });
  await work(client, folder);
}

const published = async (client: LspClient, file: string, fits: (found: z.infer<typeof Published>) => boolean, after = 0): Promise<z.infer<typeof Published>> => {
  const of = (params: unknown): z.infer<typeof Published> => Published.parse(params);
  return of((await client.until('textDocument/publishDiagnostics', (params) => of(params).uri === client.uri(file) && fits(of(params)), after)).params);
};

async function pulled(client: LspClient, file: string, previousResultId?: string): Promise<z.infer<typeof Pulled>> {
  return Pulled.parse((await client.ask('textDocument/diagnostic', { textDocument: { uri: client.uri(file) }, previousResultId })).result);
}

async function actionsAt(client: LspClient, file: string, line: number, only?: readonly string[]): Promise<readonly z.infer<typeof Action>[]> {
  const at = { line, character: 0 };
  const { result } = await client.ask('textDocument/codeAction', { textDocument: { uri: client.uri(file) }, range: { start: at, end: at }, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } });
  return z.array(Action).parse(result);
}

const places = (diagnostics: readonly z.infer<typeof Diagnostic>[] = []): readonly string[] => diagnostics.map(({ range, code }) => `${range.start.line}:${range.start.character}-${range.end.line}:${range.end.character} ${code}`);

describe('the language server', function () {
  this.timeout(30_000);

  it('pushes what the rules say to a client that does not pull, at once and after a change, and takes it back', async () => {
    await withServer({}, async (client) => {
      client.open('a.js', LOOP);
      assert.deepEqual(places((await published(client, 'a.js', ({ version }) => version === 1)).diagnostics), ['2:18-2:52 off-by-one']);
      client.change('a.js', 2, [{ range: { start: { line: 2, character: 20 }, end: { line: 2, character: 22 } }, text: '<' }]);
      assert.deepEqual((await published(client, 'a.js', ({ version }) => version === 2)).diagnostics, []);
      client.change('a.js', 3, [{ text: `\n${LOOP}` }]);
      assert.deepEqual(places((await published(client, 'a.js', ({ version }) => version === 3)).diagnostics), ['3:18-3:52 off-by-one']);
      const before = client.told.length;
      client.notify('textDocument/didClose', { textDocument: { uri: client.uri('a.js') } });
      assert.deepEqual((await published(client, 'a.js', () => true, before)).diagnostics, []);
      assert.equal(await client.quit(), 0);
    });
  });

  it('is pulled by a client that can, says when nothing changed, and pushes nothing then', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('a.js', LOOP);
      const first = await pulled(client, 'a.js');
      assert.deepEqual([first.kind, places(first.items)], ['full', ['2:18-2:52 off-by-one']]);
      assert.equal((await pulled(client, 'a.js', first.resultId)).kind, 'unchanged');
      client.change('a.js', 2, [{ text: RIGHT }]);
      assert.deepEqual((await pulled(client, 'a.js', first.resultId)).items, []);
      assert.deepEqual(client.told.filter(({ method, params }) => method === 'textDocument/publishDiagnostics' && Published.parse(params).diagnostics.length > 0), []);
    });
  });

  it('keeps what was said while the file does not parse, and lets go what its line no longer holds', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('a.js', LOOP);
      assert.equal((await pulled(client, 'a.js')).items?.length, 1);
      client.change('a.js', 2, [{ text: `${LOOP}function (` }]);
      assert.deepEqual(places((await pulled(client, 'a.js')).items), ['2:18-2:52 off-by-one']);
      client.change('a.js', 3, [{ text: `${RIGHT}function (` }]);
      assert.deepEqual((await pulled(client, 'a.js')).items, []);
    });
  });

  it('offers the suggested line, applies to the version that was read, and never asks a model for it', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('a.js', LOOP, 7);
      const actions = await actionsAt(client, 'a.js', 2);
      assert.deepEqual(actions.map(({ title, kind }) => `${kind}: ${title}`), [
        'quickfix: Replace with: for (let i = 0; i < xs.length; i++) sum += xs[i];', 'quickfix: Explain this finding', 'quickfix: Dismiss this finding',
        'quickfix: Dismiss "off-by-one" in this file', 'quickfix: Dismiss "off-by-one" in this workspace',
      ]);
      assert.deepEqual(actions[0]?.edit?.documentChanges, [{ textDocument: { uri: client.uri('a.js'), version: 7 }, edits: [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 52 } }, newText: '  for (let i = 0; i < xs.length; i++) sum += xs[i];' }] }]);
      assert.deepEqual(await actionsAt(client, 'a.js', 0), []);
      assert.deepEqual(await actionsAt(client, 'a.js', 2, ['refactor']), []);
      assert.equal((await actionsAt(client, 'a.js', 2, ['quickfix'])).length, 5);
    });
  });

  it('counts characters as the client does: UTF-16, or bytes of UTF-8 where that was agreed on', async () => {
    const text = LOOP.replace('sum += xs[i];', 'sum += xs[i]; // é𝄞');
    for (const [general, end] of [[{}, 59], [{ positionEncodings: ['utf-8', 'utf-16'] }, 62], [{ positionEncodings: ['utf-16'] }, 59]] as const) {
      await withServer({ capabilities: { ...PULL, general } }, async (client) => {
        client.open('a.js', text);
        assert.deepEqual(places((await pulled(client, 'a.js')).items), [`2:18-2:${end} off-by-one`]);
        // After the last sign of that line, a second one: only the right count puts it there.
        client.change('a.js', 2, [{ range: { start: { line: 2, character: end }, end: { line: 2, character: end } }, text: '!\nconst z = total(' }]);
        client.change('a.js', 3, [{ range: { start: { line: 3, character: 16 }, end: { line: 3, character: 16 } }, text: '[]);' }]);
        assert.deepEqual(places((await pulled(client, 'a.js')).items).map((place) => place.split('-')[0]), ['2:18']);
      });
    }
  });

  it('leaves line breaks of Windows as they are', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('a.js', LOOP.replaceAll('\n', '\r\n'));
      const [fix] = await actionsAt(client, 'a.js', 2);
      assert.deepEqual(fix?.edit?.documentChanges?.[0]?.edits[0], { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 52 } }, newText: '  for (let i = 0; i < xs.length; i++) sum += xs[i];' });
    });
  });

  it('explains and dismisses, and a dismissal holds for the next server', async () => {
    await withServer({ capabilities: PULL }, async (client, folder) => {
      client.open('a.js', LOOP);
      const hover = z.object({ contents: z.object({ value: z.string() }) }).parse((await client.ask('textDocument/hover', { textDocument: { uri: client.uri('a.js') }, position: { line: 2, character: 30 } })).result);
      assert.match(hover.contents.value, /One reading; nothing was run\.[\s\S]*```\nfor \(let i = 0; i <= xs\.length/u);
      assert.equal((await client.ask('textDocument/hover', { textDocument: { uri: client.uri('a.js') }, position: { line: 0, character: 0 } })).result, null);
      const actions = await actionsAt(client, 'a.js', 2);
      const run = async (title: string): Promise<unknown> => (await client.ask('workspace/executeCommand', actions.find((action) => action.title === title)?.command)).result;
      assert.match(String(await run('Explain this finding')), /one past the end[\s\S]*Suggested: for/u);
      await run('Dismiss this finding');
      await client.until('workspace/diagnostic/refresh');
      assert.deepEqual((await pulled(client, 'a.js')).items, []);
      assert.equal(await client.quit(), 0);
      await using next = await openLsp({ root: client.root, state: path.join(folder.path, 'state'), capabilities: PULL });
      next.open('a.js', `// moved\n${LOOP}`);
      assert.deepEqual((await pulled(next, 'a.js')).items, []);
    });
  });

  it('hides a dismissed rule in one file, then in the workspace', async () => {
    await withServer({}, async (client) => {
      for (const file of ['a.js', 'b.js', 'c.js']) client.open(file, LOOP);
      for (const file of ['a.js', 'b.js', 'c.js']) await published(client, file, ({ diagnostics }) => diagnostics.length === 1);
      const dismiss = async (file: string, where: string): Promise<number> => {
        const before = client.told.length;
        const action = (await actionsAt(client, file, 2)).find(({ title }) => title.endsWith(where));
        await client.ask('workspace/executeCommand', action?.command);
        return before;
      };
      await published(client, 'a.js', ({ diagnostics }) => diagnostics.length === 0, await dismiss('a.js', 'in this file'));
      assert.equal((await actionsAt(client, 'b.js', 2)).length, 5);
      await published(client, 'b.js', ({ diagnostics }) => diagnostics.length === 0, await dismiss('b.js', 'in this workspace'));
      assert.deepEqual(await actionsAt(client, 'c.js', 2), []);
    });
  });

  it('looks into imported files, as the client has them open', async () => {
    const caller = "import { load } from './load.js';\nexport async function run() {\n  load();\n  return 1;\n}\n";
    await withServer({ files: { 'load.js': 'export function load() {}\n' }, capabilities: PULL }, async (client) => {
      client.open('a.js', caller);
      assert.deepEqual((await pulled(client, 'a.js')).items, []);
      client.open('load.js', 'export async function load() {}\n');
      client.change('a.js', 2, [{ text: `${caller}\n` }]);
      assert.deepEqual(places((await pulled(client, 'a.js')).items), ['2:2-2:9 unawaited-call']);
    });
  });

  it('serves two folders apart, and forgets one that the client closes', async () => {
    await withServer({ files: { 'one/a.js': LOOP, 'two/a.js': LOOP } }, async (parent, folder) => {
      const [one, two] = [path.join(parent.root, 'one'), path.join(parent.root, 'two')];
      await using client = await openLsp({ root: parent.root, state: path.join(folder.path, 'state2'), workspaceFolders: [one, two], capabilities: { ...PULL, workspace: { ...PULL.workspace, workspaceFolders: true } } });
      client.open('one/a.js', LOOP);
      client.open('two/a.js', LOOP);
      const dismiss = (await actionsAt(client, 'one/a.js', 2)).find(({ title }) => title.endsWith('workspace'));
      await client.ask('workspace/executeCommand', dismiss?.command);
      assert.deepEqual([(await pulled(client, 'one/a.js')).items?.length, (await pulled(client, 'two/a.js')).items?.length], [0, 1]);
      client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: client.uri('two'), name: 'two' }] } });
      assert.deepEqual((await pulled(client, 'two/a.js')).items, []);
    });
  });

  it('takes its settings from the client, when asked and when they change, and says which do not fit', async () => {
    await withServer({ initializationOptions: { review: { minSeverity: 'error' } } }, async (client) => {
      client.open('a.js', LOOP);
      assert.deepEqual((await published(client, 'a.js', ({ version }) => version === 1)).diagnostics, []);
      client.notify('workspace/didChangeConfiguration', { settings: { groundcrew: { review: { minSeverity: 'info' } } } });
      await published(client, 'a.js', ({ diagnostics }) => diagnostics.length === 1);
    });
    await withServer({ capabilities: { ...PULL, workspace: { ...PULL.workspace, configuration: true } } }, async (client) => {
      client.answer('workspace/configuration', () => [{ maxFindings: 'all' }]);
      client.notify('workspace/didChangeConfiguration', {});
      await client.until('window/logMessage', (params) => /groundcrew\.review do not fit \(maxFindings/u.test(JSON.stringify(params)));
      client.open('a.js', LOOP);
      assert.equal((await pulled(client, 'a.js')).items?.length, 1);
    });
  });
});

describe('the language server and bad input', function () {
  this.timeout(30_000);

  it('is started with --stdio only, and says so', () => {
    const check = (argv: readonly string[], expected: RegExp): void => assert.throws(() => parseInvocation(['lsp', ...argv]), expected);
    check([], /groundcrew lsp --stdio/u);
    check(['--stdio', 'a.js'], /lsp takes no words, but got "a\.js"/u);
    check(['--stdio', '--socket=1'], /socket/u);
    assert.deepEqual([['--stdio'], ['--stdio', '--clientProcessId=7', '--approve', 'safe']].map((argv) => {
      const invocation = parseInvocation(['lsp', ...argv]);
      return invocation.kind === 'lsp' ? invocation.approve : invocation.kind;
    }), ['never', 'safe']);
  });

  it('answers before it was initialised with an error, and lives', async () => {
    using folder = tempFolder();
    await using client = startLsp({ root: folder.path, state: path.join(folder.path, 'state') });
    assert.equal((await client.ask('textDocument/hover', { textDocument: { uri: 'file:///a.js' }, position: { line: 0, character: 0 } })).error?.code, -32_002);
    client.open('a.js', LOOP);
    assert.equal((await client.ask('textDocument/diagnostic', { textDocument: { uri: client.uri('a.js') } })).error?.code, -32_002);
    assert.equal((await client.ask('initialize', { processId: null, rootUri: null, capabilities: {} })).error, undefined);
  });

  it('leaves out changes that come out of order, for files that are not open, or beyond the text', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('a.js', RIGHT, 5);
      client.change('a.js', 4, [{ text: LOOP }]);
      client.change('b.js', 1, [{ text: LOOP }]);
      assert.deepEqual((await pulled(client, 'a.js')).items, []);
      client.change('a.js', 6, [{ range: { start: { line: 99, character: 0 }, end: { line: 999, character: 99 } }, text: `\n${LOOP.replaceAll('total', 'sum2')}` }]);
      assert.deepEqual(places((await pulled(client, 'a.js')).items), ['8:18-8:52 off-by-one']);
      client.change('a.js', 7, [{ range: { start: { line: 5, character: 0 }, end: { line: 0, character: 0 } }, text: '' }]);
      assert.deepEqual(places((await pulled(client, 'a.js')).items), ['3:18-3:52 off-by-one']);
      assert.equal(client.told.filter(({ method }) => method === 'window/logMessage').length, 2);
      assert.deepEqual((await pulled(client, 'never-opened.js')).items, []);
    });
  });

  it('answers a cancelled request, and the ones after it', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('a.js', LOOP.repeat(1));
      const asked = client.ask('textDocument/diagnostic', { textDocument: { uri: client.uri('a.js') } });
      client.notify('$/cancelRequest', { id: asked.id });
      const { error, result } = await asked;
      assert.equal(error === undefined ? Pulled.parse(result).kind : error.code, error === undefined ? 'full' : -32_800);
      client.notify('$/cancelRequest', { id: 4_711 });
      assert.equal((await pulled(client, 'a.js')).items?.length, 1);
    });
  });

  it('reads nothing of long, generated and huge files, and goes on', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('long.js', LOOP + '// x\n'.repeat(2_000));
      client.open('made.js', `// @generated. DO NOT EDIT.\n${LOOP}`);
      client.open('huge.js', LOOP.repeat(80_000)); // 9 MB
      client.open('data.bin', '\0\u0001\uFFFF'.repeat(1_000));
      client.change('huge.js', 2, [{ range: { start: { line: 2, character: 20 }, end: { line: 2, character: 22 } }, text: '<' }]);
      for (const file of ['long.js', 'made.js', 'huge.js', 'data.bin']) assert.deepEqual((await pulled(client, file)).items, [], file);
      client.change('huge.js', 3, [{ text: LOOP }]);
      assert.equal((await pulled(client, 'huge.js')).items?.length, 1);
    });
  });

  it('says of commands that are unknown, misshapen or late what does not fit', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      client.open('a.js', LOOP);
      const check = async (command: string, args: unknown, expected: RegExp): Promise<void> => assert.match((await client.ask('workspace/executeCommand', { command, arguments: args })).error?.message ?? '', expected);
      const uri = client.uri('a.js');
      await check('groundcrew.lsp.nothing', [], /There is no command "groundcrew\.lsp\.nothing"/u);
      await check('groundcrew.lsp.dismiss', [uri], /was called with/u);
      await check('groundcrew.lsp.dismiss', [uri, 'x', 'galaxy'], /was called with/u);
      await check('groundcrew.lsp.dismiss', [uri, 'finding-of-yesterday', 'finding'], /This finding is gone/u);
      await check('groundcrew.lsp.explain', [{}, null], /was called with/u);
      await check('groundcrew.lsp.explain', ['http://elsewhere/a.js', 'x'], /This finding is gone/u);
      await check('groundcrew.lsp.review', ['file:///etc/passwd'], /is no file of an open folder/u);
      await check('groundcrew.lsp.review', [client.uri('absent.js')], /absent\.js/u);
      const [id] = (await actionsAt(client, 'a.js', 2)).flatMap(({ command }) => (command?.command.endsWith('explain') === true ? [command.arguments[1]] : []));
      await check('groundcrew.lsp.fix', [uri, id], /cannot start a fix from here/u);
    });
  });

  it('lives through messages that are none, and ends when the client is gone', async () => {
    await withServer({ capabilities: PULL }, async (client) => {
      const frame = (body: string): void => client.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      frame('{"jsonrpc":"2.0","id":77,"method":"textDocument/hover","params":{"nonsense":true}}');
      frame('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":null}');
      frame('{"jsonrpc":"2.0","method":"no/such/notification","params":[]}');
      frame('{"jsonrpc":"2.0","id":99,"result":"to a question that nobody asked"}');
      assert.equal((await client.ask('no/such/request', {})).error?.code, -32_601);
      client.open('a.js', LOOP);
      assert.equal((await pulled(client, 'a.js')).items?.length, 1);
    });
  });
});
