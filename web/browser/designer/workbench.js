import { jsonBlock, make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { Checks } from './checks.js';
import { DraftFile } from './file.js';
import { Server } from './server.js';
import { say } from './words.js';

const NAME = /^[a-z][a-z0-9_]*\.(form\.json|dmn|register\.yaml|settings\.yaml|md)$/;

/** What every editor of a draft's file has: the page's data, the file with its saving, the checks, buttons in the head. An editor extends it. */
export class Workbench extends HTMLElement {
  async connectedCallback() {
    if (this._begun) return;
    this._begun = true;
    this.handed = jsonBlock('#designer-json');
    this.server = new Server(this.handed.draft);
    this.file = new DraftFile(this.server, this.handed.path, {
      text: () => this.text(), replace: text => this.load(text), tell: (text, tone) => this.tell(text, tone), saved: () => { this.scope?.forget(); this.checks.run(); }
    });
    this.checks = new Checks(this, this.server, { go: problem => this._goTo(problem), name: problem => this.nameOf(problem), found: problems => this.found(problems) });
    this.querySelector('[data-act="add-file"]').addEventListener('click', () => this._addFile());
    addEventListener('keydown', event => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
      event.preventDefault();
      this.file.save();
    });
    const menu = this.querySelector('.file-menu');
    if (matchMedia('(max-width: 960px)').matches) menu.removeAttribute('open');
    try {
      await this.start(await this.file.open());
    } catch (error) {
      console.error(error);
      const asText = new URL(location.href);
      asText.searchParams.set('path', this.handed.path);
      asText.searchParams.set('as', 'text');
      this.part('canvas').replaceChildren(make('div', { class: 'note bad', role: 'alert' }, icon('circle-alert'),
        make('div', {}, make('p', {}, say('notLoaded', { reason: error.message })), make('p', {}, make('a', { href: asText.href }, say('asText'))))));
    }
    this.dataset.ready = 'true';
    this.checks.run();
  }

  part(name) { return this.querySelector(`[data-part="${name}"]`); }

  tell(text, tone = '') {
    const place = this.part('saved');
    place.className = tone;
    place.textContent = text;
  }

  /** A button with an icon in the head. */
  tool(key, name, act, attributes = {}) {
    const button = make('button', { class: 'btn quiet sq', type: 'button', title: say(key), onclick: act, ...attributes }, icon(name), make('span', { class: 'vh' }, say(key)));
    this.part('tools').append(button);
    return button;
  }

  // an editor says how: start(text), text(), load(text), and where a finding is
  nameOf(problem) { return [ problem.file.split('/').at(-1), problem.line ? say('line', { n: problem.line }) : problem.element ].filter(Boolean).join(' › '); }
  goTo() {}
  found() {}

  _goTo(problem) {
    if (problem.file === this.handed.path || !problem.file) return this.goTo(problem);
    const target = new URL(this.handed.pages.edit, location.href);
    target.searchParams.set('path', problem.file);
    target.hash = problem.element ? `element=${encodeURIComponent(problem.element)}` : `line=${problem.line ?? 1}`;
    return this.leave(target);
  }

  /** To another page of the draft, with everything saved. */
  async leave(target) {
    if (this.file.dirty) await this.file.save();
    location.assign(target);
  }

  async _addFile() {
    const name = prompt(say('addName', { example: 'report.form.json' }));
    if (!name) return;
    if (!NAME.test(name)) return alert(say('badName'));
    const path = `${name.endsWith('.form.json') ? 'forms' : 'processes'}/${this.handed.key}/${name}`;
    const { fresh } = await import('./fresh.js');
    await this.server.save(path, fresh(path, this.handed.key), 0);
    const target = new URL(this.handed.pages.edit, location.href);
    target.searchParams.set('path', path);
    await this.leave(target);
  }
}
