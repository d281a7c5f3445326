import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { area, choices, feel, select, text } from '../entries.js';
import { extensionOf } from '../extensions.js';
import { say } from '../words.js';

const english = one => one.lang === 'en';
const documented = object => object.get('documentation')?.[0];

/** Both names and both descriptions. Chinese is standard BPMN, English is cogov:text. */
export function namesGroup(element, { extensions, modeling, bpmnFactory }) {
  const object = getBusinessObject(element);
  if (!('name' in object.$descriptor.propertiesByName) && !object.$descriptor.propertiesByName['bpmn:name']) return null;
  const write = attributes => extensions.set(element, 'cogov:Text', attributes, { where: english, made: { lang: 'en' } });
  const describe = value => {
    const made = value ? [ bpmnFactory.create('bpmn:Documentation', { text: value }) ] : [];
    made.forEach(one => { one.$parent = object; });
    extensions.write(element, object, { documentation: made });
  };
  return {
    id: 'cogov-names', label: say('names'), shouldOpen: true, entries: [
      area('cogov-name-zh', 'nameZh', { get: () => object.get('name') ?? '', set: (_, value) => modeling.updateProperties(element, { name: value }), rows: 1, autoResize: true }),
      text('cogov-name-en', 'nameEn', { get: () => extensionOf(element, 'cogov:Text', english)?.get('name') ?? '', set: (_, value) => write({ name: value ?? '' }) }),
      area('cogov-help-zh', 'helpZh', { get: () => documented(object)?.get('text') ?? '', set: (_, value) => describe(value), rows: 2, autoResize: true }),
      area('cogov-help-en', 'helpEn', { get: () => extensionOf(element, 'cogov:Text', english)?.get('body') ?? '', set: (_, value) => write({ body: value ?? '' }), rows: 2, autoResize: true })
    ]
  };
}

/** Whose lane it is; who does a task, and who must not. */
export function whoGroup(element, tools) {
  if (is(element, 'bpmn:Lane')) return group(roleEntries(element, tools));
  if (!is(element, 'bpmn:UserTask') && !is(element, 'bpmn:ManualTask')) return null;
  return group([ ...(is(element, 'bpmn:UserTask') ? assignmentEntries(element, tools) : []), excludeEntry(element, tools) ]);
}

const group = entries => ({ id: 'cogov-who', label: say('who'), shouldOpen: true, entries });

function roleEntries(element, { catalogue, extensions }) {
  const get = name => () => extensionOf(element, 'cogov:Role')?.get(name) ?? '';
  const set = name => (_, value) => extensions.set(element, 'cogov:Role', { [name]: value ?? '' });
  return [
    select('cogov-role-code', 'role', { get: get('code'), set: set('code'), options: () => choices(say('empty'), catalogue.roles(), get('code')()) }),
    feel('cogov-role-of', 'roleOf', { get: get('of'), set: set('of'), hint: 'roleOfHint' }),
    feel('cogov-role-from', 'roleFrom', { get: get('from'), set: set('from'), hint: 'roleFromHint' })
  ];
}

function assignmentEntries(element, { extensions }) {
  const get = name => () => extensionOf(element, 'zeebe:AssignmentDefinition')?.get(name) ?? '';
  const set = name => (_, value) => extensions.set(element, 'zeebe:AssignmentDefinition', { [name]: value ?? '' });
  const lane = laneOf(element);
  const hint = () => `${lane ? say('laneIs', { lane }) : say('noLane')}. ${say('groupsHint')}`;
  return [
    feel('cogov-groups', 'groups', { get: get('candidateGroups'), set: set('candidateGroups'), hint }),
    feel('cogov-assignee', 'assignee', { get: get('assignee'), set: set('assignee'), hint: 'assigneeHint' })
  ];
}

function excludeEntry(element, { extensions }) {
  return feel('cogov-exclude', 'exclude', {
    get: () => extensionOf(element, 'cogov:Exclude')?.get('who') ?? '', set: (_, value) => extensions.set(element, 'cogov:Exclude', { who: value ?? '' }), hint: 'excludeHint'
  });
}

/** The innermost lane around an element; what lies in a sub-process belongs to the sub-process's lane. */
function laneOf(element) {
  for (let one = element; one; one = one.parent) {
    const lanes = getBusinessObject(one)?.lanes;
    if (lanes?.length) return lanes.at(-1).get('name') ?? '';
  }
  return '';
}
