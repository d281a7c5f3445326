"""Decision files, as `engine.decisions` reads them."""

from __future__ import annotations

from engine.decisions import read_dmn
from engine.definitions.checks.context import Checked
from engine.errors import Finding


def check_decisions(checked: Checked, language: str) -> list[Finding]:
    """Findings of every .dmn file of the package."""
    found: list[Finding] = []
    for path, content in checked.package.files.items():
        if path.endswith(".dmn"):
            found += read_dmn(content, path, language=language).findings
    return found
