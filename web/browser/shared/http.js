/** CSRF token of this session; every unsafe request of the browser carries it. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';

/** Sends JSON with the session and the CSRF token. Rejects (TypeError) when the network is gone. */
export function sendJson(url, method, body, headers = {}) {
  return fetch(url, {
    method,
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': csrfToken(), ...headers },
    body: JSON.stringify(body)
  });
}

/** JSON of an answer, or {} when it has none (a proxy's error page). */
export async function jsonOf(response) {
  const type = response.headers.get('Content-Type') ?? '';
  return type.includes('json') ? response.json() : {};
}

/** A random key; crypto.randomUUID is missing on plain http. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
