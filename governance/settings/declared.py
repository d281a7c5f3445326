"""Declared settings: what keys there are, their defaults and what they mean, from YAML files of the governance packages."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from engine import values
from engine.definitions.model import Label
from engine.errors import CogovError
from engine.store import definitions

#: the C parser where it is there
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_log = logging.getLogger(__name__)
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "number": Decimal,
    "integer": Decimal,
    "text": str,
    "duration": str,
    "boolean": bool,
    "list": list,
    "context": dict,
}


class WrongSetting(CogovError):
    """This value does not fit the setting."""

    code = "wrong_setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One key. `source` tags where its default comes from: [A] assumption, [S1] seed, or a law and article."""

    key: str
    value: Any
    kind: str
    source: str
    label: Label

    def check(self, value: Any) -> Any:
        """The value in variable kinds; raises WrongSetting when it is of another kind."""
        value = values.normalise(value)
        fits = value is not None and isinstance(value, _KINDS[self.kind])
        if not fits or (self.kind == "integer" and value != value.to_integral_value()):
            raise WrongSetting(f"设置 {self.key} 须为 {self.kind} / setting {self.key} must be a {self.kind}", key=self.key, kind=self.kind)
        return value


def bundled() -> dict[str, Declared]:
    """The settings of governance itself: defaults.yaml and the settings.yaml of its packages (a check needs them without the wiring)."""
    packages = sorted(files("governance").iterdir(), key=lambda place: place.name)
    own = [place for package in packages if (place := package.joinpath("settings.yaml")).is_file()]
    return read(place.read_text(encoding="utf-8") for place in (files("governance.settings").joinpath("defaults.yaml"), *own))


def from_files(paths: Iterable[Path]) -> dict[str, Declared]:
    """Settings declared by other files in the same format (score sheets of a procedure …)."""
    return read(p.read_text(encoding="utf-8") for p in paths)


def of_deployed(connection: Any) -> dict[str, Declared]:
    """Settings that the procedures declare which are deployed now. A file that cannot be read is left out, and told: the others
    still hold."""
    digest = definitions.current_digest(connection)
    content = definitions.set_content(connection, digest) if digest is not None else {"definitions": {}}
    found: dict[str, Declared] = {}
    files = {path: entry["resource"] for path, entry in content["definitions"].get("file", {}).items() if path.endswith(".settings.yaml")}
    contents = definitions.resource_contents(connection, files.values())
    for path, resource in sorted(files.items()):
        one, wrong = _of_text(contents[resource].decode())
        found |= one
        if wrong is not None:
            _log.error("the settings of %s cannot be read: %s", path, wrong)
    return found


@lru_cache(maxsize=256)
def _loaded(text: str) -> Mapping[str, Any]:
    """The YAML of one file, remembered by its text: applications come and go (sandbox, example runs). Read-only."""
    return yaml.load(text, Loader=_Loader) or {}  # noqa: S506  it is a safe loader


def fault(text: str) -> str | None:
    """What keeps a file of settings from being read; None: nothing."""
    return _of_text(text)[1]


def _of_text(text: str) -> tuple[dict[str, Declared], str | None]:
    """The settings of one file, or none and what is wrong."""
    try:
        return read([text]), None
    except (CogovError, yaml.YAMLError, AttributeError, KeyError, TypeError) as wrong:
        return {}, f"{type(wrong).__name__}: {wrong}"


def read(texts: Iterable[str]) -> dict[str, Declared]:
    """Raises WrongSetting for a key declared twice or a default of the wrong kind."""
    found: dict[str, Declared] = {}
    for text in texts:
        for key, entry in _loaded(text).items():
            if key in found:
                raise WrongSetting(f"setting {key} is declared twice", key=key)
            label = Label(entry["zh"], entry["en"])
            bare = Declared(key=key, value=None, kind=entry["kind"], source=entry["source"], label=label)
            found[key] = Declared(key=key, value=bare.check(entry["value"]), kind=bare.kind, source=bare.source, label=label)
    return found
