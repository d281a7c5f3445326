import { make } from '../shared/dom.js';
import { say } from './words.js';
import { Workbench } from './workbench.js';

/** <cogov-text-editor>: registers, example runs, settings and notes as text, with line numbers and the lines that are wrong marked. */
class CogovTextEditor extends Workbench {
  async start(text) {
    this._gutter = make('div', { class: 'gutter', 'aria-hidden': 'true' });
    this._area = make('textarea', { spellcheck: 'false', autocapitalize: 'off', wrap: 'off', 'aria-label': this.handed.path });
    this._area.addEventListener('input', () => { this._number(); this.file.touch(); });
    this._area.addEventListener('scroll', () => { this._gutter.scrollTop = this._area.scrollTop; });
    this._area.addEventListener('keydown', event => this._indent(event));
    this.part('canvas').append(this._gutter, this._area);
    await this.load(text);
    const line = /line=(\d+)/.exec(location.hash)?.[1];
    if (line) this.goTo({ line: Number(line) });
  }

  async load(text) {
    this._area.value = text;
    this._number();
  }

  text() { return this._area.value; }

  goTo({ line }) {
    const lines = this._area.value.split('\n');
    const begin = lines.slice(0, (line ?? 1) - 1).join('\n').length + (line > 1 ? 1 : 0);
    this._area.focus();
    this._area.setSelectionRange(begin, begin + (lines[(line ?? 1) - 1] ?? '').length);
    this._area.scrollTop = Math.max(0, ((line ?? 1) - 4) * 24);
  }

  found(problems) {
    this._wrong = new Map(problems.filter(one => one.file === this.handed.path && one.line).map(one => [ one.line, one ]));
    this._number();
  }

  _number() {
    const count = this._area.value.split('\n').length;
    const parts = [];
    for (let line = 1; line <= count; line++) {
      const wrong = this._wrong?.get(line);
      parts.push(wrong ? make('b', { class: wrong.severity, title: wrong.message }, String(line)) : String(line), '\n');
    }
    this._gutter.replaceChildren(...parts);
    this._gutter.title = say('lines', { n: count });
    this._gutter.scrollTop = this._area.scrollTop;
  }

  /** Enter keeps the indentation of YAML; Tab moves on, as everywhere. */
  _indent(event) {
    if (event.key !== 'Enter' || event.isComposing) return;
    const { value, selectionStart: at } = this._area;
    const space = /^ */.exec(value.slice(value.lastIndexOf('\n', at - 1) + 1, at))[0];
    if (!space) return;
    event.preventDefault();
    this._area.setRangeText(`\n${space}`, at, this._area.selectionEnd, 'end');
    this._area.dispatchEvent(new Event('input'));
  }
}
customElements.define('cogov-text-editor', CogovTextEditor);
