import { useSingleLineTemplateEvaluation } from '@bpmn-io/form-js-viewer';
import { iconHref } from '../../shared/icons.js';
import { say } from '../words.js';

/** An icon; a word stands beside it. */
export const Icon = ({ name, spin }) => <svg class={ spin ? 'icon spin' : 'icon' } aria-hidden="true"><use href={ iconHref(name) } /></svg>;

/** Ids of hint and error of a control, for aria-describedby. */
export const describedBy = (domId, field, errors) =>
  [ field.description && `${domId}-hint`, errors.length && `${domId}-error` ].filter(Boolean).join(' ') || undefined;

/** Attributes that every control has. */
export const control = ({ domId, field, errors, onBlur, onFocus }) => ({
  id: domId,
  'aria-describedby': describedBy(domId, field, errors),
  'aria-invalid': errors.length ? 'true' : undefined,
  'aria-required': field.validate?.required ? 'true' : undefined,
  onBlur,
  onFocus
});

/**
 * Label, hint, error and control in the order of the kit: what it is, how to fill it in, what is wrong, the control.
 * `group`: several controls under one legend. The data attributes feed the error summary.
 */
export function Field({ domId, field, errors = [], group = false, readonly = false, children }) {
  const label = useSingleLineTemplateEvaluation(field.label || '', {});
  const description = useSingleLineTemplateEvaluation(field.description || '', {});
  const Outer = group ? 'fieldset' : 'div';
  const optional = !field.validate?.required && !readonly && field.type !== 'checkbox';
  const title = <>{ label }{ optional && <> <span class="opt">{ say('optional') }</span></> }</>;
  return <Outer class={ errors.length ? 'field wrong' : 'field' } data-label={ label } data-error={ errors[0] } data-control={ domId }
    aria-describedby={ group ? describedBy(domId, field, errors) : undefined }>
    { label && (group ? <legend id={ `${domId}-label` }>{ title }</legend>
      : readonly ? <span class="label" id={ `${domId}-label` }>{ title }</span> : <label id={ `${domId}-label` } for={ domId }>{ title }</label>) }
    { description && <p class="hint" id={ `${domId}-hint` }>{ description }</p> }
    { errors.length > 0 && <p class="err" id={ `${domId}-error` }><Icon name="circle-alert" /><span>{ errors.join('；') }</span></p> }
    { children }
  </Outer>;
}
