import { icon } from '../shared/icons.js';
import { language, speaker } from '../shared/language.js';

const say = speaker({ sending: [ '正在提交', 'Sending' ] }, language);

/** Plain POST forms are sent once: the pressed button keeps its width, says so, and a second press does nothing. */
export function submitOnce() {
  document.addEventListener('submit', event => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'true';
    const button = event.submitter;
    if (button && !button.classList.contains('sq')) markBusy(button);
  });
  // a page from the back-forward cache is fresh again
  addEventListener('pageshow', event => {
    if (event.persisted) document.querySelectorAll('form[data-sent]').forEach(form => { delete form.dataset.sent; });
  });
}

/** Shows on a button that its act is under way; gives a function that undoes it. */
export function markBusy(button) {
  const before = [ ...button.childNodes ];
  // the CSSOM, not a style attribute: the policy forbids attributes in markup only
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute('aria-busy', 'true');
  const spinner = icon('loader-circle');
  spinner.classList.add('spin');
  button.replaceChildren(spinner, say('sending'));
  return () => {
    button.removeAttribute('aria-busy');
    button.style.minWidth = '';
    button.replaceChildren(...before);
  };
}
