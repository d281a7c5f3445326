"""Role codes, seats and kinds with their names in both languages: data files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from engine.definitions.model import Label

#: Rank of a role nobody described: takes part from outside, approves nothing.
_OUTSIDE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a role code means (domain 2.2); the fields are explained in roles.yaml."""

    code: str
    name: Label
    rank: int = _OUTSIDE
    staff: bool = False
    head: bool = False
    grants: tuple[str, ...] = ()


@cache
def roles() -> Mapping[str, Role]:
    """Every role code of a post."""
    return {code: _role(code, entry) for code, entry in _read("roles.yaml")["roles"].items()}


def staff_roles() -> frozenset[str]:
    """Roles whose holders read data of class staff."""
    return frozenset(code for code, role in roles().items() if role.staff)


@cache
def seats() -> Mapping[str, Role]:
    """Every seat a committee may have: its own ones and the role codes."""
    own = {code: _role(code, entry) for code, entry in _read("roles.yaml")["seats"].items()}
    return {**roles(), **own}


@cache
def kinds(of: str) -> Mapping[str, Label]:
    """Names of the kinds of ``areas``, ``units``, ``powers`` or ``committees``."""
    return {code: Label(entry["zh"], entry["en"]) for code, entry in _read("kinds.yaml")[of].items()}


def role_name(code: str) -> Label:
    """The name of a role or seat; an unknown code stands for itself."""
    known = seats().get(code)
    return known.name if known else Label(code, code)


def _role(code: str, entry: Mapping[str, Any]) -> Role:
    return Role(
        code=code,
        name=Label(entry["zh"], entry["en"]),
        rank=entry.get("rank", _OUTSIDE),
        staff=entry.get("staff", False),
        head=entry.get("head", False),
        grants=tuple(entry.get("grants", ())),
    )


def _read(name: str) -> Any:
    return yaml.safe_load(files("governance.directory").joinpath(name).read_text(encoding="utf-8"))
