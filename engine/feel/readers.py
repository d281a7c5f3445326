"""How closures read names: variables, what a construct binds, entries of filtered items."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.environment import Scope
from engine.feel.errors import UnknownVariable
from engine.feel.failures import UnknownName
from engine.feel.kinds import adopt, entries_of, is_context

Code = Callable[[Scope], Any]
_ABSENT = object()
#: types whose values are as FEEL sees them
PLAIN = frozenset({Decimal, str, bool, type(None)})


def variable_reader(name: str, hops: int, position: int) -> Code:
    """Reads a name from the outermost scope, `hops` scopes outwards."""

    def read_here(scope: Scope) -> Any:
        try:
            value = scope.names[name]
        except KeyError:
            return _missing(name, scope, position)
        return value if type(value) in PLAIN else adopt(value, scope.run)

    def read(scope: Scope) -> Any:
        inner = scope
        for _ in range(hops):
            scope = scope.parent  # type: ignore[assignment]
        try:
            value = scope.names[name]
        except KeyError:
            return _missing(name, inner, position)
        return value if type(value) in PLAIN else adopt(value, scope.run)

    return read if hops else read_here


def local_reader(name: str, hops: int) -> Code:
    """Reads a name that a construct binds, `hops` scopes outwards."""

    def read_here(scope: Scope) -> Any:
        return scope.names.get(name)

    def read(scope: Scope) -> Any:
        for _ in range(hops):
            scope = scope.parent  # type: ignore[assignment]
        return scope.names.get(name)

    return read if hops else read_here


def item_reader(name: str, position: int) -> Code:
    """Reads a name inside a filter: an entry of the item, else a name further out."""

    def read(scope: Scope) -> Any:
        here: Scope | None = scope
        while here is not None:
            if name in here.names:
                return adopt(here.names[name], scope.run)
            here = here.parent
        return None if _entry_of_another_item(name, scope) else _missing(name, scope, position)

    return read


def _entry_of_another_item(name: str, scope: Scope) -> bool:
    """Rows need not all have the same entries; a name that no row has is a mistake."""
    here: Scope | None = scope
    while here is not None:
        if any(is_context(item) and name in entries_of(item) for item in here.items or ()):
            return True
        here = here.parent
    return False


def _missing(name: str, scope: Scope, position: int) -> Any:
    if scope.run.strict:
        raise UnknownName(name, position, scope)
    builtin = BUILTINS.get(name)
    return builtin.as_value() if builtin else None


def value_or_null(value: Code, scope: Scope) -> Any:
    try:
        return value(scope)
    except UnknownVariable:
        return None


def is_defined(value: Code, scope: Scope) -> bool:
    try:
        value(scope)
    except UnknownVariable:
        return False
    return True
