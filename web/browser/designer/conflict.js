import { make } from '../shared/dom.js';
import { textDiff } from './text-diff.js';
import { say } from './words.js';

/** Two people changed one file: shows both, resolves with 'mine', 'theirs' or 'later'. */
export function conflict({ mine, theirs, who }) {
  return new Promise(resolve => {
    const answer = choice => () => dialog.close(choice);
    const dialog = make('dialog', { class: 'conflict', 'aria-labelledby': 'conflict-head' },
      make('header', {}, make('h2', { id: 'conflict-head' }, say('conflictHead', { who })), make('p', { class: 'soft' }, say('conflictText'))),
      make('div', { tabindex: '0' }, textDiff(theirs, mine, say('theirs', { who }), say('mine'))),
      make('footer', {},
        make('button', { class: 'btn', type: 'button', onclick: answer('later') }, say('decideLater')),
        make('button', { class: 'btn', type: 'button', onclick: answer('theirs') }, say('takeTheirs')),
        make('button', { class: 'btn danger', type: 'button', onclick: answer('mine') }, say('keepMine'))));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(dialog.returnValue || 'later'); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
