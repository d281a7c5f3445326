import { make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { kindOf } from './scope.js';
import { say } from './words.js';

const PAUSE = 300;
/** entries of output mappings and of what is asked when an element ends */
const AFTER = /-output-|outputElement|completionCondition|record-/;
/** entries that ask for true or false */
const TRUTH = /conditionExpression|completionCondition|conditional/i;

/**
 * Looks at the FEEL that is typed into a panel: what is wrong stands in place, and a pane below tries the expression with sample data.
 * `place` gives where the panel is, `errors` shows { entry id: message } in it.
 */
export class FeelHelp {
  constructor({ server, scope, panel, holder, place, errors = () => {} }) {
    this._server = server;
    this._scope = scope;
    this._place = place;
    this._show = errors;
    this._wrong = {};
    this._pane(holder);
    for (const kind of [ 'input', 'focusin', 'keyup' ]) panel.addEventListener(kind, event => this._met(event.target));
  }

  /** Another element is shown. */
  reset() {
    this._wrong = {};
    this._show({});
    this._entry = null;
    this._text = undefined;
    this._pane_.hidden = true;
  }

  _met(target) {
    const editor = target.closest?.('.cm-content, td .content-editable');
    if (!editor) return;
    const entry = editor.closest('[data-entry-id], td') ?? editor;
    const lines = [ ...editor.querySelectorAll('.cm-line') ];
    const text = (lines.length ? lines.map(line => line.textContent).join('\n') : editor.innerText.trim()).replace(/^=/, '');
    if (editor.querySelector('.cm-placeholder') || (entry === this._entry && text === this._text)) return;
    this._entry = entry;
    this._id = entry.dataset?.entryId ?? '';
    this._text = text;
    // a cell of an input column holds tests
    this._tests = entry.classList.contains('input-cell');
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._look(), PAUSE);
  }

  /** null: only the sample data are in scope. */
  _at() {
    const place = this._place();
    return place && { ...place, output: AFTER.test(this._id) };
  }

  async _ask(run, variables = {}) {
    const wanted = TRUTH.test(this._id) ? [ 'boolean' ] : [];
    const { '?': input = null, ...rest } = variables;
    const body = { expression: `=${this._text}`, variables: rest, at: this._at(), wanted, run, tests: this._tests, input };
    try {
      return await this._server.tryOut(body);
    } catch (error) {
      if (error.status !== 404 || !body.at) throw error;
      return this._server.tryOut({ ...body, at: { draft: body.at.draft, output: body.at.output } }); // it is not saved yet
    }
  }

  async _look() {
    const { _text: text, _id: id } = this;
    if (!text?.trim()) return this._said(id, null);
    const found = await this._ask(false).catch(() => null);
    if (text !== this._text || id !== this._id || !found) return; // typed on meanwhile
    this._said(id, found);
    await this._offer(found.names);
  }

  _said(id, found) {
    const first = found?.error ?? found?.warnings[0];
    if (id) {
      if (first) this._wrong[id] = [ first.message, first.near?.length ? say('didYouMean', { names: first.near.join(', ') }) : '' ].filter(Boolean).join(' ');
      else delete this._wrong[id];
      this._show({ ...this._wrong });
    }
    const appears = found && this._pane_.hidden;
    this._pane_.hidden = !found;
    if (found) this._result(found);
    // the pane takes room from the panel: what is typed stays in sight
    if (appears) this._entry?.scrollIntoView({ block: 'nearest' });
  }

  // --- the pane

  _pane(holder) {
    this._data = make('textarea', { id: 'feel-data', rows: 5, spellcheck: 'false' });
    this._data.addEventListener('input', () => { this._own = true; });
    this._data.addEventListener('keydown', event => event.stopPropagation()); // no shortcuts of the diagram here
    this._out = make('div', { class: 'feel-out', role: 'status', 'aria-live': 'polite' });
    this._shown = make('code', { class: 'feel-expression' });
    this._run = make('button', { class: 'btn', type: 'button', onclick: () => this._try() }, icon('play'), say('tryRun'));
    this._pane_ = make('section', { class: 'feel-try', hidden: true, 'aria-labelledby': 'feel-try-title' },
      make('h2', { id: 'feel-try-title' }, say('tryTitle')), this._shown,
      make('label', { for: 'feel-data' }, say('tryData')), this._data, make('div', { class: 'row' }, this._run), this._out);
    holder.append(this._pane_);
  }

  /** Sample data for the names that are read; what the designer has typed stays. */
  async _offer(names) {
    if (this._own) return;
    const place = this._place();
    const sample = (place && (await this._scope.at(scopePlace(place)))?.sample) ?? {};
    const wanted = [ ...(this._tests ? [ '?' ] : []), ...names.filter(name => name !== 'codes' && name !== '?') ];
    this._data.value = JSON.stringify(Object.fromEntries(wanted.map(name => [ name, sample[name] ?? null ])), null, 1);
  }

  async _try() {
    let variables;
    try {
      variables = JSON.parse(this._data.value || '{}');
    } catch (error) {
      return this._out.replaceChildren(line('bad', say('tryBadData', { reason: error.message })));
    }
    try {
      this._result(await this._ask(true, variables));
    } catch (error) {
      this._out.replaceChildren(line('bad', error.message));
    }
  }

  _result(found) {
    this._shown.replaceChildren(...marked(this._text, found.error ?? found.warnings[0]));
    const lines = [];
    if (found.evaluated) lines.push(make('p', { class: 'value' }, make('code', {}, JSON.stringify(found.value)), make('span', { class: 'kind' }, kindOf({ kind: found.value_kind }))));
    else if (!found.error) lines.push(make('p', { class: 'kind' }, say('tryGives', { kind: kindOf(found.shape ?? { kind: found.kind }) })));
    if (found.error) lines.push(line('bad', found.error.message, found.error.hint));
    for (const warning of found.warnings) lines.push(line('warn', warning.message, warning.near?.length ? say('didYouMean', { names: warning.near.join(', ') }) : ''));
    this._out.replaceChildren(...lines);
  }
}

const scopePlace = ({ element, form }) => (form ? { form } : element ? { element } : {});
const line = (tone, text, more) => make('p', { class: `said ${tone}` }, icon(tone === 'bad' ? 'circle-alert' : 'triangle-alert'), make('span', {}, text, more ? make('small', {}, more) : ''));

/** The expression with the place of the fault marked. */
function marked(text, fault) {
  const at = fault?.position;
  if (at === null || at === undefined || at > text.length) return [ text ];
  const word = /^[\p{L}\p{N}_.]+|^./u.exec(text.slice(at))?.[0] ?? '';
  return [ text.slice(0, at), make('mark', {}, word || ' '), text.slice(at + word.length) ];
}
