"""Words of the FORM-… findings: message and hint, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "FORM-001": ("不支持的组件类型“{type}”", "可用类型：{known}", "Component type “{type}” is not supported", "Known types: {known}"),
    "FORM-002": (
        "类别“{kind}”不能用在这里（{type}）",
        "可用：{allowed}",
        "Kind “{kind}” cannot stand here ({type})",
        "Allowed: {allowed}",
    ),
    "FORM-003": (
        "缺少中文或英文：{what}",
        "中文写在组件上，英文写在 i18n.en 里",
        "Chinese or English is missing: {what}",
        "Write Chinese on the component and English in i18n.en",
    ),
    "FORM-004": (
        "没有名为“{list}”的代码表",
        "在 forms/shared/codes.yaml 里加上它",
        "There is no code list “{list}”",
        "Add it to forms/shared/codes.yaml",
    ),
    "FORM-005": (
        "找不到要引入的字段组“{include}”，或它引入了自己",
        "写成 shared/<名称>，文件在 forms/shared/ 里",
        "The included group “{include}” does not exist or includes itself",
        "Write shared/<name>; the file lies in forms/shared/",
    ),
    "FORM-006": ("键“{key}”与组件 {other} 重复", "改用不同的键", "Key “{key}” is also used by component {other}", "Use another key"),
    "FORM-007": (
        "键“{key}”不可用",
        "用小写英文、数字和下划线（snake_case），不要用保留名",
        "Key “{key}” cannot be used",
        "Use lower-case ASCII in snake_case, and no reserved name",
    ),
    "FORM-008": ("FEEL 表达式 {text} 读不懂：{reason_zh}", "", "The FEEL expression {text} cannot be read: {reason}", ""),
    "FORM-009": ("校验规则写错：{reason}", "例如 V-LEN(4,300) V-FUT", "The rules are wrong: {reason}", "For example V-LEN(4,300) V-FUT"),
    "FORM-010": (
        "{what} 的值不对",
        "行数写整数，required 写 true 或 false",
        "{what} has a wrong value",
        "Rows are whole numbers, required is true or false",
    ),
    "FORM-011": (
        "表单编号应为“{expected}”，现在是“{actual}”",
        "编号由所在文件夹和文件名决定",
        "The form's id is “{actual}”, expected “{expected}”",
        "The id follows from folder and file name",
    ),
    "FORM-012": (
        "只能有一个结论单选，且不能放在列表行里",
        "去掉多余的 outcome",
        "A form has at most one outcome radio, outside rows",
        "Remove the other outcome",
    ),
    "FORM-013": (
        "选择项没有可选值",
        "写 valuesExpression，例如 =codes.yes_no",
        "The field has no choices",
        "Write a valuesExpression, for example =codes.yes_no",
    ),
    "FORM-014": (
        "只读列“{key}”所在的列表可以增删行，服务器无法对上原来的行",
        "设 allowAddRemove 为 false，或取消只读",
        "Rows with the read-only column “{key}” can be added and removed, so cells cannot be matched",
        "Set allowAddRemove to false, or make the column editable",
    ),
    "FORM-015": (
        "规则 {rule} 提到的字段“{field}”不存在",
        "改成本表单里的键",
        "Rule {rule} names a field “{field}” that does not exist",
        "Use a key of this form",
    ),
    "FORM-016": (
        "不是 form-js 表单",
        '需要 "type": "default" 和 components 列表',
        "This is not a form-js form",
        'It needs "type": "default" and a list of components',
    ),
    "FORM-017": ("规则 {rule} 不能用在 {type} 上", "可用于：{allowed}", "Rule {rule} cannot stand on {type}", "It applies to: {allowed}"),
    "FORM-018": (
        "正则表达式 {pattern} 不可用：{reason}",
        "用 RE2 语法，没有回溯引用和环视",
        "The pattern {pattern} cannot be used: {reason}",
        "Use RE2 syntax: no back references, no look-around",
    ),
    "FORM-019": (
        "组件编号“{id}”出现多次",
        "每个组件的 id 要不同",
        "Component id “{id}” occurs more than once",
        "Give every component its own id",
    ),
    "FORM-020": ("列表没有列", "加上组件或 properties.include", "The list has no columns", "Add components or properties.include"),
    "FORM-021": (
        "字段组“{include}”里没有要省略的 {keys}",
        "核对 properties.omit",
        "Group “{include}” has no {keys} to omit",
        "Check properties.omit",
    ),
    "FORM-022": (
        "条件 {text} 在列表行里用了裸列名，指的是整张表单的字段",
        "写成 this.列名",
        "The condition {text} names a column of the row directly; that means a field of the whole form",
        "Write this.<column>",
    ),
    "FORM-023": (
        "评分表缺少列：{missing}",
        "需要 indicator、weight、score、remark",
        "The score table lacks columns: {missing}",
        "It needs indicator, weight, score, remark",
    ),
}


def finding_text(code: str, language: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Message and hint of a finding."""
    zh, zh_hint, en, en_hint = _TEXTS[code]
    message, hint = (en, en_hint) if language == "en" else (zh, zh_hint)
    return message.format(**facts), hint.format(**facts)
