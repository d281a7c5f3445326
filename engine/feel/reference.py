"""Writes the list of functions into docs/reference/feel.md: ``python -m engine.feel.reference docs/reference/feel.md``."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.feel.builtins.about import GROUPS, About, about_functions

BEGIN, END = "<!-- functions: made by engine.feel.reference -->", "<!-- end of functions -->"


def function_list() -> str:
    """The list as Markdown, in Chinese and English, with one example each that a test runs."""
    functions = about_functions()
    parts = []
    for group, zh, en in GROUPS:
        rows = [_row(about) for about in functions if about.group == group]
        head = "| 函数 Function | 结果 Result | 用途 For | 例 Example |\n|---|---|---|---|"
        parts.append("\n".join([f"### {zh} / {en}", head, *rows]))
    return "\n\n".join(parts)


def _row(about: About) -> str:
    calls = "<br>".join(f"`{signature}`" for signature in about.signatures)
    cells = (calls, about.result, f"{about.zh} / {about.en}", f"`{about.example}` = `{about.answer}`")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def with_functions(text: str) -> str:
    """A page with the list between its two marks. Raises ValueError when it has no marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{function_list()}\n{END}{after}"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_functions(page.read_text("utf-8")), "utf-8")
