import { FORMATS } from './dates.js';
import { decimalPlaces } from './numbers.js';
import { say } from './words.js';

const BOUNDS = { money: { min: 0 }, score: { min: 0, max: 100 } };

/** Bounds of V-LEN(a,b) in properties.rules. */
export function lengthRule(rules) {
  const found = /V-LEN\(\s*(\d+)\s*,\s*(\d+)\s*\)/.exec(rules ?? '');
  return found ? { minLength: Number(found[1]), maxLength: Number(found[2]) } : {};
}

/**
 * What is wrong with a value, in the user's language; the same sentences as the server's. `bounds` are the evaluated
 * validate properties. Only what can be said at once is checked here: the server checks all of it again, and the rest.
 */
export function problemsOf(field, bounds, value) {
  const kind = field.properties?.kind;
  if (isBlank(value)) return bounds.required ? [ requiredText(field) ] : [];
  if (field.type === 'checkbox') return bounds.required && value === false ? [ say('requiredTrue') ] : [];
  if (field.type === 'datetime') return temporalProblems(field.subtype ?? 'date', value);
  if (field.type === 'number') return numberProblems(field, { ...BOUNDS[kind], ...bounds }, value);
  if (field.type === 'textfield' || field.type === 'textarea') return typeof value === 'string' ? textProblems(field, bounds, value) : [];
  return [];
}

/** What is wrong with the number of rows of a list. */
export function rowProblems(field, rows) {
  const least = Number(field.properties?.minRows ?? 0);
  const most = Number(field.properties?.maxRows ?? 200);
  const actual = rows?.length ?? 0;
  if (actual < least) return [ say('rowsFew', { least, actual }) ];
  return actual > most ? [ say('rowsMany', { most, actual }) ] : [];
}

export const isBlank = value => value === null || value === undefined || (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

function requiredText(field) {
  const kind = field.properties?.kind;
  if (field.type === 'filepicker') return say('requiredFile');
  if (field.type === 'checkbox' || kind === 'signature') return say('requiredTrue');
  return [ 'radio', 'select', 'checklist', 'taglist' ].includes(field.type) ? say('requiredChoice') : say('required');
}

const WRONG = { date: 'wrongDate', datetime: 'wrongDatetime', time: 'wrongTime' };

function temporalProblems(subtype, value) {
  return FORMATS[subtype].read(value) ? [] : [ say(WRONG[subtype]) ];
}

function numberProblems(field, bounds, value) {
  if (value === 'NaN') return [ say('number') ];
  const digits = field.decimalDigits ?? field.properties?.digits;
  if (Number.isInteger(digits) && decimalPlaces(value) > digits) return [ say('digits', { most: digits }) ];
  if (isNumber(bounds.min) && Number(value) < Number(bounds.min)) return [ say('tooSmall', { least: bounds.min }) ];
  return isNumber(bounds.max) && Number(value) > Number(bounds.max) ? [ say('tooBig', { most: bounds.max }) ] : [];
}

function textProblems(field, bounds, value) {
  const { minLength, maxLength } = { ...bounds, ...lengthRule(field.properties?.rules) };
  const actual = [ ...value.trim() ].length;
  if (isNumber(minLength) && actual < minLength) return [ say('tooShort', { least: minLength, actual }) ];
  if (isNumber(maxLength) && actual > maxLength) return [ say('tooLong', { most: maxLength, actual }) ];
  const wrong = bounds.pattern && !new RegExp(bounds.pattern).test(value.trim());
  return wrong ? [ field.patternErrorMessage ?? bounds.patternErrorMessage ?? say('pattern') ] : [];
}

const isNumber = value => value !== null && value !== undefined && value !== '' && Number.isFinite(Number(value));
