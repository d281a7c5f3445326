import { divertUploads } from '../form/upload.js';
import { make } from '../shared/dom.js';

const MARK = 'trial:';
let forms = 0;

/** Files of a trial stay in the browser: example runs know them by name only. */
divertUploads(async file => ({ id: MARK + file.name, name: file.name, size: file.size, media_type: file.type }));

/** Values as example runs write them: {upload: name} in place of a file. Exported for its test. */
export function withUploads(value) {
  if (typeof value === 'string') return value.startsWith(MARK) ? { upload: value.slice(MARK.length) } : value;
  if (Array.isArray(value)) return value.map(withUploads);
  if (!value || typeof value !== 'object') return value;
  if (typeof value.id === 'string' && value.id.startsWith(MARK)) return withUploads(value.id);
  return Object.fromEntries(Object.entries(value).map(([ key, one ]) => [ key, withUploads(one) ]));
}

/**
 * The form of a task as people see it, for a trial: what is entered goes to `enter(values)` instead of a server; it resolves with what was
 * refused ({message, errors}) or null.
 */
export function entered(payload, label, enter) {
  const id = `trial-form-${++forms}`;
  const form = make('cogov-form', { 'data-form-id': `#${id}`, 'data-submit-label': label });
  form.deliver = values => enter(withUploads(values));
  const block = make('script', { type: 'application/json', id });
  block.textContent = JSON.stringify(payload ?? { schema: null, data: {}, references: {} });
  return make('div', {}, block, form);
}
