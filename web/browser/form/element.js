import { Form } from '@bpmn-io/form-js-viewer';
import { markBusy } from '../app/submit-once.js';
import { jsonBlock, make } from '../shared/dom.js';
import { jsonOf, randomKey, sendJson } from '../shared/http.js';
import { icon } from '../shared/icons.js';
import { Draft } from './draft.js';
import { placeErrors, summary } from './errors.js';
import { cogovModule } from './module.js';
import { References, shared } from './references.js';
import { rowProblems } from './rules.js';
import { say } from './words.js';

const painted = () => new Promise(resolve => { requestAnimationFrame(() => setTimeout(resolve)); });

/**
 * <cogov-form>: one form of a task, a start or an action. The page hands over what the server rendered (docs/reference/forms.md).
 * Light DOM: [errors] [fields] [what the page put into slot="before-actions"] [buttons].
 */
class CogovForm extends HTMLElement {
  async connectedCallback() {
    if (this._ready) return;
    this._ready = true;
    this._payload = this._handedOver();
    this._key = randomKey();
    shared.current = new References(this._payload.references);
    this._top = make('div', { class: 'form-top' });
    this._body = make('div', { class: 'form-body' });
    this._foot = this._buttons();
    const before = this.querySelector('[slot="before-actions"]');
    this.replaceChildren(this._top, this._body, ...(before ? [ before ] : []), this._foot);
    this._draft = new Draft(this.dataset.draftUrl, () => this._submission(), (key, at) => this._tellDraft(key, at));
    try {
      if (this._payload.schema) await this._showForm();
    } catch (error) {
      console.error(error);
      this._submits.forEach(button => button.remove());
      this._complain([ say('brokenForm') ], say('refused'));
      return;
    }
    this._watch();
    this.dataset.ready = 'true';
  }

  disconnectedCallback() {
    this._abort?.abort();
  }

  _handedOver() {
    const whole = jsonBlock(this.dataset.formId);
    if (whole) return whole;
    const outcomes = jsonBlock(this.dataset.outcomesId, []) ?? [];
    return {
      schema: jsonBlock(this.dataset.schemaId),
      data: jsonBlock(this.dataset.dataId, {}),
      references: jsonBlock(this.dataset.referencesId, {}),
      outcomeKey: this.dataset.outcomeKey || null,
      outcomes: outcomes.map(outcome => (Array.isArray(outcome) ? { value: outcome[0], label: outcome[1] } : outcome))
    };
  }

  async _showForm() {
    this._form = new Form({ container: this._body, additionalModules: [ cogovModule ] });
    const kept = this._draft.kept();
    await this._form.importSchema(this._payload.schema, { ...this._payload.data, ...kept });
    if (kept) this._tellDraft('draftRestored');
    await painted();
    this._typed = JSON.stringify(this._submission());
    this._form.on('changed', () => this._changed());
    // Enter in a field does not choose an outcome for anybody
    this._body.addEventListener('submit', event => { event.preventDefault(); event.stopPropagation(); }, true);
  }

  _changed() {
    const now = JSON.stringify(this._submission());
    if (now === this._typed) return;
    this._typed = now;
    this._key = randomKey();
    this._draft.touch();
  }

  _submission() {
    return this._form ? this._form._getSubmitData() : {};
  }

  // -- buttons ----------------------------------------------------------------------------------------------------------

  _buttons() {
    const outcomes = this._payload.outcomes?.length ? this._payload.outcomes : [ { value: null, label: this.dataset.submitLabel || say('submit') } ];
    this._submits = outcomes.map((outcome, index) => make('button', {
      class: index ? 'btn' : 'btn primary', type: 'button', onclick: event => this._press(outcome, event.currentTarget)
    }, outcome.label));
    this._note = make('span', { class: 's faint', role: 'status' }, this.dataset.draftSaved ? say('draftSaved', { at: this.dataset.draftSaved }) : '');
    const save = this.dataset.draftUrl ? make('button', { class: 'btn quiet', type: 'button', onclick: () => this._draft.save() }, say('saveDraft')) : null;
    return make('div', { class: 'actions stick' }, ...this._submits, save, this._note);
  }

  async _press(outcome, button) {
    if (this._busy) return;
    this._busy = true;
    const calm = markBusy(button);
    try {
      if (await this._acceptable(outcome)) await this._send();
    } finally {
      if (!this._leaving) {
        calm();
        this._busy = false;
      }
    }
  }

