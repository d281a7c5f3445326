"""The codes of findings: severity and text in both languages.

`docs/reference/findings.md` and `docs/reference/bpmn-rules.md` are made from them.
"""

from __future__ import annotations

from engine.definitions.code import Code
from engine.definitions.codes import content, dialect, names, package
from engine.definitions.rules.table import RULES

_GROUPS = (
    package.PACKAGE,
    package.FILE,
    dialect.SUPPORT,
    dialect.HOUSE,
    names.REFERENCES,
    content.FEEL,
    content.FORM,
    content.DATA,
    content.PAPER,
    content.PROTECTION,
)

#: those that are no rule of BPMN
OTHERS: dict[str, Code] = {code.code: code for group in _GROUPS for code in group}
CODES: dict[str, Code] = {**OTHERS, **{rule.code: rule.words for rule in RULES.values()}}
