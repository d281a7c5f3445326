import {
  CheckboxEntry, FeelEntry, SelectEntry, TextAreaEntry, TextFieldEntry,
  isCheckboxEntryEdited, isFeelEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited
} from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { useEffect, useState } from 'preact/hooks';
import { say } from './words.js';

const EDITED = new Map([
  [ TextFieldEntry, isTextFieldEntryEdited ], [ TextAreaEntry, isTextAreaEntryEdited ], [ SelectEntry, isSelectEntryEdited ],
  [ CheckboxEntry, isCheckboxEntryEdited ], [ FeelEntry, isFeelEntryEdited ]
]);

/** An entry of the property panel: what it is called, how its value is read and written. Calling a control as a function needs no JSX. */
function entry(Control) {
  return (id, label, { get, set, hint, options, ...more }) => ({
    id, isEdited: EDITED.get(Control),
    component: ({ element, variables }) => {
      const debounce = useService('debounceInput');
      return Control({
        element, id, debounce, label: say(label), getValue: () => get(element), setValue: value => set(element, value),
        description: typeof hint === 'function' ? hint(element) : hint && say(hint), getOptions: options && (() => options(element)), variables, ...more
      });
    }
  });
}

export const text = entry(TextFieldEntry);
export const area = entry(TextAreaEntry);
export const select = entry(SelectEntry);
export const checkbox = entry(CheckboxEntry);
/** FEEL with its editor, which completes the names in scope. It is always an expression here: the leading = is written for the designer. */
export const feel = (id, label, options) => {
  const made = entry(FeelEntry)(id, label, { feel: 'required', ...options });
  return { ...made, component: props => made.component({ ...props, variables: useVariables(props.element) }) };
};

/** The names that an element's expressions may use. */
function useVariables(element) {
  const resolver = useService('variableResolver', false);
  const [ variables, setVariables ] = useState([]);
  useEffect(() => {
    let shown = true;
    resolver?.getVariablesForElement(element.businessObject, element).then(found => shown && setVariables(found));
    return () => { shown = false; };
  }, [ element ]);
  return variables;
}

/** Choices for a select: the empty one, what there is, and a value that is not among them. */
export function choices(empty, list, value) {
  const known = list.some(one => one.value === value);
  return [ { value: '', label: empty }, ...list, ...(value && !known ? [ { value, label: say('unknownValue', { value }) } ] : []) ];
}
