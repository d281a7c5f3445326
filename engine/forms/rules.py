"""Rules of fields (V-codes): how one is declared, registered, written in a form and run."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.context import FormContext


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: the sentence for the user, and where below the field's value (row number, column) if not the value itself."""

    message: str
    at: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The value under check and what lies around it. All values are typed and have passed their own field's checks."""

    value: Any
    key: str
    kind: str | None
    label: str
    context: FormContext
    #: the values of the same row, or of the form outside rows
    siblings: Mapping[str, Any]
    #: labels of those siblings in the user's language
    labels: Mapping[str, str]
    #: the whole form
    root: Mapping[str, Any]
    #: all rows of the list the field is a column of; None outside lists
    rows: Sequence[Mapping[str, Any]] | None = None
    #: index of this row in `rows`
    index: int | None = None

    @property
    def language(self) -> str:
        return self.context.language

    def named(self, name: str) -> Any:
        """The value of a sibling, of a field of the form, or of a variable of the process, in this order."""
        for place in (self.siblings, self.root, self.context.data):
            if name in place:
                return place[name]
        return None


class Rule(ABC):
    """One V-code. An instance is one use of it in a form, with its arguments; it must keep no state between checks."""

    code: ClassVar[str]

    @abstractmethod
    def __init__(self, *arguments: str) -> None:
        """Raises ValueError (with a sentence) when the arguments in the form make no sense."""

    @abstractmethod
    def check(self, checked: Checked) -> Iterable[Violation]:
        """Violations of a value that is filled in. Blank values are not passed: `required` is a different question."""

    def fields(self) -> Iterator[str]:
        """Keys of other fields the rule reads; a form that has none of this name is refused."""
        return iter(())


class PlainRule(Rule):
    """A rule without arguments."""

    def __init__(self, *arguments: str) -> None:
        if arguments:
            raise ValueError(f"{self.code} takes no arguments")


class RuleRegistry:
    """Rules by code; governance adds its own to a copy of the standard one."""

    def __init__(self, *rules: type[Rule]) -> None:
        self._rules: dict[str, type[Rule]] = {}
        for rule in rules:
            self.add(rule)

    def add(self, rule: type[Rule]) -> None:
        if rule.code in self._rules:
            raise ValueError(f"rule {rule.code} is registered twice")
        self._rules[rule.code] = rule

    def extended(self, *rules: type[Rule]) -> RuleRegistry:
        """A new registry with these rules as well."""
        return RuleRegistry(*self._rules.values(), *rules)

    def __iter__(self) -> Iterator[type[Rule]]:
        return iter(self._rules.values())

    def codes(self) -> frozenset[str]:
        return frozenset(self._rules)

    def parse(self, text: str) -> tuple[Rule, ...]:
        """The rules of ``properties.rules``, for example ``V-LEN(4,300) V-FUT``. Raises ValueError naming the part that is wrong."""
        rules = []
        for code, arguments in _calls(text):
            if code not in self._rules:
                raise ValueError(f"unknown rule {code}; known are {', '.join(sorted(self._rules))}")
            rules.append(self._rules[code](*arguments))
        return tuple(rules)


_CALL = re.compile(r"\s*([A-Z][A-Z0-9-]*)(?:\(([^()]*)\))?(?=\s|$)")


def _calls(text: str) -> Iterator[tuple[str, list[str]]]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _CALL.match(text, position)
        if match is None:
            raise ValueError(f"cannot read rules from “{text[position:]}”; write for example V-LEN(4,300) V-FUT")
        code, arguments = match.groups()
        yield code, [] if arguments is None or not arguments.strip() else [part.strip() for part in arguments.split(",")]
        position = match.end()
