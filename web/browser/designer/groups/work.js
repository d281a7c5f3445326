import { ListGroup } from '@bpmn-io/properties-panel';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { checkbox, choices, feel, select, text } from '../entries.js';
import { extensionOf, extensionsOf } from '../extensions.js';
import { limitInWords } from '../limits.js';
import { say } from '../words.js';

const CATCHING = [ 'bpmn:CatchEvent', 'bpmn:ReceiveTask' ];
const attribute = (element, extensions, type, name, options) => ({
  get: () => extensionOf(element, type)?.get(name) ?? '', set: (_, value) => extensions.set(element, type, { [name]: value ?? '' }, options)
});

/** The form of a task or of a start event. */
export function formGroup(element, { catalogue, extensions, openForm }) {
  const byHand = is(element, 'bpmn:StartEvent') && !getBusinessObject(element).get('eventDefinitions')?.length;
  if (!is(element, 'bpmn:UserTask') && !byHand) return null;
  const own = attribute(element, extensions, 'zeebe:FormDefinition', 'formId');
  const entries = [ select('cogov-form', 'form', { ...own, options: () => choices(say('noForm'), catalogue.forms(), own.get()) }) ];
  if (own.get()) entries.push({ id: 'cogov-form-open', component: () => openForm(own.get()) });
  return { id: 'cogov-form-group', label: say('form'), shouldOpen: true, entries };
}

export function deadlineGroup(element, { catalogue, extensions }) {
  if (!isAny(element, [ 'bpmn:Activity', 'bpmn:IntermediateCatchEvent' ])) return null;
  const own = name => attribute(element, extensions, 'cogov:Deadline', name, { keep: rest => Boolean(rest.limit || rest.id) });
  const limit = own('limit');
  // a limit needs an id to be named by; the designer may change it
  const setLimit = (_, value) => {
    const known = extensionOf(element, 'cogov:Deadline');
    if (!value) return known && extensions.remove(element, known);
    return extensions.set(element, 'cogov:Deadline', { limit: value, ...(own('id').get() ? {} : { id: `${element.id}_due` }) });
  };
  return {
    id: 'cogov-deadline', label: say('deadline'), entries: [
      text('cogov-limit', 'limit', {
        ...limit, set: setLimit, hint: () => (limit.get() && limitInWords(limit.get())) || say('limitHint'),
        validate: value => (value && !limitInWords(value) ? say('limitWrong') : undefined)
      }),
      text('cogov-deadline-id', 'deadlineId', { ...own('id'), hint: 'deadlineIdHint' }),
      select('cogov-ladder', 'ladder', { ...own('ladder'), options: () => choices(say('noLadder'), catalogue.ladders(), own('ladder').get()) })
    ]
  };
}

export function recordsGroup(element, { catalogue, extensions }) {
  if (!is(element, 'bpmn:FlowNode')) return null;
  const items = extensionsOf(element, 'cogov:Record').map((record, index) => {
    const own = name => ({ get: () => record.get(name) ?? '', set: (_, value) => extensions.write(element, record, { [name]: value || undefined }) });
    const id = `cogov-record-${index}`;
    return {
      id, label: [ record.get('register'), record.get('state') ].filter(Boolean).join(' → ') || say('empty'),
      remove: event => { event.stopPropagation(); extensions.remove(element, record); },
      entries: [
        select(`${id}-register`, 'register', { ...own('register'), options: () => choices(say('empty'), catalogue.registers(), record.get('register')) }),
        select(`${id}-state`, 'state', { ...own('state'), options: () => choices(say('empty'), catalogue.states(record.get('register')), record.get('state')) }),
        select(`${id}-on`, 'on', { ...own('on'), get: () => record.get('on') ?? 'start', options: () => [ { value: 'start', label: say('onStart') }, { value: 'end', label: say('onEnd') } ] }),
        feel(`${id}-key`, 'rowKey', own('key')), feel(`${id}-values`, 'values', own('values')), feel(`${id}-number`, 'number', own('number'))
      ]
    };
  });
  const first = catalogue.registers()[0]?.value ?? '';
  return listGroup('cogov-records', 'records', items, () => extensions.add(element, 'cogov:Record', { register: first }));
}

/** A message that people send by a button of the case page. */
export function actionGroup(element, { catalogue, extensions }) {
  if (!isAny(element, CATCHING)) return null;
  const known = extensionOf(element, 'cogov:Action');
  const toggle = checkbox('cogov-action-on', 'actionOn', {
    get: () => Boolean(known), set: (_, value) => (value ? extensions.add(element, 'cogov:Action') : extensions.remove(element, known))
  });
  if (!known) return { id: 'cogov-action', label: say('action'), entries: [ toggle ] };
  const own = name => ({ get: () => known.get(name) ?? '', set: (_, value) => extensions.write(element, known, { [name]: value || undefined }) });
  return {
    id: 'cogov-action', label: say('action'), entries: [
      toggle, feel('cogov-action-role', 'actionRole', { ...own('role'), hint: 'groupsHint' }),
      select('cogov-action-form', 'form', { ...own('form'), options: () => choices(say('noForm'), catalogue.forms(), known.get('form')) }),
      checkbox('cogov-action-public', 'actionPublic', { get: () => Boolean(known.get('public')), set: own('public').set })
    ]
  };
}

