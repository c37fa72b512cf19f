import assert from 'node:assert/strict';
import { protectedChange } from '../../../src/core/tools/protectedContent.ts';

const base = '{"name":"demo","version":"0.0.1","scripts":{"test":"node --test"}}';

function check(name: string, preview: { readonly path?: string; readonly before?: string | null; readonly after: string | null }, expected: RegExp | undefined): void {
  it(name, () => {
    const found = protectedChange({ path: preview.path ?? 'package.json', before: preview.before === undefined ? base : preview.before, after: preview.after });
    if (expected === undefined) assert.equal(found, undefined);
    else assert.match(found ?? '', expected);
  });
}

describe('protectedContent', () => {
  check('lets a version change', { after: base.replace('0.0.1', '0.0.2') }, undefined);
  check('lets white space change', { after: base.replaceAll(',', ', ') }, undefined);
  check('names an added life-cycle script', { after: base.replace('"test"', '"postinstall":"./pwn.sh","test"') }, /scripts/);
  check('names a changed script', { after: base.replace('node --test', 'node evil.js') }, /scripts/);
  check('names a dependency', { after: base.replace('"scripts"', '"dependencies":{"x":"1"},"scripts"') }, /dependencies/);
  check('names bin and packageManager', { after: base.replace('"scripts"', '"bin":"x.js","packageManager":"yarn@1","scripts"') }, /bin, packageManager/);
  check('sees the last of two equal keys, as npm does', { after: base.replace(/\}$/, ',"scripts":{"test":"evil"}}') }, /scripts/);
  check('takes a broken package.json for a change', { after: `${base}}` }, /no valid JSON/);
  check('takes a removed package.json for a change', { after: null }, /removes/);
  check('takes a new package.json with scripts for a change', { before: null, after: base }, /scripts/);
  check('lets a new package.json without them', { before: null, after: '{"name":"x"}' }, undefined);
  check('knows it in every case and folder', { path: 'packages/a/Package.JSON', after: base.replace('node --test', 'x') }, /scripts/);
  check('names a remote $schema', { path: 'a.json', before: '{}', after: '{"$schema": "https://evil.test/s"}' }, /\$schema/);
  check('names one that hides in escapes', { path: 'a.jsonc', before: '{}', after: String.raw`{"\u0024schema":"http:\/\/evil.test"}` }, /\$schema/);
  check('names one without a scheme', { path: 'a.json', before: null, after: '{"$schema":"//evil.test/s"}' }, /\$schema/);
  check('lets a local $schema', { path: 'a.json', before: '{}', after: '{"$schema":"./s.json"}' }, undefined);
  check('lets one that was there', { path: 'a.json', before: '{"$schema":"https://x.test"}', after: '{"$schema":"https://x.test","a":1}' }, undefined);
  check('lets text with that word in other files', { path: 'a.js', before: '', after: 'x = {"$schema":"https://x.test"}' }, undefined);
});
