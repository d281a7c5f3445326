import { useContext, useMemo, useRef, useEffect } from 'preact/hooks';
import { LocalExpressionContext, buildExpressionContext } from '@bpmn-io/form-js-viewer';
import { headingOf } from './headings.js';
import { say } from './words.js';
import { Icon } from './fields/frame.jsx';
import { Value } from './fields/read-only.jsx';

const at = (data, path) => path.reduce((value, part) => value?.[part], data);

/** Takes the place of form-js's repeat renderer: rows with numbers, buttons with words, both languages. Same expression scope. */
export class CogovRows {
  constructor(form, formFields, formFieldRegistry, pathRegistry, eventBus) {
    this._form = form;
    this._formFields = formFields;
    this._formFieldRegistry = formFieldRegistry;
    this._pathRegistry = pathRegistry;
    this._eventBus = eventBus;
    this.Repeater = this.Repeater.bind(this);
    this.RepeatFooter = this.RepeatFooter.bind(this);
  }

  isFieldRepeating(id) {
    const field = id ? this._formFieldRegistry.get(id) : null;
    return Boolean(field && this._formFields.get(field.type).config.repeatable && field.isRepeating);
  }

  Repeater(props) {
    const { RowsRenderer, indexes, useSharedState, field, ...rest } = props;
    const path = this._pathRegistry.getValuePath(field, { indexes });
    const values = at(this._form._getState().data, path) || [];
    const removable = field.allowAddRemove !== false && !props.readonly;
    const heading = headingOf(field);
    const remove = index => {
      const item = values[index];
      this._eventBus.fire('repeatRenderManager.remove', { dataPath: path, index, item });
      props.onChange({ field, value: values.filter((_, n) => n !== index), indexes });
    };
    return <>{ values.map((item, index) => <Row key={ index } number={ index + 1 } title={ heading && <Value field={ heading } value={ at(item, heading.key.split('.')) } /> } remove={ removable ? () => remove(index) : null }>
      <Scope item={ item } index={ index }><RowsRenderer { ...rest } field={ field } indexes={ { ...indexes, [field.id]: index } } /></Scope>
    </Row>) }</>;
  }

  RepeatFooter(props) {
    const { indexes, field, readonly, disabled } = props;
    const path = this._pathRegistry.getValuePath(field, { indexes });
    const values = at(this._form._getState().data, path) || [];
    const added = useRef(false);
    const foot = useRef(null);
    useEffect(() => {
      if (!added.current) return;
      added.current = false;
      foot.current?.closest('.rows')?.querySelector('.one-row:last-of-type')?.querySelector('input, select, textarea')?.focus();
    }, [ values.length ]);
    const most = Number(field.properties?.maxRows ?? 200);
    if (field.allowAddRemove === false || readonly || disabled || values.length >= most) return null;
    const add = () => {
      const fresh = this._form._getInitializedFieldData(this._form._getState().data, { container: field, indexes: { ...indexes, [field.id]: values.length } });
      this._eventBus.fire('repeatRenderManager.add', { dataPath: path, index: values.length, item: fresh });
      added.current = true;
      props.onChange({ value: [ ...values, fresh ] });
    };
    return <p ref={ foot }><button class="btn" type="button" onClick={ add }><Icon name="plus" />{ say('addRow') }</button></p>;
  }
}
CogovRows.$inject = [ 'form', 'formFields', 'formFieldRegistry', 'pathRegistry', 'eventBus' ];

function Row({ number, title, remove, children }) {
  return <div class="one-row" role="group" aria-label={ say('row', { n: number }) }>
    <div class="row-head"><span class="s faint">{ title ? number : say('row', { n: number }) }</span>{ title && <h4>{ title }</h4> }
      { remove && <button class="btn quiet" type="button" onClick={ remove }><Icon name="trash-2" />{ say('removeRow') }<span class="vh"> { say('row', { n: number }) }</span></button> }</div>
    { children }
  </div>;
}

/** this, parent and i of a row, as form-js and the server define them. */
function Scope({ item, index, children }) {
  const outer = useContext(LocalExpressionContext);
  const scope = useMemo(() => ({
    data: outer.data,
    this: item,
    parent: buildExpressionContext({ ...outer, data: outer.this }),
    i: [ ...outer.i, index + 1 ]
  }), [ outer, item, index ]);
  return <LocalExpressionContext.Provider value={ scope }>{ children }</LocalExpressionContext.Provider>;
}
