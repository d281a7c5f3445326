/** An element with attributes and children: make('p', {class: 'err'}, 'text'). A function as on… becomes a listener. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [ name, value ] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

/** JSON of a <script type="application/json"> block named by a selector; `fallback` without one. */
export function jsonBlock(selector, fallback = null) {
  const block = selector ? document.querySelector(selector) : null;
  return block ? JSON.parse(block.textContent) : fallback;
}
