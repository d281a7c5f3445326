"""Decision files, as `engine.decisions` reads them, and what its checks find in their tables."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.decisions import read_dmn
from engine.decisions.checks import OF_TYPES, check_tables
from engine.definitions.checks.context import Checked
from engine.definitions.package import Package
from engine.errors import Finding


def check_decisions(checked: Checked, language: str) -> list[Finding]:
    """Findings of every .dmn file of the package. An import may mean a file of the package or one that is deployed."""
    found: list[Finding] = []
    settings = {**_settings(checked.deployed), **_settings(checked.package)}
    files = {path: content for path, content in {**checked.deployed.files, **checked.package.files}.items() if path.endswith(".dmn")}
    for path, content in checked.package.files.items():
        if path.endswith(".dmn"):
            file = read_dmn(content, path, language=language, files=files)
            found += file.findings
            found += [
                finding for finding in check_tables(file, language, settings) if finding.code not in OF_TYPES
            ]  # `tables` infers types of all cells
    return found


def _settings(package: Package) -> dict[str, Any]:
    """The declared values of the settings of a package, as setting(…) gives them."""
    readers = {key: (_KINDS.get(str(one.get("kind"))), one.get("value")) for key, one in package.settings.items() if isinstance(one, dict)}
    values = {key: read(str(value)) for key, (read, value) in readers.items() if read is not None and value is not None}
    return {key: value for key, value in values.items() if value is not None}


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_KINDS: dict[str, Callable[[str], Any]] = {"number": _number, "integer": _number, "text": str, "duration": str}
