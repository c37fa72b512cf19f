import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { editorManifest } from '../../src/vscode/contributes.ts';

const file = new URL('../../package.json', import.meta.url);

describe('package.json', () => {
  it('says of the extension what commands, menus and settings of the code say', () => {
    const text = readFileSync(file, 'utf8');
    const now: Readonly<Record<string, unknown>> = JSON.parse(text);
    const expected = { ...now, ...editorManifest() };
    // Under CI nothing is written: a difference is a commit that forgot this file.
    if (JSON.stringify(now) !== JSON.stringify(expected) && process.env['CI'] !== 'true') writeFileSync(file, `${JSON.stringify(expected, undefined, 2)}\n`);
    assert.deepEqual(now, expected, 'package.json was rewritten from src/vscode/contributes.ts: look at the difference and commit it');
  });
});
