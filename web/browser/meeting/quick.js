import { markBusy } from '../app/submit-once.js';
import { toast } from '../app/toast.js';
import { jsonOf, sendJson } from '../shared/http.js';
import { make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { say } from './words.js';

/**
 * Small acts on the record without leaving the page: form[data-quick] (sign in, sign out, note a speech, remind, adjourn) is sent as
 * JSON; the parts then follow. What was typed stays when it fails. Enter in a textarea[data-enter] sends, Shift+Enter breaks the line.
 */
export function quickForms(root, live) {
  root.addEventListener('submit', event => {
    const form = event.target.closest?.('form[data-quick]');
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter, live);
  });
  root.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !event.target.matches?.('textarea[data-enter]')) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
}

async function send(form, button, live) {
  if (form.dataset.busy) return;
  const values = Object.fromEntries(new FormData(form));
  delete values.csrf_token;
  form.dataset.busy = 'true';
  const calm = button ? markBusy(button) : () => {};
  let answer;
  let problem = '';
  try {
    const response = await sendJson(form.action, 'POST', values);
    answer = await jsonOf(response);
    if (!response.ok) problem = answer.title || say('refused', { id: answer.request_id ?? response.status });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problem = say('networkGone');
  } finally {
    calm();
    delete form.dataset.busy;
  }
  complain(form, problem);
  if (problem) return;
  if (form.dataset.quick === 'clear') form.reset();
  if (answer.done) toast(answer.done);
  if (answer.redirect) return location.assign(answer.redirect);
  live.release(form);
  await live.refresh({ whole: true });
}

function complain(form, text) {
  form.querySelector('.quick-problem')?.remove();
  if (text) form.append(make('p', { class: 'err quick-problem', role: 'alert' }, icon('octagon-alert'), make('span', {}, text)));
}
