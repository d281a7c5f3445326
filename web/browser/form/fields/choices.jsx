import { Checkbox as FormJsCheckbox, Checklist as FormJsChecklist, Radio as FormJsRadio, Select as FormJsSelect, Taglist as FormJsTaglist } from '@bpmn-io/form-js-viewer';
import { KINDS } from '../references.js';
import { say } from '../words.js';
import { Field, Icon, control, describedBy } from './frame.jsx';
import { useOptions } from './options.js';
import { Picker } from './picker.jsx';
import { ReadOnly } from './read-only.jsx';

const keep = ({ value }) => value ?? null;
const keepList = ({ value }) => (Array.isArray(value) ? value : []);
const isOutcome = field => String(field.properties?.outcome) === 'true';

/** Few choices side by side. The outcome of a form is no field: its choices are the buttons at the foot. */
export function Radio(props) {
  const { domId, field, value, onChange, errors = [], onBlur, onFocus } = props;
  const options = useOptions(field);
  if (isOutcome(field)) return null;
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  return <Field { ...props } group>
    <div class={ options.length <= 3 ? 'choices short-list' : 'choices' } role="radiogroup" aria-labelledby={ `${domId}-label` } aria-required={ field.validate?.required ? 'true' : undefined }>
      { options.map((option, index) => <label class="choice" key={ String(option.value) }>
        <input type="radio" id={ index ? `${domId}-${index}` : domId } name={ domId } checked={ value === option.value } aria-invalid={ errors.length ? 'true' : undefined }
          onChange={ () => onChange({ field, value: option.value }) } onBlur={ onBlur } onFocus={ onFocus } />{ option.label }
      </label>) }
    </div>
  </Field>;
}
Radio.config = { ...FormJsRadio.config, sanitizeValue: keep };

export function Select(props) {
  const { field, value, onChange } = props;
  const options = useOptions(field);
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  if (KINDS.has(field.properties?.kind)) return <Picker { ...props } />;
  const at = options.findIndex(option => option.value === value);
  return <Field { ...props }>
    <select { ...control(props) } value={ at < 0 ? '' : String(at) } onChange={ event => onChange({ field, value: options[event.target.value]?.value ?? null }) }>
      <option value="">{ say('choose') }</option>
      { options.map((option, index) => <option key={ index } value={ String(index) }>{ option.label }</option>) }
    </select>
  </Field>;
}
Select.config = { ...FormJsSelect.config, sanitizeValue: keep };

export function Checklist(props) {
  const { domId, field, onChange, errors = [], onBlur, onFocus } = props;
  const value = props.value ?? [];
  const options = useOptions(field);
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  const toggle = (one, on) => onChange({ field, value: options.map(option => option.value).filter(known => (known === one ? on : value.includes(known))) });
  return <Field { ...props } group>
    <div class="choices">
      { options.map((option, index) => <label class="choice" key={ String(option.value) }>
        <input type="checkbox" id={ index ? `${domId}-${index}` : domId } checked={ value.includes(option.value) } aria-invalid={ errors.length ? 'true' : undefined }
          onChange={ event => toggle(option.value, event.target.checked) } onBlur={ onBlur } onFocus={ onFocus } />{ option.label }
      </label>) }
    </div>
  </Field>;
}
Checklist.config = { ...FormJsChecklist.config, sanitizeValue: keepList };

/** Several of a list: of the directory by search, of a short list by ticks. */
export function Taglist(props) {
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  return KINDS.has(props.field.properties?.kind) ? <Picker { ...props } several /> : <Checklist { ...props } />;
}
Taglist.config = { ...FormJsTaglist.config, sanitizeValue: keepList };

export function Checkbox(props) {
  const { domId, field, value, onChange, errors = [] } = props;
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  return <div class={ errors.length ? 'field wrong' : 'field' } data-label={ field.label } data-error={ errors[0] } data-control={ domId }>
    { errors.length > 0 && <p class="err" id={ `${domId}-error` }><Icon name="circle-alert" /><span>{ errors.join('；') }</span></p> }
    <label class="choice single"><input type="checkbox" { ...control(props) } aria-describedby={ describedBy(domId, field, errors) } checked={ value === true }
      onChange={ event => onChange({ field, value: event.target.checked }) } /><span>{ field.label }</span></label>
    { field.description && <p class="hint" id={ `${domId}-hint` }>{ field.description }</p> }
  </div>;
}
Checkbox.config = FormJsCheckbox.config;
