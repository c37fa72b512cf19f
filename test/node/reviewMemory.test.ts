/** What is kept of reviews, with real files. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ReviewedFile } from '../../src/core/review/onSave.ts';
import { createReviewMemory } from '../../src/node/reviewMemory.ts';
import { tempFolder } from '../support/tempFolder.ts';

const FILE: ReviewedFile = { text: 'a\n', versions: [{ sha256: 'x', findings: [] }] };

describe('the memory of reviews', () => {
  it('gives back what was kept, in a new process too, and only to this user', async () => {
    using folder = tempFolder();
    await createReviewMemory(folder.path).write('src/a.js', FILE);
    const next = createReviewMemory(folder.path);
    assert.deepEqual(await next.read('src/a.js'), FILE);
    assert.equal(await next.read('src/b.js'), undefined);
    const [name = ''] = readdirSync(path.join(folder.path, 'reviews'));
    assert.equal(statSync(path.join(folder.path, 'reviews', name)).mode & 0o077, 0);
    await next.forget('src/a.js');
    assert.equal(await next.read('src/a.js'), undefined);
  });

  it('takes a broken, foreign or huge file for none', async () => {
    using folder = tempFolder();
    const memory = createReviewMemory(folder.path);
    await memory.write('a.js', FILE);
    const [name = ''] = readdirSync(path.join(folder.path, 'reviews'));
    for (const text of ['', '{', '[]', '{"text":1,"versions":[]}', JSON.stringify({ ...FILE, versions: [{ sha256: 'x', findings: [{ severity: 'error', proof: 'opinion' }] }] }), ' '.repeat(4_000_001)]) {
      writeFileSync(path.join(folder.path, 'reviews', name), text);
      assert.equal(await memory.read('a.js'), undefined);
    }
    writeFileSync(path.join(folder.path, 'dismissals.json'), '{"v":2}');
    assert.deepEqual(await memory.dismissals(), []);
  });

  it('keeps each dismissal once, also when many come at the same time', async () => {
    using folder = tempFolder();
    const memory = createReviewMemory(folder.path);
    await Promise.all([1, 2, 3, 1, 2, 3].map((n) => memory.dismiss({ scope: 'finding', id: `finding-${n}`, path: 'a.js' })));
    assert.deepEqual((await createReviewMemory(folder.path).dismissals()).map((one) => (one.scope === 'finding' ? one.id : '')), ['finding-1', 'finding-2', 'finding-3']);
  });

  it('lets the oldest files go beyond four hundred', async () => {
    using folder = tempFolder();
    const reviews = path.join(folder.path, 'reviews');
    mkdirSync(reviews);
    for (let n = 0; n < 450; n++) writeFileSync(path.join(reviews, `${n}.json`), '{}');
    const memory = createReviewMemory(folder.path);
    await memory.write('a.js', FILE);
    assert.equal(readdirSync(reviews).length, 400);
    assert.deepEqual(await memory.read('a.js'), FILE);
  });

  it('says what is wrong when it cannot be kept', async () => {
    using folder = tempFolder();
    writeFileSync(path.join(folder.path, 'reviews'), 'a file stands there');
    await assert.rejects(createReviewMemory(folder.path).write('a.js', FILE), /EEXIST|ENOTDIR/u);
    assert.equal(readFileSync(path.join(folder.path, 'reviews'), 'utf8'), 'a file stands there');
  });
});
