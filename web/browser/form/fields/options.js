import { useExpressionEvaluation } from '@bpmn-io/form-js-viewer';

/** Choices of a field: those the server filled in, or an expression over what is typed, as {value, label}. */
export function useOptions(field) {
  const computed = useExpressionEvaluation(field.valuesExpression ?? null);
  const entries = field.values ?? (Array.isArray(computed) ? computed : []);
  return entries.map(entry => (entry !== null && typeof entry === 'object'
    ? { value: entry.value ?? entry.code ?? entry.id, label: String(entry.label ?? entry.value ?? entry.code ?? entry.id) }
    : { value: entry, label: String(entry) }));
}
