import { buildExpressionContext } from '@bpmn-io/form-js-viewer';
import { problemsOf } from './rules.js';

/** Takes the place of form-js's validator: our kinds, our words, both languages. */
export class CogovValidator {
  constructor(expressionLanguage, formFieldRegistry) {
    this._expressionLanguage = expressionLanguage;
    this._formFieldRegistry = formFieldRegistry;
  }

  validateField(field, value) {
    return problemsOf(field, field.validate ?? {}, value);
  }

  validateFieldInstance(instance, value) {
    const field = this._formFieldRegistry.get(instance.id);
    return field ? problemsOf(field, this._bounds(field, instance.expressionContextInfo), value) : [];
  }

  _bounds(field, info) {
    const language = this._expressionLanguage;
    const settled = value => (language.isExpression(value) ? language.evaluate(value, buildExpressionContext(info)) : value);
    return Object.fromEntries(Object.entries(field.validate ?? {}).map(([ name, value ]) => [ name, settled(value) ]));
  }
}
CogovValidator.$inject = [ 'expressionLanguage', 'formFieldRegistry' ];
