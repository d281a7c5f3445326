import { make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { language } from '../shared/language.js';
import { say } from './words.js';

/** What a draft opens to more readers, each with a box to confirm it; publishing waits for all of them. */
export class Lowered {
  constructor(found, show) {
    this._boxes = found.map(one => make('input', { type: 'checkbox', value: one.id }));
    this.panel = found.length ? this._panel(found, show) : '';
  }

  /** Boxes that are not ticked yet. */
  get missing() { return this._boxes.filter(box => !box.checked); }

  get confirmed() { return this._boxes.filter(box => box.checked).map(box => box.value); }

  _panel(found, show) {
    return make('section', { class: 'panel lowered' }, make('header', {}, make('h2', {}, say('loweredHead'))),
      make('p', { class: 'in soft' }, say('loweredText')), make('ul', {}, ...found.map((one, n) => this._line(one, this._boxes[n], show))));
  }

  _line(one, box, show) {
    const { kind, key, name, form, file } = one;
    const title = name[language] || name.zh || key;
    const drawn = kind === 'step' ? make('button', { type: 'button', class: 'btn quiet', onclick: () => show(key) }, say('goThere')) : '';
    return make('li', {},
      make('p', {}, make('span', { class: 'badge bad' }, icon('eye'), say(`lowered_${kind}`)), ' ', make('b', {}, title), drawn),
      make('p', { class: 's' }, one.from[language], ' → ', make('b', {}, one.to[language])),
      make('p', { class: 's soft code' }, [ file, key === title ? '' : key, form ].filter(Boolean).join(' · ')),
      make('label', { class: 'row' }, box, make('span', {}, say('loweredConfirm'))));
  }
}
