"""Boxed expressions → closures: literal expressions, tables, contexts, invocations, functions, relations, lists, conditionals, loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from engine.decisions.codes import Report
from engine.decisions.model import Logic, Typed
from engine.decisions.table import AGGREGATIONS, POLICIES, Input, Output, Rule, Table
from engine.decisions.types import Types
from engine.decisions.xml import Element, child, children, local, text_of
from engine.errors import ExpressionFailed
from engine.feel import Expression, FeelSyntaxError, FunctionValue, UnaryTests, compile_expression, compile_unary_tests, temporal
from engine.feel import runtime as feel_runtime
from engine.feel.builtins import BUILTINS
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, entries_of, finite, is_context, truth_and, truth_or
from engine.feel.types import Type, converted

KINDS = (
    "literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "relation", "list", "conditional", "filter",
    "for", "some", "every",
)  # fmt: skip

_READERS: dict[str, Callable[[str], Any]] = {
    "number": lambda text: finite(NUMBERS.create_decimal(text)),
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "days and time duration": temporal.parse_duration,
    "years and months duration": temporal.parse_duration,
}


def nothing(_variables: Mapping[str, Any], _run: Run) -> Any:
    """The logic of an element that has none."""
    return None


def broken(_variables: Mapping[str, Any], _run: Run) -> Any:
    """The logic of an element that could not be compiled: the findings say why, and its value must not pass for null."""
    raise ExpressionFailed("This decision has errors and cannot be evaluated; check the file")


class Boxes:
    """Compiles the boxed expressions of one file. `names`: every name the file declares."""

    def __init__(self, names: frozenset[str], types: Types, report: Report, language: str | None) -> None:
        self.names = names
        self._types = types
        self._report = report
        self._language = language
        self._bound: list[set[str]] = []
        #: variables read from outside by what was compiled since `reading` was opened
        self._read: set[str] = set()
        self._functions: set[str] = set()

    @contextmanager
    def reading(self) -> Iterator[tuple[set[str], set[str]]]:
        """Collects (variables, functions) that are read from outside."""
        self._read, self._functions = set(), set()
        yield self._read, self._functions

    @contextmanager
    def _binding(self, *names: str) -> Iterator[set[str]]:
        bound = set(names)
        self._bound.append(bound)
        yield bound
        self._bound.pop()

    # --- FEEL

    def expression(self, text: str, element: Element) -> Expression | None:
        """The text compiled; None with a finding when it is not FEEL."""
        if not self._is_feel(element):
            return None
        try:
            compiled = compile_expression(text, names=self._known(), types=self._types.named)
        except FeelSyntaxError as error:
            self._not_feel(text, element, error)
            return None
        self._note(compiled)
        return compiled

    def tests(self, text: str, element: Element) -> UnaryTests | None:
        if not self._is_feel(element):
            return None
        try:
            compiled = compile_unary_tests(text or "-", names=self._known(), types=self._types.named)
        except FeelSyntaxError as error:
            self._not_feel(text, element, error)
            return None
        self._note(compiled)
        return compiled

    def _known(self) -> frozenset[str]:
        """Names in scope here: those of the file and those bound around this place."""
        return self.names.union(*self._bound)

    def _note(self, compiled: Expression | UnaryTests) -> None:
        bound = set().union(*self._bound)
        self._read |= compiled.names - bound
        self._functions |= compiled.functions - bound

    def _not_feel(self, text: str, element: Element, error: FeelSyntaxError) -> None:
        chinese = self._report.language != "en"
        self._report.add(
            "DMN-016",
            element,
            text=text,
            reason=error.message_zh if chinese else error.message,
            hint=error.hint_zh if chinese else error.hint,
        )

    def _is_feel(self, element: Element) -> bool:
        language = element.get("expressionLanguage") or self._language
        if language and "feel" not in language.lower():
            self._report.add("DMN-021", element, language=language)
            return False
        return True

    # --- boxes

    def logic_in(self, holder: Element | None) -> Logic | None:
        """The boxed expression that is a child of `holder`; None when there is none."""
        box = child(holder, *KINDS)
        return None if box is None else self.logic(box)

    def logic(self, box: Element) -> Logic:
        """The closure of a boxed expression, its value converted to the declared type."""
        method: Callable[[Element], Logic] = getattr(self, f"_{local(box).lower()}")
        logic = method(box)
        if not box.get("typeRef") or local(box) in ("decisionTable", "functionDefinition"):
            return logic
        typed = Typed(self._types.find(box.get("typeRef"), box), _owner_name(box))
        return lambda variables, run: typed.convert(logic(variables, run), run)

    def _part(self, holder: Element | None) -> Logic:
        return self.logic_in(holder) or nothing

    def _literalexpression(self, box: Element) -> Logic:
        text = text_of(child(box, "text"))
        if not text:
            return nothing
        compiled = self.expression(text, box)
        return compiled.run if compiled else broken

    def _context(self, box: Element) -> Logic:
        entries: list[tuple[str | None, Logic]] = []
        with self._binding() as bound:
            for entry in children(box, "contextEntry"):
                variable = child(entry, "variable")
                name = None if variable is None else " ".join((variable.get("name") or "").split())
                logic = self._typed(self._part(entry), variable)
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
        typed = Typed(self._types.find(variable.get("typeRef"), variable), str(variable.get("name")))
        return lambda variables, run: typed.convert(logic(variables, run), run)

    def _functiondefinition(self, box: Element) -> Logic:
        if (box.get("kind") or "FEEL") != "FEEL":
            self._report.add("DMN-022", box, kind=f"functionDefinition {box.get('kind')}")
            return broken
        parameters = [
            (" ".join((p.get("name") or "").split()), self._types.find(p.get("typeRef"), p)) for p in children(box, "formalParameter")
        ]
        names = tuple(name for name, _ in parameters)
        kinds = tuple(kind for _, kind in parameters)
        body = self.body(box)

        def function(variables: Mapping[str, Any], _: Run) -> FunctionValue:
            def invoke(run: Run, arguments: Sequence[Any]) -> Any:
                return body({**variables, **dict(zip(names, arguments, strict=True))}, run)

            return converted(FunctionValue("function", names, invoke), kinds)

        return function

    def parameters(self, function: Element) -> list[tuple[str, Type]]:
        """(name, type) of the formal parameters."""
        return [
            (" ".join((p.get("name") or "").split()), self._types.find(p.get("typeRef"), p)) for p in children(function, "formalParameter")
        ]

    def body(self, function: Element) -> Logic:
        """The body of a function definition or of encapsulated logic; it sees the formal parameters."""
        with self._binding(*(name for name, _ in self.parameters(function))):
            return self._part(function)

    def _invocation(self, box: Element) -> Logic:
        function_box = child(box, "literalExpression")
        name = text_of(function_box)
        function: Logic = nothing
        if name in BUILTINS:
            builtin = BUILTINS[name]
            function = lambda _variables, _run: builtin  # noqa: E731
        elif function_box is not None:
            function = self.logic(function_box)
        bindings: list[tuple[str, Logic]] = []
        for binding in children(box, "binding"):
            parameter = child(binding, "parameter")
            bindings.append((" ".join((parameter.get("name") or "").split()) if parameter is not None else "", self._part(binding)))
        given = tuple(parameter for parameter, _ in bindings)

        def invocation(variables: Mapping[str, Any], run: Run) -> Any:
            arguments = [logic(variables, run) for _, logic in bindings]
            return feel_runtime.invoke(function(variables, run), arguments, given or None, run)

        return invocation

    def _relation(self, box: Element) -> Logic:
        columns = [" ".join((column.get("name") or "").split()) for column in children(box, "column")]
        rows = [[self.logic(cell) for cell in children(row, *KINDS)] for row in children(box, "row")]
        return lambda variables, run: [{c: cell(variables, run) for c, cell in zip(columns, row, strict=False)} for row in rows]

    def _list(self, box: Element) -> Logic:
        items = [self.logic(item) for item in children(box, *KINDS)]
        return lambda variables, run: [item(variables, run) for item in items]

    def _conditional(self, box: Element) -> Logic:
        condition, then, otherwise = (self._part(child(box, name)) for name in ("if", "then", "else"))

        def conditional(variables: Mapping[str, Any], run: Run) -> Any:
            found = condition(variables, run)
            if found is not None and not isinstance(found, bool):
                return None
            return then(variables, run) if found else otherwise(variables, run)

        return conditional

    def _filter(self, box: Element) -> Logic:
        domain = self._part(child(box, "in"))
        with self._binding("item"):
            match = self._part(child(box, "match"))

        def filtered(variables: Mapping[str, Any], run: Run) -> Any:
            kept: list[Any] = []
            for item in _items(domain(variables, run)):
                run.spend()
                names = {"item": item, **entries_of(item)} if is_context(item) else {"item": item}
                found = match({**variables, **names}, run)
                if not isinstance(found, bool):
                    return None
                if found:
                    kept.append(item)
            return kept

        return filtered

    def _loop(self, box: Element, body_name: str) -> tuple[Callable[[Mapping[str, Any], Run], Iterator[Mapping[str, Any]]], Logic]:
        domain = self._part(child(box, "in"))
        variable = " ".join((box.get("iteratorVariable") or "").split())
        with self._binding(variable, "partial"):
            body = self._part(child(box, body_name))

        def rounds(variables: Mapping[str, Any], run: Run) -> Iterator[Mapping[str, Any]]:
            for item in _items(domain(variables, run)):
                run.spend()
                yield {**variables, variable: item}

        return rounds, body

    def _for(self, box: Element) -> Logic:
        rounds, body = self._loop(box, "return")

        def loop(variables: Mapping[str, Any], run: Run) -> list[Any]:
            results: list[Any] = []
            for names in rounds(variables, run):
                results.append(body({**names, "partial": run.items(list(results))}, run))
            return results

        return loop

    def _some(self, box: Element) -> Logic:
        rounds, body = self._loop(box, "satisfies")
        return lambda variables, run: _joined(truth_or, [body(names, run) for names in rounds(variables, run)])

    def _every(self, box: Element) -> Logic:
        rounds, body = self._loop(box, "satisfies")
        return lambda variables, run: _joined(truth_and, [body(names, run) for names in rounds(variables, run)])

    # --- decision tables

    def _decisiontable(self, box: Element) -> Logic:
        policy = POLICIES.get((box.get("hitPolicy") or "UNIQUE").upper())
        if policy is None:
            self._report.add("DMN-019", box, policy=box.get("hitPolicy"))
            return broken
        inputs = [self._input(column) for column in children(box, "input")]
        outputs = tuple(self._output(column, number) for number, column in enumerate(children(box, "output"), 1))
        rules = [self._rule(rule, number, len(inputs), len(outputs)) for number, rule in enumerate(children(box, "rule"), 1)]
        if policy in "PO" and not any(column.values for column in outputs):
            self._report.add("DMN-026", box, policy=policy)
        if policy == "U":
            self._check_unique(box, [rule for rule in rules if rule])
        if any(column is None for column in inputs) or any(rule is None for rule in rules):
            return broken
        return Table(
            name=_owner_name(box),
            policy=policy,
            aggregation=AGGREGATIONS.get((box.get("aggregation") or "").upper()) if policy == "C" else None,
            inputs=tuple(column for column in inputs if column),
            outputs=outputs,
            rules=tuple(rule for rule in rules if rule),
        )

    def _input(self, column: Element) -> Input | None:
        holder = child(column, "inputExpression")
        text = text_of(holder)
        if not text:
            self._report.add("DMN-016", column, text="", reason="empty", hint="")
            return None
        compiled = self.expression(text, holder)
        if compiled is None or holder is None:
            return None
        kind = self._types.find(holder.get("typeRef"), holder)
        allowed = child(column, "inputValues")
        allowed_text = text_of(allowed)
        tests = self.tests(allowed_text, allowed) if allowed_text else None
        return Input(expression=compiled, type=kind, allowed=tests, read_text=_READERS.get(kind.kind))

    def _output(self, column: Element, number: int) -> Output:
        values = child(column, "outputValues")
        text = text_of(values)
        items = self.expression(f"[{text}]", values) if text else None
        default = child(column, "defaultOutputEntry")
        return Output(
            name=" ".join((column.get("name") or f"output_{number}").split()),
            type=self._types.find(column.get("typeRef"), column),
            values=items,
            default=self.expression(text_of(default), default) if text_of(default) else None,
        )

    def _rule(self, rule: Element, number: int, inputs: int, outputs: int) -> Rule | None:
        conditions, results = list(children(rule, "inputEntry")), list(children(rule, "outputEntry"))
        if len(conditions) != inputs or len(results) != outputs:
            self._report.add("DMN-020", rule, found=len(conditions) + len(results), wanted=inputs + outputs)
            return None
        tests = [self.tests(text_of(cell), cell) for cell in conditions]
        cells = [self.expression(text_of(cell), cell) if text_of(cell) not in ("", "-") else None for cell in results]
        unread = any(cell is None and text_of(result) not in ("", "-") for cell, result in zip(cells, results, strict=True))
        if unread or any(test is None for test in tests):
            return None
        return Rule(number=number, id=rule.get("id") or str(number), tests=tuple(test for test in tests if test), outputs=tuple(cells))

    def _check_unique(self, box: Element, rules: Sequence[Rule]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for rule in rules:
            conditions = tuple("".join(test.text.split()) for test in rule.tests)
            first = seen.setdefault(conditions, rule.number)
            if first != rule.number:
                self._report.add("DMN-025", box, first=first, second=rule.number)


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _joined(join: Callable[[Sequence[Any]], bool | None], found: Sequence[Any]) -> bool | None:
    return join(found) if all(isinstance(one, bool) for one in found) else None


def _owner_name(box: Element) -> str:
    """The id or name of the element the table stands in."""
    while box is not None:
        if local(box) in ("decision", "businessKnowledgeModel"):
            return str(box.get("id") or box.get("name") or "")
        box = box.getparent()
    return ""
