import { make } from '../shared/dom.js';
import { say } from './words.js';

const COGOV = 'urn:cogov:bpmn:1';
const isEnglish = one => one.$type === 'cogov:text' && one.lang === 'en';

/** The English text of a part of a decision: {name, $body}, as cogov:text keeps it; undefined without one. */
export const englishOf = part => part.extensionElements?.values?.find(isEnglish);

/** Extension elements with another English text; everything else in them stays. None at all when nothing is left. */
export function withEnglish(part, changes) {
  const { $model: model } = part;
  const known = englishOf(part);
  const text = { name: known?.name, $body: known?.$body, ...changes };
  const rest = (part.extensionElements?.values ?? []).filter(one => !isEnglish(one));
  const facts = Object.fromEntries(Object.entries(text).filter(([ , value ]) => value));
  const values = Object.keys(facts).length ? [ ...rest, model.createAny('cogov:text', COGOV, { lang: 'en', ...facts }) ] : rest;
  if (!values.length) return undefined;
  const made = model.create('dmn:ExtensionElements', { values });
  made.$parent = part;
  return made;
}

/** The panel beside a decision: Chinese and English names of it, its inputs and its outputs. `write(part, properties)` is one step. */
export class DmnNames {
  constructor(place, write) {
    this._place = place;
    this._write = write;
    this._fields = [];
  }

  show(decision) {
    this._fields = [];
    const { input = [], output = [] } = decision.decisionLogic ?? {};
    this._place.replaceChildren(
      this._part(say('decision'), decision, { zh: 'name', help: true }),
      ...input.map((one, n) => this._part(say('dmnInput', { n: n + 1 }), one, { zh: 'label', code: one.inputExpression?.text })),
      ...output.map((one, n) => this._part(say('dmnOutput', { n: n + 1 }), one, { zh: 'label', code: one.name })));
  }

  /** After undo, redo, or a change in the table itself: what is not being typed in shows the model. */
  refresh() {
    for (const { box, get } of this._fields) if (box !== document.activeElement && box.value !== get()) box.value = get();
  }

  _part(title, part, { zh, code, help }) {
    return make('fieldset', { class: 'names' }, make('legend', {}, title, code ? make('span', { class: 'code soft' }, ` ${code}`) : ''),
      this._field('nameZh', part, () => part.get(zh) ?? '', value => ({ [zh]: value || undefined })),
      this._field('nameEn', part, () => englishOf(part)?.name ?? '', value => ({ extensionElements: withEnglish(part, { name: value }) })),
      ...help ? [
        this._field('helpZh', part, () => part.get('description') ?? '', value => ({ description: value || undefined }), 'textarea'),
        this._field('helpEn', part, () => englishOf(part)?.$body ?? '', value => ({ extensionElements: withEnglish(part, { $body: value }) }), 'textarea')
      ] : []);
  }

  _field(word, part, get, properties, tag = 'input') {
    const box = make(tag, tag === 'textarea' ? { rows: '2' } : { type: 'text' });
    box.value = get();
    box.addEventListener('input', () => this._write(part, properties(box.value.trim())));
    this._fields.push({ box, get });
    return make('label', {}, make('span', {}, say(word)), box);
  }
}
