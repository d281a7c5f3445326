import { useEffect, useState } from 'preact/hooks';

export const KINDS = new Set([ 'person', 'unit', 'area', 'committee', 'post', 'case', 'commitment' ]);

/** Names of people, units … by kind and id: what the page brought, and what was looked up since. */
export class References {
  constructor(known = {}, base = '/api/v1/lookup') {
    this._known = new Map(Object.entries(known).map(([ kind, names ]) => [ kind, new Map(Object.entries(names)) ]));
    this._base = base;
  }

  name(kind, id) {
    return this._known.get(kind)?.get(id);
  }

  remember(kind, id, label) {
    if (!this._known.has(kind)) this._known.set(kind, new Map());
    this._known.get(kind).set(id, label);
  }

  /** Entries [{value, label, hint}] that match the letters; at most 20. */
  search(kind, letters, filter, signal) {
    return this._ask(kind, [ [ 'q', letters ], ...(filter ? [ [ 'filter', filter ] ] : []) ], signal);
  }

  /** Looks up names that are not known yet. */
  async learn(kind, ids) {
    const missing = ids.filter(id => this.name(kind, id) === undefined);
    if (missing.length) await this._ask(kind, missing.map(id => [ 'value', id ]));
  }

  async _ask(kind, query, signal) {
    const response = await fetch(`${this._base}/${kind}?${new URLSearchParams(query)}`, { credentials: 'same-origin', headers: { Accept: 'application/json' }, signal });
    if (!response.ok) throw new Error(`lookup ${response.status}`);
    const answer = await response.json();
    const entries = Array.isArray(answer) ? answer : answer.items;
    for (const entry of entries) this.remember(kind, entry.value, entry.label);
    return entries;
  }
}

/** The references of the page's form. */
export const shared = { current: new References() };

/** Names of a reference value; null when the kind is none. */
export function useReferences(kind, value) {
  const { current } = shared;
  const [ , refresh ] = useState(0);
  const ids = KINDS.has(kind) ? [ value ].flat().filter(Boolean) : [];
  useEffect(() => {
    if (!ids.some(id => current.name(kind, id) === undefined)) return;
    let alive = true;
    // without an answer the id stays in place of the name
    current.learn(kind, ids).then(() => alive && refresh(n => n + 1), error => console.warn(error));
    return () => { alive = false; };
  }, [ kind, ids.join(' ') ]);
  return KINDS.has(kind) ? ids.map(id => current.name(kind, id) ?? id) : null;
}
