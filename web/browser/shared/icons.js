const SPRITE = '/static/icons.svg';
const SVG = 'http://www.w3.org/2000/svg';

/** Address of an icon in the sprite, for <use href>. */
export const iconHref = name => `${SPRITE}#i-${name}`;

/** An icon as an SVG element; decorative, a word stands beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', iconHref(name));
  svg.append(use);
  return svg;
}
