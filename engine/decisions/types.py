"""Item definitions → FEEL types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.decisions.codes import Report
from engine.decisions.xml import Element, child, children, text_of
from engine.feel import Environment, FeelSyntaxError, compile_unary_tests
from engine.feel.types import ANY, Type, simple

_FREE = Environment(strict_names=False)


class Types:
    """The types of one file, by name."""

    def __init__(self, root: Element, report: Report) -> None:
        self._report = report
        self._elements = {" ".join((e.get("name") or "").split()): e for e in children(root, "itemDefinition")}
        self._made: dict[str, Type] = {}
        self._making: set[str] = set()
        self.named = {name: self.find(name, element) for name, element in self._elements.items()}

    def find(self, name: str | None, element: Element) -> Type:
        """The type of that name; any value when there is none (reported) or no name is given."""
        if not name or not name.strip():
            return ANY
        name = " ".join(name.split())
        for candidate in (name, name.rpartition(":")[2]):
            if candidate in self._elements:
                return self._defined(candidate)
            found = simple(candidate)
            if found is not None:
                return ANY if found.kind == "Any" else found
        if "." not in name:  # a dot names a type of an import
            self._report.add("DMN-024", element, type=name)
        return ANY

    def _defined(self, name: str) -> Type:
        if name in self._made:
            return self._made[name]
        if name in self._making:  # a type that holds itself
            return ANY
        self._making.add(name)
        made = self._made[name] = self._read(self._elements[name])
        self._making.discard(name)
        return made

    def _read(self, element: Element) -> Type:
        components = [(" ".join((c.get("name") or "").split()), self._read(c)) for c in children(element, "itemComponent")]
        if components:
            base = Type("context", entries=tuple(components))
        elif child(element, "functionItem") is not None:
            base = Type("function")
        else:
            base = self.find(text_of(child(element, "typeRef")), element)
        allowed = self._allowed(element)
        if allowed is not None:
            base = Type(base.kind, base.item, base.entries, _both(base.allowed, allowed))
        return Type("list", item=base) if element.get("isCollection") == "true" else base

    def _allowed(self, element: Element) -> Callable[[Any], bool] | None:
        constraint = child(element, "allowedValues")
        text = text_of(constraint)
        if not text:
            return None
        try:
            tests = compile_unary_tests(text)
        except FeelSyntaxError as error:
            self._report.add("DMN-016", constraint, text=text, reason=error.message, hint=error.hint)
            return None
        return lambda value: tests.matches(value, {}, _FREE)


def _both(first: Callable[[Any], bool] | None, second: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return second if first is None else lambda value: first(value) and second(value)