  async _acceptable(outcome) {
    this._top.replaceChildren();
    if (!this._form) return true;
    this._choose(outcome);
    await painted();
    if (this._body.querySelector('[data-uploading]')) return this._complain([ say('uploadBusy') ]);
    const errors = { ...this._form.validate(), ...this._rowErrors() };
    if (!Object.keys(errors).length) return true;
    this._form._setState({ errors });
    await painted();
    return this._complain([]);
  }

  _choose(outcome) {
    if (!this._payload.outcomeKey || outcome.value === null) return;
    const instance = this._instances().find(one => one.valuePath.join('.') === this._payload.outcomeKey);
    this._form._update({ fieldInstance: instance, value: outcome.value });
  }

  _rowErrors() {
    const registry = this._form.get('formFieldRegistry');
    const data = this._form._getState().data;
    const wrong = {};
    for (const { id, valuePath, indexes, hidden } of this._instances()) {
      const field = registry.get(id);
      if (field?.type !== 'dynamiclist' || hidden || Object.keys(indexes ?? {}).length) continue;
      const problems = rowProblems(field, valuePath.reduce((value, part) => value?.[part], data));
      if (problems.length) wrong[id] = problems;
    }
    return wrong;
  }

  _instances() {
    return this._form.get('formFieldInstanceRegistry').getAll().filter(one => one.valuePath?.length);
  }

  // -- sending ----------------------------------------------------------------------------------------------------------

  async _send() {
    // a page that keeps the values itself (a trial run) sets `deliver`
    if (this.deliver) return this._delivered(await this.deliver(this._submission()));
    await this._draft.rest();
    let response;
    try {
      response = await sendJson(this.dataset.action, 'POST', this._body_(), { 'Idempotency-Key': this._key });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await this._draft.save();
      return this._complain([ say('networkGone') ]);
    }
    const answer = await jsonOf(response);
    if (response.ok) return this._leave(answer);
    this._key = randomKey();
    if (response.status === 422 && answer.errors?.length) return this._fieldErrors(answer);
    if (response.status === 401) return this._complain([ say('signIn') ]);
    return this._complain([ answer.title || say('refusedText', { id: answer.request_id ?? response.status }), ...(answer.detail ? [ answer.detail ] : []) ], say('refused'));
  }

  /** What a page refused that took the values itself; null: taken. */
  _delivered(refused) {
    if (!refused) return true;
    return refused.errors?.length ? this._fieldErrors(refused) : this._complain([ refused.message ], say('refused'));
  }

  _body_() {
    const named = [ ...this.querySelectorAll('[slot="before-actions"] :is(input, select, textarea)[name]') ].filter(one => one.type !== 'radio' || one.checked);
    return { ...Object.fromEntries(named.map(one => [ one.name, one.value ])), data: this._submission() };
  }

  _leave(answer) {
    this._leaving = true;
    this._draft.forget();
    this._draft.stop();
    this.dispatchEvent(new CustomEvent('cogov:sent', { bubbles: true, detail: answer }));
    if (answer.redirect && !('stays' in this.dataset)) location.assign(answer.redirect);
  }

  async _fieldErrors(answer) {
    const { placed, loose } = placeErrors(answer.errors, this._form ? this._instances().filter(one => !one.hidden) : []);
    this._form?._setState({ errors: placed });
    await painted();
    return this._complain(loose);
  }

  _complain(loose, head) {
    const box = summary(this._body, loose);
    if (head) box.querySelector('h2').textContent = head;
    this._top.replaceChildren(box);
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: 'start' });
    return false;
  }

  // -- around -----------------------------------------------------------------------------------------------------------

  _tellDraft(key, at) {
    const moment = at ? new Date(at) : new Date();
    this._note.textContent = say(key, { at: `${String(moment.getHours()).padStart(2, '0')}:${String(moment.getMinutes()).padStart(2, '0')}` });
    if (key === 'draftLocal') this._note.prepend(icon('wifi-off'), ' ');
  }

  _watch() {
    this._abort = new AbortController();
    const { signal } = this._abort;
    const network = () => {
      for (const button of this._submits) {
        button.toggleAttribute('disabled', !navigator.onLine);
        button.title = navigator.onLine ? '' : say('offlineButton');
      }
      if (navigator.onLine && this._draft.kept()) this._draft.save();
    };
    addEventListener('online', network, { signal });
    addEventListener('offline', network, { signal });
    addEventListener('beforeunload', event => { if (this._draft.dirty && !this.dataset.draftUrl) event.preventDefault(); }, { signal });
    addEventListener('pagehide', () => { if (this._draft.dirty) this._draft.save(); }, { signal });
    network();
  }
}
customElements.define('cogov-form', CogovForm);
