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
export function makeModeler({ container, panel, catalogue, formHref }) {
  return new BpmnModeler({
    container,
    propertiesPanel: { parent: panel },
    moddleExtensions: { zeebe, cogov },
    cogov: { catalogue, formHref },
    minimap: { open: false },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule, minimap, tokenSimulation,
      translation, readableIds, fittingExtensions, extensionsModule, tidyModule, cogovGroups, simulationWords
    ]
  });
}