/** What the process remembers, and who may see it. */
export function dataGroup(element, tools) {
  const process = processOf(element);
  if (!process) return null;
  const { catalogue, extensions } = tools;
  const holder = { businessObject: process, id: element.id };
  const items = extensionsOf(holder, 'cogov:Data').map((data, index) => {
    const own = name => ({ get: () => data.get(name) ?? '', set: (_, value) => extensions.write(element, data, { [name]: value || undefined }) });
    const id = `cogov-data-${index}`;
    return {
      id, label: data.get('name') || say('empty'), remove: event => { event.stopPropagation(); tools.removeFrom(element, process, data); },
      entries: [
        text(`${id}-name`, 'dataName', own('name')),
        select(`${id}-form`, 'form', { ...own('form'), options: () => choices(say('noForm'), catalogue.forms(), data.get('form')) }),
        select(`${id}-access`, 'access', { ...own('access'), options: () => choices(say('accessDefault'), catalogue.access(), data.get('access')) }),
        feel(`${id}-of`, 'accessOf', own('of')), feel(`${id}-about`, 'about', own('about'))
      ]
    };
  });
  return listGroup('cogov-data', 'data', items, () => tools.addTo(element, process, 'cogov:Data', { name: `value_${items.length + 1}` }));
}

export function accessGroup(element, tools) {
  const process = processOf(element);
  if (!process && !is(element, 'bpmn:FlowNode')) return null;
  const holder = process ?? getBusinessObject(element);
  const known = (holder.get('extensionElements')?.get('values') ?? []).find(one => is(one, 'cogov:Access'));
  const write = (_, value) => {
    if (!value) return known && tools.removeFrom(element, holder, known);
    return known ? tools.extensions.write(element, known, { class: value }) : tools.addTo(element, holder, 'cogov:Access', { class: value });
  };
  const entries = [ select('cogov-access', 'access', { get: () => known?.get('class') ?? '', set: write, options: () => choices(say('accessDefault'), tools.catalogue.access(), known?.get('class')) }) ];
  if (known) entries.push(feel('cogov-access-of', 'accessOf', { get: () => known.get('of') ?? '', set: (_, value) => tools.extensions.write(element, known, { of: value || undefined }) }));
  return { id: 'cogov-access-group', label: say(process ? 'caseAccess' : 'access'), entries };
}

export function serviceGroup(element, { catalogue, extensions }) {
  if (!isAny(element, [ 'bpmn:ServiceTask', 'bpmn:SendTask' ])) return null;
  const own = attribute(element, extensions, 'zeebe:TaskDefinition', 'type', { keep: rest => Boolean(rest.type) });
  const hint = () => {
    const found = catalogue.service(own.get());
    if (!found) return '';
    const inputs = found.inputs.map(one => (one.required ? one.name : `${one.name}?`)).join(', ');
    return `${found.doc ? `${found.doc.split('\n')[0]} ` : ''}${inputs ? say('serviceTakes', { inputs }) : say('serviceNone')}`;
  };
  return { id: 'cogov-service', label: say('service'), shouldOpen: true, entries: [ select('cogov-service-type', 'service', { ...own, hint, options: () => choices(say('noService'), catalogue.services(), own.get()) }) ] };
}

export function calledGroup(element, { catalogue, extensions }) {
  if (!is(element, 'bpmn:CallActivity')) return null;
  const own = attribute(element, extensions, 'zeebe:CalledElement', 'processId', { made: { propagateAllChildVariables: false, propagateAllParentVariables: false }, keep: () => true });
  return { id: 'cogov-called', label: say('called'), shouldOpen: true, entries: [ select('cogov-called-process', 'called', { ...own, options: () => choices(say('empty'), catalogue.processes(), own.get()) }) ] };
}

export function decisionGroup(element, { catalogue, extensions }) {
  if (!is(element, 'bpmn:BusinessRuleTask')) return null;
  const own = name => attribute(element, extensions, 'zeebe:CalledDecision', name, { keep: () => true });
  return {
    id: 'cogov-decision', label: say('decision'), shouldOpen: true, entries: [
      select('cogov-decision-id', 'decision', { ...own('decisionId'), options: () => choices(say('empty'), catalogue.decisions(), own('decisionId').get()) }),
      text('cogov-decision-result', 'result', own('resultVariable'))
    ]
  };
}

function processOf(element) {
  if (is(element, 'bpmn:Process')) return getBusinessObject(element);
  return is(element, 'bpmn:Participant') ? getBusinessObject(element).get('processRef') : null;
}

const listGroup = (id, label, items, add) => ({ id, label: say(label), component: ListGroup, items, add: event => { event.stopPropagation(); add(); } });
