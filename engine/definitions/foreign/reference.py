"""Makes the tables below the marker: ``python -m engine.definitions.foreign.reference docs/reference/foreign-files.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from engine.definitions.foreign.fates import CANNOT_RUN_CODES, Fate
from engine.definitions.foreign.rows import Row
from engine.definitions.foreign.table import rows

_TOOLS = {
    "zeebe": "Camunda 8 (`zeebe:`)",
    "camunda": "Camunda 7 (`camunda:`)",
    "flowable": "Flowable (`flowable:`)",
    "activiti": "Activiti (`activiti:`)",
    "drools": "jBPM (`drools:`)",
    "spiffworkflow": "SpiffArena (`spiffworkflow:`)",
}
_BELOW = "<!-- below: "


def reference(page: str) -> str:
    """The page with its tables made anew; what stands above them is written by hand."""
    written, _, rest = page.partition(_BELOW)
    line = rest.partition("\n")[0]
    codes = ", ".join(sorted(CANNOT_RUN_CODES))
    stored = f"不能运行而照样存入的编号 / errors with which a file of another tool is stored: {codes}.\n"
    return "\n".join([f"{written}{_BELOW}{line}", "", stored, *_sections()]).rstrip() + "\n"


def _sections() -> Iterator[str]:
    for tool, title in _TOOLS.items():
        yield f"## {title}\n"
        yield "| 属性或元素 / attribute or element | 在 / on | 结果 / fate | 读作或原因 / read as, or why |"
        yield "|---|---|---|---|"
        yield from (_line(row) for row in rows() if tool in row.tools)
        yield ""


def _line(row: Row) -> str:
    fate = {Fate.MAPPED: "读作 / mapped", Fate.NO_MEANING: "无含义 / no meaning", Fate.CANNOT_RUN: "不能运行 / cannot run"}[row.fate]
    said = f"`{row.ours}`" if row.fate is Fate.MAPPED else f"{row.why.zh} / {row.why.en}"
    return f"| `{row.place.removeprefix('@').replace('/**', ' …')}` | {', '.join(row.holders)} | {fate} | {said} |"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(reference(page.read_text("utf-8")), "utf-8")
