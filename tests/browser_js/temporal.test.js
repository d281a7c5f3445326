import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from 'feelin';
import { typed } from '../../web/browser/form/temporal.js';

const feel = (text, data) => evaluate(text, typed(data)).value;

test('days and moments are compared as such', () => {
  assert.equal(feel('day > date("2026-03-01")', { day: '2026-03-20' }), true);
  assert.equal(feel('at > date and time("2026-03-20T09:00:00")', { at: '2026-03-20T17:30' }), true);
});

test('in rows and under this too', () => {
  assert.equal(feel('this.due > date("2026-03-01")', { this: { due: '2026-03-20' } }), true);
  assert.equal(feel('every r in rows satisfies r.due > date("2026-03-01")', { rows: [ { due: '2026-03-20' }, { due: '2026-04-20' } ] }), true);
});

test('other texts stay texts', () => {
  assert.equal(feel('note = "2026"', { note: '2026' }), true);
  assert.equal(feel('code = "2026-99-99"', { code: '2026-99-99' }), true);
});
