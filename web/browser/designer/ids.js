import { isAny } from 'bpmn-js/lib/util/ModelUtil';
import BpmnFactory from 'bpmn-js/lib/features/modeling/BpmnFactory';

const WORDS = [
  [ 'task', 'bpmn:Task' ], [ 'call', 'bpmn:CallActivity' ], [ 'part', 'bpmn:SubProcess' ], [ 'began', 'bpmn:StartEvent' ], [ 'ended', 'bpmn:EndEvent' ],
  [ 'event', 'bpmn:Event' ], [ 'gateway', 'bpmn:Gateway' ], [ 'flow', 'bpmn:SequenceFlow', 'bpmn:MessageFlow' ], [ 'lane', 'bpmn:Lane' ],
  [ 'lanes', 'bpmn:LaneSet' ], [ 'pool', 'bpmn:Participant' ], [ 'msg', 'bpmn:Message' ], [ 'sig', 'bpmn:Signal' ], [ 'err', 'bpmn:Error' ],
  [ 'esc', 'bpmn:Escalation' ], [ 'note', 'bpmn:TextAnnotation' ], [ 'link', 'bpmn:Association' ]
];
const snake = type => type.replace(/^[^:]*:/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();

/** The word that ids of a type begin with: bpmn:UserTask → task. Exported for its test. */
export const wordFor = element => WORDS.find(([ , ...types ]) => isAny(element, types))?.[0] ?? snake(element.$type);

/** New elements get ids a person can read, task_1 instead of Activity_0x1; ids of the drawing keep the library's form. */
export class ReadableIds extends BpmnFactory {
  _ensureId(element) {
    if (element.id || !this._needsId(element) || element.$type.startsWith('bpmndi:')) return super._ensureId(element);
    const word = wordFor(element);
    let number = 1;
    while (this._model.ids.assigned(`${word}_${number}`)) number++;
    element.id = `${word}_${number}`;
    this._model.ids.claim(element.id, element);
  }
}
ReadableIds.$inject = [ 'moddle' ];

export const readableIds = { bpmnFactory: [ 'type', ReadableIds ] };
