"""What a rule is: its code, its clause in the standard, its words in both languages, and the function that finds who breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.definitions.code import Code
from engine.definitions.rules.xml import Element

if TYPE_CHECKING:
    from engine.definitions.rules.look import Look


@dataclass(frozen=True, slots=True)
class Fault:
    """An element that breaks a rule, and the facts that fill the rule's words."""

    element: Element
    facts: Mapping[str, object]


Faults = Iterator[Fault]
Check = Callable[[Element, "Look"], Faults]


def at(element: Element, **facts: object) -> Fault:
    """The fault lies at `element`."""
    return Fault(element, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`on`: local names of the elements it looks at. Without a `check`, whoever reads the file finds the fault while reading."""

    code: str
    clause: str
    words: Code
    on: tuple[str, ...] = ()
    check: Check | None = None


@dataclass(slots=True)
class Family:
    """Rules about one thing."""

    zh: str
    en: str
    rules: list[Rule] = field(default_factory=list)

    def rule(
        self, code: str, on: str, clause: str, zh: str, en: str, mend_zh: str, mend_en: str, *, severity: str = "error", house: bool = False
    ) -> Callable[[Check], Check]:
        """Adds the decorated function as the check of a new rule; `on`: local names, divided by spaces.

        `house`: other tools write it and a run does not suffer: an error in our own files, a warning in theirs.
        """

        def add(check: Check) -> Check:
            words = Code(code=code, severity=severity, zh=zh, en=en, hint_zh=mend_zh, hint_en=mend_en, house_rule=house)
            self.rules.append(Rule(code=code, clause=clause, words=words, on=tuple(on.split()), check=check))
            return check

        return add

    def read(
        self, code: str, clause: str, zh: str, en: str, mend_zh: str, mend_en: str, *, severity: str = "error", house: bool = False
    ) -> None:
        """Adds a rule that the reader, or a check of the whole package, keeps: it must decide what to do with the fault anyway."""
        words = Code(code=code, severity=severity, zh=zh, en=en, hint_zh=mend_zh, hint_en=mend_en, house_rule=house)
        self.rules.append(Rule(code=code, clause=clause, words=words))
