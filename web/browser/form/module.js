import { CogovConditionChecker, CogovExpressionLanguage } from './expressions.js';
import { widgets } from './fields/index.js';
import { CogovRows } from './rows.jsx';
import { CogovValidator } from './validator.js';

class Widgets {
  constructor(formFields) {
    for (const widget of widgets) formFields.register(widget.config.type, widget);
  }
}
Widgets.$inject = [ 'formFields' ];

/** What is ours in the viewer: widgets, words, rows, conditions. Everything else is form-js. */
export const cogovModule = {
  __init__: [ 'cogovWidgets' ],
  cogovWidgets: [ 'type', Widgets ],
  validator: [ 'type', CogovValidator ],
  expressionLanguage: [ 'type', CogovExpressionLanguage ],
  conditionChecker: [ 'type', CogovConditionChecker ],
  repeatRenderManager: [ 'type', CogovRows ]
};
