import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ReadingList } from '../src/list.js';

let folder;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'reading-list-'))));
afterEach(() => rm(folder, { recursive: true }));

test('keeps what was added', async () => {
  const list = new ReadingList(join(folder, 'list.json'));
  await list.add('https://example.org/a', 'A', ['y', 'x', 'y']);
  await list.add('https://example.org/b');
  await list.markRead('https://example.org/b');
  assert.deepEqual((await list.all()).map(({ title, tags }) => [title, tags]), [['A', ['x', 'y']], ['https://example.org/b', []]]);
});

test('reads lists of the first version', async () => {
  const path = join(folder, 'list.json');
  await writeFile(path, JSON.stringify([{ url: 'https://example.org/', title: 'Old', addedAt: '2020-01-01T00:00:00.000Z', read: true }]));
  assert.equal((await new ReadingList(path).all())[0].readAt, '2020-01-01T00:00:00.000Z');
});
