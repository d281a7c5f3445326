import { useEffect, useRef, useState } from 'preact/hooks';
import { FilePicker } from '@bpmn-io/form-js-viewer';
import { upload } from '../upload.js';
import { say } from '../words.js';
import { Field, Icon, describedBy } from './frame.jsx';
import { ReadOnly } from './read-only.jsx';

const ACCEPT = '.pdf,.docx,.xlsx,.jpg,.jpeg,.png';
const most = field => Number(/V-FILE\((\d+)\)/.exec(field.properties?.rules ?? '')?.[1] ?? (field.multiple === false ? 1 : 10));

/** Files are sent at once and kept by the server; the form holds what came back, so a mistake elsewhere loses none. */
export function Files(props) {
  const { domId, field, onChange, errors = [] } = props;
  const value = Array.isArray(props.value) ? props.value : [];
  const [ pending, setPending ] = useState([]);
  const latest = useRef(value);
  const alive = useRef(true);
  latest.current = value;
  useEffect(() => () => { alive.current = false; }, []);
  if (props.readonly || props.disabled) return <ReadOnly { ...props } value={ value } />;

  const change = (key, part) => alive.current && setPending(before => before.map(one => (one.key === key ? { ...one, ...part } : one)));
  const take = files => [ ...files ].slice(0, Math.max(0, most(field) - value.length - pending.length)).forEach(file => {
    const key = `${file.name}-${file.size}-${performance.now()}`;
    setPending(before => [ ...before, { key, name: file.name, percent: 0, reason: '' } ]);
    upload(file, percent => change(key, { percent })).then(stored => {
      if (!alive.current) return;
      setPending(before => before.filter(one => one.key !== key));
      latest.current = [ ...latest.current, stored ];
      onChange({ field, value: latest.current });
    }, error => change(key, { reason: error.message }));
  });
  const drop = event => {
    event.preventDefault();
    take(event.dataTransfer.files);
  };
  const picked = event => {
    take(event.target.files);
    event.target.value = '';
  };
  const full = value.length + pending.length >= most(field);
  return <Field { ...props } group field={ { ...field, description: field.description || say('fileHint', { n: most(field) }) } }>
    <ul class="files" data-uploading={ pending.some(one => !one.reason) ? 'true' : undefined }>
      { value.map(file => <li class="file" key={ file.id }><Icon name={ String(file.media_type).startsWith('image/') ? 'image' : 'file-text' } />
        <div>{ file.name }<small>{ sizeText(file.size) } · { say('uploaded') }</small></div>
        <button class="btn quiet" type="button" onClick={ () => onChange({ field, value: value.filter(one => one.id !== file.id) }) }>{ say('remove') }<span class="vh"> { file.name }</span></button></li>) }
      { pending.map(one => <li class={ one.reason ? 'file wrong' : 'file' } key={ one.key }><Icon name={ one.reason ? 'circle-alert' : 'loader-circle' } spin={ !one.reason } />
        <div>{ one.name }<small role="status">{ one.reason ? say('uploadFailed', { reason: one.reason }) : say('uploading', { percent: one.percent }) }</small></div>
        { one.reason && <button class="btn quiet" type="button" onClick={ () => setPending(before => before.filter(other => other.key !== one.key)) }>{ say('remove') }<span class="vh"> { one.name }</span></button> }</li>) }
    </ul>
    { !full && <div class="drop" onDragOver={ event => event.preventDefault() } onDrop={ drop }>
      <label class="btn phone-camera"><Icon name="camera" />{ say('takePhoto') }<input class="vh" type="file" accept="image/*" capture="environment" onChange={ picked } /></label>
      <label class="btn"><Icon name="paperclip" />{ say('chooseFile') }<input class="vh" type="file" id={ domId } accept={ ACCEPT } multiple={ most(field) > 1 }
        aria-describedby={ describedBy(domId, { description: true }, errors) } onChange={ picked } /></label>
      <span class="s soft with-mouse">{ say('dropHere') }</span>
    </div> }
  </Field>;
}
Files.config = { ...FilePicker.config, emptyValue: [], sanitizeValue: ({ value }) => (Array.isArray(value) ? value : []) };

const sizeText = bytes => (bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);
