import { say } from './words.js';

const WORKING = /^(\d+)(WD|WH)$/;
const ISO = /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?)?$/;
const PARTS = [ 'years', 'months', 'weeks', 'days', 'hours', 'minutes' ];

/** What a deadline's limit means, in words; null when it cannot be read (conventions 6). */
export function limitInWords(limit) {
  if (limit.startsWith('=')) return say('limitFeel');
  const working = WORKING.exec(limit);
  if (working) return say(`limit${working[2]}`, { n: working[1] });
  const natural = ISO.exec(limit);
  if (!natural) return null;
  const parts = PARTS.map((part, index) => (natural[index + 1] ? say(part, { n: natural[index + 1] }) : '')).filter(Boolean);
  return say('limitNatural', { text: parts.join(' ') });
}
