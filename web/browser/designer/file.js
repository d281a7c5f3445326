import { language } from '../shared/language.js';
import { conflict } from './conflict.js';
import { Refused } from './server.js';
import { say } from './words.js';

const WAIT = 1200;

/** 14:38 of a moment, in the zone of the browser. */
export const clock = at => new Date(at).toLocaleTimeString(language === 'en' ? 'en-GB' : 'zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false });

/**
 * One file of a draft: read, saved shortly after the last change, never over somebody else's work.
 * `text()` gives what is to be saved (a promise is fine), `replace(text)` shows the other version, `tell(sentence, tone)` says how it stands.
 */
export class DraftFile {
  constructor(server, path, { text, replace, tell, saved }) {
    Object.assign(this, { server, path, revision: 0, dirty: false });
    Object.assign(this, { _text: text, _replace: replace, _tell: tell, _afterwards: saved });
    addEventListener('beforeunload', event => { if (this.dirty) event.preventDefault(); });
    addEventListener('online', () => { if (this.dirty) this.save(); });
  }

  /** Its text. */
  async open() {
    const { text, revision } = await this.server.file(this.path);
    this.revision = revision;
    this._known = text;
    return text;
  }

  /** Something was changed. */
  touch() {
    this.dirty = true;
    this._tell(say('unsaved'));
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this.save(), WAIT);
  }

  /** Saves now; one save at a time, the last text wins. */
  async save() {
    clearTimeout(this._timer);
    if (this._saving) return this._saving.then(() => (this.dirty ? this.save() : undefined));
    this._saving = this._save().finally(() => { this._saving = null; });
    return this._saving;
  }

  async _save() {
    const text = await this._text();
    if (text === this._known) {
      this.dirty = false;
      this._tell(say('saved', { at: clock(Date.now()) }));
      return;
    }
    this.dirty = false;
    this._tell(say('saving'));
    try {
      const { revision, saved_at: at } = await this.server.save(this.path, text, this.revision);
      this.revision = revision;
      this._known = text;
      this._tell(say('saved', { at: clock(at) }));
      this._afterwards?.();
    } catch (error) {
      this.dirty = true;
      await this._failed(error, text);
    }
  }

  async _failed(error, text) {
    if (error instanceof TypeError) return this._tell(say('offline'), 'warn');
    if (!(error instanceof Refused)) throw error;
    this._tell(say('notSaved', { reason: error.message }), 'bad');
    if (error.code !== 'overtaken') return;
    const { theirs, by_name: name, revision } = error.details;
    const choice = await conflict({ mine: text, theirs: theirs ?? '', who: name || say('someone') });
    if (choice === 'mine') {
      this.revision = revision;
      this._saving = null;
      await this.save();
    } else if (choice === 'theirs') {
      this.revision = revision;
      this._known = theirs;
      await this._replace(theirs);
      this.dirty = false;
      this._tell(say('saved', { at: clock(Date.now()) }));
    }
  }
}
