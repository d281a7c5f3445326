import { markBusy } from '../app/submit-once.js';
import { jsonOf, sendJson } from '../shared/http.js';
import { make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { say } from './words.js';

/**
 * Ballots: form[data-ballot] with one radio an option. One tap chooses, the second (the button, which names the choice) casts.
 * A failed cast says so and keeps the choice; nothing is ever sent later by itself.
 */
export function ballots(root, live) {
  root.addEventListener('change', event => {
    const form = event.target.closest?.('form[data-ballot]');
    if (form) chosen(form);
  });
  root.addEventListener('submit', event => {
    const form = event.target.closest?.('form[data-ballot]');
    if (!form) return;
    event.preventDefault();
    cast(form, live);
  });
}

function chosen(form) {
  const picked = form.querySelector('input[type="radio"]:checked');
  const button = form.querySelector('button[type="submit"]');
  button.querySelector('[data-label]').textContent = picked ? say('cast', { option: picked.dataset.name }) : say('choose');
  button.toggleAttribute('aria-disabled', !picked);
  if (picked) button.removeAttribute('aria-disabled');
  complain(form, '');
}

async function cast(form, live) {
  const picked = form.querySelector('input[type="radio"]:checked');
  if (!picked) return complain(form, say('choose'));
  if (form.dataset.busy) return;
  if (!navigator.onLine) return complain(form, say('offline'));
  form.dataset.busy = 'true';
  const calm = markBusy(form.querySelector('button[type="submit"]'));
  complain(form, '');
  let problem = '';
  try {
    const answer = await sendJson(form.action, 'POST', { option: picked.value, seat: form.elements.seat.value });
    if (!answer.ok) {
      const told = await jsonOf(answer);
      problem = told.title || say('refused', { id: told.request_id ?? answer.status });
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problem = say(navigator.onLine ? 'unsure' : 'offline');
  } finally {
    calm();
    delete form.dataset.busy;
  }
  if (problem) return complain(form, problem);
  if (!live) return location.reload();
  live.release(form);
  return live.refresh({ whole: true });
}

function complain(form, text) {
  form.querySelector('.ballot-problem')?.remove();
  if (!text) return;
  const box = make('p', { class: 'err ballot-problem', role: 'alert', tabindex: '-1' }, icon('octagon-alert'), make('span', {}, text));
  form.querySelector('button[type="submit"]').before(box);
}
