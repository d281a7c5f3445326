"""Findings of decision files, in both languages."""

from __future__ import annotations

from typing import Any

from engine.errors import Finding

#: code → (severity, Chinese, English, Chinese hint, English hint)
CODES: dict[str, tuple[str, str, str, str, str]] = {
    "DMN-010": (
        "error",
        "文件过大：{size} 字节，上限 {limit}",
        "the file is too large: {size} bytes, at most {limit}",
        "请拆成几个文件。",
        "Split it into several files.",
    ),
    "DMN-011": (
        "error",
        "XML 格式有误：{reason}",
        "the XML is broken: {reason}",
        "用决策设计器重新保存。",
        "Save it again with the decision designer.",
    ),
    "DMN-012": (
        "error",
        "不接受 DOCTYPE 和实体声明",
        "DOCTYPE and entity declarations are refused",
        "删除 <!DOCTYPE …>。",
        "Delete <!DOCTYPE …>.",
    ),
    "DMN-013": (
        "error",
        "不是 DMN 文件（根元素是 {root}）",
        "not a DMN file (its root is {root})",
        "根元素应为 DMN 命名空间的 definitions。",
        "The root must be definitions in a DMN namespace.",
    ),
    "DMN-014": (
        "error",
        "id “{id}” 重复",
        "the id “{id}” is used twice",
        "每个元素的 id 须不同。",
        "Every element needs an id of its own.",
    ),
    "DMN-015": ("error", "决策没有 id", "a decision has no id", "加上 id。", "Give it an id."),
    "DMN-016": ("error", "{where}“{text}” 不是 FEEL：{reason}", "{where}“{text}” is not FEEL: {reason}", "{hint}", "{hint}"),
    "DMN-017": (
        "error",
        "引用的元素 “{id}” 不存在",
        "“{id}” is required and does not exist",
        "改正 href，或加上该元素。",
        "Correct the href or add the element.",
    ),
    "DMN-018": (
        "error",
        "决策之间循环引用：{path}",
        "decisions require each other in a circle: {path}",
        "去掉其中一个依赖。",
        "Remove one of the requirements.",
    ),
    "DMN-019": (
        "error",
        "命中策略 “{policy}” 不存在",
        "there is no hit policy “{policy}”",
        "可用 UNIQUE、FIRST、PRIORITY、ANY、COLLECT、RULE ORDER、OUTPUT ORDER。",
        "Use UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER or OUTPUT ORDER.",
    ),
    "DMN-020": (
        "error",
        "规则有 {found} 个单元格，应为 {wanted} 个",
        "the rule has {found} cells, the table {wanted} columns",
        "补上或删去单元格。",
        "Add or remove cells.",
    ),
    "DMN-021": ("error", "表达式语言 “{language}” 不执行", "the expression language “{language}” is not run", "改用 FEEL。", "Use FEEL."),
    "DMN-022": (
        "error",
        "不执行这种表达式：{kind}",
        "this kind of expression is not run: {kind}",
        "改用 FEEL 或决策表。",
        "Use FEEL or a decision table.",
    ),
    "DMN-023": (
        "warning",
        "决策 “{id}” 没有逻辑，结果总是空",
        "the decision “{id}” has no logic, its value is always null",
        "加上决策表或表达式。",
        "Add a table or an expression.",
    ),
    "DMN-024": (
        "warning",
        "类型 “{type}” 不存在，按任意类型处理",
        "there is no type “{type}”; any value is taken",
        "使用 FEEL 类型或 itemDefinition。",
        "Use a FEEL type or an item definition.",
    ),
    "DMN-025": (
        "error",
        "第 {first} 条与第 {second} 条规则条件相同，唯一命中策略下不允许",
        "rules {first} and {second} have the same conditions, which U forbids",
        "删去一条，或改命中策略。",
        "Remove one or choose another hit policy.",
    ),
    "DMN-026": (
        "error",
        "优先级策略需要输出值列表",
        "the hit policy {policy} needs the list of output values",
        "在输出列填写允许值，按优先级排列。",
        "List the allowed values of the output in order of priority.",
    ),
    "DMN-027": (
        "error",
        "导入的 “{namespace}” 不在这次部署里",
        "the import “{namespace}” is in no file of this deployment",
        "把那个 .dmn 文件一起部署。",
        "Deploy the .dmn file with that namespace, too.",
    ),
    "DMN-028": (
        "error",
        "命名空间 “{namespace}” 在几个文件里：{files}",
        "the namespace “{namespace}” is that of several files: {files}",
        "每个文件的 namespace 须不同，或在 import 写 locationURI。",
        "Give every file a namespace of its own, or write locationURI in the import.",
    ),
    "DMN-029": (
        "error",
        "文件之间循环导入：{path}",
        "files import each other in a circle: {path}",
        "把共用的部分放进第三个文件。",
        "Put what both need into a third file.",
    ),
    "DMN-030": (
        "error",
        "第 {first} 条与第 {second} 条规则重叠，唯一命中策略（U）下不允许，例如 {example}",
        "rules {first} and {second} overlap, which the hit policy U forbids, for example {example}",
        "改条件，或改命中策略（F 取第一条，P 按优先级）。",
        "Change the conditions or the hit policy (F takes the first, P goes by priority).",
    ),
    "DMN-031": (
        "error",
        "第 {first} 条与第 {second} 条规则重叠而输出不同，任一命中策略（A）下不允许，例如 {example}",
        "rules {first} and {second} overlap with different outputs, which the hit policy A forbids, for example {example}",
        "改成相同的输出，或改条件。",
        "Give them the same outputs or change the conditions.",
    ),
    "DMN-032": (
        "warning",
        "有输入没有规则命中，也没有缺省输出，例如 {example}{more}",
        "some inputs match no rule and there is no default output, for example {example}{more}",
        "补规则，填缺省输出，或在输入列写明允许值。",
        "Add a rule, a default output, or the allowed values of the input.",
    ),
    "DMN-033": (
        "warning",
        "第 {rule} 条规则永远轮不到：它的输入都先由其他规则（{by}）决定，例如 {example}",
        "rule {rule} never decides: other rules ({by}) come first for all its inputs, for example {example}",
        "往前移，改条件，或删去。",
        "Move it up, change its conditions or remove it.",
    ),
    "DMN-034": (
        "warning",
        "第 {rule} 条规则永远不命中：“{column}”列的“{text}”不接受任何允许的值，例如不接受 {example}",
        "rule {rule} never matches: “{text}” in the column “{column}” accepts no allowed value, for example not {example}",
        "检查区间的两端和允许值。",
        "Check the ends of the range and the allowed values.",
    ),
    "DMN-035": (
        "error",
        "第 {rule} 条规则“{column}”列：“{text}”与声明的类型 {type} 不符，例如 {example} 永远不会相等",
        "rule {rule}, column “{column}”: “{text}” is not of the declared type {type}; {example} can never match",
        "改值，或改列的类型（typeRef）。",
        "Change the value or the type of the column (typeRef).",
    ),
    "DMN-036": (
        "error",
        "第 {rule} 条规则“{column}”列：输出 {example} 不在允许值内（{allowed}）",
        "rule {rule}, column “{column}”: the output {example} is not one of {allowed}",
        "改输出，或把它加进允许值。",
        "Change the output or add it to the allowed values.",
    ),
    "DMN-037": (
        "warning",
        "第 {first} 条与第 {second} 条规则的条件和输出都相同，例如 {example}",
        "rules {first} and {second} have the same conditions and outputs, for example {example}",
        "删去一条。",
        "Remove one.",
    ),
    "DMN-038": (
        "info",
        "有 {count} 个单元格没有分析（{cells}），遗漏和重叠的检查不含它们",
        "{count} cells were not analysed ({cells}); gaps and overlaps that hang on them are not found",
        "只有比较、区间和常量列表才能分析。",
        "Only comparisons, ranges and lists of constants are analysed.",
    ),
    "DMN-039": (
        "info",
        "表太大，只分析到 {limit} 步",
        "the table is large: it was analysed up to {limit} steps only",
        "拆成几张表。",
        "Split it into several tables.",
    ),
    "DMN-040": (
        "error",
        "第 {rule} 条规则“{column}”列：输出 {example} 与声明的类型 {type} 不符",
        "rule {rule}, column “{column}”: the output {example} is not of the declared type {type}",
        "改输出，或改列的类型（typeRef）。",
        "Change the output or the type of the column (typeRef).",
    ),
}


class Report:
    """The findings of one file, in the order in which they were met."""

    def __init__(self, file: str, language: str) -> None:
        self.file = file
        self.language = language
        self.findings: list[Finding] = []

    def add(self, code: str, element: Any = None, **facts: Any) -> None:
        """Add a finding about an XML element."""
        self.place(code, _nearest_id(element), None if element is None else element.sourceline, **facts)

    def place(self, code: str, element: str | None, line: int | None, **facts: Any) -> None:
        """Add a finding about a place by its id and line."""
        severity, chinese, english, hint_zh, hint_en = CODES[code]
        message, hint = (english, hint_en) if self.language == "en" else (chinese, hint_zh)
        self.findings.append(
            Finding(
                file=self.file, element=element, line=line, code=code, severity=severity,
                message=message.format(**facts), hint=hint.format(**facts),
            )
        )  # fmt: skip


def _nearest_id(element: Any) -> str | None:
    while element is not None:
        if element.get("id"):
            return str(element.get("id"))
        element = element.getparent()
    return None
