"""Where forms stand, and what their expressions may name: their own fields, code lists, and the variables of each step that shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.model import Node, Process
from engine.definitions.scope.forms import field_shape
from engine.definitions.scope.variables import Seen, Variables
from engine.definitions.scope.world import World
from engine.feel.inference import ANY, NUMBER, Shape, context_of, join
from engine.forms.compiled import CompiledForm, FieldInfo, expressions_of
from engine.forms.expressions import ROW_NAMES
from engine.forms.tree import Component


@dataclass(frozen=True, slots=True)
class FormPlace:
    """One expression of a component, as ``=…``; `names` None: any name may be used."""

    component: str
    text: str
    names: Mapping[str, Shape] | None


def users(world: World, processes: Mapping[str, Process]) -> dict[str, list[Seen | None]]:
    """Form → the names of each place that shows it; None for one that may have any name."""
    found: dict[str, list[Seen | None]] = {}
    for process in processes.values():
        variables = world.variables(process)
        if variables is None:
            continue
        for node in process.nodes.values():
            for form in {node.form, node.action.form if node.action is not None else None} - {None}:
                found.setdefault(str(form), []).append(_seen(variables, node))
    return found


def _seen(variables: Variables, node: Node) -> Seen | None:
    if variables.scopes.open_names:
        return None
    return variables.seen(node, variables.scopes.of_node(node))


def form_names(world: World, form: CompiledForm, shown: list[Seen | None]) -> Mapping[str, Shape] | None:
    """What the expressions of a form may name outside of rows; None: any name. A name that only some of the steps have is no mistake:
    others of that form may do without."""
    known = [seen for seen in shown if seen is not None]
    if len(known) < len(shown):
        return None
    return {**dict(_together(known)), "codes": world.codes, **_fields(form.fields)}


def form_places(world: World, form: CompiledForm, shown: list[Seen | None]) -> Iterator[FormPlace]:
    """Every expression of a form."""
    yield from _walk(form.components, form.fields, form_names(world, form, shown), ())


def _together(shown: list[Seen]) -> Seen:
    names = frozenset().union(*(seen.names for seen in shown))
    return Seen(names, lambda name: join(*(seen[name] for seen in shown)) if all(name in seen for seen in shown) else ANY)


def _fields(fields: Mapping[str, FieldInfo]) -> dict[str, Shape]:
    """By name; a group is known to exist, and what is in it is left open."""
    return {key.split(".")[0]: field_shape(info) if "." not in key else context_of(None) for key, info in fields.items()}


def _walk(
    components: tuple[Component, ...], fields: Mapping[str, FieldInfo], names: Mapping[str, Shape] | None, path: tuple[str, ...]
) -> Iterator[FormPlace]:
    for component in components:
        for text in expressions_of(component):
            yield FormPlace(component.id, text, names)
        here = (*path, *component.path)
        info = fields.get(".".join(here))
        if component.type == "dynamiclist" and info is not None and info.columns is not None:
            row = _fields(info.columns)
            inner = None if names is None else {**names, **dict.fromkeys(ROW_NAMES, ANY), "i": NUMBER, **row}
            yield from _walk(component.children, info.columns, inner, ())
        else:
            yield from _walk(component.children, fields, names, here)
