import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOf, placeErrors } from '../../web/browser/form/errors.js';

const instances = [
  { id: 'f_note', valuePath: [ 'note' ], indexes: {} },
  { id: 'f_rows', valuePath: [ 'rows' ], indexes: {} },
  { id: 'f_title', valuePath: [ 'rows', 0, 'title' ], indexes: { f_rows: 0 } },
  { id: 'f_title', valuePath: [ 'rows', 1, 'title' ], indexes: { f_rows: 1 } },
  { id: 'f_files', valuePath: [ 'files' ], indexes: {} }
];
const errors = (...pointers) => pointers.map(pointer => ({ pointer, code: 'V-X', message: `wrong ${pointer}` }));

test('pointers are read as RFC 6901 says', () => {
  assert.deepEqual(pathOf('/rows/0/a~1b~0c'), [ 'rows', 0, 'a/b~c' ]);
  assert.deepEqual(pathOf(''), []);
});

test('an error goes to its field, in a row to that row', () => {
  const { placed, loose } = placeErrors(errors('/note', '/rows/1/title'), instances);
  assert.deepEqual(placed.f_note, [ 'wrong /note' ]);
  assert.deepEqual(placed.f_title[1], [ 'wrong /rows/1/title' ]);
  assert.equal(placed.f_title[0], undefined);
  assert.deepEqual(loose, []);
});

test('an error inside a value goes to the field that holds it', () => {
  const { placed } = placeErrors(errors('/files/2', '/rows'), instances);
  assert.deepEqual(placed, { f_files: [ 'wrong /files/2' ], f_rows: [ 'wrong /rows' ] });
});

test('an error of no field that is shown is not lost', () => {
  assert.deepEqual(placeErrors(errors('/hidden', ''), instances).loose, [ 'wrong /hidden', 'wrong ' ]);
});
