"""Collects the findings of one file."""

from __future__ import annotations

from typing import Any

from engine.definitions.codes import finding
from engine.errors import Finding


class Report:
    """Findings of one file in one language, in the order in which they were met."""

    def __init__(self, file: str, language: str = "zh") -> None:
        self.file = file
        self.language = language
        #: made by another tool: rules of our own dialect are warnings
        self.foreign = False
        self.findings: list[Finding] = []

    def add(self, code: str, element: str | None = None, line: int | None = None, **facts: Any) -> None:
        """Add the finding `code`; `facts` fill its templates."""
        self.findings.append(
            finding(code, file=self.file, element=element, line=line, language=self.language, foreign=self.foreign, **facts)
        )

    @property
    def has_errors(self) -> bool:
        return any(f.severity == "error" for f in self.findings)
