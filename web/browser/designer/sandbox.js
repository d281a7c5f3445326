import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { inEnglish } from '../diagram/labels.js';
import { jsonBlock, make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { language } from '../shared/language.js';
import { Refused, Server } from './server.js';
import { entered } from './trial-form.js';
import { say } from './words.js';

const DRAWN = /<(\w+:)?BPMN(Shape|Edge)\b/;
const FIRST = 40;
const title = label => label?.[language] || label?.zh || '';

/** 3月24日 17:30 of a moment. */
const moment = at => new Date(at).toLocaleString(language === 'en' ? 'en-GB' : 'zh-CN', { month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false });

/**
 * <cogov-sandbox>: a trial run of a draft. What was done so far is a list of steps (docs/reference/cases.md); the server replays it
 * from the start each time, so that undoing a step is leaving it out.
 */
class CogovSandbox extends HTMLElement {
  async connectedCallback() {
    if (this._begun) return;
    this._begun = true;
    this._handed = jsonBlock('#designer-json');
    this._server = new Server(this._handed.draft);
    this._document = { steps: [] };
    try {
      await this._draw();
    } catch (error) {
      console.error(error);
      this._part('canvas').replaceChildren(make('p', { class: 'note bad' }, icon('circle-alert'), error.message));
    }
    await this._play(this._document);
    this.dataset.ready = 'true';
  }

  _part(name) { return this.querySelector(`[data-part="${name}"]`); }

  async _draw() {
    const { text } = await this._server.file(this._handed.path);
    const xml = DRAWN.test(text) ? text : await this._server.layout(text);
    this._viewer = new NavigatedViewer({ container: this._part('canvas') });
    await this._viewer.importXML(language === 'en' ? inEnglish(xml) : xml);
    this._viewer.get('canvas').zoom('fit-viewport', 'auto');
    const button = (key, name, act) => make('button', { class: 'btn quiet sq', type: 'button', title: say(key), onclick: act }, icon(name), make('span', { class: 'vh' }, say(key)));
    this._part('canvas').append(make('div', { class: 'group zoom' }, button('closer', 'zoom-in', () => this._viewer.get('zoomScroll').stepZoom(1)), button('away', 'zoom-out', () => this._viewer.get('zoomScroll').stepZoom(-1)), button('fit', 'maximize', () => this._viewer.get('canvas').zoom('fit-viewport', 'auto'))));
  }

  // -- playing ------------------------------------------------------------------------------------------------------------

  /** Tries a longer or shorter list of steps; one that fails is told and not kept. Gives what was refused, or null. */
  async _play(document) {
    if (this._busy) return null;
    this._busy = true;
    this.dataset.busy = 'true';
    try {
      const stand = await this._server.sandbox(document);
      const wrong = stand.steps.find(step => !step.ok);
      if (wrong) return wrong.error;
      this._document = document;
      this._show(stand);
      return null;
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
      const refused = { message: error instanceof Refused ? error.message : say('offline'), errors: error.problems ?? [] };
      if (!this._stand) this._complain(refused);
      return refused;
    } finally {
      this._busy = false;
      delete this.dataset.busy;
    }
  }

  /** One more step; gives what was refused, which a form shows at its fields. */
  _step(step) {
    return this._play({ ...this._document, steps: [ ...this._document.steps, step ] });
  }

  async _told(playing) {
    const refused = await playing;
    if (refused) this._complain(refused);
  }

  async _undo() {
    const { steps, ...head } = this._document;
    await this._told(this._play(steps.length ? { ...head, steps: steps.slice(0, -1) } : { steps: [] }));
  }

  _complain({ message, errors = [] }) {
    const lines = errors.map(one => make('li', {}, [ one.pointer ?? one.file, one.message ].filter(Boolean).join(' ')));
    this._problem?.remove();
    this._problem = make('div', { class: 'note bad', role: 'alert', tabindex: '-1' }, icon('circle-alert'), make('div', {}, make('p', {}, message), make('ul', {}, ...lines)));
    this._part('acts').prepend(this._problem);
    this._problem.focus();
  }

  // -- showing ------------------------------------------------------------------------------------------------------------

  _show(stand) {
    this._stand = stand;
    this._mark(stand);
    this._part('clock').replaceChildren(...this._clock(stand));
    const acts = this._document.start ? this._open(stand) : this._start(stand);
    this._part('acts').replaceChildren(...acts);
    this._part('below').replaceChildren(...(this._document.start ? this._below(stand) : []));
  }

  _mark({ instances }) {
    if (!this._viewer) return;
    const canvas = this._viewer.get('canvas');
    const registry = this._viewer.get('elementRegistry');
    this._viewer.get('overlays').clear();
    registry.forEach(element => { for (const name of [ 'passed', 'standing' ]) canvas.removeMarker(element, name); });
    const standing = new Map();
    for (const instance of instances) {
      const passed = { ...instance.completed[this._handed.key], ...instance.taken[this._handed.key] };
      for (const id of Object.keys(passed)) if (registry.get(id)) canvas.addMarker(id, 'passed');
      for (const { process, element } of instance.tokens) if (process === this._handed.key && registry.get(element)) standing.set(element, (standing.get(element) ?? 0) + 1);
    }
    for (const [ id, count ] of standing) {
      canvas.addMarker(id, 'standing');
      if (!registry.get(id).waypoints) this._viewer.get('overlays').add(id, { position: { top: -12, right: 12 }, html: make('span', { class: 'token-badge' }, String(count)) });
    }
    const leaf = [ ...standing.keys() ].find(id => registry.get(id).type !== 'bpmn:SubProcess');
    if (!leaf) return;
    canvas.zoom(Math.max(canvas.zoom(), .7));
    canvas.scrollToElement(leaf, 100);
  }

  _clock(stand) {
    const begun = Boolean(this._document.start);
    const wait = until => () => this._told(this._step({ wait: until }));
    const day = make('input', { type: 'date', 'aria-label': say('toDay'), value: stand.now.slice(0, 10) });
    const button = (key, name, act, off) => make('button', { class: 'btn', type: 'button', onclick: act, disabled: Boolean(off) }, icon(name), say(key));
    return [
      make('b', {}, icon('clock'), ` ${moment(stand.now)}`), make('span', { class: 's soft' }, say('steps', { n: this._document.steps.length + (begun ? 1 : 0) })),
      button('toNext', 'step-forward', wait({ until: stand.next_due }), !begun || !stand.next_due),
      button('plusDay', 'timer', wait('1WD'), !begun),
      make('span', { class: 'row' }, day, button('toDay', 'calendar-days', () => day.value && this._told(this._step({ wait: { until: day.value } })), !begun)),
      make('span', { class: 'push row' }, button('undoStep', 'undo-2', () => this._undo(), !begun), button('restart', 'rotate-ccw', () => this._play({ steps: [] }), !begun))
    ];
  }

  _start({ starts }) {
    const option = starts[0] ?? { people: [], form: null, name: this._handed.name };
    const who = people(option.people, 'startAs');
    const begin = values => this._play({ start: { ...(who.value() ? { by: who.value() } : {}), with: values }, steps: [] });
    const body = make('section', {}, make('h2', {}, title(option.name)), option.people.length ? who.field : make('p', { class: 's soft' }, say('noStart')));
    body.append(option.form ? entered(option.form, say('startIt'), begin) : this._plainStart(begin));
    return [ body ];
  }

  /** Without a form the run begins with variables; shared sub-processes get their inputs this way. */
  _plainStart(begin) {
    const data = make('textarea', { id: 'start-data', class: 'code', spellcheck: 'false' });
    data.value = '{}';
    const start = () => {
      let values;
      try {
        values = JSON.parse(data.value || '{}');
      } catch (error) {
        return this._complain({ message: say('badJson', { reason: error.message }) });
      }
      return this._told(begin(values));
    };
    return make('div', {}, make('div', { class: 'field' }, make('label', { for: 'start-data' }, say('startData')), data, make('p', { class: 's faint' }, say('startDataHint'))),
      make('button', { class: 'btn primary', type: 'button', onclick: start }, say('startIt')));
  }

  _open({ instances }) {
    const shown = [];
    for (const [ index, instance ] of instances.entries()) {
      const of = index ? { of: instanceName(instances, index) } : {};
      const head = `${title(instance.name)}${instance.number ? ` ${instance.number}` : ''}`;
      const tasks = instance.tasks.slice(0, FIRST).map((task, n) => this._task(task, of, shown.length === 0 && n === 0));
      const actions = instance.actions.map(action => this._action(action, of));
      const state = instance.state === 'running' ? null : make('span', { class: 'badge' }, icon('circle-check'), say('ended'));
      if (index && !tasks.length && !actions.length) continue;
      shown.push(make('section', {}, make('h2', {}, head, ' ', state), ...(tasks.length ? tasks : [ make('p', { class: 'soft' }, say('noTasks')) ]), actions.length ? make('h3', {}, say('actionsHead')) : '', ...actions));
      for (const incident of instance.incidents) shown.at(-1).append(make('p', { class: 'note bad' }, icon('octagon-alert'), `${incident.element}: ${incident.message}`));
    }
    return shown;
  }

  _task(task, of, open) {
    const due = task.due ? make('small', { class: 'faint' }, ` ${say('due', { at: moment(task.due) })}`) : null;
    if (task.vacant) return make('div', {}, make('b', {}, title(task.name)), make('p', { class: 'note warn' }, icon('triangle-alert'), say('vacantTask')));
    const who = people(task.offered, 'doneBy');
    return folded([ title(task.name), due ], open, () => [ who.field, entered(task.form, say('complete'), values => this._step({ do: task.node, ...of, by: who.value(), with: values })) ]);
  }

  _action(action, of) {
    const offered = [ ...action.offered, ...(action.public ? [ { person: 'public', name: say('anybody') } ] : []) ];
    if (!offered.length) return '';
    const who = people(offered, 'doneBy');
    return folded([ title(action.name) || action.message ], false, () => [ who.field, entered(action.form, say('press'), values => this._step({ act: action.node, ...of, by: who.value(), with: values })) ]);
  }

  _below(stand) {
    const list = lines => make('ul', { class: 'stack-s s' }, ...lines.map(line => make('li', {}, ...line)));
    const history = [ ...stand.history ].reverse().slice(0, FIRST).map(one => [ make('span', { class: 'faint' }, `${moment(one.at)} `), title(one.text), one.by ? ` · ${one.by}` : '' ]);
    const notices = stand.notices.map(one => [ make('b', {}, one.to.name), ` ${title(one.title)}` ]);
    return [
      ...(stand.meetings.length ? [ part('meetingsHead', ...stand.meetings.map(fragment)) ] : []),
      part('historyHead', list(history)),
      part('noticesHead', notices.length ? list(notices) : make('p', { class: 's soft' }, say('noNotices'))),
      make('section', {}, make('details', {}, make('summary', {}, say('dataHead')), make('pre', { tabindex: '0' }, JSON.stringify(stand.instances[0]?.variables ?? {}, null, 1)))),
      this._keeping()
    ];
  }

  _keeping() {
    const name = make('input', { id: 'case-name', maxlength: '200' });
    const told = make('p', { class: 's', role: 'status' });
    const keep = async () => {
      if (!name.value.trim()) return name.focus();
      try {
        const draft = await this._server.show();
        const cases = draft.files.find(file => file.kind === 'cases');
        await this._server.saveCase(name.value.trim(), cases?.revision ?? draft.revision, { clock: this._stand.began, area: this._stand.area, ...this._document });
        told.textContent = say('caseSaved');
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        told.textContent = error.message;
      }
    };
    const all = async () => {
      told.textContent = say('running');
      try {
        const { cases, passed } = await this._server.cases();
        const wrong = cases.filter(one => !one.ok).map(one => `${one.name}: ${one.error.message}`);
        told.textContent = [ say('casesPassed', { n: passed, all: cases.length }), ...wrong ].join('\n');
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        told.textContent = error.message;
      }
    };
    return part('saveCase', make('div', { class: 'field' }, make('label', { for: 'case-name' }, say('caseName')), name),
      make('div', { class: 'row' }, make('button', { class: 'btn', type: 'button', onclick: keep }, say('saveCase')), make('button', { class: 'btn quiet', type: 'button', onclick: all }, say('runCases'))), told);
  }
}

let fragments = 0;
/** A meeting as the server drew it. Its parts have ids of a page of their own; here there may be several. */
function fragment(html) {
  const place = make('div', { class: 'cols-one' });
  place.innerHTML = html;
  const mark = `m${++fragments}-`;
  for (const one of place.querySelectorAll('[id]:not(pattern)')) one.id = mark + one.id;
  for (const one of place.querySelectorAll('[aria-labelledby]')) one.setAttribute('aria-labelledby', mark + one.getAttribute('aria-labelledby'));
  return place;
}

const part = (head, ...children) => make('section', {}, make('h2', {}, say(head)), ...children);

/** A part that is built when it is opened: forms are costly. */
function folded(head, open, build) {
  const details = make('details', {}, make('summary', {}, ...head.filter(Boolean)));
  const fill = () => { if (details.open && details.childElementCount === 1) details.append(...build()); };
  details.addEventListener('toggle', fill);
  if (open) {
    details.open = true;
    fill();
  }
  return details;
}

let fields = 0;
function people(list, label) {
  const id = `person-${++fields}`;
  const select = make('select', { id }, ...list.map(one => make('option', { value: one.person }, one.name)));
  return { field: make('div', { class: 'field' }, make('label', { for: id }, say(label)), select), value: () => select.value || undefined };
}

/** commitment[2]: the second instance of its process in order of start. */
function instanceName(instances, index) {
  const { process } = instances[index];
  return `${process}[${instances.slice(0, index + 1).filter(one => one.process === process).length}]`;
}

customElements.define('cogov-sandbox', CogovSandbox);
