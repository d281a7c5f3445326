import { evaluate } from 'feelin';
import { ConditionChecker, FeelExpressionLanguage } from '@bpmn-io/form-js-viewer';
import { typed } from './temporal.js';

/** FEEL over typed data. An expression that fails gives null, as on the server a name nobody knows. */
export class CogovExpressionLanguage extends FeelExpressionLanguage {
  constructor(eventBus, formFieldRegistry) {
    super(eventBus);
    this._registry = formFieldRegistry;
    this._names = new Set();
    eventBus.on([ 'form.init', 'import.done' ], () => { this._count = -1; });
  }

  evaluate(expression, data = {}) {
    if (!this.isExpression(expression)) return null;
    try {
      return evaluate(expression.slice(1), typed(data, this._fields())).value;
    } catch (error) {
      this._eventBus.fire('error', { error });
      return null;
    }
  }

  /** A condition is an expression, no unary test: there null equals the input that is not there, and hides the field. */
  evaluateUnaryTest(expression, data = {}) {
    return this.evaluate(expression, data);
  }

  /** Names that fields of this form stand under. */
  _fields() {
    const fields = this._registry.getAll();
    if (fields.length !== this._count) {
      this._count = fields.length;
      this._names = new Set(fields.flatMap(field => `${field.key ?? ''}.${field.path ?? ''}`.split('.')).filter(Boolean));
    }
    return this._names;
  }
}
CogovExpressionLanguage.$inject = [ 'eventBus', 'formFieldRegistry' ];

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
