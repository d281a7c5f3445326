import { make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { Catalogue } from './catalogue.js';
import { FeelHelp } from './feel-help.js';
import { makeModeler, placeOf } from './modeler.js';
import { Scope } from './scope.js';
import { missing } from './translation.js';
import { say } from './words.js';
import { Workbench } from './workbench.js';

const DRAWN = /<(\w+:)?BPMN(Shape|Edge)\b/;

/** <cogov-designer>: the diagram of a draft with its properties, checks and saving. */
class CogovDesigner extends Workbench {
  async start(text) {
    const scope = this.scope = new Scope(this.server);
    this._modeler = makeModeler({
      container: this.part('canvas'), panel: this.part('props'), scope, catalogue: new Catalogue(await this.server.catalogue()), formHref: form => this._formHref(form)
    });
    this._feel(scope);
    this._buttons();
    await this.load(text);
    this._modeler.on('commandStack.changed', ({ trigger }) => (trigger === 'clear' ? this._states() : this._changed()));
    this.part('props').addEventListener('click', event => {
      const link = event.target.closest('.open-form a');
      if (!link) return;
      event.preventDefault();
      this.leave(link.href);
    });
    const wanted = /element=([^&]+)/.exec(location.hash)?.[1];
    if (wanted) this._show(decodeURIComponent(wanted));
  }

  /** FEEL is looked at while it is typed, with the names of the element that is selected. */
  _feel(scope) {
    const get = name => this._modeler.get(name);
    const selected = () => get('selection').get()[0];
    const panel = this.part('props');
    const help = new FeelHelp({
      server: this.server, scope, panel, holder: panel, place: () => ({ draft: this.handed.draft, ...placeOf(selected()) }),
      errors: errors => get('eventBus').fire('propertiesPanel.setErrors', { errors })
    });
    this._modeler.on('selection.changed', () => help.reset());
  }

  /** Shows a text; a file without a drawing is drawn by the server first. */
  async load(text) {
    const xml = DRAWN.test(text) ? text : await this.server.layout(text);
    const { warnings } = await this._modeler.importXML(xml);
    this.dataset.warnings = warnings.length;
    for (const warning of warnings) console.warn(warning.message);
    this._fit();
    this._states();
    return warnings;
  }

  async text() {
    return (await this._modeler.saveXML({ format: true })).xml;
  }

  /** What the libraries said untranslated; for the test of the dictionary. */
  get untranslated() { return [ ...missing ]; }
  get modeler() { return this._modeler; }

  nameOf(problem) {
    const object = problem.element && problem.file === this.handed.path ? this._modeler?.get('elementRegistry').get(problem.element)?.businessObject : null;
    return object?.get('name') || super.nameOf(problem);
  }

  goTo({ element, line }) {
    if (element && this._show(element)) return;
    // what is not drawn (a message, the process itself) belongs to the whole diagram
    this._modeler.get('selection').select(this._modeler.get('canvas').getRootElement());
    if (!element && line) this.tell(say('line', { n: line }));
  }

  found(problems) {
    const canvas = this._modeler.get('canvas');
    const registry = this._modeler.get('elementRegistry');
    for (const id of this._marked ?? []) if (registry.get(id)) for (const tone of [ 'error', 'warning' ]) canvas.removeMarker(id, `found-${tone}`);
    this._marked = [];
    for (const { file, element, severity } of problems) {
      if (file !== this.handed.path || severity === 'info' || !registry.get(element)) continue;
      canvas.addMarker(element, `found-${severity}`);
      this._marked.push(element);
    }
  }

  _show(id) {
    const element = this._modeler.get('elementRegistry').get(id);
    if (!element) return false;
    const canvas = this._modeler.get('canvas');
    this._modeler.get('selection').select(element);
    canvas.zoom(Math.max(canvas.zoom(), .7));
    canvas.scrollToElement(element, 120);
    return true;
  }

  _changed() {
    this._states();
    this.file.touch();
  }

  _states() {
    const stack = this._modeler.get('commandStack');
    this._undo.disabled = !stack.canUndo();
    this._redo.disabled = !stack.canRedo();
  }

  _fit() {
    const canvas = this._modeler.get('canvas');
    canvas.zoom('fit-viewport', 'auto');
    const box = canvas.viewbox();
    // the palette lies over the left edge
    canvas.scroll({ dx: 60, dy: 0 });
    if (box.scale < .4) {
      const first = this._modeler.get('elementRegistry').filter(one => one.type === 'bpmn:StartEvent')[0];
      canvas.zoom(.7);
      if (first) canvas.scrollToElement(first, { top: 160, left: 160, bottom: 160, right: 400 });
    }
  }

  _buttons() {
    const get = name => this._modeler.get(name);
    this._undo = this.tool('undo', 'undo-2', () => get('commandStack').undo());
    this._redo = this.tool('redo', 'redo-2', () => get('commandStack').redo());
    this.tool('tidy', 'columns-3', () => this._tidy());
    this._simulating = this.tool('simulate', 'circle-play', () => get('toggleMode').toggleMode(), { 'aria-pressed': 'false' });
    this._modeler.on('tokenSimulation.toggleMode', ({ active }) => this._simulating.setAttribute('aria-pressed', String(active)));
    const button = (key, name, act) => make('button', { class: 'btn quiet sq', type: 'button', title: say(key), onclick: act }, icon(name), make('span', { class: 'vh' }, say(key)));
    this.part('canvas').append(make('div', { class: 'group zoom' },
      button('find', 'search', () => get('searchPad').toggle()),
      button('minimap', 'eye', () => get('minimap').toggle()),
      button('closer', 'zoom-in', () => get('zoomScroll').stepZoom(1)),
      button('away', 'zoom-out', () => get('zoomScroll').stepZoom(-1)),
      button('fit', 'square', () => get('canvas').zoom('fit-viewport', 'auto')),
      button('whole', 'maximize', () => this._whole())));
  }

  _whole() {
    if (document.fullscreenElement) return document.exitFullscreen();
    return this.requestFullscreen();
  }

  async _tidy() {
    try {
      await this._modeler.get('tidy').apply(await this.server.layout(await this.text()));
      this.tell(say('tidied'));
    } catch (error) {
      this.tell(say('notTidied', { reason: error.message }), 'bad');
    }
  }

  _formHref(form) {
    const target = new URL(this.handed.pages.edit, location.href);
    target.searchParams.set('path', `forms/${form}.form.json`);
    return target.href;
  }
}
customElements.define('cogov-designer', CogovDesigner);
