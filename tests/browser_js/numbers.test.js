import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimalPlaces, numberFrom, numberText } from '../../web/browser/form/numbers.js';

test('what input methods give is read as a number', () => {
  for (const [ typed, value ] of [ [ '１２．５', 12.5 ], [ '1,234.50', 1234.5 ], [ ' 7 ', 7 ], [ '-0.5', -0.5 ], [ '－3', -3 ], [ '.5', .5 ] ]) assert.equal(numberFrom(typed), value, typed);
});

test('nothing is null and nonsense is told', () => {
  assert.equal(numberFrom('  '), null);
  for (const typed of [ 'abc', '1e5', '1.2.3', '--1', '12万' ]) assert.equal(numberFrom(typed), 'NaN', typed);
});

test('more digits than a double holds stay text', () => {
  assert.equal(numberFrom('1234567890123456.78'), '1234567890123456.78');
  assert.equal(numberFrom('999999999999.99'), 999999999999.99);
});

test('decimal places are counted as written', () => {
  assert.equal(decimalPlaces(0.1), 1);
  assert.equal(decimalPlaces(12), 0);
  assert.equal(decimalPlaces(1e-7), 7);
  assert.equal(decimalPlaces('1234567890123456.78'), 2);
});

test('money starts with two places', () => {
  assert.equal(numberText(12.5, 2), '12.50');
  assert.equal(numberText(0, 2), '0.00');
  assert.equal(numberText(null, 2), '');
  assert.equal(numberText(7), '7');
});
