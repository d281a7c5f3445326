import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { dmnChinese } from '../../web/browser/designer/dmn-chinese.js';

const PARTS = [ 'decision-table', 'shared', 'literal-expression', 'boxed-expression', 'drd' ];
const SAID = /ranslate\('([^']+)'|label: '([A-Z][^']*)',\n\s*(?:value|explanation)/g;

test('every word the decision editor has in its source is in the table', () => {
  const said = PARTS.flatMap(part => {
    const root = new URL(`../../node_modules/dmn-js-${part}/lib/`, import.meta.url);
    const files = readdirSync(root, { recursive: true }).filter(name => name.endsWith('.js'));
    return files.flatMap(name => [ ...readFileSync(new URL(name.replaceAll('\\', '/'), root), 'utf8').matchAll(SAID) ].map(found => found[1] ?? found[2]));
  });
  assert.ok(said.length > 100);
  // examples of FEEL are the same in both languages
  const words = said.filter(text => text !== 'FEEL' && !text.startsWith('"'));
  assert.deepEqual([ ...new Set(words) ].filter(text => !dmnChinese[text]).sort(), []);
});
