import BpmnModeler from 'bpmn-js/lib/Modeler';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import tokenSimulation from 'bpmn-js-token-simulation';
import minimap from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import cogov from '../../../engine/schemas/cogov.moddle.json';
import { extensionsModule } from './extensions.js';
import { fittingExtensions } from './fitting.js';
import { cogovGroups } from './groups/provider.js';
import { readableIds } from './ids.js';
import { simulationWords } from './simulation-words.js';
import { tidyModule } from './tidy.js';
import { translation } from './translation.js';

/** The modeler with everything of ours; `catalogue` is what its panels offer, `formHref` where a form is edited. */
export function makeModeler({ container, panel, catalogue, scope, formHref }) {
  return new BpmnModeler({
    container,
    propertiesPanel: { parent: panel },
    moddleExtensions: { zeebe, cogov },
    cogov: { catalogue, formHref },
    minimap: { open: false },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule, minimap, tokenSimulation,
      translation, variablesOf(scope), readableIds, fittingExtensions, extensionsModule, tidyModule, cogovGroups, simulationWords
    ]
  });
}

/** What the FEEL fields of the panel complete: the server's names instead of those the library finds in the diagram. */
const variablesOf = scope => ({
  variableResolver: [ 'value', {
    getVariablesForElement: (_, element) => scope.variables(placeOf(element))
  } ]
});

/** The place of a shape, a flow or their labels; what is no element of the process has its outermost names. */
export function placeOf(element) {
  const shown = element?.labelTarget ?? element;
  return shown?.businessObject?.$instanceOf('bpmn:FlowElement') ? { element: shown.businessObject.id } : {};
}
