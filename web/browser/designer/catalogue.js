import { language } from '../shared/language.js';

const inLanguage = label => label?.[language] || label?.zh || '';
const named = (code, label) => ({ value: code, label: label ? `${label} (${code})` : code });

/** What there is to choose from, as the server says; shared by all groups of the panel. */
export class Catalogue {
  constructor(found) { this._found = found; }

  roles() { return [ ...this._found.roles, ...(this._found.seats ?? []) ].map(one => named(one.code, inLanguage(one))); }
  forms() { return this._found.forms.map(one => named(one.id, inLanguage(one.title))); }
  services() { return this._found.services.map(one => ({ value: one.name, label: one.name })); }
  service(name) { return this._found.services.find(one => one.name === name); }
  processes() { return this._found.processes.map(one => named(one.id, inLanguage(one.name))); }
  decisions() { return this._found.decisions.map(one => named(one.id, inLanguage(one.name))); }
  registers() { return this._found.registers.map(one => named(one.key, inLanguage(one.name))); }
  states(register) { return (this._found.registers.find(one => one.key === register)?.states ?? []).map(one => named(one.code, inLanguage(one))); }
  ladders() { return this._found.ladders.map(one => named(one.code, inLanguage(one))); }
  access() { return this._found.access.map(one => named(one.code, inLanguage(one))); }
  codes() { return this._found.codes.map(one => ({ value: one.name, label: one.name })); }
  kinds() { return this._found.kinds; }
  rules() { return this._found.rules; }
}
