import { csrfToken } from '../shared/http.js';
import { say } from './words.js';

const MOST = 20 * 1024 * 1024;

let diverted = null;

/** Files go to `take(file)` instead of the server; it answers as `upload` does. For a page that keeps nothing. */
export const divertUploads = take => { diverted = take; };

/** Uploads one file (XMLHttpRequest, since fetch tells no progress). Resolves with {id, name, size, media_type}; rejects with a sentence. */
export function upload(file, progress) {
  if (file.size > MOST) return Promise.reject(new Error(say('uploadTooBig')));
  if (diverted) return diverted(file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/files');
    request.setRequestHeader('X-CSRF-Token', csrfToken());
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'json';
    request.upload.addEventListener('progress', event => { if (event.lengthComputable) progress(Math.floor(event.loaded / event.total * 100)); });
    request.addEventListener('load', () => (request.status < 300 ? resolve(request.response) : reject(new Error(reasonOf(request)))));
    request.addEventListener('error', () => reject(new Error(say('uploadNetwork'))));
    const body = new FormData();
    body.append('file', file);
    request.send(body);
  });
}

const reasonOf = request => request.response?.errors?.[0]?.message ?? request.response?.title ?? String(request.status);
