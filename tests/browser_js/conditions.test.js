import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { evaluate } from 'feelin';
import { typed } from '../../web/browser/form/temporal.js';

/** Read by tests/unit/forms/test_condition_differential.py, too: the server decides the same. */
const CASES = JSON.parse(readFileSync(new URL('./conditions.json', import.meta.url)));
const FIELDS = new Set([ 'note', 'amount', 'flag', 'day', 'rows', 'title' ]);

for (const { hide, data, variables, hidden } of CASES) {
  test(`${hide} over ${JSON.stringify(data)}`, () => {
    assert.equal(evaluate(hide.slice(1), typed({ ...variables, ...data }, FIELDS)).value === true, hidden);
  });
}

test('what is no field of the form keeps its empty text, in lists and objects, too', () => {
  const data = { ticket: { text: '' }, note: '', rows: [ { title: '', ref: '' } ] };
  assert.deepEqual(typed(data, FIELDS), { ticket: { text: '' }, note: null, rows: [ { title: null, ref: '' } ] });
});

test('the row an expression stands in, and the same object read with and without fields', () => {
  const row = { title: ' ' };
  assert.deepEqual(typed({ this: row }, FIELDS), { this: { title: null } });
  assert.deepEqual(typed({ other: row }, FIELDS), { other: { title: ' ' } });
});
