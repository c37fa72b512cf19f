import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App } from '../src/app.js';

const app = new App()
  .get('/users/:id', ({ params }) => `user ${params.id}`)
  .get('/users/me', () => 'myself')
  .post('/users', () => ({ status: 201, body: 'made' }))
  .get('/files/*', ({ params, query }) => ({ rest: params.rest, query }));

test('finds the most exact route', () => {
  assert.equal(app.handle('GET', '/users/7').body, 'user 7');
  assert.equal(app.handle('GET', '/users/me').body, 'myself');
  assert.deepEqual(app.handle('POST', '/users/'), { status: 201, body: 'made' });
});

test('decodes parameters and queries', () => {
  assert.equal(app.handle('GET', '/users/J%C3%BCrgen').body, 'user Jürgen');
  assert.deepEqual(app.handle('GET', '/files/a/b%20c.txt?tag=x&tag=y+z').body, { rest: 'a/b c.txt', query: { tag: ['x', 'y z'] } });
});

test('does not find what is wrongly encoded', () => {
  assert.equal(app.handle('GET', '/users/%zz').status, 404);
});

test('says which methods there are', () => {
  assert.deepEqual(app.handle('DELETE', '/users/7').headers, { allow: 'GET' });
  assert.equal(app.handle('GET', '/nothing').status, 404);
});
