import { toast } from '../app/toast.js';
import { make } from '../shared/dom.js';
import { say } from './words.js';

/**
 * Tasks of the process on the meeting's page. The form of the chosen task is fetched when it is opened (one at a time: a form has
 * references of its own), and after it is sent the page stays and follows.
 */
export function embeddedTasks(root, live) {
  root.addEventListener('click', event => {
    const button = event.target.closest?.('button[data-task]');
    if (button) open(root, button);
  });
  root.addEventListener('meeting:swapped', () => openOnly(root));
  root.addEventListener('cogov:sent', async event => {
    const place = event.target.closest('[data-task-place]');
    if (!place) return;
    place.replaceChildren();
    place.dataset.taskPlace = '';
    if (event.detail?.done) toast(event.detail.done);
    live.release(place);
    await live.refresh({ whole: true });
    root.querySelector('[data-part="tasks"] h2')?.focus();
  });
  openOnly(root);
}

/** A single task, or the first that says so, opens by itself unless another one is being filled in. */
function openOnly(root) {
  const place = root.querySelector('[data-task-place]');
  const buttons = [ ...root.querySelectorAll('button[data-task]') ];
  if (!place) return;
  const shown = place.dataset.taskPlace;
  if (shown && !buttons.some(one => one.dataset.task === shown)) empty(place);
  mark(root, place.dataset.taskPlace);
  const first = buttons.find(one => 'first' in one.dataset);
  if (!place.dataset.taskPlace && first) open(root, first);
}

function empty(place) {
  place.replaceChildren();
  place.dataset.taskPlace = '';
}

function mark(root, task) {
  for (const one of root.querySelectorAll('button[data-task]')) one.setAttribute('aria-expanded', String(one.dataset.task === task));
}

async function open(root, button) {
  const place = root.querySelector('[data-task-place]');
  if (place.dataset.taskPlace === button.dataset.task) return;
  place.dataset.taskPlace = button.dataset.task;
  mark(root, button.dataset.task);
  const answer = await fetch(button.dataset.url, { credentials: 'same-origin' });
  if (place.dataset.taskPlace !== button.dataset.task) return;
  if (!answer.ok) return place.replaceChildren(make('p', { class: 'err', role: 'alert' }, say('taskGone')));
  const text = await answer.text();
  const parsed = new DOMParser().parseFromString(text, 'text/html');
  place.replaceChildren(...[ ...parsed.body.childNodes ].map(node => document.importNode(node, true)));
}
