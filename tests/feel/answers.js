// What the browser's FEEL answers, as JSON. tests/feel/comparing.py writes the server's answers in the same form.
import { evaluate, unaryTest, isFunction, isRange, FeelDate, FeelDateTime, FeelDuration, FeelTime } from '@bpmn-io/feelin';

const KINDS = [ [ FeelDate, 'date' ], [ FeelDateTime, 'date and time' ], [ FeelTime, 'time' ], [ FeelDuration, 'duration' ] ];

export function plain(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { number: String(value) };
  if (typeof value !== 'object' && typeof value !== 'function') return value;
  if (Array.isArray(value)) return value.map(plain);
  for (const [ type, kind ] of KINDS) {
    if (value instanceof type) return { [kind]: String(value) };
  }
  if (isRange(value)) return { range: [ plain(value.start), plain(value.end), value['start included'], value['end included'] ] };
  if (isFunction(value)) return { function: true };
  return Object.fromEntries(Object.entries(value).map(([ name, entry ]) => [ name, plain(entry) ]));
}

/** An expression, or `value :: unary tests`. */
function answer(text, data) {
  const [ , value, tests ] = /^(.*) :: (.*)$/.exec(text) ?? [];
  try {
    if (tests === undefined) return plain(evaluate(text, data).value);
    return plain(unaryTest(tests, { ...data, '?': evaluate(value, data).value }).value);
  } catch (error) {
    return { error: String(error.message ?? error).split('\n')[0].slice(0, 80) };
  }
}

export const answers = (texts, data) => texts.map(text => answer(text, data));
