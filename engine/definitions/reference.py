"""Makes docs/reference/findings.md: ``python -m engine.definitions.reference docs/reference/findings.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.decisions.codes import CODES as DECISIONS
from engine.definitions.codes import OTHERS

_HEAD = """# Findings of a check or deploy

One line per code. A package with an error is not deployed. In files made by other tools (no `cogov` element in them) the codes
marked *house rule* are warnings. FORM-001 … FORM-099 come from `engine/forms/finding_texts.py`; this
page is made from `engine/decisions/codes.py` (DMN-010 …) and `engine/definitions/codes/` (all others). What breaks
a rule of BPMN itself has its code in [bpmn-rules](bpmn-rules.md).

| code | severity | 中文 | English | how to mend |
|---|---|---|---|---|
"""


def reference() -> str:
    """The page as Markdown."""
    return _HEAD + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    for entry in OTHERS.values():
        severity = f"{entry.severity}, house rule" if entry.house_rule else entry.severity
        cells = (entry.code, severity, entry.zh, entry.en, entry.hint_en)
        yield _row(cells)
    for code, (severity, chinese, english, _, hint) in DECISIONS.items():
        yield _row((code, severity, chinese, english, hint))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("{{", "{").replace("}}", "}") for cell in cells) + " |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), "utf-8")
