"""Declared settings: what keys there are, their defaults and what they mean, from YAML files of the governance packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from engine import values
from engine.definitions.model import Label
from engine.errors import CogovError

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


def read(texts: Iterable[str]) -> dict[str, Declared]:
    """Raises WrongSetting for a key declared twice or a default of the wrong kind."""
    found: dict[str, Declared] = {}
    for text in texts:
        for key, entry in (yaml.safe_load(text) or {}).items():
            if key in found:
                raise WrongSetting(f"setting {key} is declared twice", key=key)
            label = Label(entry["zh"], entry["en"])
            bare = Declared(key=key, value=None, kind=entry["kind"], source=entry["source"], label=label)
            found[key] = Declared(key=key, value=bare.check(entry["value"]), kind=bare.kind, source=bare.source, label=label)
    return found
