/** Chinese for what bpmn-js-i18n lacks: the properties panel, its zeebe groups, minimap, element names. */
export const chinese = {
  'General': '常规', 'Documentation': '文档', 'Name': '名称', 'ID': '编号', 'Executable': '可执行', 'Element documentation': '元素文档', 'Process': '流程', 'Process ID': '流程编号'
};
