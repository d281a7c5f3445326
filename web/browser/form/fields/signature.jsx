import { say } from '../words.js';
import { Field, Icon, control } from './frame.jsx';

/** One confirms the fingerprint of the frozen text one has read; the server compares it with the text as it is then. */
export function Signature(props) {
  const { field, value, onChange, errors = [] } = props;
  const expected = field.properties?.expected;
  return <Field { ...props } errors={ errors } group>
    { expected
      ? <>
        <p class="s"><span class="soft">{ say('textHash') }</span> <span class="code">{ expected }</span></p>
        <label class="choice single"><input type="checkbox" { ...control(props) } checked={ value === expected } disabled={ props.disabled || props.readonly }
          onChange={ event => onChange({ field, value: event.target.checked ? expected : '' }) } /><span>{ say('confirmText') }</span></label>
      </>
      : <p class="note warn"><Icon name="triangle-alert" />{ say('noText') }</p> }
  </Field>;
}
