import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from './duration.js';

test('reads hours and seconds', () => {
  assert.equal(parseDuration('2h'), 7200);
  assert.equal(parseDuration('1h15s'), 3615);
  assert.equal(parseDuration('45s'), 45);
});
