/** Parts of a page ([data-part]) that follow the server: swapped only where something changed, never under somebody's hands. */
export class Parts {
  constructor(root) {
    this._root = root;
    this._known = new Map();
    this._waiting = new Map();
    for (const part of this._all(root)) this._known.set(part.dataset.part, stateOf(part));
    root.addEventListener('focusout', () => setTimeout(() => this._applyWaiting()));
  }

  /** Takes the parts of a fresh answer; names of those that were swapped. */
  take(fresh) {
    const swapped = [];
    for (const part of this._all(fresh)) {
      const name = part.dataset.part;
      const state = stateOf(part);
      if (this._known.get(name) === state) {
        this._waiting.delete(name);
        continue;
      }
      this._waiting.set(name, part);
      if (this._apply(name)) swapped.push(name);
    }
    return swapped;
  }

  /** Puts in what was kept back because somebody was typing there. */
  _applyWaiting() {
    for (const name of [ ...this._waiting.keys() ]) this._apply(name);
  }

  /** A part whose form was sent may be swapped. */
  release(element) {
    const part = element.closest('[data-part]');
    if (part) delete part.dataset.editing;
    this._applyWaiting();
  }

  _apply(name) {
    const fresh = this._waiting.get(name);
    const old = this._root.querySelector(`[data-part="${name}"]`);
    if (!old || isEdited(old)) return false;
    this._waiting.delete(name);
    this._known.set(name, stateOf(fresh));
    const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
    const open = [ ...old.querySelectorAll('details[open][id]') ].map(one => one.id);
    const added = document.importNode(fresh, true);
    old.replaceWith(added);
    for (const id of open) {
      const same = document.getElementById(id);
      if (same) same.open = true;
    }
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    return true;
  }

  _all(root) {
    return root.querySelectorAll('[data-part]');
  }
}

/** What a part shows: its key where a person works in it (a ballot, a form), else all of it. */
const stateOf = part => part.dataset.key ?? part.innerHTML;

/** Somebody is choosing or typing there: a part without a key waits until he has finished. */
function isEdited(part) {
  if (part.dataset.editing) return true;
  const active = document.activeElement;
  return part.contains(active) && active.matches('input:not([type="radio"], [type="checkbox"]), textarea, select');
}
