import { options } from 'preact';
import { formChinese } from './form-chinese.js';

const SPOKEN = [ 'label', 'placeholder', 'title', 'aria-label', 'tooltip', 'description' ];

/** form-js has no dictionary: its words are literals in what it renders, so they are replaced there. Exact words only; English stays. */
export function formTranslations(language) {
  if (language === 'en') return;
  const said = text => formChinese[text] ?? text;
  const before = options.vnode;
  options.vnode = vnode => {
    if (vnode.props && typeof vnode.props === 'object') translate(vnode, said);
    before?.(vnode);
  };
}

function translate({ type, props }, said) {
  for (const name of SPOKEN) if (typeof props[name] === 'string') props[name] = said(props[name]);
  if (typeof type !== 'string') return;
  if (typeof props.children === 'string') props.children = said(props.children);
  else if (Array.isArray(props.children)) props.children = props.children.map(child => (typeof child === 'string' ? said(child) : child));
}
