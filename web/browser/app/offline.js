import { icon } from '../shared/icons.js';
import { language, speaker } from '../shared/language.js';
import { make } from '../shared/dom.js';

const say = speaker({ offline: [ '网络已断开。填写的内容会保留，连上后再提交。', 'No connection. What you typed stays; send it when you are back.' ] }, language);

/** A slate strip under the bar while the network is gone. */
export function watchConnection() {
  const strip = make('div', { class: 'offline', role: 'status' }, icon('wifi-off'), say('offline'));
  const show = () => {
    if (navigator.onLine) strip.remove();
    else document.querySelector('.bar')?.after(strip);
  };
  addEventListener('online', show);
  addEventListener('offline', show);
  show();
}
