import htmx from 'htmx.org';
import { csrfToken } from '../shared/http.js';

// no injected styles, no eval (CSP); a 422 answer holds the fragment with the errors and is shown
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '422', swap: true },
  { code: '[45]..', swap: false, error: true }
];
document.addEventListener('htmx:configRequest', event => { event.detail.headers['X-CSRF-Token'] = csrfToken(); });
