"""Boxed expressions → closures: literal expressions, contexts, invocations, functions, relations, lists, conditionals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.decisions.iteration import READERS as ITERATIONS
from engine.decisions.model import Logic, Typed, broken, nothing
from engine.decisions.scope import Scope
from engine.decisions.tables import read_table
from engine.decisions.xml import Element, child, children, local, name_of, owner_name, text_of
from engine.feel import FunctionValue
from engine.feel.builtins import BUILTINS
from engine.feel.calls import invoke as invoke_function
from engine.feel.environment import Run
from engine.feel.types import Type, converted

KINDS = (
    "literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "relation", "list", "conditional", "filter",
    "for", "some", "every",
)  # fmt: skip


class Boxes:
    """Compiles the boxed expressions of one file."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def logic_in(self, holder: Element | None) -> Logic | None:
        """The boxed expression that is a child of `holder`; None when there is none."""
        box = child(holder, *KINDS)
        return None if box is None else self.logic(box)

    def part(self, holder: Element | None) -> Logic:
        """As `logic_in`, null when there is none."""
        return self.logic_in(holder) or nothing

    def logic(self, box: Element) -> Logic:
        """The closure of a boxed expression, its value converted to the declared type."""
        logic = self._untyped(box)
        if not box.get("typeRef") or local(box) in ("decisionTable", "functionDefinition"):
            return logic
        return Typed(self.scope.type_of(box), owner_name(box)).around(logic)

    def _untyped(self, box: Element) -> Logic:
        kind = local(box)
        if kind == "decisionTable":
            return read_table(box, self.scope)
        if kind in ITERATIONS:
            return ITERATIONS[kind](box, self)
        method: Callable[[Element], Logic] = getattr(self, f"_{kind.lower()}")
        return method(box)

    def _literalexpression(self, box: Element) -> Logic:
        text = text_of(child(box, "text"))
        if not text:
            return nothing
        compiled = self.scope.expression(text, box)
        return compiled.run if compiled else broken

    def _context(self, box: Element) -> Logic:
        entries: list[tuple[str | None, Logic]] = []
        with self.scope.binding() as bound:
            for entry in children(box, "contextEntry"):
                variable = child(entry, "variable")
                name = None if variable is None else name_of(variable)
                logic = self._typed(self.part(entry), variable)
                entries.append((name or None, logic))
                bound.add(name or "")

        def context(variables: Mapping[str, Any], run: Run) -> Any:
            made: dict[str, Any] = {}
            for name, logic in entries:
                value = logic({**variables, **made}, run)
                if name is None:
                    return value
                made[name] = value
            return made

        return context

    def _typed(self, logic: Logic, variable: Element | None) -> Logic:
        if variable is None or not variable.get("typeRef"):
            return logic
        return Typed(self.scope.type_of(variable), str(variable.get("name"))).around(logic)

    def _functiondefinition(self, box: Element) -> Logic:
        if (box.get("kind") or "FEEL") != "FEEL":
            self.scope.report.add("DMN-022", box, kind=f"functionDefinition {box.get('kind')}")
            return broken
        names, kinds = _unzipped(self.parameters(box))
        body = self.body(box)

        def function(variables: Mapping[str, Any], _: Run) -> FunctionValue:
            def invoke(run: Run, arguments: Sequence[Any]) -> Any:
                return body({**variables, **dict(zip(names, arguments, strict=True))}, run)

            return converted(FunctionValue("function", names, invoke), kinds)

        return function

    def parameters(self, function: Element) -> list[tuple[str, Type]]:
        """(name, type) of the formal parameters."""
        return [(name_of(parameter), self.scope.type_of(parameter)) for parameter in children(function, "formalParameter")]

    def body(self, function: Element) -> Logic:
        """The body of a function definition or of encapsulated logic; it sees the formal parameters."""
        with self.scope.binding(*(name for name, _ in self.parameters(function))):
            return self.part(function)

    def _invocation(self, box: Element) -> Logic:
        function = self._invoked(child(box, "literalExpression"))
        bindings: list[tuple[str, Logic]] = []
        for binding in children(box, "binding"):
            parameter = child(binding, "parameter")
            bindings.append(("" if parameter is None else name_of(parameter), self.part(binding)))
        given = tuple(parameter for parameter, _ in bindings)

        def invocation(variables: Mapping[str, Any], run: Run) -> Any:
            arguments = [logic(variables, run) for _, logic in bindings]
            return invoke_function(function(variables, run), arguments, given or None, run)

        return invocation

    def _invoked(self, box: Element | None) -> Logic:
        """What an invocation calls: a built-in by its name, else what the expression gives."""
        if box is None:
            return nothing
        name = text_of(box)
        if name in BUILTINS:
            builtin = BUILTINS[name]
            return lambda _variables, _run: builtin
        return self.logic(box)

    def _relation(self, box: Element) -> Logic:
        columns = [name_of(column) for column in children(box, "column")]
        rows = [[self.logic(cell) for cell in children(row, *KINDS)] for row in children(box, "row")]
        return lambda variables, run: [{c: cell(variables, run) for c, cell in zip(columns, row, strict=False)} for row in rows]

    def _list(self, box: Element) -> Logic:
        items = [self.logic(item) for item in children(box, *KINDS)]
        return lambda variables, run: [item(variables, run) for item in items]

    def _conditional(self, box: Element) -> Logic:
        condition, then, otherwise = (self.part(child(box, name)) for name in ("if", "then", "else"))

        def conditional(variables: Mapping[str, Any], run: Run) -> Any:
            found = condition(variables, run)
            if found is not None and not isinstance(found, bool):
                return None
            return then(variables, run) if found else otherwise(variables, run)

        return conditional


def _unzipped(parameters: Sequence[tuple[str, Type]]) -> tuple[tuple[str, ...], tuple[Type, ...]]:
    return tuple(name for name, _ in parameters), tuple(kind for _, kind in parameters)
