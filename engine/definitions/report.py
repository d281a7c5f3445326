"""Collects the problems of one file; they become findings in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.codes import CODES
from engine.definitions.foreign.fates import CANNOT_RUN_CODES
from engine.definitions.model import Label
from engine.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A finding before it is put into words. A fact that is a Label is said in the reader's language."""

    code: str
    file: str
    element: str | None = None
    line: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: the file was made by another tool: a rule of our own dialect is only a warning there (conventions 2)
    foreign: bool = False

    @property
    def severity(self) -> str:
        entry = CODES[self.code]
        return "warning" if self.foreign and entry.house_rule else entry.severity

    @property
    def stored(self) -> bool:
        """An error with which a file of another tool is stored all the same; its processes cannot be started."""
        return self.foreign and self.code in CANNOT_RUN_CODES and self.severity == "error"

    def finding(self, language: str) -> Finding:
        """In ``zh`` or ``en``."""
        entry = CODES[self.code]
        english = language == "en"
        facts = {name: fact.in_(language) if isinstance(fact, Label) else fact for name, fact in self.facts.items()}
        return Finding(
            file=self.file,
            element=self.element,
            line=self.line,
            code=self.code,
            severity=self.severity,
            message=(entry.en if english else entry.zh).format(**facts),
            stored=self.stored,
            hint=(entry.hint_en if english else entry.hint_zh).format(**facts),
        )


class Report:
    """Problems of one file, in the order in which they were met."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.foreign = False
        self.problems: list[Problem] = []

    def add(self, code: str, element: str | None = None, line: int | None = None, **facts: Any) -> None:
        """Add a problem; `facts` fill the templates of its code."""
        self.problems.append(Problem(code=code, file=self.file, element=element, line=line, facts=facts, foreign=self.foreign))


def findings(problems: Iterable[Problem], language: str) -> list[Finding]:
    """In the reader's language."""
    return [problem.finding(language) for problem in problems]
