import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { h } from 'preact';
import { say } from '../words.js';
import { namesGroup, whoGroup } from './people.js';
import { accessGroup, actionGroup, calledGroup, dataGroup, deadlineGroup, decisionGroup, formGroup, recordsGroup, serviceGroup } from './work.js';

/** Groups of the libraries that ours replace, and those that the engine has no meaning for. */
const REPLACED = new Set([
  'documentation', 'form', 'assignmentDefinition', 'taskDefinition', 'calledElement', 'calledDecision', 'businessRuleImplementation', 'userTaskImplementation',
  'Zeebe__ExecutionListeners', 'Zeebe__TaskListeners', 'Zeebe__ExtensionProperties', 'headers', 'adHocSubProcessImplementation'
]);
const OURS = [ namesGroup, whoGroup, formGroup, serviceGroup, calledGroup, decisionGroup, deadlineGroup, recordsGroup, actionGroup, dataGroup, accessGroup ];

class CogovGroups {
  constructor(propertiesPanel, extensions, modeling, bpmnFactory, commandStack, config) {
    this._tools = { extensions, modeling, bpmnFactory, catalogue: config.catalogue, openForm: openForm(config.formHref), ...partly(commandStack, bpmnFactory) };
    // after the libraries' own groups (their priorities are 1000 and 500)
    propertiesPanel.registerProvider(300, this);
  }

  getGroups(element) {
    return groups => {
      const kept = groups.filter(group => !REPLACED.has(group.id));
      for (const group of kept) if (group.id === 'general') group.entries = group.entries.filter(one => one.id !== 'name' && one.id !== 'versionTag' && one.id !== 'processName');
      const ours = OURS.map(make => make(element, this._tools)).filter(Boolean);
      return [ ...ours, ...kept.filter(group => group.entries?.length !== 0) ];
    };
  }
}
CogovGroups.$inject = [ 'propertiesPanel', 'extensions', 'modeling', 'bpmnFactory', 'commandStack', 'config.cogov' ];

const openForm = href => form => h('p', { class: 'open-form' }, h('a', { href: href(form) }, say('openForm')));

/** Extension elements of a part that has no shape of its own: the process behind a pool. */
function partly(commandStack, factory) {
  const update = (element, moddleElement, properties) => ({ cmd: 'element.updateModdleProperties', context: { element, moddleElement, properties } });
  const run = commands => commandStack.execute('properties-panel.multi-command-executor', commands);
  return {
    addTo(element, part, type, attributes) {
      const commands = [];
      let holder = part.get('extensionElements');
      if (!holder) {
        holder = factory.create('bpmn:ExtensionElements', { values: [] });
        holder.$parent = part;
        commands.push(update(element, part, { extensionElements: holder }));
      }
      const made = factory.create(type, attributes);
      made.$parent = holder;
      run([ ...commands, update(element, holder, { values: [ ...holder.get('values'), made ] }) ]);
    },
    removeFrom(element, part, gone) {
      const holder = getBusinessObject(part).get('extensionElements');
      run([ update(element, holder, { values: holder.get('values').filter(one => one !== gone) }) ]);
    }
  };
}

export const cogovGroups = { __init__: [ 'cogovGroups' ], cogovGroups: [ 'type', CogovGroups ] };
