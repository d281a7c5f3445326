import { csrfToken, jsonOf, sendJson } from '../shared/http.js';
import { say } from './words.js';

const ROOT = '/api/v1/designer';

/** What the server refused: its sentence, its code and its details. */
export class Refused extends Error {
  constructor(status, answer) {
    super(answer.title || say('refused', { status }));
    this.status = status;
    this.code = answer.code ?? '';
    this.details = answer.details ?? {};
    this.problems = answer.errors ?? [];
  }
}

/** The designer's API for one draft. Every method rejects with Refused, or with TypeError when the network is gone. */
export class Server {
  constructor(draft) {
    this._base = `${ROOT}/drafts/${encodeURIComponent(draft)}`;
    this._draft = draft;
  }

  show() { return read(this._base); }
  file(path) { return read(`${this._base}/files/${segments(path)}`); }
  save(path, text, revision) { return send(`${this._base}/files/${segments(path)}`, 'PUT', { text, revision }); }
  check() { return send(`${this._base}/check`, 'POST', {}); }
  layout(xml) { return send(`${this._base}/layout`, 'POST', { xml }).then(answer => answer.xml); }
  diff(version) { return read(`${this._base}/diff${version ? `?version=${version}` : ''}`); }
  publish(revision, note, confirmed) { return send(`${this._base}/publish`, 'POST', { revision, note, confirmed }); }
  refresh(keep) { return send(`${this._base}/refresh`, 'POST', { keep }); }
  /** The web's door, not the API's: meetings come as their pages show them. */
  sandbox(document) { return send(`/designer/${encodeURIComponent(this._draft)}/try`, 'POST', document); }
  saveCase(name, revision, document) { return send(`${this._base}/sandbox/save`, 'POST', { name, revision, case: document }); }
  cases() { return send(`${this._base}/cases`, 'POST', {}); }
  catalogue() { return read(`${ROOT}/catalogue?draft=${encodeURIComponent(this._draft)}`); }
  expression(expression, names) { return send(`${ROOT}/expressions/check`, 'POST', { expression, names }); }
  scope(place) { return read(`/api/v1/expressions/scope?${new URLSearchParams({ draft: this._draft, ...place })}`); }
  tryOut(body) { return send('/api/v1/expressions/evaluate', 'POST', body); }
  remove(path, revision) { return send(`${this._base}/files/${segments(path)}?revision=${revision}`, 'DELETE'); }
}

const segments = path => path.split('/').map(encodeURIComponent).join('/');

async function read(url) {
  return answered(await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' } }));
}

async function send(url, method, body) {
  if (body === undefined) return answered(await fetch(url, { method, credentials: 'same-origin', headers: { Accept: 'application/json', 'X-CSRF-Token': csrfToken() } }));
  return answered(await sendJson(url, method, body));
}

async function answered(response) {
  const answer = await jsonOf(response);
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}
