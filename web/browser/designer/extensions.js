import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const isObject = value => value && typeof value === 'object';

/** The extension elements of a type that an element has. */
export const extensionsOf = (element, type) => (getBusinessObject(element).get('extensionElements')?.get('values') ?? []).filter(one => is(one, type));
export const extensionOf = (element, type, where = () => true) => extensionsOf(element, type).find(where);

/** Writes extension elements; each call is one step that can be undone. */
export class Extensions {
  constructor(bpmnFactory, commandStack) {
    this._factory = bpmnFactory;
    this._commandStack = commandStack;
  }

  /** Adds an extension element; `attributes` may hold nested ones as {type, …}. */
  add(element, type, attributes = {}) {
    const commands = [];
    const holder = this._holder(element, commands);
    const added = this._create(type, attributes, holder);
    commands.push(update(element, holder, { values: [ ...holder.get('values'), added ] }));
    this._run(commands);
    return added;
  }

  remove(element, gone) {
    const holder = getBusinessObject(element).get('extensionElements');
    const rest = holder.get('values').filter(one => one !== gone);
    this._run([ rest.length ? update(element, holder, { values: rest }) : update(element, getBusinessObject(element), { extensionElements: undefined }) ]);
  }

  /** Sets attributes of the extension element of a type, making it; one whose named attributes are all empty is taken away. */
  set(element, type, attributes, { where, keep = () => false, made = {} } = {}) {
    const known = extensionOf(element, type, where);
    const values = Object.fromEntries(Object.entries(attributes).map(([ name, value ]) => [ name, value === '' ? undefined : value ]));
    if (!known) return Object.values(values).some(value => value !== undefined) ? this.add(element, type, { ...made, ...values }) : undefined;
    const rest = { ...plain(known), ...values };
    for (const name of Object.keys(made)) delete rest[name];
    if (!keep(rest) && Object.values(rest).every(value => value === undefined)) return this.remove(element, known);
    this._run([ update(element, known, values) ]);
  }

  /** Sets properties of any part of an element's model. */
  write(element, part, properties) {
    this._run([ update(element, part, properties) ]);
  }

  _holder(element, commands) {
    const object = getBusinessObject(element);
    const known = object.get('extensionElements');
    if (known) return known;
    const made = this._create('bpmn:ExtensionElements', { values: [] }, object);
    commands.push(update(element, object, { extensionElements: made }));
    return made;
  }

  _create(type, attributes, parent) {
    const made = this._factory.create(type, attributes);
    made.$parent = parent;
    for (const value of Object.values(attributes)) for (const one of [ value ].flat()) if (isObject(one)) one.$parent = made;
    return made;
  }

  _run(commands) {
    this._commandStack.execute('properties-panel.multi-command-executor', commands);
  }
}
Extensions.$inject = [ 'bpmnFactory', 'commandStack' ];

const update = (element, moddleElement, properties) => ({ cmd: 'element.updateModdleProperties', context: { element, moddleElement, properties } });
/** What is written in a part itself; a default of its descriptor is not. */
const plain = part => Object.fromEntries(part.$descriptor.properties.map(({ name }) => name.replace(/^.*:/, '')).filter(name => Object.hasOwn(part, name)).map(name => [ name, part.get(name) ])
  .filter(([ , value ]) => value !== undefined && !(Array.isArray(value) && !value.length)));

export const extensionsModule = { extensions: [ 'type', Extensions ] };
