import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ReadingList } from '../src/list.js';

let folder;
let path;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reading-list-'));
  path = join(folder, 'list.json');
});
afterEach(() => rm(folder, { recursive: true }));

for (const text of ['', ' ', '\n', '\r\n\t \n']) {
  test(`${JSON.stringify(text)} is an empty list that can be added to`, async () => {
    await writeFile(path, text);
    const list = new ReadingList(path);
    assert.deepEqual(await list.all(), []);
    await list.add('https://example.org/a', 'A');
    assert.equal((await list.all()).length, 1);
  });
}
for (const text of ['{', '[1]', 'null', '{}', '{"version":3,"entries":[]}', '{"version":2,"entries":[{}]}', 'not json', '{"version":2,"entries":[']) {
  test(`${text} is refused and left alone`, async () => {
    await writeFile(path, text);
    const list = new ReadingList(path);
    await assert.rejects(list.all(), { name: 'BrokenStore' });
    await assert.rejects(list.add('https://example.org/a'), { name: 'BrokenStore' });
    assert.equal(await readFile(path, 'utf8'), text);
  });
}
test('no file is an empty list, and other errors are not hidden', async () => {
  assert.deepEqual(await new ReadingList(path).all(), []);
  await assert.rejects(new ReadingList(folder).all(), { code: 'EISDIR' });
});
