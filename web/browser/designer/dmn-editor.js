import DmnModeler from 'dmn-js/lib/Modeler';
import { make } from '../shared/dom.js';
import { dmnTranslation } from './dmn-chinese.js';
import { DmnNames } from './dmn-names.js';
import { FeelHelp } from './feel-help.js';
import { say } from './words.js';
import { Workbench } from './workbench.js';

const SHOWN = new Set([ 'decisionTable', 'literalExpression', 'boxedExpression' ]);

/** <cogov-dmn>: decision tables of a file; one with several has a button for each. Names in both languages stand beside the table. */
class CogovDmn extends Workbench {
  async start(text) {
    this._views = make('div', { class: 'row views', role: 'group' });
    this._place = make('div', { class: 'dmn-place' });
    this.part('canvas').append(this._views, this._place);
    const spoken = { additionalModules: [ dmnTranslation ] };
    this._modeler = new DmnModeler({ container: this._place, drd: spoken, decisionTable: spoken, literalExpression: spoken, boxedExpression: spoken });
    const beside = make('div');
    this.part('props').append(beside);
    this._names = new DmnNames(beside, (element, properties) => this._modeler.getActiveViewer().get('commandStack').execute('element.updateProperties', { element, properties }));
    this._modeler.on('viewer.created', ({ viewer }) => viewer.on('commandStack.changed', () => this._changed()));
    // a decision is asked by several processes: the sample data say what there is
    new FeelHelp({ server: this.server, panel: this._place, holder: this.part('props'), place: () => null });
    await this.load(text);
  }

  async load(text) {
    this._loaded = false;
    const { warnings } = await this._modeler.importXML(text);
    this.dataset.warnings = warnings.length;
    await this._open(this._tables()[0] ?? this._modeler.getViews()[0]);
    this._loaded = true;
  }

  _changed() {
    if (!this._loaded) return;
    this.file.touch();
    const { input = [], output = [] } = this._decision.decisionLogic ?? {};
    const parts = [ ...input, ...output ];
    if (parts.length !== this._parts.length || parts.some((one, n) => one !== this._parts[n])) this._showNames();
    else this._names.refresh();
  }

  _showNames() {
    const { input = [], output = [] } = this._decision.decisionLogic ?? {};
    this._parts = [ ...input, ...output ];
    this._names.show(this._decision);
  }

  async text() {
    return (await this._modeler.saveXML({ format: true })).xml;
  }

  goTo({ element }) {
    const view = this._tables().find(one => one.element.id === element || holds(one.element, element));
    if (view) this._open(view);
  }

  _tables() { return this._modeler.getViews().filter(view => SHOWN.has(view.type)); }

  async _open(view) {
    await this._modeler.open(view);
    this._decision = view.element;
    this._showNames();
    const tables = this._tables();
    if (tables.length < 2) return;
    this._views.replaceChildren(...tables.map(one => make('button', {
      class: 'btn', type: 'button', 'aria-pressed': String(one.element === view.element), onclick: () => this._open(one)
    }, one.name || one.id || say('decision'))));
  }
}

/** Whether an element with an id lies in a decision. */
function holds(decision, id) {
  const logic = decision.decisionLogic;
  return [ logic, ...(logic?.input ?? []), ...(logic?.output ?? []), ...(logic?.rule ?? []) ].some(part => part?.id === id);
}

customElements.define('cogov-dmn', CogovDmn);
