"""What a requirement graph is made of, apart from its decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.decisions.model import Logic, Typed
from engine.feel.environment import Run
from engine.feel.types import Type

if TYPE_CHECKING:
    from engine.decisions.graph import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """A value that comes from outside, by its name or id."""

    id: str
    name: str
    typed: Typed

    def read(self, variables: Mapping[str, Any], run: Run) -> Any:
        """The value; ABSENT when no variable has the name and names are strict, so that only reading it fails."""
        for name in (self.name, self.id):
            if name in variables:
                return self.typed.convert(variables[name], run)
        return ABSENT if run.strict else None


#: an input that nobody gave
ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """A business knowledge model: a function."""

    id: str
    name: str
    parameters: tuple[tuple[str, Type], ...]
    body: Logic
    typed: Typed
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A decision service: output decisions as a function of input decisions and input data."""

    id: str
    name: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    typed: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An element of an imported file; expressions call it `alias.name`, or `name` when the import has no name."""

    #: ``namespace#id``, as the file refers to it
    id: str
    alias: str
    target: str
    graph: Graph = field(repr=False)

    @property
    def name(self) -> str:
        """The name expressions begin with."""
        return self.alias or self.graph.elements[self.target].name
