"""The shapes of a service's inputs and result, by the annotations of its handler (conventions 7)."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.inference import ANY, Shape, context_of, list_of
from engine.services import Handler, Service
from engine.values import YearsMonths

_PLAIN: Mapping[Any, Shape] = {
    str: Shape("string"),
    bool: Shape("boolean"),
    int: Shape("number"),
    Decimal: Shape("number"),
    datetime: Shape("date and time"),
    date: Shape("date"),
    time: Shape("time"),
    timedelta: Shape("days and time duration"),
    YearsMonths: Shape("years and months duration"),
}


@dataclass(frozen=True, slots=True)
class ServiceShape:
    """`inputs`: name → shape; `required`: those without a default; `open`: it takes inputs of any other name, too."""

    inputs: Mapping[str, Shape]
    required: frozenset[str]
    result: Shape = ANY
    open: bool = False


def service_shapes(services: Iterable[Service]) -> dict[str, ServiceShape]:
    """Name → shapes, for the checks of a deployment and for completion."""
    return {service.name: service_shape(service.handler) for service in services}


def service_shape(handler: Handler) -> ServiceShape:
    try:
        hints = typing.get_type_hints(handler)
    except (NameError, TypeError):  # names for type checkers only, or a handler that is no plain function
        hints = {}
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return ServiceShape(
        inputs={p.name: _of_annotation(hints.get(p.name, Any)) for p in named},
        required=frozenset(p.name for p in named if p.default is p.empty),
        result=_of_annotation(hints.get("return", Any), result=True),
        open=any(p.kind is p.VAR_KEYWORD for p in parameters),
    )


def _of_annotation(annotated: Any, *, result: bool = False) -> Shape:
    origin = typing.get_origin(annotated)
    if origin in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotated) if part is not type(None)]
        return _of_annotation(parts[0], result=result) if len(parts) == 1 else ANY
    if origin in (list, Sequence, tuple):
        arguments = typing.get_args(annotated)
        return list_of(_of_annotation(arguments[0], result=result) if arguments else ANY)
    if origin in (dict, Mapping) or annotated in (dict, Mapping):
        return context_of()
    if result and dataclasses.is_dataclass(annotated) and isinstance(annotated, type):
        return context_of({field.name: ANY for field in dataclasses.fields(annotated)})
    return _PLAIN.get(annotated, ANY)
