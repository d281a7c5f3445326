import { useEffect, useState } from 'preact/hooks';
import { Numberfield } from '@bpmn-io/form-js-viewer';
import { numberFrom, numberText } from '../numbers.js';
import { Field, control } from './frame.jsx';
import { ReadOnly } from './read-only.jsx';

const UNITS = { money: '¥' };

/** A number is typed as text (no spinner, no lost digits) and kept as number for conditions. */
export function Number_(props) {
  const { field, value, onChange } = props;
  const digits = field.properties?.kind === 'money' ? field.properties.digits ?? 2 : 0;
  const [ text, setText ] = useState(() => numberText(value, digits));
  useEffect(() => {
    if (numberFrom(text) !== value) setText(numberText(value, digits));
  }, [ value ]);
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  const prefix = field.appearance?.prefixAdorner ?? UNITS[field.properties?.kind];
  const type = event => {
    setText(event.target.value);
    onChange({ field, value: numberFrom(event.target.value) });
  };
  return <Field { ...props }>
    <div class="unit">
      { prefix && <span>{ prefix }</span> }
      <input type="text" inputMode={ field.decimalDigits === 0 ? 'numeric' : 'decimal' } autocomplete="off" { ...control(props) } value={ text } onInput={ type } />
      { field.appearance?.suffixAdorner && <span>{ field.appearance.suffixAdorner }</span> }
    </div>
  </Field>;
}
Number_.config = {
  ...Numberfield.config,
  sanitizeValue: ({ value }) => (typeof value === 'string' ? numberFrom(value) : typeof value === 'number' ? value : null)
};
