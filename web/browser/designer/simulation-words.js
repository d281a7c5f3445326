import { language } from '../shared/language.js';

/** What the token simulation says, in Chinese. It has no dictionary: its words are literals in what it puts on the page. */
export const simulationChinese = {
  'Token Simulation': '走一走', 'Toggle Simulation Log': '打开或收起记录', 'Simulation Log': '走过的步骤', 'No Entries': '还没有', 'Reset Simulation': '重新开始', 'Play/Pause Simulation': '继续或暂停', 'Pause Simulation': '已暂停', 'Play Simulation': '继续',
  'Set Sequence Flow': '换一条连线', 'Trigger Event': '触发', 'Remove pause point': '不再停在这里', 'Add pause point': '走到这里停一下', 'Found unsupported elements': '有不能演示的元素', 'Not supported': '不能演示', 'Finished': '走完了',
  'Slow': '慢', 'Normal': '中', 'Fast': '快', 'Set animation speed = Slow': '速度：慢', 'Set animation speed = Normal': '速度：中', 'Set animation speed = Fast': '速度：快',
  'Service Task': '服务任务', 'User Task': '人工任务', 'Call Activity': '调用流程', 'Script Task': '脚本任务', 'Business Rule Task': '决策任务', 'Manual Task': '手工任务', 'Receive Task': '接收任务', 'Send Task': '发送任务', 'Task': '任务',
  'Exclusive Gateway': '排他网关', 'Parallel Gateway': '并行网关', 'Inclusive Gateway': '包容网关', 'Start Event': '开始事件', 'Intermediate Event': '中间事件', 'Boundary Event': '边界事件', 'End Event': '结束事件', 'Process': '流程', 'SubProcess': '子流程', 'Process started': '流程开始', 'Process finished': '流程走完', 'Process canceled': '流程取消', 'SubProcess started': '子流程开始', 'SubProcess finished': '子流程走完', 'SubProcess canceled': '子流程取消'
};
const PATTERNS = [
  [ /^Focus process instance (.+)$/, '只看第 $1 个实例' ],
  [ /^(.+) started$/, '开始：$1' ], [ /^(.+) finished$/, '走完：$1' ], [ /^(.+) canceled$/, '取消：$1' ]
];

export function inChinese(text) {
  const said = text.trim();
  if (!said) return text;
  const known = simulationChinese[said];
  if (known) return text.replace(said, known);
  const pattern = PATTERNS.find(([ form ]) => form.test(said));
  return pattern ? said.replace(...pattern) : text;
}

/** Puts the words of the simulation (everything of class bts-…) into Chinese as it appears; the package itself is left as it is. */
class SimulationWords {
  constructor(canvas) {
    if (language === 'en') return;
    const container = canvas.getContainer();
    this._observer = new MutationObserver(changes => changes.forEach(change => this._changed(change)));
    this._observer.observe(container, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [ 'title' ] });
    container.querySelectorAll('[class^="bts-"]').forEach(one => this._speak(one));
  }

  _changed({ type, target, addedNodes }) {
    if (type === 'childList') addedNodes.forEach(one => this._speak(one));
    else this._speak(target);
  }

  _speak(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (!element) return;
    for (const one of [ element, ...element.querySelectorAll('[class*="bts-"], [class*="bts-"] *') ]) if (one.closest('[class*="bts-"]')) this._replace(one);
  }

  _replace(element) {
    const title = element.getAttribute('title');
    if (title && inChinese(title) !== title) element.setAttribute('title', inChinese(title));
    for (const text of element.childNodes) {
      if (text.nodeType === Node.TEXT_NODE && inChinese(text.data) !== text.data) text.data = inChinese(text.data);
    }
  }
}
SimulationWords.$inject = [ 'canvas' ];

export const simulationWords = { __init__: [ 'simulationWords' ], simulationWords: [ 'type', SimulationWords ] };
