/** The column of an indicator's name in a score table; its code is then not shown. */
const NAME = 'name';

const isGiven = column => column?.readonly === true && column.type !== 'number';

/** In rows that are given, the first read-only column is what the row is about: its heading. In a score table, its name. */
export function headingOf(list) {
  if (list.allowAddRemove !== false) return null;
  const columns = (list.components ?? []).filter(column => column.key);
  const named = list.properties?.kind === 'score_table' ? columns.find(column => column.key === NAME) : null;
  const heading = named ?? columns[0];
  return isGiven(heading) ? heading : null;
}

/** Whether a column needs no field of its own: it is the heading, or the code behind it. */
export function saidByHeading(list, column) {
  const heading = headingOf(list);
  return heading?.id === column.id || (heading?.key === NAME && list.properties?.kind === 'score_table' && column.key === 'indicator' && isGiven(column));
}
