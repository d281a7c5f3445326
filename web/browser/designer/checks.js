import { make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { Refused } from './server.js';
import { say } from './words.js';

const ICONS = { error: [ 'bad', 'circle-alert' ], warning: [ 'warn', 'triangle-alert' ], info: [ '', 'info' ] };
const RANK = { error: 0, warning: 1, info: 2 };

/** The engine's own findings as a list: pressing one goes to its element, line or file. `go(problem)` does that, `name(problem)` says where it is. */
export class Checks {
  constructor(root, server, { go, name, found }) {
    this._counts = root.querySelector('[data-part="counts"]');
    this._list = root.querySelector('[data-part="problems"]');
    Object.assign(this, { _server: server, _go: go, _name: name, _found: found, _wanted: 0 });
    root.querySelector('[data-act="check"]').addEventListener('click', () => this.run());
  }

  /** Asks the engine; an older answer that comes later is dropped. */
  async run() {
    const turn = ++this._wanted;
    this._counts.replaceChildren(make('span', { class: 's soft' }, say('checking')));
    try {
      const report = await this._server.check();
      if (turn === this._wanted) this._show(report);
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
      this._counts.replaceChildren(make('span', { class: 's soft' }, error instanceof Refused ? error.message : say('offline')));
    }
  }

  _show({ ok, problems }) {
    const count = severity => problems.filter(one => one.severity === severity).length;
    const badge = (n, tone, shape, one, many) => (n ? make('span', { class: `badge ${tone}` }, icon(shape), n === 1 ? say(one) : say(many, { n })) : null);
    this._counts.replaceChildren(...[
      badge(count('error'), 'bad', 'circle-alert', 'oneError', 'errors'),
      badge(count('warning'), 'warn', 'triangle-alert', 'oneWarning', 'warnings'),
      problems.length ? null : make('span', { class: 'badge ok' }, icon('circle-check'), say('noProblems')),
      make('span', { class: 's soft' }, ok ? say('mayPublish') : say('mendFirst'))
    ].filter(Boolean));
    const sorted = [ ...problems ].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
    this._list.replaceChildren(...sorted.map(problem => this._line(problem)));
    this._found?.(problems);
  }

  _line(problem) {
    const [ tone, shape ] = ICONS[problem.severity];
    const text = make('span', {}, problem.message, problem.hint ? make('small', {}, ` ${problem.hint}`) : null, make('small', { class: 'code' }, ` ${problem.code}`));
    return make('li', { class: tone }, icon(shape), make('b', {}, this._name(problem)), text,
      make('button', { class: 'btn', type: 'button', 'aria-label': `${say('goThere')}: ${this._name(problem)}`, onclick: () => this._go(problem) }, say('goThere')));
  }
}
