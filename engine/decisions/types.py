"""Item definitions → FEEL types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.decisions.codes import Report
from engine.decisions.xml import Element, child, children, text_of
from engine.feel import FeelSyntaxError, UnaryTests, compile_unary_tests
from engine.feel.environment import Run
from engine.feel.types import ANY, Type, simple

Constraint = Callable[[Any, Run], bool]


class Types:
    """The types of one file, by name."""

    def __init__(self, root: Element, report: Report, imports: Mapping[str, Types]) -> None:
        """`imports`: the types of imported files by the name of the import."""
        self._report = report
        self._imports = imports
        self._elements = {" ".join((e.get("name") or "").split()): e for e in children(root, "itemDefinition")}
        self._made: dict[str, Type] = {}
        self._making: set[str] = set()
        self.named = {name: self.find(name, element) for name, element in self._elements.items()}
        for alias, types in imports.items():
            self.named |= {f"{alias}.{name}" if alias else name: kind for name, kind in types.named.items()}

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
        imported = self._imported(name)
        if imported is None:
            self._report.add("DMN-024", element, type=name)
        return imported or ANY

    def _imported(self, name: str) -> Type | None:
        alias, _, rest = name.rpartition(".")
        places = (types for found, types in self._imports.items() if found in (alias, ""))
        return next((types.named[rest if alias else name] for types in places if (rest if alias else name) in types.named), None)

    def allowed_text(self, name: str | None) -> str:
        """The allowed values of an item definition as they are written; "" when it has none."""
        wanted = " ".join((name or "").split())
        element = self._elements.get(wanted, self._elements.get(wanted.rpartition(":")[2]))
        if element is not None:
            return "" if element.get("isCollection") == "true" else text_of(child(element, "allowedValues"))
        alias, _, rest = wanted.rpartition(".")
        return self._imports[alias].allowed_text(rest) if alias in self._imports else ""

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
        base = _bound(base, self._allowed(element, "allowedValues"))
        if element.get("isCollection") == "true":
            base = Type("list", item=base)
        return _bound(base, self._allowed(element, "typeConstraint"))

    def _allowed(self, element: Element, kind: str) -> Constraint | None:
        """The test of `allowedValues` (each item of a collection) or of `typeConstraint` (the collection as a whole)."""
        constraint = child(element, kind)
        text = text_of(constraint)
        if not text:
            return None
        try:
            tests = compile_unary_tests(text)
        except FeelSyntaxError as error:
            self._report.add("DMN-016", constraint, where="", text=text, reason=error.message, hint=error.hint)
            return None
        return lambda value, run: _passes(tests, value, run)


def _passes(tests: UnaryTests, value: Any, run: Run) -> bool:
    """On the limits of the run, but with lenient names: a constraint knows nothing but the value."""
    strict, run.strict = run.strict, False
    try:
        return tests.run(value, {}, run)
    finally:
        run.strict = strict


def _bound(type_: Type, allowed: Constraint | None) -> Type:
    """The type with one more constraint."""
    return type_ if allowed is None else Type(type_.kind, type_.item, type_.entries, _both(type_.allowed, allowed))


def _both(first: Constraint | None, second: Constraint) -> Constraint:
    return second if first is None else lambda value, run: first(value, run) and second(value, run)
