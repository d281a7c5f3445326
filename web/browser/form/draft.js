import { jsonOf, sendJson } from '../shared/http.js';

const WAIT = 1500;
const PREFIX = 'cogov-draft:';

/** Saves what is typed: on the server shortly after the last key, on this device while the network is gone. */
export class Draft {
  constructor(url, read, tell) {
    this._url = url;
    this._read = read;
    this._tell = tell;
    this._timer = 0;
    this._saved = '';
    this._saving = Promise.resolve();
    this.dirty = false;
  }

  /** Something was typed. */
  touch() {
    this.dirty = true;
    if (!this._url) return;
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this.save(), WAIT);
  }

  async save() {
    clearTimeout(this._timer);
    if (!this._url) return;
    const body = JSON.stringify(this._read());
    if (body === this._saved) return;
    this._saving = this._put(body);
    await this._saving;
  }

  /** Nothing is saved behind a submission: what waits is dropped, what is under way has come back. */
  async rest() {
    clearTimeout(this._timer);
    await this._saving;
  }

  async _put(body) {
    try {
      const response = await sendJson(this._url, 'PUT', { data: JSON.parse(body) });
      if (!response.ok) return this._tell('draftFailed');
      this._saved = body;
      this.dirty = false;
      this.forget();
      this._tell('draftSaved', (await jsonOf(response)).saved);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      localStorage.setItem(PREFIX + this._url, body);
      this._tell('draftLocal');
    }
  }

  /** What this device kept when the network was gone; null when nothing. */
  kept() {
    const text = this._url ? localStorage.getItem(PREFIX + this._url) : null;
    return text ? JSON.parse(text) : null;
  }

  /** Removes the copy of this device; no more saving after `stop`. */
  forget() {
    if (this._url) localStorage.removeItem(PREFIX + this._url);
  }

  stop() {
    clearTimeout(this._timer);
    this._url = '';
    this.dirty = false;
  }
}
