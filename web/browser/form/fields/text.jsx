import { Textarea as FormJsTextarea, Textfield as FormJsTextfield, Text as FormJsText, useTemplateEvaluation } from '@bpmn-io/form-js-viewer';
import { KINDS } from '../references.js';
import { lengthRule } from '../rules.js';
import { say } from '../words.js';
import { Field, control } from './frame.jsx';
import { Geo } from './geo.jsx';
import { Picker } from './picker.jsx';
import { ReadOnly } from './read-only.jsx';
import { Signature } from './signature.jsx';

const INPUTS = {
  phone: { type: 'tel', inputMode: 'tel', autocomplete: 'tel' },
  uscc: { autocapitalize: 'characters', spellcheck: false, maxLength: 18 }
};

export function Textfield(props) {
  const { field, value, onChange } = props;
  const kind = field.properties?.kind;
  if (kind === 'signature') return <Signature { ...props } />;
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  if (KINDS.has(kind)) return <Picker { ...props } />;
  if (kind === 'geo') return <Geo { ...props } />;
  const clean = text => (kind === 'uscc' ? text.toUpperCase() : text);
  const unit = field.appearance?.suffixAdorner;
  const input = <input type="text" class={ INPUTS[kind] ? 'short' : undefined } { ...control(props) } { ...INPUTS[kind] } value={ value ?? '' }
    placeholder={ field.placeholder } onInput={ event => onChange({ field, value: clean(event.target.value) }) } />;
  return <Field { ...props }>{ unit ? <div class="unit">{ input }<span>{ unit }</span></div> : input }</Field>;
}
Textfield.config = {
  ...FormJsTextfield.config,
  // places and references are no plain texts: keep what the server sent
  sanitizeValue: ({ formField, value }) => (formField.properties?.kind === 'geo' ? value : FormJsTextfield.config.sanitizeValue({ value }))
};

export function Textarea(props) {
  const { field, value, onChange } = props;
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  const most = lengthRule(field.properties?.rules).maxLength ?? field.validate?.maxLength;
  const n = [ ...(value ?? '').trim() ].length;
  return <Field { ...props }>
    <textarea { ...control(props) } rows={ field.properties?.rows ?? 4 } value={ value ?? '' } placeholder={ field.placeholder }
      onInput={ event => onChange({ field, value: event.target.value }) } />
    { Number.isInteger(most) && n > most * 0.8 && <p class="s faint n" aria-live="polite">{ say('characters', { n, most }) }</p> }
  </Field>;
}
Textarea.config = FormJsTextarea.config;

/** Plain words between fields; a first line starting with # is a heading. No HTML is taken. */
export function Text({ field, domId }) {
  const text = useTemplateEvaluation(field.text || '', {});
  const [ first, ...rest ] = text.split('\n').map(line => line.trim()).filter(Boolean);
  if (!first) return null;
  const heading = /^#+\s*/.test(first);
  const lines = heading ? rest : [ first, ...rest ];
  return <div class="words" id={ domId }>{ heading && <h3>{ first.replace(/^#+\s*/, '') }</h3> }{ lines.map(line => <p key={ line }>{ line.replace(/\*\*/g, '') }</p>) }</div>;
}
Text.config = FormJsText.config;
