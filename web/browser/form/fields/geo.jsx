import { useState } from 'preact/hooks';
import { say } from '../words.js';
import { Field, Icon, control } from './frame.jsx';

/** A place: an address, and if one wants the device's position. Value: {address, lat, lon}. */
export function Geo(props) {
  const { field, onChange } = props;
  const value = props.value || { address: '', lat: null, lon: null };
  const [ note, setNote ] = useState('');
  const change = part => {
    const next = { ...value, ...part };
    onChange({ field, value: next.address.trim() || next.lat !== null ? next : null });
  };
  const locate = () => {
    setNote(say('locating'));
    const failed = () => setNote(say('locateFailed'));
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      setNote('');
      change({ lat: coords.latitude.toFixed(6), lon: coords.longitude.toFixed(6) });
    }, failed, { enableHighAccuracy: true, timeout: 10_000 });
  };
  return <Field { ...props }>
    <input type="text" autocomplete="street-address" { ...control(props) } placeholder={ say('address') } value={ value.address } onInput={ event => change({ address: event.target.value }) } />
    <p class="row under">
      { value.lat === null || value.lat === undefined
        ? <button class="btn" type="button" onClick={ locate }><Icon name="circle-dot" />{ say('locate') }</button>
        : <><span class="s n">{ say('located', value) }</span><button class="btn quiet" type="button" onClick={ () => change({ lat: null, lon: null }) }>{ say('dropPosition') }</button></> }
      <span class="s faint" role="status">{ note }</span>
    </p>
  </Field>;
}
