import { ballots } from './ballot.js';
import { Live } from './live.js';
import { quickForms } from './quick.js';
import { embeddedTasks } from './tasks.js';
import { runTimers } from './timers.js';

const root = document.querySelector('[data-live-url]') ?? document.querySelector('[data-meeting]');
if (root) {
  const live = root.dataset.liveUrl ? new Live(root) : null;
  ballots(root, live);
  runTimers(root);
  if (live) {
    quickForms(root, live);
    embeddedTasks(root, live);
  }
}
