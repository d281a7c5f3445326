import assert from 'node:assert/strict';
import { test } from 'node:test';
import { words } from '../../web/browser/form/words.js';

const places = text => [ ...text.matchAll(/\{(\w+)\}/g) ].map(match => match[1]).sort();

test('every word is there in both languages, with the same places', () => {
  for (const [ key, [ zh, en ] ] of Object.entries(words)) {
    assert.ok(zh && en, key);
    assert.deepEqual(places(zh), places(en), key);
  }
});

test('Chinese words hold Chinese, English ones none', () => {
  const han = /\p{Script=Han}/u;
  for (const [ key, [ zh, en ] ] of Object.entries(words)) {
    assert.ok(han.test(zh) || !/\p{L}/u.test(zh.replace(/\{\w+\}/g, '')), key);
    assert.ok(!han.test(en), key);
  }
});
