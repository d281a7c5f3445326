/** In rows that are given, the first read-only column is what the row is about: its heading. */
export function headingOf(list) {
  const first = list.components?.find(component => component.key);
  return list.allowAddRemove === false && first?.readonly === true && first.type !== 'number' ? first : null;
}
