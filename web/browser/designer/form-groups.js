import { CheckboxEntry, SelectEntry, TextAreaEntry, TextFieldEntry, isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { choices } from './entries.js';
import { say } from './words.js';

const EDITED = new Map([ [ TextFieldEntry, isTextFieldEntryEdited ], [ TextAreaEntry, isTextAreaEntryEdited ], [ SelectEntry, isSelectEntryEdited ], [ CheckboxEntry, isCheckboxEntryEdited ] ]);
const CHOOSING = new Set([ 'radio', 'select', 'checklist', 'taglist' ]);
/** A typed text is written at once: the library's editor has its own debounce only inside. */
const now = run => run;

/** A module for the form editor: our settings of a field, in a group above the library's. `catalogue` has kinds, codes and rules. */
export function formGroups(catalogue) {
  class CogovFormGroups {
    constructor(propertiesPanel) {
      propertiesPanel.registerProvider(this, 400);
    }

    getGroups(field, edit) {
      return groups => (field && field.type !== 'default' ? [ { id: 'cogov', label: say('ours'), shouldOpen: true, entries: entriesOf(field, edit, catalogue) }, ...groups ] : groups);
    }
  }
  CogovFormGroups.$inject = [ 'propertiesPanel' ];
  return { __init__: [ 'cogovFormGroups' ], cogovFormGroups: [ 'type', CogovFormGroups ] };
}

/** Exported for its test: a property set, or taken away when it is empty; no empty object is left. */
export function changed(object, name, value) {
  const { [name]: _gone, ...rest } = object ?? {};
  const next = value === '' || value === undefined || value === false ? rest : { ...rest, [name]: value };
  return Object.keys(next).length ? next : undefined;
}

function entriesOf(field, edit, catalogue) {
  const one = (Control, id, label, { get, set, hint, options }) => ({
    id: `cogov-${id}`, field, editField: edit, isEdited: EDITED.get(Control),
    component: () => Control({ element: field, id: `cogov-${id}`, debounce: now, label: say(label), description: hint && say(hint), getValue: get, setValue: set, getOptions: options })
  });
  const property = name => ({ get: () => field.properties?.[name] ?? '', set: value => edit(field, 'properties', changed(field.properties, name, value)) });
  const english = name => ({
    get: () => field.i18n?.en?.[name] ?? '',
    set: value => edit(field, 'i18n', changed(field.i18n, 'en', changed(field.i18n?.en, name, value)))
  });
  const entries = [];
  if (field.type === 'text') entries.push(one(TextAreaEntry, 'text-en', 'textEn', english('text')));
  else {
    entries.push(one(TextFieldEntry, 'label-en', 'labelEn', english('label')));
    entries.push(one(TextFieldEntry, 'description-en', 'descriptionEn', english('description')));
  }
  const kinds = catalogue.kinds().filter(kind => kind.types.includes(field.type)).map(kind => ({ value: kind.code, label: kind.code }));
  if (kinds.length) entries.push(one(SelectEntry, 'kind', 'formKind', { ...property('kind'), options: () => choices(say('plainKind'), kinds, field.properties?.kind) }));
  if (CHOOSING.has(field.type)) entries.push(one(SelectEntry, 'codes', 'codes', codesOf(field, edit, catalogue)));
  if (field.type === 'radio') {
    entries.push(one(CheckboxEntry, 'outcome', 'outcome', { get: () => field.properties?.outcome === 'true', set: on => edit(field, 'properties', changed(field.properties, 'outcome', on ? 'true' : '')) }));
  }
  if (field.key !== undefined || field.path !== undefined) entries.push(one(TextFieldEntry, 'rules', 'rules', { ...property('rules'), hint: 'rulesHint' }));
  return entries;
}

function codesOf(field, edit, catalogue) {
  const name = () => /^=codes\.(\w+)$/.exec(field.valuesExpression ?? '')?.[1] ?? '';
  return {
    get: name,
    set: value => (value ? edit(field, { values: undefined, valuesKey: undefined, valuesExpression: `=codes.${value}` }) : edit(field, { valuesExpression: undefined, values: [ { label: '选项', value: 'option_1' } ] })),
    options: () => choices(say('noCodes'), catalogue.codes(), name())
  };
}
