import { icon } from '../shared/icons.js';
import { make } from '../shared/dom.js';
import { Parts } from './parts.js';
import { say } from './words.js';

const RETRY = 3000;
const TIMEOUT = 8000;
const STALE = 180000;

/**
 * Keeps a meeting's page up to date: asks `data-live-url` with the revision it shows, at the pace the server gives (`data-pace`, ms);
 * 204 means nothing changed. Rests while the page is hidden; says since when the data stand still when the connection is lost.
 */
export class Live {
  constructor(root) {
    this._root = root;
    this._parts = new Parts(root);
    this._said = root.querySelector('[data-said]');
    this._strip = null;
    this._heard = performance.now();
    this._timer = 0;
    this._asking = null;
    document.addEventListener('visibilitychange', () => (document.hidden ? this._rest() : this.refresh()));
    addEventListener('online', () => this.refresh());
    this._plan(this._pace());
  }

  /** Ask at once; `whole`: take everything, whatever the revision. */
  async refresh({ whole = false } = {}) {
    this._rest();
    const asking = new AbortController();
    this._asking = asking;
    const late = setTimeout(() => asking.abort(), TIMEOUT);
    try {
      const answer = await fetch(this._address(whole), { credentials: 'same-origin', signal: asking.signal, redirect: 'manual' });
      await this._heed(answer);
    } catch (error) {
      if (this._asking !== asking) return;
      if (!(error instanceof TypeError) && error.name !== 'AbortError') throw error;
      this._lost();
    } finally {
      clearTimeout(late);
      if (this._asking === asking) this._asking = null;
    }
  }

  /** A form in a part was sent: the part may change now. */
  release(element) {
    this._parts.release(element);
  }

  _address(whole) {
    const url = new URL(this._root.dataset.liveUrl, location.href);
    if (!whole) url.searchParams.set('since', this._root.dataset.revision);
    return url;
  }

  async _heed(answer) {
    if (answer.type === 'opaqueredirect' || answer.status === 401) return this._show(say('signIn'));
    if (answer.status === 403 || answer.status === 404) return this._show(say('gone'));
    if (!answer.ok) return this._lost();
    this._heard = performance.now();
    this._hide();
    if (answer.status === 200) this._take(await answer.text());
    if (answer.headers.has('X-At')) this._asOf(answer.headers.get('X-At'));
    if (!document.hidden) this._plan(this._pace());
  }

  _take(text) {
    const fresh = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-live-url]');
    if (!fresh) return;
    const before = this._root.dataset.say;
    for (const name of [ 'revision', 'pace', 'say', 'at' ]) this._root.dataset[name] = fresh.dataset[name] ?? '';
    const swapped = this._parts.take(fresh);
    if (this._said && this._root.dataset.say !== before) this._said.textContent = this._root.dataset.say;
    if (swapped.length) this._root.dispatchEvent(new CustomEvent('meeting:swapped', { bubbles: true, detail: swapped }));
  }

  /** The moment of the data, as the server writes it; shown where the page has a place for it (the wall). */
  _asOf(at) {
    this._root.dataset.at = at;
    const place = this._root.querySelector('[data-at-text]');
    if (place && place.textContent !== at) place.textContent = at;
  }

  _lost() {
    const old = performance.now() - this._heard > STALE;
    this._show(say(old ? 'stale' : 'lost', { at: this._root.dataset.at }), old);
    this._plan(RETRY);
  }

  _show(text, warn = false) {
    if (!this._strip) {
      this._strip = make('p', { class: 'offline meeting-lost', role: 'status' });
      this._root.prepend(this._strip);
    }
    this._strip.classList.toggle('stale', warn);
    // a live region speaks when its text changes, not at every try
    if (this._strip.dataset.text === text) return;
    this._strip.dataset.text = text;
    this._strip.replaceChildren(icon('wifi-off'), text);
  }

  _hide() {
    this._strip?.remove();
    this._strip = null;
  }

  _pace() {
    return Number(this._root.dataset.pace) || 0;
  }

  _plan(wait) {
    clearTimeout(this._timer);
    if (wait && !document.hidden) this._timer = setTimeout(() => this.refresh(), wait);
  }

  _rest() {
    clearTimeout(this._timer);
    this._asking?.abort();
    this._asking = null;
  }
}
