import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inChinese } from '../../web/browser/designer/simulation-words.js';

const FEATURES = new URL('../../node_modules/bpmn-js-token-simulation/lib/features/', import.meta.url);
const TITLE = /title="([A-Z][^"$]*)"|text: '([A-Z][^']*)'|elementName \|\| '([^']+)'/g;

test('every word the simulation has in its source is put into Chinese', () => {
  const files = readdirSync(FEATURES, { recursive: true }).filter(name => name.endsWith('.js'));
  const said = files.flatMap(name => [ ...readFileSync(new URL(name.replaceAll('\\', '/'), FEATURES), 'utf8').matchAll(TITLE) ].map(found => found.slice(1).find(Boolean)));
  assert.ok(said.length > 20);
  assert.deepEqual([ ...new Set(said) ].filter(text => !/\p{Script=Han}/u.test(inChinese(text))), []);
});

test('sentences with names in them, and what is no word of it', () => {
  assert.equal(inChinese('Focus process instance 3'), '只看第 3 个实例');
  assert.equal(inChinese('Set animation speed = Slow'), '速度：慢');
  assert.equal(inChinese(' Token Simulation '), ' 走一走 ');
  assert.equal(inChinese('Process started'), '流程开始');
  assert.equal(inChinese('合规审查'), '合规审查');
  assert.equal(inChinese(inChinese('合规 started')), '开始：合规');
});
