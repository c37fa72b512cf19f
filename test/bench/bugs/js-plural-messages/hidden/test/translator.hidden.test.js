import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pluralForm } from '../src/plurals.js';
import { Translator } from '../src/translator.js';

test('every Polish number up to 1,300', () => {
  for (let n = 0; n <= 1_300; n++) {
    const isFew = [2, 3, 4].includes(n % 10) && ![12, 13, 14].includes(n % 100);
    assert.equal(pluralForm('pl', n), n === 1 ? 'one' : isFew ? 'few' : 'many', String(n));
  }
  assert.equal(pluralForm('pl-PL', 112), 'many');
  assert.equal(pluralForm('pl', -13), 'many');
  assert.equal(pluralForm('pl', -22), 'few');
});
test('other languages are as they were', () => {
  const forms = (language, numbers) => numbers.map((n) => pluralForm(language, n)).join(' ');
  assert.equal(forms('cs', [1, 2, 4, 5, 12, 22]), 'one few few other other other');
  assert.equal(forms('lt', [1, 2, 9, 10, 11, 12, 19, 21, 22, 111]), 'one few few other other other other one few other');
  assert.equal(forms('fr', [0, 1, 2]), 'one one other');
  assert.equal(forms('en', [0, 1, 12]), 'other one other');
  assert.equal(forms('ja', [1, 12]), 'other other');
});
test('in a message', () => {
  const polish = new Translator('pl', { dni: '{n, plural, one {# dzień} few {# dni!} many {# dni} other {# dnia}}' });
  assert.deepEqual([13, 112, 213, 122].map((n) => polish.say('dni', { n })), ['13 dni', '112 dni', '213 dni', '122 dni!']);
});
