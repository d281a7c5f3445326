const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** Full-width digits and Chinese punctuation, as input methods give them, in ASCII; no blanks, no thousands separators. */
export const asciiNumber = text => text
  .replace(/[０-９]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  .replace(/[．。]/g, '.').replace(/－/g, '-').replace(/[\s,，]/g, '');

/**
 * State value of what was typed: a number when it survives the way through a double, else the text (the server reads both),
 * null for nothing, 'NaN' for what is no number.
 */
export function numberFrom(text) {
  const plain = asciiNumber(text);
  if (plain === '') return null;
  if (!NUMBER.test(plain)) return 'NaN';
  const digits = plain.replace(/^[+-]?0*/, '').replace('.', '').length;
  return digits > 15 ? plain : Number(plain);
}

/** Decimal places of a state value. */
export function decimalPlaces(value) {
  const text = String(value);
  if (text.includes('e-')) return Number(text.split('e-')[1]);
  return text.includes('.') ? text.split('.')[1].length : 0;
}

/** How a start value stands in the input: at least `digits` places when it is money. */
export function numberText(value, digits = 0) {
  if (value === null || value === undefined || value === '' || value === 'NaN') return '';
  const text = String(value);
  return digits && decimalPlaces(text) < digits ? Number(text).toFixed(digits) : text;
}
