import { useEffect, useRef, useState } from 'preact/hooks';
import { Datetime as FormJsDatetime } from '@bpmn-io/form-js-viewer';
import { FORMATS } from '../dates.js';
import { say } from '../words.js';
import { Field, Icon, control } from './frame.jsx';
import { ReadOnly } from './read-only.jsx';

const onTouch = matchMedia('(pointer: coarse)').matches;

/**
 * Days and moments, always written 2026-03-20: a native date input shows the order of the system's language, where 05/04 may mean
 * two days. With a mouse one types (several spellings) or opens the calendar; on touch the system's wheel, which names the month.
 * Moments are readings of the installation's clock.
 */
export function Datetime(props) {
  if (props.readonly || props.disabled) return <ReadOnly { ...props } />;
  return <Field { ...props }>{ onTouch ? <Native { ...props } /> : <Typed { ...props } /> }</Field>;
}
Datetime.config = { ...FormJsDatetime.config, sanitizeValue: ({ value }) => (typeof value === 'string' && value ? value : null) };

const latest = { date: '9999-12-31', datetime: '9999-12-31T23:59' };

function Native(props) {
  const { field, value, onChange } = props;
  const subtype = field.subtype ?? 'date';
  return <input class="short" type={ FORMATS[subtype].native } { ...control(props) } value={ value ?? '' } max={ latest[subtype] }
    onInput={ event => onChange({ field, value: event.target.value || null }) } />;
}

function Typed(props) {
  const { field, value, onChange, onBlur } = props;
  const format = FORMATS[field.subtype ?? 'date'];
  const shown = value ? format.show(value) : '';
  const [ text, setText ] = useState(shown);
  const calendar = useRef(null);
  useEffect(() => {
    if (value && format.read(text) !== value) setText(shown);
  }, [ value ]);
  // what cannot be read is kept as typed, so that the error can name it
  const change = typed => {
    setText(typed);
    onChange({ field, value: typed.trim() ? format.read(typed) ?? typed.trim() : null });
  };
  return <div class="unit day">
    <input type="text" inputMode="numeric" autocomplete="off" { ...control(props) } value={ text } placeholder={ format.example } onInput={ event => change(event.target.value) }
      onBlur={ () => { if (format.read(text)) setText(format.show(format.read(text))); onBlur(); } } />
    <span class="calendar"><button class="btn sq" type="button" title={ say('calendar') } onClick={ () => calendar.current.showPicker() }><Icon name="calendar-days" /><span class="vh">{ say('calendar') }：{ field.label }</span></button>
      <input ref={ calendar } type={ format.native } tabIndex={ -1 } aria-hidden="true" value={ format.read(text) ?? '' } max={ latest[field.subtype ?? 'date'] } onChange={ event => change(format.show(event.target.value)) } /></span>
  </div>;
}
