import { FormEditor } from '@bpmn-io/form-js-editor';
import '../form/element.js';
import { make } from '../shared/dom.js';
import { icon } from '../shared/icons.js';
import { jsonOf, sendJson } from '../shared/http.js';
import { language } from '../shared/language.js';
import { Catalogue } from './catalogue.js';
import { FeelHelp } from './feel-help.js';
import { formGroups } from './form-groups.js';
import { formTranslations } from './form-translation.js';
import { Scope } from './scope.js';
import { say } from './words.js';
import { entered } from './trial-form.js';
import { Workbench } from './workbench.js';

/** <cogov-form-editor>: a form of a draft, with our kinds beside form-js's own settings and a preview in both languages. */
class CogovFormEditor extends Workbench {
  async start(text) {
    formTranslations(language);
    const catalogue = new Catalogue(await this.server.catalogue());
    this._editing = make('div', { class: 'editing' });
    this._previewing = make('div', { class: 'previewing', hidden: true });
    this.part('canvas').append(this._head(), this._editing, this._previewing);
    this._editor = new FormEditor({ container: this._editing, additionalModules: [ formGroups(catalogue) ] });
    await this.load(text);
    this._feel();
    this._editor.on('changed', () => { if (this._loaded) this.file.touch(); });
    const wanted = /element=([^&]+)/.exec(location.hash)?.[1];
    if (wanted) this.goTo({ element: decodeURIComponent(wanted) });
  }

  /** FEEL is looked at while it is typed, with the form's fields and the variables of the steps that show it. */
  _feel() {
    const panel = this._editing.querySelector('.fjs-editor-properties-container');
    const form = this.handed.path.replace(/^forms\//, '').replace(/\.form\.json$/, '');
    const bus = this._editor.get('eventBus');
    this.scope = new Scope(this.server);
    const help = new FeelHelp({
      server: this.server, scope: this.scope, panel, holder: panel, place: () => ({ draft: this.handed.draft, form }),
      errors: errors => bus.fire('propertiesPanel.setErrors', { errors })
    });
    bus.on('selection.changed', () => help.reset());
  }

  async load(text) {
    this._loaded = false;
    this._whole = JSON.parse(text);
    await this._editor.importSchema(this._whole);
    this._titleZh.value = this._whole.title ?? '';
    this._titleEn.value = this._whole.i18n?.en?.title ?? '';
    this._loaded = true;
  }

  text() {
    return `${JSON.stringify(this._schema(), null, 1)}\n`;
  }

  goTo({ element }) {
    const field = this._editor.get('formFieldRegistry').get(element);
    if (field) this._editor.get('selection').set(field);
  }

  /** What the editor holds, with the head that it does not know: title, languages, our properties. */
  _schema() {
    const { exporter, ...saved } = this._editor.saveSchema();
    return { ...this._whole, ...saved, title: this._titleZh.value, i18n: { ...this._whole.i18n, en: { ...this._whole.i18n?.en, title: this._titleEn.value } } };
  }

  _head() {
    const field = (id, label, lang) => {
      const input = make('input', { id, lang });
      input.addEventListener('input', () => this.file.touch());
      return [ input, make('div', { class: 'field' }, make('label', { for: id }, say(label)), input) ];
    };
    const [ zh, zhField ] = field('form-title-zh', 'formTitle', 'zh-CN');
    const [ en, enField ] = field('form-title-en', 'formTitleEn', 'en');
    Object.assign(this, { _titleZh: zh, _titleEn: en });
    const show = (lang, label) => make('button', { class: 'btn', type: 'button', 'aria-pressed': 'false', 'data-preview': lang, onclick: event => this._preview(lang, event.currentTarget) }, icon('eye'), say(label));
    return make('div', { class: 'form-names' }, zhField, enField, make('span', { class: 'row' }, show('zh', 'previewZh'), show('en', 'previewEn')));
  }

  async _preview(lang, button) {
    const shown = button.getAttribute('aria-pressed') === 'true';
    for (const one of this.querySelectorAll('[data-preview]')) one.setAttribute('aria-pressed', String(one === button && !shown));
    this._editing.hidden = !shown;
    this._previewing.hidden = shown;
    if (shown) return;
    const response = await sendJson(`${this.handed.pages.edit}/preview`, 'POST', { schema: this._schema(), language: lang });
    const answer = await jsonOf(response);
    if (!response.ok) return this._previewing.replaceChildren(make('p', { class: 'note bad' }, icon('circle-alert'), answer.title ?? say('refused', { status: response.status })));
    // nothing is sent from here: pressing only shows what the form itself would refuse
    this._previewing.replaceChildren(make('div', { lang: lang === 'en' ? 'en' : 'zh-CN' }, entered(answer, say('preview'), async () => null)));
  }
}
customElements.define('cogov-form-editor', CogovFormEditor);
