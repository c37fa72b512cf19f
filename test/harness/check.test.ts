import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workplaceNames } from './workplaceNames.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUR_LINTER: unknown = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')).linter;

/** What our lint rules say of this text. */
function lint(text: string): string {
  return inFolder({ 'probe.ts': text, 'biome.json': JSON.stringify({ linter: OUR_LINTER, formatter: { enabled: false }, assist: { enabled: false } }) }, (folder) =>
    spawnSync(process.execPath, [join(ROOT, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'], { cwd: folder, encoding: 'utf8' }));
}

function typecheck(text: string): string {
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions: { types: [] }, include: ['probe.ts'], exclude: [] };
  return inFolder({ 'probe.ts': text, 'package.json': '{"type":"module"}', 'tsconfig.json': JSON.stringify(config) }, (folder) => spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' }));
}

/** Output of a program run over these files; "" when it found nothing. */
function inFolder(files: Readonly<Record<string, string>>, run: (folder: string) => { readonly status: number | null; readonly stdout: string; readonly stderr: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'groundcrew-check-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { status, stdout, stderr } = run(folder);
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('check', () => {
  for (const [rule, text] of [
    ['noExplicitAny', 'export const a: any = 1;\n'],
    ['noNonNullAssertion', 'export const a = (b: string | undefined) => b!.length;\n'],
    ['noUnusedVariables', 'export const a = () => { const b = 1; };\n'],
    ['useImportType', "import { Role } from '../domain/role.ts';\nexport const a = (b: Role) => b;\n"],
  ] as const) {
    it(`lint refuses what ${rule} names`, () => assert.match(lint(text), new RegExp(rule)));
  }
  for (const [rule, text, code] of [
    ['noUncheckedIndexedAccess', 'export const f = (list: string[]): string => list[0];\n', 'TS2322'],
    ['exactOptionalPropertyTypes', 'export const o: { a?: number } = { a: undefined };\n', 'TS2375'],
    ['erasableSyntaxOnly', 'export enum E { A }\n', 'TS1294'],
  ] as const) {
    it(`types refuse what ${rule} forbids`, () => assert.match(typecheck(text), new RegExp(code)));
  }
  it('lint and types let a plain text pass', () => assert.equal(lint('export const a = 1;\n') + typecheck('export const a = 1;\n'), ''));
  it('names of one machine are found with file and line', () => {
    const path = ['', 'tmp', 'rig', 'm.gguf'].join('/');
    assert.deepEqual(workplaceNames([{ path: 'a.md', text: `ok\nsee ${path}\n` }]).map((fault) => fault.split(' names ')[0]), ['a.md:2']);
    assert.deepEqual(workplaceNames([{ path: 'a.md', text: '/workspace and /tmp are common words' }]), []);
  });
});
