const full = text => text.replace(/[０-９]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0));

/** ISO day of what people type: 2026-3-20, 2026/3/20, 2026.3.20, 20260320, 2026年3月20日. Null when it is no day that exists. */
export function dayFrom(text) {
  const plain = full(text).trim().replace(/日$/, '');
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})$/.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  if (!found) return null;
  const [ year, month, day ] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

/** Clock reading hh:mm of 9:30, 09:30, ０９：３０, 9点30分, 0930. Null when there is none such. */
export function timeFrom(text) {
  const plain = full(text).trim().replace('：', ':').replace(/点/, ':').replace(/分$/, '');
  const found = /^(\d{1,2}):(\d{2})$/.exec(plain) ?? /^(\d{2})(\d{2})$/.exec(plain);
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return null;
  return `${found[1].padStart(2, '0')}:${found[2]}`;
}

/** yyyy-mm-ddThh:mm of a day and a time with a blank or T between. */
export function momentFrom(text) {
  const [ day, time, ...rest ] = full(text).trim().split(/[\sT]+/);
  const parts = [ dayFrom(day ?? ''), timeFrom(time ?? '') ];
  return rest.length || parts.includes(null) ? null : parts.join('T');
}

/** How each subtype is read from typing and shown. */
export const FORMATS = {
  date: { read: dayFrom, show: value => value, native: 'date', example: '2026-03-20' },
  datetime: { read: momentFrom, show: value => value.replace('T', ' '), native: 'datetime-local', example: '2026-03-20 17:30' },
  time: { read: timeFrom, show: value => value.slice(0, 5), native: 'time', example: '17:30' }
};
