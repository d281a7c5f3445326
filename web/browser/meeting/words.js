import { language, speaker } from '../shared/language.js';

/** What the meeting page says by itself. */
export const say = speaker({
  lost: [ '连接中断，数据截至 {at}，正在重新连接', 'Connection lost. As of {at}; trying again' ],
  stale: [ '连接中断超过 3 分钟，数据截至 {at}，可能已过时', 'No connection for more than 3 minutes. As of {at}; this may be out of date' ],
  signIn: [ '登录已过期，请重新登录', 'Your login has ended. Sign in again' ],
  gone: [ '这次会议您不能再看，请刷新页面', 'You can no longer see this meeting. Reload the page' ],
  choose: [ '请先选一项', 'Choose first' ],
  cast: [ '确认投票：{option}', 'Cast: {option}' ],
  offline: [ '没有投出：网络已断开。您的选择还在，连上后请再按一次；票不会自动补投。', 'Not cast: no connection. Your choice stays; press again when you are back. Ballots are never sent later by themselves.' ],
  unsure: [ '没有收到回音，票可能已经投出，也可能没有。请再按一次：每席只计一票，不会重复。', 'No answer: the ballot may or may not have arrived. Press again: a seat counts once, never twice.' ],
  refused: [ '没有成功（{id}）', 'It did not work ({id})' ],
  networkGone: [ '没有送到：网络已断开。写的内容还在，连上后请再按一次。', 'Not sent: no connection. What you typed stays; press again when you are back.' ],
  taskGone: [ '这件任务已经办过，或者不再由您办', 'This task is done already, or no longer yours' ]
}, language);
