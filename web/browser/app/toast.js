import { make } from '../shared/dom.js';

const STAYS = 6000;

/** Shows a short word for a small act. Results that matter stay on the page instead (.outcome). */
export function toast(text) {
  document.querySelector('.toast:not(.demo)')?.remove();
  const box = make('div', { class: 'toast', role: 'status' }, text);
  document.body.append(box);
  setTimeout(() => box.remove(), STAYS);
}

/** Toasts that the server asks for: response header HX-Trigger: {"toast": "…"}. */
export function toasts() {
  document.addEventListener('toast', event => toast(event.detail?.value ?? ''));
}
