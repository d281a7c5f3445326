"""Finds what engine.runner touches of SpiffWorkflow: in the source (imports, subclasses, overrides, super calls, private names) and while
scenarios run (every attribute that our code reads or sets on an object of the library's classes).

Public is a name without a leading underscore that the library documents: it has a docstring of its own, or the docstring of its class
or of that class's constructor names it. Everything else is not public, also an attribute without an underscore that is only to be
found in the source. What the library calls inside itself, and we neither override nor name, is no part of the seam.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import engine.runner

LIBRARY = "SpiffWorkflow"
HOME = str(Path(engine.runner.__file__).parent)


@cache
def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(engine.runner.__path__, "engine.runner.")
    return [importlib.import_module(one.name) for one in found]


@cache
def parsed(module: ModuleType) -> ast.Module:
    return ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))


@cache
def imported() -> dict[str, Any]:
    """Dotted name → what engine.runner imports from the library."""
    found = {}
    for module in modules():
        for item in ast.walk(parsed(module)):
            if isinstance(item, ast.ImportFrom) and (item.module or "").split(".")[0] == LIBRARY:
                for alias in item.names:
                    found[f"{item.module}.{alias.name}"] = getattr(importlib.import_module(item.module or ""), alias.name)
            elif isinstance(item, ast.Import):
                found.update({alias.name: importlib.import_module(alias.name) for alias in item.names if alias.name.startswith(LIBRARY)})
    return found


@cache
def library_classes() -> list[type]:
    return [one for one in imported().values() if isinstance(one, type)]


@cache
def offered(cls: type) -> dict[str, str]:
    """Name → kind of what a class of the library has: methods, properties, constants, attributes its own methods set."""
    found = {}
    for name, member in vars(cls).items():
        if not _dunder(name) and name != "_abc_impl":
            found[name] = "property" if isinstance(member, property) else "method" if callable(_plain(member)) else "constant"
    for item in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(cls)))):
        if (
            isinstance(item, ast.Attribute)
            and isinstance(item.ctx, ast.Store)
            and isinstance(item.value, ast.Name)
            and item.value.id == "self"
        ):
            found.setdefault(item.attr, "attribute")
    return found


def signature(dotted: str) -> str:
    """How ``Class.name`` is called, or what it is, in the installed library. Raises LookupError when it is gone."""
    owner, _, name = dotted.partition(".")
    cls = next((one for one in library_classes() if one.__name__ == owner), None)
    if cls is None:
        raise LookupError(dotted)
    if name == "__init__":
        return str(inspect.signature(cls.__init__))  # type: ignore[misc]
    kind = offered(cls).get(name)
    if kind is None:
        raise LookupError(dotted)
    if kind == "method":
        return str(inspect.signature(_plain(vars(cls)[name])))
    return kind if kind != "constant" else f"constant {vars(cls)[name]!r}"


def is_public(dotted: str) -> bool:
    owner, _, name = dotted.partition(".")
    cls = next(one for one in library_classes() if one.__name__ == owner)
    if name.startswith("_"):
        return name == "__init__"
    member = _plain(vars(cls).get(name))
    own = (member.fget if isinstance(member, property) else member).__doc__ if callable(member) or isinstance(member, property) else None
    documented = f"{cls.__doc__ or ''} {cls.__init__.__doc__ or ''}"  # type: ignore[misc]
    return bool(own) or re.search(rf"\b{name}\b", documented) is not None


def in_source() -> set[str]:
    """``Class.name`` of everything that the source of engine.runner names for certain."""
    return _overridden() | _super_calls() | _constants() | _private_names()


def _overridden() -> set[str]:
    found = set()
    for ours in _our_classes():
        for base in ours.__mro__:
            if base in library_classes():
                found |= {f"{base.__name__}.{name}" for name in offered(base) if name in vars(ours)}
    return found


def _super_calls() -> set[str]:
    found = set()
    for ours in _our_classes():
        for item in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(ours)))):
            if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Call) and ast.unparse(item.value.func) == "super":
                owner = next(base for base in ours.__mro__[1:] if item.attr in vars(base))
                if owner in library_classes():
                    found.add(f"{owner.__name__}.{item.attr}")
    return found


def _constants() -> set[str]:
    """What is read from a class of the library itself, such as ``TaskState.READY``."""
    classes = {one.__name__: one for one in library_classes()}
    found = set()
    for module in modules():
        for item in ast.walk(parsed(module)):
            if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and item.value.id in classes:
                found.add(f"{item.value.id}.{item.attr}")
    return found


def _private_names() -> set[str]:
    """Names with one underscore that only one class of the library has; the trace tells the others apart."""
    owners: dict[str, list[str]] = {}
    for cls in library_classes():
        for name in offered(cls):
            owners.setdefault(name, []).append(cls.__name__)
    found = set()
    for module in modules():
        for item in ast.walk(parsed(module)):
            if isinstance(item, ast.Attribute) and item.attr.startswith("_") and len(owners.get(item.attr, ())) == 1:
                found.add(f"{owners[item.attr][0]}.{item.attr}")
    return found


def _our_classes() -> Iterator[type]:
    seen = set()
    for module in modules():
        for item in vars(module).values():
            if isinstance(item, type) and item.__module__.startswith("engine.runner") and item not in seen:
                seen.add(item)
                yield item


class Trace:
    """Notes what our code reads and sets on objects of the library's classes while it is on."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        #: our classes whose behaviour was asked to run or to wait
        self.ran: set[type] = set()

    def switch_on(self, patch: pytest.MonkeyPatch) -> None:
        for cls in library_classes():
            self._watch(patch, cls, offered(cls))

    def _watch(self, patch: pytest.MonkeyPatch, cls: type, names: dict[str, str]) -> None:
        def note(item: object, name: str) -> None:
            if name in names and sys._getframe(2).f_code.co_filename.startswith(HOME):
                self.names.add(f"{cls.__name__}.{name}")
            if name in ("_run", "wait"):
                self.ran.add(type(item))

        def read(item: object, name: str) -> Any:
            note(item, name)
            return object.__getattribute__(item, name)

        def write(item: object, name: str, value: object) -> None:
            note(item, name)
            object.__setattr__(item, name, value)

        patch.setattr(cls, "__getattribute__", read)
        patch.setattr(cls, "__setattr__", write)


def _dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _plain(member: Any) -> Any:
    return member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
