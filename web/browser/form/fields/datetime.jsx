import { Datetime as FormJsDatetime } from '@bpmn-io/form-js-viewer';
import { Field, control } from './frame.jsx';
import { ReadOnly } from './read-only.jsx';

const TYPES = { date: 'date', time: 'time', datetime: 'datetime-local' };

/** The browser's own date inputs: a wheel on phones, keyboard everywhere. Moments are readings of the installation's clock. */
export function Datetime(props) {
  const { field, value, onChange } = props;
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  return <Field { ...props }>
    <input class="short" type={ TYPES[field.subtype ?? 'date'] } { ...control(props) } value={ value ?? '' } max={ field.subtype === 'time' ? undefined : field.subtype === 'datetime' ? '9999-12-31T23:59' : '9999-12-31' }
      onInput={ event => onChange({ field, value: event.target.value || null }) } />
  </Field>;
}
Datetime.config = { ...FormJsDatetime.config, sanitizeValue: ({ value }) => (typeof value === 'string' && value ? value : null) };
