"""What is wrong with a workbook: where, what, how to mend it, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.definitions.model import Label
from engine.errors import CogovError


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One wrong cell, row (`column` empty) or sheet (`row` None)."""

    sheet: str
    row: int | None = None
    #: letter and heading, as the reader sees them: ``C 上级``
    column: str = ""
    what: Label
    hint: Label

    @property
    def where(self) -> str:
        """``区域!5 C 上级``"""
        place = f"{self.sheet}!{self.row}" if self.row is not None else self.sheet
        return f"{place} {self.column}".rstrip()

    def text(self, language: str) -> str:
        """One line: where, what, how to mend it."""
        return f"{self.where}: {self.what.in_(language)} — {self.hint.in_(language)}"


class WorkbookRefused(CogovError):
    """The workbook has mistakes; nothing of it was taken in."""

    code = "workbook_refused"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        lines = [{"where": m.where, "zh": m.what.zh, "en": m.what.en, "hint_zh": m.hint.zh, "hint_en": m.hint.en} for m in mistakes]
        super().__init__(f"工作簿有 {len(mistakes)} 处错误，未导入 / {len(mistakes)} mistakes, nothing was imported", errors=lines)
        self.mistakes = tuple(mistakes)
