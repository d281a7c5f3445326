"""What mappings write fits what is there: inputs of services, and variables that are written in several places."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.checks.context import Of, some
from engine.definitions.checks.doubts import excerpt, in_words, nearest_of, words
from engine.definitions.checks.scopes import first
from engine.definitions.model import Node
from engine.definitions.scope.places import Place
from engine.feel.inference import ANY, Shape

#: kinds that stand for each other where a service reads them
_ALIKE = frozenset({"date", "date and time"})


def check_mappings(of: Of, shapes: Iterable[tuple[Place, Shape]]) -> None:
    """`shapes`: what each expression of the process gives."""
    found = list(shapes)
    for node in of.process.nodes.values():
        _inputs(of, node)
    for place, shape in found:
        if place.what.startswith("input "):
            _input(of, place, shape)
    _several(of, [(place, shape) for place, shape in found if place.what.startswith("output ") and shape.known])


def _inputs(of: Of, node: Node) -> None:
    """The names of a service's inputs: an unknown or a missing one fails each call."""
    service = of.checked.service_shapes.get(node.service or "")
    if service is None:
        return
    given = {first(mapping.target): mapping for mapping in node.inputs}
    for target in sorted(given.keys() - service.inputs.keys()) if not service.open else ():
        near, known = nearest_of(target, service.inputs), some(service.inputs)
        of.add("FEEL-014", node.id, node.line, service=node.service, target=target, near=near, known=known)
    for target in sorted(service.required - given.keys()):
        of.add("FEEL-015", node.id, node.line, service=node.service, target=target)


def _input(of: Of, place: Place, shape: Shape) -> None:
    node = of.process.nodes[place.element]
    service = of.checked.service_shapes.get(node.service or "")
    wanted = service.inputs.get(place.target, ANY) if service is not None else ANY
    if shape.known and wanted.known and not _alike(shape, wanted):
        facts = {"wanted": words((wanted.kind,)), "found": in_words(shape), "text": excerpt(place.text)}
        of.add("FEEL-013", place.element, place.line, service=node.service, target=place.target, **facts)


def _several(of: Of, outputs: list[tuple[Place, Shape]]) -> None:
    """A variable that one step makes a number and another a text; said once, where it is written later in the file."""
    before: dict[str, Shape] = {}
    for place, shape in outputs:
        known = before.setdefault(place.target, shape)
        if not _alike(known, shape):
            facts = {"target": place.target, "found": in_words(shape), "other": in_words(known), "text": excerpt(place.text)}
            of.add("FEEL-012", place.element, place.line, where=place.what, **facts)
            continue
        structure, entry = _entry(of, place.target)
        if structure is not None and entry.known and not _alike(entry, shape):
            facts = {"target": place.target, "found": in_words(shape), "other": in_words(entry), "text": excerpt(place.text)}
            of.add("FEEL-012", place.element, place.line, where=place.what, **facts)


def _entry(of: Of, target: str) -> tuple[Shape | None, Shape]:
    """The field of a declared form that a dotted target stands for."""
    name, *path = target.split(".")
    data = of.process.data.get(name)
    shape: Shape | None = of.checked.world.form(data.form) if data is not None and path else None
    found = shape or ANY
    for step in path:
        found = found.entry(step) or ANY
    return shape, found


def _alike(one: Shape, other: Shape) -> bool:
    return one.kind == other.kind or {one.kind, other.kind} <= _ALIKE
