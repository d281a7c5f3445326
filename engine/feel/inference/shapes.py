"""Shapes: what is known of a value before it exists. A kind, the shape of a list's items, the entries of a context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel.kinds import FunctionValue, Range, entries_of, kind_of
from engine.feel.types import Type


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is FEEL's name of a kind, ``Any`` when it cannot be known, ``null`` when it is always null.

    `entries` of a context: None when not known; `open`: it may have others beside them. `result` is that of a function.
    """

    kind: str
    item: Shape | None = None
    entries: Mapping[str, Shape] | None = None
    open: bool = False
    result: Shape | None = None
    #: shapes in it when everything it shares is written out
    size: int = field(init=False, compare=False, repr=False, default=1)

    def __post_init__(self) -> None:
        inner = (*(self.entries or {}).values(), *(shape for shape in (self.item, self.result) if shape is not None))
        object.__setattr__(self, "size", 1 + sum(shape.size for shape in inner))

    @property
    def known(self) -> bool:
        """Whether anything can be said about its kind; null fits everywhere, as FEEL's values may all be null."""
        return self.kind not in ("Any", "null")

    def entry(self, name: str) -> Shape | None:
        """The entry of a context: ANY where it may have others, None where it certainly has no such entry."""
        if self.entries is None:
            return ANY
        return self.entries.get(name) or (ANY if self.open else None)


#: a context literal can share its entries until written out it has no end; of larger ones nothing is known
_LARGEST = 10_000

ANY = Shape("Any")
NULL = Shape("null")
NUMBER = Shape("number")
TEXT = Shape("string")
BOOLEAN = Shape("boolean")
DATE = Shape("date")
TIME = Shape("time")
MOMENT = Shape("date and time")
DAYS = Shape("days and time duration")
MONTHS = Shape("years and months duration")


def list_of(item: Shape = ANY) -> Shape:
    return Shape("list", item=item)


def context_of(entries: Mapping[str, Shape] | None = None, *, open: bool = False) -> Shape:  # noqa: A002  the field's name
    found = Shape("context", entries=None if entries is None else dict(entries), open=open)
    return found if found.size <= _LARGEST else Shape("context")


def join(*shapes: Shape) -> Shape:
    """What holds of a value that has one of these shapes; `ANY` when they differ in kind."""
    found: Shape | None = None
    for shape in shapes:
        if shape.kind == "null":
            continue
        found = shape if found is None else _both(found, shape)
    return found or (NULL if shapes else ANY)


def _both(left: Shape, right: Shape) -> Shape:
    if left == right:
        return left
    if left.kind != right.kind or left.kind == "Any":
        return ANY
    if left.kind in ("list", "range"):
        return Shape(left.kind, item=join(left.item or ANY, right.item or ANY))
    if left.kind != "context":
        return Shape(left.kind)
    if left.entries is None or right.entries is None:
        return context_of()
    entries = dict(left.entries)
    for name, shape in right.entries.items():
        entries[name] = join(entries[name], shape) if name in entries else shape
    return context_of(entries, open=left.open or right.open)


def of_type(kind: Type) -> Shape:
    """The shape of a declared type: of item definitions, of ``instance of``, of parameters."""
    if kind.kind in ("list", "range"):
        return Shape(kind.kind, item=of_type(kind.item) if kind.item is not None else ANY)
    if kind.kind == "context":
        return context_of(None if kind.entries is None else {name: of_type(entry) for name, entry in kind.entries})
    return Shape(kind.kind)


def of_value(value: Any) -> Shape:
    """The shape of sample data."""
    kind = kind_of(value)
    if kind == "unknown":
        return ANY
    if isinstance(value, list):
        return list_of(join(*(of_value(item) for item in value)) if value else ANY)
    if isinstance(value, Range):
        return Shape("range", item=join(of_value(value.start), of_value(value.end)))
    if kind == "context":
        return context_of({name: of_value(entry) for name, entry in entries_of(value).items()})
    if isinstance(value, FunctionValue):
        return Shape("function", result=ANY)
    return Shape(kind)


def described(shape: Shape) -> dict[str, Any]:
    """As completion data: ``{"kind", "item"?, "entries"?, "open"?}``; JSON values only."""
    found: dict[str, Any] = {"kind": shape.kind}
    if shape.item is not None and shape.item.kind != "Any":
        found["item"] = described(shape.item)
    if shape.entries is not None:
        found["entries"] = {name: described(entry) for name, entry in shape.entries.items()}
        found["open"] = shape.open
    return found


def names_of(shape: Shape) -> Iterable[str]:
    """The entries one may write behind a dot: of a context, or of a list's items."""
    while shape.kind == "list" and shape.item is not None:
        shape = shape.item
    return tuple(shape.entries or ())
