import { useEffect, useRef, useState } from 'preact/hooks';
import { shared, useReferences } from '../references.js';
import { say } from '../words.js';
import { Field, Icon, control } from './frame.jsx';

const WAIT = 200;
const IDLE = { entries: [], note: '', at: -1, open: false };

/** A person, unit, area … found by a few letters: a combobox as the ARIA patterns describe it; chosen ones stand above it. */
export function Picker(props) {
  const { domId, field, value, onChange, several = false } = props;
  const kind = field.properties.kind;
  const ids = [ value ].flat().filter(Boolean);
  const names = useReferences(kind, value);
  const [ letters, setLetters ] = useState('');
  const [ list, setList ] = useState(IDLE);
  const input = useRef(null);
  const focusNext = useRef(false);

  useEffect(() => {
    if (!list.open) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      setList(before => ({ ...before, note: say('searching') }));
      shared.current.search(kind, letters.trim(), field.properties.filter, abort.signal)
        .then(found => found.filter(entry => !ids.includes(entry.value)))
        .then(entries => setList({ entries, at: -1, open: true, note: entries.length ? say('found', { n: entries.length }) : say('nothingFound', { q: letters.trim() }) }))
        .catch(error => { if (error.name !== 'AbortError') setList({ ...IDLE, open: true, note: say('searchFailed') }); });
    }, WAIT);
    return () => { clearTimeout(timer); abort.abort(); };
  }, [ letters, list.open, ids.length ]);
  useEffect(() => {
    if (focusNext.current) input.current?.focus();
    focusNext.current = false;
  });

  const close = () => { setList(IDLE); setLetters(''); };
  const choose = entry => {
    shared.current.remember(kind, entry.value, entry.label);
    onChange({ field, value: several ? [ ...ids, entry.value ] : entry.value });
    focusNext.current = several;
    close();
  };
  const drop = id => {
    focusNext.current = true;
    onChange({ field, value: several ? ids.filter(one => one !== id) : null });
  };
  const keys = event => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setList(before => ({ ...before, open: true, at: before.entries.length ? (before.at + step + before.entries.length + (before.at < 0 && step < 0 ? 1 : 0)) % before.entries.length : -1 }));
    } else if (event.key === 'Enter' && list.open) {
      event.preventDefault();
      if (list.entries[list.at]) choose(list.entries[list.at]);
    } else if (event.key === 'Escape' && list.open) {
      event.stopPropagation();
      close();
    }
  };

  const empty = several || !ids.length;
  return <Field { ...props } group={ !empty }>
    { ids.length > 0 && <ul class="chosen">{ ids.map((id, index) => <li key={ id }><span>{ names[index] }</span>
      <button class="btn quiet" type="button" id={ empty || index ? undefined : domId } onClick={ () => drop(id) }>{ say(several ? 'remove' : 'change') }<span class="vh"> { names[index] }</span></button></li>) }</ul> }
    { empty && <div class="picker">
      <input ref={ input } type="text" role="combobox" autocomplete="off" aria-autocomplete="list" aria-expanded={ list.open ? 'true' : 'false' } aria-controls={ `${domId}-list` }
        aria-activedescendant={ list.at >= 0 ? `${domId}-${list.at}` : undefined } { ...control(props) } placeholder={ say('searchFor') } value={ letters }
        onInput={ event => { setLetters(event.target.value); setList(before => ({ ...before, open: true })); } } onKeyDown={ keys }
        onFocus={ () => setList(before => ({ ...before, open: true })) } onBlur={ () => { close(); props.onBlur(); } } />
      <Icon name="search" />
      <div class="list" hidden={ !list.open }>
        <ul role="listbox" id={ `${domId}-list` } aria-label={ field.label }>
          { list.entries.map((entry, index) => <li role="option" key={ entry.value } id={ `${domId}-${index}` } aria-selected={ index === list.at ? 'true' : 'false' }
            onMouseDown={ event => event.preventDefault() } onClick={ () => choose(entry) }><span>{ entry.label }</span>{ entry.hint && <small>{ entry.hint }</small> }</li>) }
        </ul>
        <p class="s faint" role="status">{ list.note }</p>
      </div>
    </div> }
  </Field>;
}
