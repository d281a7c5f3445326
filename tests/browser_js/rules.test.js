import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf, rowProblems } from '../../web/browser/form/rules.js';

const wrong = (field, bounds, value) => problemsOf(field, bounds, value);

test('required means something in every kind of field', () => {
  for (const [ type, value ] of [ [ 'textfield', ' ' ], [ 'number', null ], [ 'checklist', [] ], [ 'filepicker', [] ], [ 'checkbox', false ] ]) assert.equal(wrong({ type }, { required: true }, value).length, 1, type);
  assert.deepEqual(wrong({ type: 'checkbox' }, { required: true }, true), []);
  assert.deepEqual(wrong({ type: 'number' }, { required: true }, 0), []);
});

test('V-LEN counts characters, not code units, without blanks around', () => {
  const field = { type: 'textarea', properties: { rules: 'V-UNIQ V-LEN(2,3)' } };
  assert.deepEqual(wrong(field, {}, '  𠮷野 '), []);
  assert.deepEqual(wrong(field, {}, '一'), [ '至少 2 个字，现在 1 个' ]);
  assert.deepEqual(wrong(field, {}, '一二三四'), [ '最多 3 个字，现在 4 个' ]);
});

test('kinds bring their bounds and digits', () => {
  assert.equal(wrong({ type: 'number', properties: { kind: 'money', digits: 2 } }, {}, -1).length, 1);
  assert.equal(wrong({ type: 'number', properties: { kind: 'money', digits: 2 } }, {}, 0.125).length, 1);
  assert.equal(wrong({ type: 'number', properties: { kind: 'score', digits: 1 } }, {}, 100.5).length, 1);
  assert.deepEqual(wrong({ type: 'number', properties: { kind: 'score', digits: 1 } }, {}, 88.5), []);
  assert.equal(wrong({ type: 'number' }, {}, 'NaN').length, 1);
});

test('lists have a least and a most number of rows', () => {
  const list = { properties: { minRows: '1', maxRows: '2' } };
  assert.equal(rowProblems(list, undefined).length, 1);
  assert.deepEqual(rowProblems(list, [ {} ]), []);
  assert.equal(rowProblems(list, [ {}, {}, {} ]).length, 1);
});
