import { diff } from 'bpmn-js-differ';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import cogov from '../../../engine/schemas/cogov.moddle.json';
import { inEnglish } from '../diagram/labels.js';
import { markBusy } from '../app/submit-once.js';
import { jsonBlock, make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { language } from '../shared/language.js';
import { Lowered } from './lowered.js';
import { Refused, Server } from './server.js';
import { textDiff } from './text-diff.js';
import { say } from './words.js';

const DRAWN = /<(\w+:)?BPMN(Shape|Edge)\b/;
const TONES = { added: 'ok', removed: 'bad', changed: 'warn' };
const SHAPES = { added: 'plus', removed: 'trash-2', changed: 'pen-line' };

/** <cogov-diff>: what a draft changes – in the diagram, in words, in its other files – and publishing it. */
class CogovDiff extends HTMLElement {
  async connectedCallback() {
    if (this._begun) return;
    this._begun = true;
    this._handed = jsonBlock('#designer-json');
    this._server = new Server(this._handed.draft);
    this._body = this.querySelector('[data-part="body"]');
    try {
      await this._compare();
    } catch (error) {
      console.error(error);
      this._body.replaceChildren(make('p', { class: 'note bad', role: 'alert' }, icon('circle-alert'), error.message));
    }
    this.dataset.ready = 'true';
  }

  async _compare() {
    const [ found, draft, procedures ] = await Promise.all([ this._server.diff(), this._server.show(), this._running() ]);
    Object.assign(this, { _draft: draft, _found: found, _cases: procedures });
    const drawings = found.changed.filter(one => one.kind === 'bpmn');
    this._body.replaceChildren();
    if (!found.changed.length) return this._body.append(make('p', { class: 'note' }, icon('info'), say('nothingChanged')));
    if (draft.outdated.length) this._body.append(this._merging(draft.outdated));
    this._lowered = new Lowered(found.lowered, id => this._show(id));
    this._body.append(this._lowered.panel);
    for (const drawing of drawings) await this._pair(drawing);
    this._body.append(this._meaning(found.meaning), this._files(found.changed.filter(one => one.kind !== 'bpmn')), this._publishing());
  }

  /** How many cases run in the versions there are. */
  async _running() {
    const response = await fetch('/api/v1/designer/procedures', { credentials: 'same-origin' });
    const line = response.ok ? (await response.json()).find(one => one.key === this._handed.key) : null;
    return (line?.versions ?? []).reduce((sum, version) => sum + version.instances_running, 0);
  }

  // -- the diagram, twice -------------------------------------------------------------------------------------------------

  async _pair({ before, after }) {
    const { version } = this._found.base;
    const sides = [ [ before, version ? say('before', { n: version }) : say('beforeNone') ], [ after, say('after') ] ].map(([ text, title ]) => {
      const drawing = make('div', { class: 'drawing' });
      return { text, drawing, figure: make('figure', {}, make('figcaption', {}, title), drawing) };
    });
    this._body.append(make('div', { class: 'pair' }, ...sides.map(side => side.figure)));
    for (const side of sides) if (side.text) await this._draw(side);
    const [ old, now ] = sides;
    if (!old.viewer || !now.viewer) return;
    this._viewers = [ old.viewer, now.viewer ];
    const changes = diff(old.viewer.getDefinitions(), now.viewer.getDefinitions());
    mark(old.viewer, changes._removed, 'diff-removed');
    mark(now.viewer, changes._added, 'diff-added');
    // what changed is what means something else, as the server says: the library also counts spaces and the order of attributes
    const changed = this._found.meaning.filter(one => one.change === 'changed');
    for (const viewer of this._viewers) mark(viewer, Object.fromEntries(changed.map(one => [ one.element, one ])), 'diff-changed');
    this._together(old.viewer, now.viewer);
    const first = changed.find(one => now.viewer.get('elementRegistry').get(one.element))?.element ?? Object.keys(changes._added)[0];
    if (first) this._centre(now.viewer, first);
  }

  async _draw(side) {
    const xml = DRAWN.test(side.text) ? side.text : await this._server.layout(side.text);
    side.viewer = new NavigatedViewer({ container: side.drawing, moddleExtensions: { zeebe, cogov } });
    await side.viewer.importXML(language === 'en' ? inEnglish(xml) : xml);
    side.viewer.get('canvas').zoom('fit-viewport', 'auto');
  }

  /** Moving one moves the other. */
  _together(old, now) {
    let moving = false;
    for (const [ from, to ] of [ [ old, now ], [ now, old ] ]) {
      from.on('canvas.viewbox.changed', ({ viewbox }) => {
        if (moving) return;
        moving = true;
        const { x, y, width, height } = viewbox;
        to.get('canvas').viewbox({ x, y, width, height });
        moving = false;
      });
    }
  }

  _show(id) {
    for (const viewer of this._viewers ?? []) {
      const element = viewer.get('elementRegistry').get(id);
      if (!element) continue;
      this._centre(viewer, id);
      this.querySelector('.pair').scrollIntoView({ block: 'start' });
      return;
    }
  }

  _centre(viewer, id) {
    const canvas = viewer.get('canvas');
    const element = viewer.get('elementRegistry').get(id);
    const { x, y, width = 0, height = 0 } = element.waypoints?.[0] ?? element;
    if (width > 600) return;
    canvas.zoom(.8);
    const box = canvas.viewbox();
    canvas.viewbox({ ...box, x: x + width / 2 - box.width / 2, y: y + height / 2 - box.height / 2 });
  }

  // -- in words -----------------------------------------------------------------------------------------------------------

  _meaning(changes) {
    const panel = section('changesHead');
    if (!changes.length) panel.append(make('p', { class: 'in soft' }, say('layoutOnly')));
    else panel.append(make('ul', { class: 'changes' }, ...changes.map(change => this._change(change))));
    return panel;
  }

  _change({ element, name, change, what }) {
    const title = name[language] || name.zh || element;
    return make('li', {}, make('span', { class: `badge ${TONES[change]}` }, icon(SHAPES[change]), say(change)),
      make('button', { type: 'button', onclick: () => this._show(element) }, title), make('span', {}, what[language] || what.zh));
  }

  _files(files) {
    if (!files.length) return '';
    const panel = section('filesHead');
    panel.append(...files.map(file => {
      const shown = file.before === null && file.after === null ? make('p', {}, say('binary')) : textDiff(file.before ?? '', file.after ?? '', this._found.base.version ? say('before', { n: this._found.base.version }) : say('beforeNone'), say('after'));
      return make('details', {}, make('summary', {}, make('span', { class: `badge ${TONES[file.state]}` }, say(file.state)), ' ', make('span', { class: 'code' }, file.path)), make('div', { tabindex: '0' }, shown));
    }));
    return panel;
  }

  // -- publishing ---------------------------------------------------------------------------------------------------------

  _merging(files) {
    const problem = make('p', { class: 's', role: 'status' });
    const choose = files.map(path => make('label', { class: 'row' }, make('span', { class: 'code' }, path), make('select', { name: path }, make('option', { value: 'mine' }, say('mine')), make('option', { value: 'theirs' }, say('before', { n: this._draft.current_version })))));
    const merge = async () => {
      const keep = Object.fromEntries([ ...panel.querySelectorAll('select') ].map(one => [ one.name, one.value ]));
      const { clashes } = await this._server.refresh(keep);
      if (clashes.length) problem.textContent = say('mergeClash', { files: clashes.join(', ') });
      else location.reload();
    };
    const panel = section('mergeHead');
    panel.append(make('div', { class: 'in stack-s' }, ...choose, make('button', { class: 'btn', type: 'button', onclick: merge }, say('merge')), problem));
    return panel;
  }

  _publishing() {
    const panel = section('publishHead');
    const note = make('textarea', { id: 'publish-note', maxlength: '2000' });
    const told = make('div', { role: 'alert' });
    const button = make('button', { class: 'btn primary', type: 'button' }, icon('rocket'), say('publish'));
    button.addEventListener('click', () => this._publish(button, note.value, told));
    panel.append(make('div', { class: 'in' }, make('p', { class: 'soft' }, say('publishText', { n: this._cases })),
      make('div', { class: 'field' }, make('label', { for: 'publish-note' }, say('note')), note), told, make('div', { class: 'actions' }, button)));
    return panel;
  }

  async _publish(button, note, told) {
    told.replaceChildren();
    if (this._lowered.missing.length) {
      told.append(make('p', { class: 'note bad' }, icon('circle-alert'), say('confirmEach', { n: this._lowered.missing.length })));
      this._lowered.missing[0].focus();
      return;
    }
    const calm = markBusy(button);
    try {
      const done = await this._server.publish(this._draft.revision, note, this._lowered.confirmed);
      const staying = done.staying.filter(one => one.instances).map(one => make('p', {}, say('staying', { n: one.instances, v: one.version })));
      const outcome = make('div', { class: 'outcome', role: 'status', tabindex: '-1' }, icon('circle-check'), make('div', {}, make('p', { class: 'strong' }, say('published', { n: done.version })), ...staying), make('a', { class: 'btn', href: this._handed.pages.list }, say('toList')));
      this._body.replaceChildren(outcome);
      this.querySelector('.top .push')?.remove();
      outcome.focus();
    } catch (error) {
      calm();
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
      const lines = (error.problems ?? []).filter(one => one.severity === 'error').map(one => make('li', {}, [ one.file, one.element ].filter(Boolean).join(' › '), '：', one.message));
      told.replaceChildren(make('div', { class: 'note bad' }, icon('circle-alert'), make('div', {}, make('p', {}, error instanceof Refused ? error.message : say('offline')), make('ul', {}, ...lines))));
    }
  }
}

function mark(viewer, changes, name) {
  const registry = viewer.get('elementRegistry');
  for (const id of Object.keys(changes)) if (registry.get(id)) viewer.get('canvas').addMarker(id, name);
}

const section = head => make('section', { class: 'panel' }, make('header', {}, make('h2', {}, say(head))));

customElements.define('cogov-diff', CogovDiff);
