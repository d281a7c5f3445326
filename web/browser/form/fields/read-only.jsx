import { saidByHeading } from '../headings.js';
import { useService } from '../service.js';
import { Field, Icon } from './frame.jsx';
import { useOptions } from './options.js';
import { useReferences } from '../references.js';
import { numberText } from '../numbers.js';
import { say } from '../words.js';

/** A value that may only be read is text, not a grey input. */
export function ReadOnly(props) {
  const parent = useService('formFieldRegistry').get(props.field._parent);
  if (parent?.type === 'dynamiclist' && saidByHeading(parent, props.field)) return null;
  return <Field { ...props } readonly><div class="value"><Value { ...props } /></div></Field>;
}

export function Value({ field, value }) {
  const kind = field.properties?.kind;
  const chosen = useOptions(field);
  const names = useReferences(kind, value);
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return <span class="faint">{ say('nothing') }</span>;
  if (field.type === 'filepicker') return <ul>{ value.map(file => <li class="row" key={ file.id }><Icon name="paperclip" />{ file.name }</li>) }</ul>;
  if (field.type === 'checkbox') return value ? say('yes') : say('no');
  if (kind === 'geo') return value.address || say('located', value);
  if (names) return names.join('、');
  if (field.values || field.valuesExpression) {
    return [ value ].flat().map(one => chosen.find(option => option.value === one)?.label ?? String(one)).join('、');
  }
  if (field.type === 'datetime') return <time>{ String(value).replace('T', ' ') }</time>;
  if (field.type === 'number') return <span class="n">{ numberText(value, field.properties?.digits) }{ field.appearance?.suffixAdorner && ` ${field.appearance.suffixAdorner}` }</span>;
  return <span class="lines">{ String(value) }</span>;
}
