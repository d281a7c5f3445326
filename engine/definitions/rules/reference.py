"""Makes docs/reference/bpmn-rules.md: ``python -m engine.definitions.rules.reference docs/reference/bpmn-rules.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from engine.definitions.rules.rule import Family, Rule
from engine.definitions.rules.table import FAMILIES, RULES

_HEAD = """# BPMN 规则 / Rules of BPMN

一个文件会违反的 {count} 条 BPMN 2.0.2（formal/2013-12-09）规则：检查报告里的代码、级别、标准的条款、毛病和改法。
有错误的文件不部署；警告不妨碍运行。
标 house 的只在本平台做的文件里是错误；其他工具常这样写而又不妨碍运行，在它们的文件里（没有 `cogov` 元素）只是警告。
规则在 `engine/definitions/rules/`，一族一个模块，本页由它们生成。
`tests/unit/definitions/rules/` 里每条有一个违反它的文件和一个只差一处的合法文件。本平台自己的代码见 [findings](findings.md)。

{count} rules of BPMN 2.0.2 (formal/2013-12-09) that a file can break: the code that a report prints, the severity, the clause of
the standard, the fault and how to mend it. A file with an error is not deployed; a warning does not keep it from running.
Those marked *house* are errors in files of our own only: other tools write it so and a run does not suffer, so that it is a warning
in their files (no `cogov` element in them).
The rules are in `engine/definitions/rules/`, a family a module, and this page is made from them; `tests/unit/definitions/rules/`
has, for each, a file that breaks it and a legal neighbour that differs in one place. For the codes of our own dialect see
[findings](findings.md).
"""
_COLUMNS = """
| 代码 / code | 级别 / severity | 条款 / clause | 毛病 / fault | 改法 / how to mend |
|---|---|---|---|---|
"""


def reference() -> str:
    """The page as Markdown."""
    return _HEAD.format(count=len(RULES)) + "".join(_section(family) for family in FAMILIES)


def _section(family: Family) -> str:
    return f"\n## {family.zh} / {family.en}\n{_COLUMNS}" + "".join(f"{line}\n" for line in _rows(family))


def _rows(family: Family) -> Iterator[str]:
    for rule in sorted(family.rules, key=lambda rule: rule.code):
        words = rule.words
        fault, mend = (words.zh, words.en), (words.hint_zh, words.hint_en)
        yield f"| {rule.code} | {_severity(rule)} | {rule.clause} | {_lines(fault)} | {_lines(mend)} |"


def _lines(texts: tuple[str, str]) -> str:
    """Both languages in one cell; nothing of them is read as Markdown or HTML."""
    return "<br>".join(text.replace("<", "&lt;").replace("|", "\\|") for text in texts)


def _severity(rule: Rule) -> str:
    return f"{rule.words.severity}, house" if rule.words.house_rule else rule.words.severity


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), "utf-8")
