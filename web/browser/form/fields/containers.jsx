import { useContext } from 'preact/hooks';
import { DynamicList as FormJsDynamicList, FormRenderContext, Group as FormJsGroup, Table as FormJsTable, useExpressionEvaluation, useSingleLineTemplateEvaluation } from '@bpmn-io/form-js-viewer';
import { say } from '../words.js';
import { Icon } from './frame.jsx';

// form-js renders the children of groups and lists; its own components do it through this one, which it does not export
const inner = (Component, props) => Component({ ...props, field: { ...props.field, label: '' } });

/** Fields that belong together. */
export function Group(props) {
  const label = useSingleLineTemplateEvaluation(props.field.label || '', {});
  return <section class="group-of-fields" aria-labelledby={ label ? `${props.domId}-title` : undefined }>
    { label && <h3 id={ `${props.domId}-title` }>{ label }</h3> }
    { inner(FormJsGroup, props) }
  </section>;
}
Group.config = FormJsGroup.config;

/** Rows. A score table adds what the weights sum to and a preview of the score. */
export function Rows(props) {
  const { domId, field, errors = [] } = props;
  useContext(FormRenderContext);
  const label = useSingleLineTemplateEvaluation(field.label || '', {});
  const description = useSingleLineTemplateEvaluation(field.description || '', {});
  const rows = Array.isArray(props.value) ? props.value : [];
  return <section class={ errors.length ? 'rows field wrong' : 'rows' } aria-labelledby={ `${domId}-title` } data-label={ label } data-error={ errors[0] } data-control={ `${domId}-title` }>
    <h3 id={ `${domId}-title` } tabIndex={ -1 }>{ label }</h3>
    { description && <p class="hint">{ description }</p> }
    { errors.length > 0 && <p class="err"><Icon name="circle-alert" /><span>{ errors.join('；') }</span></p> }
    { rows.length === 0 && <p class="faint s">{ say('noRows') }</p> }
    { inner(FormJsDynamicList, props) }
    { field.properties?.kind === 'score_table' && <ScorePreview rows={ rows } /> }
  </section>;
}
Rows.config = FormJsDynamicList.config;

function ScorePreview({ rows }) {
  const sum = rows.reduce((total, row) => total + Number(row.weight ?? 0), 0);
  const scored = rows.every(row => row.score !== null && row.score !== undefined && row.score !== '' && row.score !== 'NaN');
  const score = rows.reduce((total, row) => total + Number(row.weight ?? 0) * Number(row.score ?? 0), 0) / (sum || 1);
  return <p class="s n score-sum" role="status">{ say('weightSum', { sum: Math.round(sum * 100) / 100 }) }{ scored && rows.length > 0 && <>；{ say('scorePreview', { score: score.toFixed(1) }) }</> }</p>;
}

/** A table to read: `dataSource` and `columns` come from the server. */
export function Table({ field }) {
  const computed = useExpressionEvaluation(typeof field.dataSource === 'string' ? field.dataSource : null);
  const rows = Array.isArray(field.dataSource) ? field.dataSource : Array.isArray(computed) ? computed : [];
  const columns = field.columns ?? [];
  if (!rows.length) return <div class="field"><h3>{ field.label }</h3><p class="faint s">{ say('noRows') }</p></div>;
  return <div class="field wide"><h3>{ field.label }</h3>
    <table role="table" class="tbl">
      <thead role="rowgroup"><tr role="row">{ columns.map(column => <th role="columnheader" scope="col" key={ column.key }>{ column.label }</th>) }</tr></thead>
      <tbody role="rowgroup">{ rows.map((row, index) => <tr role="row" key={ index }>{ columns.map(column => <td role="cell" data-l={ column.label } key={ column.key }>{ String(row?.[column.key] ?? '') }</td>) }</tr>) }</tbody>
    </table></div>;
}
Table.config = FormJsTable.config;
