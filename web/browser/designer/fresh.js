/** The smallest file of its kind, to begin with. */
export function fresh(path, key) {
  const name = path.split('/').at(-1).split('.')[0];
  if (path.endsWith('.form.json')) {
    return `${JSON.stringify({ type: 'default', id: `${key}/${name}`, schemaVersion: 19, title: name, i18n: { en: { title: name } }, components: [] }, null, 1)}\n`;
  }
  if (path.endsWith('.register.yaml')) {
    return `register: ${name}\nname: {zh: ${name}, en: ${name}}\nnumber: "${name.toUpperCase()}-{year}-{seq:4}"\nrow: one_per_instance\naccess: staff\ncolumns: []\nstates:\n  open: {zh: 在办, en: Open, stage: open, to: []}\nstages: {open: {zh: 在办, en: Open}}\npanels: [facts, columns, timeline]\n`;
  }
  if (path.endsWith('.dmn')) {
    return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:cogov="urn:cogov:bpmn:1" id="definitions_${name}" name="${name}" namespace="urn:cogov:decision:${name}">
  <decision id="${name}" name="${name}">
    <extensionElements><cogov:text lang="en" name="${name}"/></extensionElements>
    <decisionTable id="table_${name}" hitPolicy="FIRST">
      <input id="input_1" label="input"><inputExpression id="expression_1" typeRef="string"><text>input</text></inputExpression></input>
      <output id="output_1" name="output" typeRef="string"/>
      <rule id="rule_1"><inputEntry id="entry_1"><text>-</text></inputEntry><outputEntry id="result_1"><text>"value"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
`;
  }
  return path.endsWith('.md') ? `# ${name}\n` : '';
}
