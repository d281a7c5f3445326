"""Decision files, as `engine.decisions` reads them."""

from __future__ import annotations

from engine.decisions import read_dmn
from engine.definitions.checks.context import Checked
from engine.errors import Finding


def check_decisions(checked: Checked, language: str) -> list[Finding]:
    """Findings of every .dmn file of the package. An import may mean a file of the package or one that is deployed."""
    found: list[Finding] = []
    files = {path: content for path, content in {**checked.deployed.files, **checked.package.files}.items() if path.endswith(".dmn")}
    for path, content in checked.package.files.items():
        if path.endswith(".dmn"):
            found += read_dmn(content, path, language=language, files=files).findings
    return found
