/** A second client that is not ours: Neovim, headless, with nothing but its built-in language client. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { DEAD_HOST } from '../support/cli.ts';
import { tempFolder } from '../support/tempFolder.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const LOOP = 'export function total(xs) {\n  let sum = 0;\n  for (let i = 0; i <= xs.length; i++) sum += xs[i];\n  return sum;\n}\n';
const TIME_MS = 25_000;

/** Opens the file, waits for pushed diagnostics, applies the first code action of that line as Neovim itself does, and waits until they are gone. */
const SCRIPT = `
local argv = vim.fn.json_decode(vim.env.LSP_ARGV)
local out = {}
local function finish() vim.fn.writefile({ vim.fn.json_encode(out) }, vim.env.LSP_OUT) vim.cmd('qall!') end
local ok, fault = pcall(function()
  vim.cmd('edit a.js')
  vim.lsp.start_client({ name = 'groundcrew', cmd = argv, root_dir = vim.fn.getcwd(), on_init = function(client) vim.lsp.buf_attach_client(0, client.id) end })
  out.pushed = vim.wait(${TIME_MS}, function() return #vim.diagnostic.get(0) > 0 end, 20)
  local first = vim.diagnostic.get(0)[1]
  out.diagnostic = first and { line = first.lnum, message = first.message, source = first.source, code = first.code }
  local params = { textDocument = vim.lsp.util.make_text_document_params(0), range = { start = { line = 2, character = 0 }, ['end'] = { line = 2, character = 0 } }, context = { diagnostics = {} } }
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, ${TIME_MS})
  out.titles = {}
  for id, answer in pairs(answers or {}) do
    for _, action in ipairs(answer.result or {}) do table.insert(out.titles, action.title) end
    local client = vim.lsp.get_client_by_id(id)
    vim.lsp.util.apply_workspace_edit(answer.result[1].edit, client.offset_encoding)
  end
  out.line = vim.api.nvim_buf_get_lines(0, 2, 3, false)[1]
  out.gone = vim.wait(${TIME_MS}, function() return #vim.diagnostic.get(0) == 0 end, 20)
  vim.lsp.stop_client(vim.lsp.get_active_clients())
  out.stopped = vim.wait(${TIME_MS}, function() return #vim.lsp.get_active_clients() == 0 end, 20)
end)
if not ok then out.fault = tostring(fault) end
finish()
`;

const Said = z.object({ pushed: z.boolean(), diagnostic: z.object({ line: z.number(), message: z.string(), source: z.string(), code: z.string() }), titles: z.array(z.string()), line: z.string(), gone: z.boolean(), stopped: z.boolean() });

describe('Neovim', function () {
  this.timeout(4 * TIME_MS);

  it(`is shown findings as they are pushed, and applies the suggested line${hasNeovim() ? '' : ' (not run: nvim is not installed; on Debian, apt-get install neovim)'}`, () => {
    if (!hasNeovim()) return;
    using folder = tempFolder();
    const root = path.join(folder.path, 'workspace');
    mkdirSync(root);
    writeFileSync(path.join(root, 'package.json'), '{"type":"module"}\n');
    writeFileSync(path.join(root, 'a.js'), LOOP);
    const [script, out] = [path.join(folder.path, 'play.lua'), path.join(folder.path, 'out.json')];
    writeFileSync(script, SCRIPT);
    const env = { ...process.env, HOME: folder.path, XDG_STATE_HOME: path.join(folder.path, 'state'), XDG_CONFIG_HOME: folder.path, XDG_DATA_HOME: folder.path, OLLAMA_HOST: DEAD_HOST, LSP_ARGV: JSON.stringify([process.execPath, MAIN, 'lsp', '--stdio']), LSP_OUT: out };
    execFileSync('nvim', ['--headless', '--clean', '-n', '-c', `luafile ${script}`], { cwd: root, env, timeout: 3 * TIME_MS, stdio: 'pipe' });
    const said = Said.parse(JSON.parse(readFileSync(out, 'utf8')));
    assert.deepEqual([said.pushed, said.gone, said.stopped], [true, true, true]);
    assert.deepEqual(said.diagnostic, { line: 2, message: 'The last turn reads xs[i] one past the end: i may be xs.length.', source: 'groundcrew', code: 'off-by-one' });
    assert.deepEqual(said.titles.slice(0, 2), ['Replace with: for (let i = 0; i < xs.length; i++) sum += xs[i];', 'Explain this finding']);
    assert.equal(said.line, '  for (let i = 0; i < xs.length; i++) sum += xs[i];');
  });
});

function hasNeovim(): boolean {
  return spawnSync('nvim', ['--version'], { stdio: 'ignore' }).status === 0;
}
