"""What an operator changes in a running instance from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import NotFound
from engine.runner.instance import Instance
from engine.runner.variables import check_name
from engine.values import normalise


def assign(instance: Instance, variables: Mapping[tuple[str, str], Any]) -> None:
    """Set variables of live scopes: (token, name) → value. Raises NotFound for a scope that is not live, BadName."""
    for (scope, name), value in variables.items():
        check_name(name)
        token = instance.find(scope)
        if token is None:
            raise NotFound(f"the scope {scope} is not live any more", scope=scope)
        token.data[name] = normalise(value)
