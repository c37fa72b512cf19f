/** Review on save through the server: with a client that runs reviews itself, and with a crew of the server's own on a scripted Ollama. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Finding } from '../../src/core/domain/finding.ts';
import { ReviewAsked, StateTold } from '../../src/protocol/languageServer.ts';
import { type LspClient, openLsp } from '../support/lspClient.ts';
import { createOllamaStandIn, filling, saying } from '../support/ollamaStandIn.ts';
import { tempFolder } from '../support/tempFolder.ts';

const LEAP = 'export function isLeap(year) {\n  return year % 4 === 0;\n}\n';
const BEFORE = 'export function isLeap(year) {\n  return false;\n}\n';
const finding = (line: number, anchor: string): Finding => ({ id: `finding-${line}`, path: 'leap.js', line, endLine: line, column: 3, category: 'bug', severity: 'warning', claim: 'Wrong for 1900: centuries are no leap years.', evidence: anchor, proof: 'agreed', anchor });
const Published = z.object({ uri: z.string(), diagnostics: z.array(z.object({ message: z.string(), code: z.string() })) });

async function withClient(options: { readonly abilities?: object; readonly host?: string; readonly onSave?: boolean }, work: (client: LspClient) => Promise<void>): Promise<void> {
  using folder = tempFolder();
  const root = path.join(folder.path, 'workspace');
  mkdirSync(root);
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}\n');
  writeFileSync(path.join(root, 'leap.js'), BEFORE);
  writeFileSync(path.join(root, '.gitignore'), 'private/\n');
  execFileSync('git', ['init', '-q'], { cwd: root });
  await using client = await openLsp({
    root, state: path.join(folder.path, 'state'), initializationOptions: { review: { onSave: options.onSave ?? true } },
    capabilities: { experimental: { groundcrew: options.abilities ?? {} } }, ...(options.host === undefined ? {} : { host: options.host }),
  });
  await work(client);
}

function save(client: LspClient, file: string, text: string): void {
  writeFileSync(path.join(client.root, file), text);
  client.notify('textDocument/didSave', { textDocument: { uri: client.uri(file) }, text });
}

const state = (kind: string) => (params: unknown): boolean => StateTold.parse(params).kind === kind;
const shown = async (client: LspClient, fits: (messages: readonly string[]) => boolean, after = 0): Promise<void> => {
  await client.until('textDocument/publishDiagnostics', (params) => Published.parse(params).uri === client.uri('leap.js') && fits(Published.parse(params).diagnostics.map(({ message }) => message)), after);
};

describe('review on save through the server', function () {
  this.timeout(30_000);

  it('asks the client for what changed, shows the answer, and takes it back when the line changes', async () => {
    await withClient({ abilities: { review: true, state: true, fix: true } }, async (client) => {
      client.answer('crew/review', () => ({ kind: 'reviewed', findings: [finding(2, 'return year % 4 === 0;')] }));
      client.open('leap.js', BEFORE);
      client.change('leap.js', 2, [{ text: LEAP }]);
      save(client, 'leap.js', LEAP);
      await shown(client, (messages) => messages.some((message) => message.startsWith('Wrong for 1900')));
      const [asked] = client.told.filter(({ method }) => method === 'crew/review').map(({ params }) => ReviewAsked.parse(params));
      assert.deepEqual([asked?.path, asked?.text, asked?.background, asked?.root], ['leap.js', LEAP, true, client.root]);
      assert.match(asked?.diff ?? '', /-\s+return false;\n\+\s+return year % 4 === 0;/u);
      await client.until('crew/state', state('reviewed'));
      const fixed: unknown[] = [];
      client.answer('crew/fix', (params) => void fixed.push(params));
      assert.equal((await client.ask('workspace/executeCommand', { command: 'groundcrew.lsp.fix', arguments: [client.uri('leap.js'), 'finding-2'] })).error, undefined);
      assert.deepEqual(fixed, [{ uri: client.uri('leap.js'), root: client.root, path: 'leap.js', line: 2, words: 'Wrong for 1900: centuries are no leap years.' }]);
      const before = client.told.length;
      client.change('leap.js', 3, [{ text: BEFORE }]);
      await shown(client, (messages) => messages.length === 0, before);
    });
  });

  it('reads the same text once, cancels a reading for a newer save, and waits while a run is at work', async () => {
    await withClient({ abilities: { review: true, state: true } }, async (client) => {
      let answered = 0;
      client.answer('crew/review', async () => {
        if (answered++ === 0) await client.until('$/cancelRequest');
        return { kind: 'reviewed', findings: [] };
      });
      client.open('leap.js', BEFORE);
      save(client, 'leap.js', `${BEFORE}\n`);
      await client.until('crew/review');
      save(client, 'leap.js', LEAP);
      await client.until('crew/state', state('stopped'));
      await client.until('crew/state', state('reviewed'));
      const before = client.told.length;
      client.notify('crew/giveWay', { why: 'a run is at work' });
      save(client, 'leap.js', `${LEAP}\n`);
      assert.equal(StateTold.parse((await client.until('crew/state', state('skipped'), before)).params).word, 'a run is at work');
      client.notify('crew/giveWay', { why: null });
      await client.until('crew/state', state('reviewed'), before);
      const after = client.told.length;
      save(client, 'leap.js', LEAP);
      assert.equal(StateTold.parse((await client.until('crew/state', state('reviewed'), after)).params).word, 'unchanged');
      assert.equal(client.told.filter(({ method }) => method === 'crew/review').length, 3);
    });
  });

  it('reads nothing on save unless that was asked for, nor what is ignored, and shows what the client found itself', async () => {
    await withClient({ abilities: { review: true, state: true }, onSave: false }, async (client) => {
      client.open('leap.js', LEAP);
      save(client, 'leap.js', `${LEAP}\n`);
      client.notify('crew/findings', { root: client.root, paths: ['leap.js', 'closed.js'], findings: [finding(2, 'return year % 4 === 0;'), { ...finding(4, 'x'), path: 'closed.js' }] });
      await shown(client, (messages) => messages.length === 1);
      await client.until('textDocument/publishDiagnostics', (params) => Published.parse(params).uri === client.uri('closed.js') && Published.parse(params).diagnostics.length === 1);
      const before = client.told.length;
      client.notify('crew/findings', { root: client.root, paths: ['leap.js'], findings: 'none' });
      client.notify('crew/findings', { root: client.root, paths: ['leap.js'], findings: [] });
      await shown(client, (messages) => messages.length === 0, before);
      assert.deepEqual(client.told.filter(({ method }) => method === 'crew/state' || method === 'crew/review'), []);
    });
    await withClient({ abilities: { review: true, state: true } }, async (client) => {
      mkdirSync(path.join(client.root, 'private'));
      client.open('private/leap.js', BEFORE);
      save(client, 'private/leap.js', LEAP);
      assert.match(StateTold.parse((await client.until('crew/state', state('skipped'))).params).word, /ignored/u);
    });
  });

  it('skips with a word when the client answers nonsense, and takes an answer of the next one', async () => {
    await withClient({ abilities: { review: true, state: true } }, async (client) => {
      client.answer('crew/review', () => ({ kind: 'reviewed', findings: [{ line: -1 }] }));
      client.open('leap.js', BEFORE);
      save(client, 'leap.js', LEAP);
      await client.until('crew/state', state('skipped'));
      client.answer('crew/review', () => ({ kind: 'skipped', why: 'Ollama is busy' }));
      const before = client.told.length;
      save(client, 'leap.js', LEAP);
      assert.equal(StateTold.parse((await client.until('crew/state', state('skipped'), before)).params).word, 'Ollama is busy');
    });
  });

  it('runs a review of its own, in the background, for a client that cannot', async () => {
    const claim = JSON.stringify({ findings: [{ line: 2, quote: 'return year % 4 === 0;', category: 'bug', claim: 'Wrong for 1900: centuries are no leap years.' }] });
    await using ollama = await createOllamaStandIn({
      models: [{ name: 'crew-coder:1.5b', capabilities: ['completion', 'insert'] }],
      replies: { '/api/chat': [() => ({ chunks: saying([claim]) })], '/api/generate': [() => ({ chunks: filling(['return year % 4 === 0 && year % 100 !== 0;', '\n']) })] },
    });
    await withClient({ host: `127.0.0.1:${ollama.port}` }, async (client) => {
      client.open('leap.js', BEFORE);
      client.change('leap.js', 2, [{ text: LEAP }]);
      save(client, 'leap.js', LEAP);
      await shown(client, (messages) => messages.some((message) => message.startsWith('Wrong for 1900')));
      const runs = execFileSync(process.execPath, [path.resolve('src/cli/main.ts'), 'runs', '--json'], { cwd: client.root, encoding: 'utf8', env: { ...process.env, XDG_STATE_HOME: path.join(path.dirname(client.root), 'state') } });
      assert.match(runs, /"command":"review"/u);
      const calls = ollama.to('/api/chat').length;
      save(client, 'leap.js', LEAP);
      client.notify('textDocument/didSave', { textDocument: { uri: client.uri('package.json') }, text: '{}' });
      await client.until('window/logMessage', (params) => /package\.json was not reviewed/u.test(JSON.stringify(params)));
      assert.equal(ollama.to('/api/chat').length, calls);
    });
  });
});
