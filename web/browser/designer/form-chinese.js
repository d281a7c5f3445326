/** Chinese for the words of the form editor. */
export const formChinese = {
  'Text field': '单行文本', 'Text area': '多行文本', 'Number': '数字', 'Date time': '日期时间', 'Date': '日期', 'Time': '时间', 'Checkbox': '勾选框', 'Checkbox group': '多选组',
  'Radio group': '单选组', 'Select': '下拉选择', 'Tag list': '标签多选', 'File picker': '文件上传', 'Text view': '说明文字', 'HTML view': 'HTML 视图', 'Image view': '图片', 'Table': '表格',
  'Document preview': '文档预览', 'Group': '分组', 'Dynamic list': '多行列表', 'iFrame': '内嵌页', 'Spacer': '间隔', 'Separator': '分隔线', 'Button': '按钮', 'Expression': '表达式', 'Form': '表单',
  'Components': '组件', 'Search components': '搜索组件', 'Input': '输入', 'Selection': '选择', 'Presentation': '展示', 'Containers': '容器', 'Action': '操作',
  'General': '常规', 'Validation': '校验', 'Condition': '条件', 'Layout': '布局', 'Appearance': '外观', 'Custom properties': '自定义属性', 'Field label': '字段标签', 'Field description': '字段说明', 'Key': '键', 'Path': '路径', 'ID': '编号',
  'Required': '必填', 'Read only': '只读', 'Disabled': '禁用', 'Default value': '默认值', 'Search': '搜索', 'No results': '没有结果', 'Hide if': '什么时候隐藏', 'Deactivate if': '什么时候隐藏', 'Create': '新增', 'Delete': '删除',
  'Minimum length': '最少字数', 'Maximum length': '最多字数', 'Minimum': '最小值', 'Maximum': '最大值', 'Columns': '列数', 'Prefix': '前缀', 'Suffix': '后缀', 'Drag and drop components here': '把组件拖到这里', 'Build your form': '搭建表单',
  'Drag and drop components here to start designing.': '把组件拖到这里，开始设计。', 'Use the preview window to test your form.': '用预览试填。', 'Select a form field to edit its properties.': '选一个字段，在这里改它的设置。',
  'Decimal digits': '小数位数', 'Increment': '步长', 'Options source': '选项来源', 'Static options': '固定选项', 'Options expression': '选项表达式', 'Input data': '输入数据', 'Type': '类型', 'Static': '固定', 'Searchable': '可搜索', 'Serialization': '存储', 'Output as string': '存为文字', 'Constraints': '限制', 'Subtype': '子类型', 'Use 24h': '24 小时制', 'Disallow past dates': '不许过去的日期', 'Time interval': '时间间隔',
  'Label': '标签', 'Value': '值', 'Description': '说明', 'Text': '文字', 'Alternative text': '替代文字', 'Height': '高度', 'Show outline': '显示边框', 'Vertical alignment': '纵向对齐', 'Allow add/remove items': '可增删行', 'Default number of items': '开始时的行数', 'Disable collapse': '不折叠', 'Number of non-collapsing items': '不折叠的行数', 'Collapsible': '可折叠', 'Validation pattern': '格式', 'Regular expression pattern': '正则表达式', 'Auto': '自动', 'Supported file formats': '文件格式', 'Upload multiple files': '可传多个文件', 'Target value': '目标值', 'Compute on': '何时计算'
};
