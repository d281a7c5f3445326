import { language } from '../shared/language.js';
import { say } from './words.js';

/** Names in scope, as the server knows them from the saved files; asked once for each element until something is saved. */
export class Scope {
  constructor(server) {
    this._server = server;
    this._asked = new Map();
  }

  forget() { this._asked.clear(); }

  /** The server's answer for a place, or null where it knows none: an element that is not saved yet has the names of its process. */
  at(place) {
    const key = JSON.stringify(place);
    if (!this._asked.has(key)) this._asked.set(key, this._ask(place));
    return this._asked.get(key);
  }

  /** The same, as the FEEL editor takes it. */
  async variables(place) {
    const found = await this.at(place);
    if (!found) return [];
    return [ ...found.names.map(variable), ...found.functions.filter(one => one.own).map(ownFunction) ];
  }

  async _ask(place) {
    try {
      return await this._server.scope(place);
    } catch (error) {
      if (error.status === 404 && place.element) return this.at({});
      console.warn(error);
      return null;
    }
  }
}

const label = one => one[language] || one.zh || one.en || '';

function variable(one) {
  const list = one.kind === 'list';
  return {
    name: one.name, detail: kindOf(one), isList: list ? 'optional' : false, entries: one.entries.map(variable),
    info: [ label(one), from(one) ].filter(Boolean).join(' · ') || undefined
  };
}

function from(one) {
  const key = { input: 'fromInput', loop: 'fromLoop', data: 'fromData', step: 'fromStep', call: 'fromCall', payload: 'fromPayload', engine: 'fromEngine' }[one.source];
  const text = key ? say(key, { of: one.of }) : '';
  return one.after ? `${text}${text && ' · '}${say('onlyAfter')}` : text;
}

/** What a value is, in words. */
export function kindOf({ kind, item }) {
  const words = { number: 'kNumber', string: 'kText', boolean: 'kTruth', date: 'kDate', time: 'kTime', 'date and time': 'kMoment', 'days and time duration': 'kDays', 'years and months duration': 'kMonths', list: 'kList', context: 'kContext', range: 'kRange', function: 'kFunction', null: 'kNull' };
  const word = words[kind] ? say(words[kind]) : say('kAny');
  return kind === 'list' && item && words[item] ? `${word}: ${say(words[item])}` : word;
}

function ownFunction(one) {
  const params = one.signatures[0].slice(one.name.length + 1, -1).split(', ').filter(Boolean).map(part => {
    const [ name, type ] = part.split(': ');
    return { name: name.replace('?', ''), type };
  });
  return { name: one.name, type: 'function', params, info: label(one) };
}
