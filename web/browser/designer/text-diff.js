import { make } from '../shared/dom.js';

const CONTEXT = 3;
const MOST = 4000;

/** Lines of two texts: [{kind: 'same' | 'gone' | 'new', text, before, after}], numbers from 1. Longest common subsequence of lines. */
export function lineChanges(before, after) {
  const old = before.split('\n');
  const now = after.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const same = (i, j) => ({ kind: 'same', text: old[i], before: i + 1, after: j + 1 });
  return [
    ...old.slice(0, head).map((_, i) => same(i, i)),
    ...middle(old, now, head, old.length - tail, now.length - tail),
    ...Array.from({ length: tail }, (_, k) => same(old.length - tail + k, now.length - tail + k))
  ];
}

function middle(old, now, head, oldEnd, nowEnd) {
  const gone = i => ({ kind: 'gone', text: old[i], before: i + 1 });
  const fresh = j => ({ kind: 'new', text: now[j], after: j + 1 });
  const n = oldEnd - head;
  const m = nowEnd - head;
  const changes = [];
  // beyond some millions of pairs the two stretches are shown whole, one after the other
  if (n * m > MOST * MOST / 4) {
    for (let i = head; i < oldEnd; i++) changes.push(gone(i));
    for (let j = head; j < nowEnd; j++) changes.push(fresh(j));
    return changes;
  }
  const width = m + 1;
  const length = new Uint16Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      length[i * width + j] = old[head + i] === now[head + j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && old[head + i] === now[head + j]) {
      changes.push({ kind: 'same', text: old[head + i], before: head + i + 1, after: head + j + 1 });
      i++;
      j++;
    } else if (j >= m || (i < n && length[(i + 1) * width + j] >= length[i * width + j + 1])) changes.push(gone(head + i++));
    else changes.push(fresh(head + j++));
  }
  return changes;
}

/** A table of the changed lines with some around them. */
export function textDiff(before, after, beforeTitle, afterTitle) {
  const changes = lineChanges(before, after);
  const near = changes.map((_, index) => changes.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(one => one.kind !== 'same'));
  const rows = [];
  changes.forEach((change, index) => {
    if (!near[index]) {
      if (near[index - 1]) rows.push(make('tr', { class: 'skipped' }, make('td', { colspan: '4' }, '⋯')));
      return;
    }
    const mark = { same: '', gone: '−', new: '+' }[change.kind];
    rows.push(make('tr', { class: change.kind }, make('td', { class: 'n' }, String(change.before ?? '')), make('td', { class: 'n' }, String(change.after ?? '')), make('td', {}, mark), make('td', {}, make('code', {}, change.text))));
  });
  return make('table', { class: 'text-diff' }, make('caption', {}, `− ${beforeTitle} · + ${afterTitle}`), make('tbody', {}, ...rows));
}
