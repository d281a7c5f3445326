/**
 * Extension elements that do not fit the type they are copied to are left behind: a user task's deadline survives the change into a service
 * task, its form does not. The descriptors say what fits (meta.allowedIn); what has no descriptor, and so belongs to somebody else, is kept.
 */
class FittingExtensions {
  constructor(eventBus, moddle) {
    eventBus.on('moddleCopy.canCopyProperty', 1500, ({ property, parent }) => {
      const allowed = property?.$type && moddle.getTypeDescriptor(property.$type)?.meta?.allowedIn;
      if (!allowed?.length) return;
      const holder = bpmnHolder(parent);
      if (holder && !allowed.includes('*') && !allowed.some(type => fits(holder, type))) return false;
    });
  }
}
FittingExtensions.$inject = [ 'eventBus', 'moddle' ];

/** The BPMN element around an extension element; null inside another extension element, which is copied as a whole. */
function bpmnHolder(element) {
  if (!element?.$type?.startsWith('bpmn:')) return null;
  return element.$type === 'bpmn:ExtensionElements' ? element.$parent : element;
}

/** Types such as zeebe:ZeebeServiceTask extend BPMN types; $instanceOf knows them, too. */
const fits = (element, type) => Boolean(element.$instanceOf?.(type));

export const fittingExtensions = { __init__: [ 'fittingExtensions' ], fittingExtensions: [ 'type', FittingExtensions ] };
