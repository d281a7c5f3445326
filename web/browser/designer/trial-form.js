import { make } from '../shared/dom.js';

let forms = 0;

/**
 * The form of a task as people see it, for a trial: what is entered goes to `enter(values)` instead of a server; it resolves with what was
 * refused ({message, errors}) or null.
 */
export function entered(payload, label, enter) {
  const id = `trial-form-${++forms}`;
  const form = make('cogov-form', { 'data-form-id': `#${id}`, 'data-submit-label': label });
  form.deliver = enter;
  const block = make('script', { type: 'application/json', id });
  block.textContent = JSON.stringify(payload ?? { schema: null, data: {}, references: {} });
  return make('div', {}, block, form);
}
