import { make } from '../shared/dom.js';
import { say } from './words.js';

/** RFC 6901 pointer → path; row numbers become numbers. */
export const pathOf = pointer => pointer.split('/').slice(1)
  .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  .map(part => (/^\d+$/.test(part) ? Number(part) : part));

/**
 * Errors of the server at the fields of the form: {componentId: [text]} or nested by row as form-js keeps them, and those
 * that belong to no field that is shown. `instances`: form-js field instances [{id, valuePath, indexes}].
 */
export function placeErrors(errors, instances) {
  const placed = {};
  const loose = [];
  for (const { pointer, message } of errors) {
    const instance = nearest(pathOf(pointer ?? ''), instances);
    if (instance) put(placed, [ instance.id, ...Object.values(instance.indexes ?? {}) ], message);
    else loose.push(message);
  }
  return { placed, loose };
}

function nearest(path, instances) {
  const fits = instances.filter(({ valuePath }) => valuePath?.length && valuePath.every((part, index) => String(part) === String(path[index])));
  return fits.sort((a, b) => b.valuePath.length - a.valuePath.length)[0];
}

function put(tree, path, message) {
  let node = tree;
  path.slice(0, -1).forEach((part, index) => { node = node[part] ??= typeof path[index + 1] === 'number' ? [] : {}; });
  (node[path.at(-1)] ??= []).push(message);
}

/** The summary on top: takes focus, links to the fields (in the order they stand on the page), same words as there. */
export function summary(container, loose = []) {
  const wrong = [ ...container.querySelectorAll('[data-error]') ];
  const entries = wrong.map(field => ({ text: `${place(field)}${field.dataset.label}：${field.dataset.error}`, target: field.dataset.control }));
  const count = entries.length + loose.length;
  return make('div', { class: 'errors', role: 'alert', tabindex: '-1', 'aria-labelledby': 'form-errors' },
    make('h2', { id: 'form-errors' }, say('summary', { n: count })),
    make('ul', {},
      ...loose.map(text => make('li', {}, text)),
      ...entries.map(({ text, target }) => make('li', {}, make('a', { href: `#${target}`, onclick: event => jump(event, target) }, text)))));
}

const place = field => [ ...ancestors(field, '.one-row') ].reverse()
  .map(row => `${row.closest('.rows')?.dataset.label ?? ''} ${row.getAttribute('aria-label')} `).join('');

function* ancestors(element, selector) {
  for (let one = element.parentElement?.closest(selector); one; one = one.parentElement?.closest(selector)) yield one;
}

function jump(event, id) {
  const target = document.getElementById(id);
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: 'center' });
  target.focus({ preventScroll: true });
}
