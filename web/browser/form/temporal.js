import { evaluate } from 'feelin';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;

const seen = new WeakMap();

/**
 * Values as FEEL on the server sees them: texts that are a day or a moment become temporal values, so that
 * `day > today()` means the same here. Form state is never changed in place, so copies are kept by identity.
 */
export function typed(value, depth = 0) {
  if (typeof value === 'string') return typedText(value);
  if (value === null || typeof value !== 'object' || depth > 8) return value;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value;
  if (seen.has(value)) return seen.get(value);
  const copy = Array.isArray(value)
    ? value.map(item => typed(item, depth + 1))
    : Object.fromEntries(Object.entries(value).map(([ name, item ]) => [ name, typed(item, depth + 1) ]));
  if (depth > 0) seen.set(value, copy);
  return copy;
}

function typedText(text) {
  if (text.length < 10 || text.length > 35) return text;
  if (DAY.test(text)) return evaluate(`date("${text}")`).value ?? text;
  if (MOMENT.test(text)) return evaluate(`date and time("${text}")`).value ?? text;
  return text;
}
