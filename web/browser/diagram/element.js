import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { jsonBlock, make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { language, speaker } from '../shared/language.js';
import { inEnglish } from './labels.js';

const say = speaker({
  failed: [ '流程图没有取到，请看下面的文字路径', 'The diagram could not be loaded. See the path in words below' ],
  fit: [ '看全图', 'Whole diagram' ],
  closer: [ '放大', 'Zoom in' ],
  away: [ '缩小', 'Zoom out' ],
  here: [ '到当前环节', 'To where it stands' ],
  tokens: [ '此处 {n} 个任务', '{n} here' ],
  times: [ '走过 {n} 次', 'Passed {n} times' ]
}, language);

/** <cogov-diagram>: the process as drawn, the path taken, and where it stands. Its text twin is rendered by the server. */
class CogovDiagram extends HTMLElement {
  async connectedCallback() {
    if (this._ready) return;
    this._ready = true;
    this._canvas = make('div', { class: 'diagram-canvas' });
    this.append(this._canvas);
    try {
      await this._show();
    } catch (error) {
      console.error(error);
      this.replaceChildren(make('p', { class: 'note warn' }, icon('triangle-alert'), say('failed')));
    }
    this.dataset.ready = 'true';
  }

  disconnectedCallback() {
    this._viewer?.destroy();
  }

  async _show() {
    const response = await fetch(this.dataset.src, { credentials: 'same-origin' });
    if (!response.ok) throw new Error(`diagram ${response.status}`);
    const source = await response.text();
    this._viewer = new NavigatedViewer({ container: this._canvas });
    await this._viewer.importXML((this.dataset.language || language) === 'en' ? inEnglish(source) : source);
    this._fitHeight();
    this._mark(jsonBlock(this.dataset.stateId, {}) ?? {});
    if (this.dataset.pick !== undefined) this._offerPicking();
    this.append(this._controls());
    this._fit();
  }

  /** Presses on elements are told to the page: `diagram-pick` with the element's id. */
  _offerPicking() {
    this._viewer.get('eventBus').on('element.click', ({ element }) => {
      const id = element.labelTarget?.id ?? element.id;
      this.dispatchEvent(new CustomEvent('diagram-pick', { detail: { id } }));
    });
    this.dispatchEvent(new CustomEvent('diagram-ready'));
  }

  /** Shows where tokens are to leave and where they are to arrive. */
  choose(chosen) {
    if (!this._viewer) return;
    const canvas = this._viewer.get('canvas'), registry = this._viewer.get('elementRegistry');
    for (const [ id, marker ] of this._chosen ?? []) canvas.removeMarker(id, marker);
    this._chosen = [ ...chosen.from.map(id => [ id, 'leaving' ]), ...chosen.to.map(id => [ id, 'arriving' ]) ].filter(([ id ]) => registry.get(id));
    for (const [ id, marker ] of this._chosen) canvas.addMarker(id, marker);
  }

  _mark({ tokens = {}, passed = {}, wrong = {} }) {
    const registry = this._viewer.get('elementRegistry');
    const canvas = this._viewer.get('canvas');
    for (const id of Object.keys(passed)) if (registry.get(id)) canvas.addMarker(id, 'passed');
    for (const [ id, count ] of Object.entries(passed)) if (count > 1) this._badge(id, count, 'passed-badge', say('times', { n: count }), { bottom: 10, left: -8 });
    for (const [ id, count ] of Object.entries(tokens)) {
      if (!registry.get(id)) continue;
      canvas.addMarker(id, 'standing');
      this._badge(id, count, 'token-badge', say('tokens', { n: count }), { top: -12, right: 12 });
    }
    for (const id of Object.keys(wrong)) if (registry.get(id)) canvas.addMarker(id, 'wrong');
    this._standing = Object.keys(tokens).filter(id => registry.get(id));
  }

  _badge(id, count, name, title, position) {
    const element = this._viewer.get('elementRegistry').get(id);
    if (!element || element.waypoints) return;
    this._viewer.get('overlays').add(id, { position, html: make('span', { class: name, title }, String(count)), show: { minZoom: .2 } });
  }

  _controls() {
    const button = (key, name, act) => make('button', { class: 'btn sq', type: 'button', title: say(key), onclick: act }, icon(name), make('span', { class: 'vh' }, say(key)));
    const zoom = step => () => this._viewer.get('zoomScroll').stepZoom(step);
    const here = this._standing?.length ? button('here', 'circle-dot', () => this._goTo(this._standing[0])) : null;
    return make('div', { class: 'group zoom' }, here, button('closer', 'zoom-in', zoom(1)), button('away', 'zoom-out', zoom(-1)), button('fit', 'maximize', () => this._fit()));
  }

  _fit() {
    const canvas = this._viewer.get('canvas');
    canvas.zoom('fit-viewport', 'auto');
    // a whole large diagram would be unreadable: begin where the case stands, else at the start
    if (canvas.zoom() < .35 && !this._shownOnce) {
      const first = this._standing?.[0] ?? this._viewer.get('elementRegistry').filter(one => one.type === 'bpmn:StartEvent')[0]?.id;
      if (first) this._goTo(first);
    }
    this._shownOnce = true;
  }

  _goTo(id) {
    const canvas = this._viewer.get('canvas');
    const { x, y, width = 0, height = 0 } = this._viewer.get('elementRegistry').get(id);
    const scale = Math.max(canvas.zoom(), .8);
    canvas.zoom(scale);
    const box = canvas.viewbox();
    canvas.viewbox({ ...box, x: x + width / 2 - box.width / 2, y: y + height / 2 - box.height / 2 });
  }

  /** As high as the drawing needs at the page's width, within reason. */
  _fitHeight() {
    const { inner } = this._viewer.get('canvas').viewbox();
    const wanted = inner.height * Math.min(1, this.clientWidth / Math.max(inner.width, 1)) + 48;
    this._canvas.style.height = `${Math.min(Math.max(wanted, inner.width > this.clientWidth ? innerHeight * .55 : 260), innerHeight * .75)}px`;
    this._viewer.get('canvas').resized();
  }
}
customElements.define('cogov-diagram', CogovDiagram);
