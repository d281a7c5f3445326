import { evaluate } from 'feelin';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
const NONE = new Set();
const DEEPEST = 8;
/** what form-js calls the row around an expression, and the rows around that */
const AROUND = [ 'this', 'parent', '_this_', '_parent_' ];

/** names of fields → copies by identity: form state is never changed in place */
const copies = new WeakMap();

/**
 * Values as FEEL on the server sees them: texts that are a day or a moment become temporal values, so that `day > today()` means the
 * same here; and a field of the form (`fields`: names of them) in which nothing is typed is null, as what is kept of it will be.
 */
export function typed(data, fields = NONE) {
  if (data === null || typeof data !== 'object') return one(data);
  return Object.fromEntries(Object.entries(data).map(([ name, value ]) => {
    const known = fields.has(name) || AROUND.includes(name);
    return [ name, known && blank(value) ? null : deep(value, known ? fields : NONE, 1) ];
  }));
}

function deep(value, fields, depth) {
  if (value === null || typeof value !== 'object' || depth > DEEPEST) return one(value);
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value;
  if (!copies.has(fields)) copies.set(fields, new WeakMap());
  const seen = copies.get(fields);
  if (seen.has(value)) return seen.get(value);
  const copy = Array.isArray(value)
    ? value.map(item => deep(item, fields, depth + 1))
    : Object.fromEntries(Object.entries(value).map(([ name, item ]) => [ name, fields.has(name) && blank(item) ? null : deep(item, fields, depth + 1) ]));
  seen.set(value, copy);
  return copy;
}

const blank = value => typeof value === 'string' && !value.trim();

const one = value => typeof value === 'string' ? typedText(value) : value;

function typedText(text) {
  if (text.length < 10 || text.length > 35) return text;
  if (DAY.test(text)) return evaluate(`date("${text}")`).value ?? text;
  if (MOMENT.test(text)) return evaluate(`date and time("${text}")`).value ?? text;
  return text;
}
