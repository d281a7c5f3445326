"""Bundled procedures are deployed at every start; what somebody has published here since stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from engine.queries import DefinitionLine
from governance.application import Application
from governance.designer.files import CODES, is_shared, key_of


def without_changed(app: Application, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """The bundled files that may be deployed, and the procedures (and shared files) that are left as they are here, because a
    person published their newest version. Code lists are merged: those of here, and what only the bundle has, since bundled
    procedures need it.
    """
    newest: dict[tuple[str, str], DefinitionLine] = {}
    touched = set()
    for line in app.engine.queries.definitions(kind=None):
        newest.setdefault((line.kind, line.key), line)
        if line.deployed_by is not None:
            touched.add(line.path)
    changed = {line.path for line in newest.values() if line.deployed_by is not None}
    kept = {key for path in changed if (key := key_of(path)) is not None} | {path for path in touched if is_shared(path) and path != CODES}
    found = {path: content for path, content in files.items() if key_of(path) not in kept and path not in kept}
    if CODES in found and CODES in touched:
        found[CODES] = merged_codes(app.engine.queries.definition_file("codes", CODES), found[CODES])
    bundled = {key_of(path) or path for path in files}
    return found, sorted(kept & bundled)


def merged_codes(here: bytes, bundled: bytes) -> bytes:
    """Lists and entries of here, and those that only the bundle has."""
    own, other = yaml.safe_load(here) or {}, yaml.safe_load(bundled) or {}
    more: dict[str, list[Any]] = {}
    for name, entries in other.items():
        known = {entry["code"] for entry in own.get(name, ())}
        missing = [entry for entry in entries if entry["code"] not in known]
        if missing:
            more[name] = [*own.get(name, ()), *missing]
    if not more:
        return here
    return str(yaml.safe_dump({**own, **more}, allow_unicode=True, sort_keys=False, width=140)).encode()
