import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayFrom, momentFrom, timeFrom } from '../../web/browser/form/dates.js';

test('every usual way of writing a day is read', () => {
  for (const typed of [ '2026-03-20', '2026-3-20', '2026/3/20', '2026.3.20', '20260320', '2026年3月20日', '２０２６-３-２０' ]) assert.equal(dayFrom(typed), '2026-03-20', typed);
});

test('days that do not exist or may mean two days are refused', () => {
  for (const typed of [ '2026-02-29', '2026-13-01', '03/04/2026', '3-20', '今天', '2026-03-20x', '' ]) assert.equal(dayFrom(typed), null, typed);
});

test('times and moments', () => {
  assert.equal(timeFrom('9:30'), '09:30');
  assert.equal(timeFrom('９：３０'), '09:30');
  assert.equal(timeFrom('9点30分'), '09:30');
  assert.equal(timeFrom('24:00'), null);
  assert.equal(momentFrom('2026年3月20日 9:30'), '2026-03-20T09:30');
  assert.equal(momentFrom('2026-03-20T17:30'), '2026-03-20T17:30');
  assert.equal(momentFrom('2026-03-20'), null);
  assert.equal(momentFrom('2026-03-20 9:30 x'), null);
});
