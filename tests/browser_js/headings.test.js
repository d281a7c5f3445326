import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headingOf, saidByHeading } from '../../web/browser/form/headings.js';

const column = (key, more = {}) => ({ id: `f_${key}`, key, type: 'textfield', readonly: true, ...more });

test('the first read-only column of given rows is their heading', () => {
  const list = { allowAddRemove: false, components: [ column('check'), column('ok', { readonly: false }) ] };
  assert.equal(headingOf(list).key, 'check');
  assert.equal(headingOf({ ...list, allowAddRemove: true }), null);
  assert.equal(headingOf({ ...list, components: [ column('ok', { readonly: false }) ] }), null);
});

test('a score table is headed by the name, and the code is not shown', () => {
  const list = { allowAddRemove: false, properties: { kind: 'score_table' }, components: [ column('indicator'), column('name'), column('weight', { type: 'number' }) ] };
  assert.equal(headingOf(list).key, 'name');
  assert.deepEqual(list.components.map(one => saidByHeading(list, one)), [ true, true, false ]);
});
