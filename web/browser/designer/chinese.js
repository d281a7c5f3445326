/** Chinese for what bpmn-js-i18n lacks or says badly: the properties panel, its zeebe groups, minimap, names of elements. */
export const chinese = {
  // panel
  'General': '常规', 'Documentation': '文档', 'Name': '名称', 'ID': '编号', 'Executable': '可执行', 'Element documentation': '元素说明', 'Process': '流程', 'Process ID': '流程编号', 'Process name': '流程名称', 'Process documentation': '流程说明',
  'Open minimap': '打开缩略图', 'Close minimap': '关闭缩略图', 'Change element': '更改元素', '<none>': '（无）', 'Create new ...': '新建…', 'Type': '类型', 'Value': '值', 'Code': '代码', 'Off': '关', 'On': '开', 'Target': '目标',
  'Compensation': '补偿', 'Error': '错误', 'Link': '链接', 'Message': '消息', 'Multi-instance': '多实例', 'Completion': '完成', 'Signal': '信号', 'Escalation': '升级', 'Timer': '定时器', 'Implementation': '实现', 'Called decision': '调用的决策', 'Script': '脚本',
  'Output collection': '输出集合', 'Output element': '每项的输出', 'Input collection': '输入集合', 'Input element': '每项的变量', 'Completion condition': '提前完成的条件', 'Task definition': '任务定义', 'Assignment': '指派', 'Active elements': '活动元素', 'Form': '表单', 'Condition': '条件', 'Condition expression': '条件表达式',
  'Called element': '调用的流程', 'Input propagation': '输入传递', 'Input mapping': '输入', 'Inputs': '输入', 'Output propagation': '输出传递', 'Output mapping': '输出', 'Outputs': '输出', 'Headers': '参数', 'Task listeners': '任务监听', 'Execution listeners': '执行监听', 'Extension properties': '扩展属性',
  'Process variable name': '流程变量', 'Local variable name': '本地变量', 'Variable assignment value': '值（FEEL）', 'Result variable': '结果变量', 'FEEL expression': 'FEEL 表达式', 'Unparsable FEEL expression.': '这个表达式读不懂。', 'Job worker': '作业', 'Subscription correlation key': '关联键（FEEL）',
  'Global message reference': '消息', 'Global signal reference': '信号', 'Global error reference': '错误', 'Global escalation reference': '升级', 'Activity reference': '活动', 'Wait for completion': '等它完成', 'Version tag': '版本标签', 'Create': '新建', 'Delete': '删除', 'Delete item': '删除这一项', 'Toggle section': '展开或收起', 'Create new list item': '加一项',
  'Propagate all parent process variables': '传入调用方的全部变量', 'Propagate all child process variables': '传回被调用流程的全部变量',
  'If turned on, all variables from the parent process instance will be propagated to the child process instance.': '打开后，调用方的全部变量都传给被调用的流程。', 'Otherwise, only variables defined via input mappings will be propagated.': '否则只传“输入”里写明的变量。',
  'If turned on, all variables from the child process instance will be propagated to the parent process instance.': '打开后，被调用流程的全部变量都传回来。', 'Otherwise, only variables defined via output mappings will be propagated.': '否则只传“输出”里写明的变量。',
  'Date': '时刻', 'Duration': '时长', 'Cycle': '循环', 'A time duration defined as ISO 8601 durations format.': 'ISO 8601 时长。', '15 seconds': '15 秒', '1 hour and 30 minutes': '1 小时 30 分钟', '14 days': '14 天', 'Timer documentation': '定时器说明', 'How to configure a timer': '怎样设定时器',
  'A specific point in time defined as ISO 8601 combined date and time representation.': 'ISO 8601 日期和时间。', 'UTC time': 'UTC 时间', 'UTC plus 2 hours zone offset': 'UTC 加 2 小时', 'every 10 seconds': '每 10 秒', 'every day': '每天', 'every 10 seconds, up to 5 times': '每 10 秒，最多 5 次', 'every day, up to 5 times': '每天，最多 5 次', 'A cycle defined as ISO 8601 repeating intervals format, or a cron expression.': 'ISO 8601 重复间隔，或 cron 表达式。',
  // elements, as the panel's head names them
  'Collaboration': '协作', 'Participant': '池', 'Participant ID': '池编号', 'Participant Name': '池名称', 'Lane': '泳道', 'Task': '任务', 'User Task': '人工任务', 'Manual Task': '手工任务', 'Service Task': '服务任务', 'Send Task': '发送任务', 'Receive Task': '接收任务', 'Script Task': '脚本任务', 'Business Rule Task': '决策任务', 'Call Activity': '调用流程',
  'Expanded Sub Process': '子流程（展开）', 'Collapsed Sub Process': '子流程（折叠）', 'Sub Process': '子流程', 'Event Sub Process': '事件子流程', 'Expanded Event Sub Process': '事件子流程（展开）', 'Transaction': '事务', 'Ad-hoc sub-process': '临时子流程', 'Sequence Flow': '连线', 'Message Flow': '消息流', 'Association': '关联', 'Data Object Reference': '数据对象', 'Data Store Reference': '数据存储', 'Text Annotation': '注释', 'Group': '分组',
  'Exclusive Gateway': '排他网关', 'Parallel Gateway': '并行网关', 'Inclusive Gateway': '包容网关', 'Event Based Gateway': '事件网关', 'Complex Gateway': '复杂网关',
  ...events(), 'Toggle non-interrupting': '切换是否中断',
  // better than the library's
  'Exclusive gateway': '排他网关', 'Receive task': '接收任务', 'User task': '人工任务', 'Business rule task': '决策任务', 'Call activity': '调用流程', 'Terminate end event': '终止结束事件', 'Add lane above': '在上方加泳道', 'Add lane below': '在下方加泳道', 'Divide into two lanes': '分成两条泳道', 'Divide into three lanes': '分成三条泳道', 'Activate hand tool': '拖动画布', 'Activate lasso tool': '框选', 'Activate create/remove space tool': '腾出或收回空间', 'Activate global connect tool': '连线', 'Create expanded sub-process': '子流程（展开）', 'Create pool/participant': '池'
};

/** "Message Intermediate Catch Event" and its kin. */
function events() {
  const kinds = { '': '', 'Message ': '消息', 'Timer ': '定时', 'Signal ': '信号', 'Error ': '错误', 'Escalation ': '升级', 'Compensate ': '补偿', 'Conditional ': '条件', 'Link ': '链接', 'Cancel ': '取消', 'Terminate ': '终止', 'Multiple ': '多重' };
  const places = { 'Start Event': '开始事件', 'End Event': '结束事件', 'Intermediate Catch Event': '中间等待事件', 'Intermediate Throw Event': '中间触发事件', 'Boundary Event': '边界事件' };
  const found = {};
  for (const [ kind, zhKind ] of Object.entries(kinds)) {
    for (const [ place, zhPlace ] of Object.entries(places)) {
      found[kind + place] = zhKind + zhPlace;
      found[`${kind}${place} (Non Interrupting)`] = `${zhKind}${zhPlace}（不中断）`;
    }
  }
  return found;
}
