import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App } from '../src/app.js';

test('what is wrongly encoded matches no route of any kind and calls no handler', () => {
  const calls = [];
  const app = new App();
  for (const pattern of ['/a/:id', '/a/b/:c', '/files/*', '/:x/:y/:z']) app.get(pattern, ({ params }) => calls.push(params) && 'found');
  for (const path of ['/a/%', '/a/%zz', '/a/b/%E0%A4%A', '/files/%', '/files/x/%ff/y', '/%c3/1/2', '/%']) {
    const { status } = app.handle('GET', path);
    assert.equal(status, 404, path);
  }
  assert.deepEqual(calls, []);
});
test('it allows no other method either', () => {
  const app = new App().post('/a/:id', () => 'made');
  assert.equal(app.handle('GET', '/a/%zz').status, 404);
  assert.equal(app.handle('GET', '/a/1').status, 405);
});
test('an error of the handler is not hidden, not even one of decoding', () => {
  const app = new App().get('/x/:id', ({ params }) => decodeURIComponent(`%${params.id}`)).get('/y/:id', () => { throw new TypeError('mine'); });
  assert.throws(() => app.handle('GET', '/x/zz'), URIError);
  assert.throws(() => app.handle('GET', '/y/1'), /mine/);
});
test('what is rightly encoded is found as before', () => {
  const app = new App().get('/a/:id', ({ params }) => params).get('/f/*', ({ params }) => params).get('/caf\u00e9', () => 'open').get('/', () => 'root');
  assert.deepEqual(app.handle('GET', '/a/100%25').body, { id: '100%' });
  assert.deepEqual(app.handle('GET', '/a/x%2Fy').body, { id: 'x/y' });
  assert.deepEqual(app.handle('GET', '/f/a%20b/c').body, { rest: 'a b/c' });
  assert.deepEqual(app.handle('GET', '/f').body, { rest: '' });
  assert.equal(app.handle('GET', '/caf%C3%A9').body, 'open');
  assert.equal(app.handle('GET', '/').body, 'root');
  assert.equal(app.handle('GET', '/a').status, 404);
  assert.deepEqual(app.handle('GET', '/a/1?q=%zz').body, { id: '1' });
});
