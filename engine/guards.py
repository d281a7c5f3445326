"""Protection of what was handed in: a class of data with the readers it named at that moment (domain 2.5).

A `Rule` of the model is evaluated once, where the value came in, and stored with it as a `Guard`: later reads need no scope, and
what was kept for one side of a mediation stays so. Who satisfies a guard is governance's question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.definitions.protection import ACCESS_CLASSES, PUBLIC, Rule
from engine.errors import ExpressionFailed, UnknownVariable

_UNCLEAR = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """`of`: selectors, persons, units or committees who alone may read it; None: the class alone decides. `about`: units reported on.
    `by`: persons whose own words it is (who handed it in, and in whose name)."""

    access: str
    of: tuple[str, ...] | None = None
    about: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    data: str | None = None

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        stored = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
        return {key: value for key, value in stored.items() if value or (key == "of" and value is not None)}

    @staticmethod
    def of_plain(stored: Mapping[str, Any]) -> Guard:
        """What `plain` gave."""
        of = stored.get("of")
        return Guard(
            access=stored["access"],
            of=tuple(of) if of is not None else None,
            about=tuple(stored.get("about", ())),
            by=tuple(stored.get("by", ())),
            data=stored.get("data"),
        )


def evaluated(rules: Iterable[Rule], evaluate: Callable[[str], Any], by: Iterable[str | None] = ()) -> tuple[Guard, ...]:
    """The rules at this moment. An expression that fails, or gives nothing, names nobody: what is in doubt stays closed."""
    persons = tuple(dict.fromkeys(person for person in by if person))
    return tuple(guard for rule in rules if (guard := _evaluated(rule, evaluate, persons)) is not None)


def _evaluated(rule: Rule, evaluate: Callable[[str], Any], by: tuple[str, ...]) -> Guard | None:
    """None: the rule leaves the class to each instance, and this one has none of its own."""
    access: Any = rule.access
    if rule.chosen is not None:
        try:
            access = evaluate(rule.chosen)
        except (UnknownVariable, ExpressionFailed):
            access = _UNCLEAR
        if access is None:
            return None
        if access not in ACCESS_CLASSES or access == PUBLIC:
            # a case is never public (what is published is a copy), and a class nobody knows opens nothing
            return Guard(access=rule.access, of=(), by=by)
    return Guard(
        access=access,
        of=None if rule.of is None else _named(rule.of, evaluate),
        about=() if rule.about is None else _named(rule.about, evaluate),
        by=by,
        data=rule.data,
    )


def unevaluated(rules: Iterable[Rule]) -> tuple[Guard, ...]:
    """For what was stored before it had guards: the class holds, readers that were never named are nobody. A class that an instance
    chooses is asked where the case is read."""
    return tuple(Guard(access=rule.access, of=None if rule.of is None else (), data=rule.data) for rule in rules if rule.chosen is None)


def _named(text: str, evaluate: Callable[[str], Any]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(_flat(evaluate(text))))
    except (UnknownVariable, ExpressionFailed):
        return ()


def _flat(value: Any) -> list[str]:
    """Ids and selectors in a value: text, a context with an id, or lists of them."""
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in _flat(item)]
    if isinstance(value, Mapping):
        return _flat(value.get("id") or value.get("person"))
    return [value] if isinstance(value, str) and value else []
