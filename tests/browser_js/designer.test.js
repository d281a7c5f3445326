import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh } from '../../web/browser/designer/fresh.js';
import { limitInWords } from '../../web/browser/designer/limits.js';
import { lineChanges } from '../../web/browser/designer/text-diff.js';
import { withUploads } from '../../web/browser/designer/trial-form.js';
import { words } from '../../web/browser/designer/words.js';

const places = text => [ ...text.matchAll(/\{(\w+)\}/g) ].map(match => match[1]).sort();

test('every word of the designer is there in both languages, with the same places', () => {
  for (const [ key, [ zh, en ] ] of Object.entries(words)) {
    assert.ok(zh && en, key);
    assert.deepEqual(places(zh), places(en), key);
    assert.ok(!/\p{Script=Han}/u.test(en), key);
  }
});

test('limits of the conventions are explained, others are not understood', () => {
  for (const limit of [ '3WD', '4WH', 'PT2H', 'P14D', 'P1M', 'P1Y2M3DT4H5M', '=setting("days")' ]) assert.ok(limitInWords(limit), limit);
  for (const limit of [ '3 days', 'P', 'PT', '3wd', '14', '', 'P3DT' ]) assert.equal(limitInWords(limit), null, limit);
  assert.match(limitInWords('3WD'), /3 个工作日/);
});

test('a changed line is one line gone and one line new, the others stay', () => {
  const changes = lineChanges('a\nb\nc\nd', 'a\nx\nc\nd');
  assert.deepEqual(changes.map(one => one.kind + one.text), [ 'samea', 'goneb', 'newx', 'samec', 'samed' ]);
  assert.deepEqual(changes.at(-1), { kind: 'same', text: 'd', before: 4, after: 4 });
});

test('lines put in and taken out keep the numbers of both sides', () => {
  const changes = lineChanges('a\nb\nc', 'a\nnew\nb');
  assert.deepEqual(changes.filter(one => one.kind === 'same').map(one => [ one.before, one.after ]), [ [ 1, 1 ], [ 2, 3 ] ]);
  assert.deepEqual(lineChanges('', '').map(one => one.kind), [ 'same' ]);
});

test('each line of both texts is shown exactly once', () => {
  const before = Array.from({ length: 300 }, (_, n) => `line ${n % 17}`).join('\n');
  const after = Array.from({ length: 280 }, (_, n) => `line ${(n * 3) % 19}`).join('\n');
  const changes = lineChanges(before, after);
  assert.equal(changes.filter(one => one.kind !== 'new').map(one => one.text).join('\n'), before);
  assert.equal(changes.filter(one => one.kind !== 'gone').map(one => one.text).join('\n'), after);
});

test('a new form is a form of its procedure', () => {
  assert.equal(JSON.parse(fresh('forms/toy/report.form.json', 'toy')).id, 'toy/report');
});

test('files of a trial are named as example runs name them, everything else stays', () => {
  const given = { evidence: [ 'trial:photo.jpg', { id: 'trial:plan.pdf', name: 'plan.pdf' } ], rows: [ { n: 1, at: null, text: 'trial' } ] };
  assert.deepEqual(withUploads(given), { evidence: [ { upload: 'photo.jpg' }, { upload: 'plan.pdf' } ], rows: [ { n: 1, at: null, text: 'trial' } ] });
});
