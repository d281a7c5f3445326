import { evaluate } from 'feelin';
import { ConditionChecker, FeelExpressionLanguage } from '@bpmn-io/form-js-viewer';
import { typed } from './temporal.js';

/** FEEL over typed data. An expression that fails gives null, as on the server a name nobody knows. */
export class CogovExpressionLanguage extends FeelExpressionLanguage {
  evaluate(expression, data = {}) {
    if (!this.isExpression(expression)) return null;
    try {
      return evaluate(expression.slice(1), typed(data)).value;
    } catch (error) {
      this._eventBus.fire('error', { error });
      return null;
    }
  }
}
CogovExpressionLanguage.$inject = [ 'eventBus' ];

const ROUNDS = 20;

/** Hidden values decide nothing: conditions are applied until nothing changes, as the server does. */
export class CogovConditionChecker extends ConditionChecker {
  applyConditions(data, contextData = {}, options = {}) {
    let result = super.applyConditions(data, contextData, options);
    let context = contextData;
    for (let round = 0; round < ROUNDS; round++) {
      const next = super.applyConditions(context, context);
      if (JSON.stringify(next) === JSON.stringify(context)) break;
      context = next;
      result = super.applyConditions(data, context, options);
    }
    return result;
  }
}
CogovConditionChecker.$inject = [ 'formFieldRegistry', 'pathRegistry', 'expressionLanguage', 'eventBus' ];
