"""Decision tables as static checks see them: what their inputs read, the kinds of their columns, what a decision gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decisions.codes import Report
from engine.decisions.types import Types
from engine.decisions.xml import Element, child, children, parse, references, text_of, variable_name
from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.inference import ANY, NUMBER, Shape, context_of, infer, join, list_of, of_type
from engine.feel.types import Type

_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")
_COUNTED = frozenset({"SUM", "COUNT"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One expression of a decision, or (`tests`) the tests of one cell of a column whose input has the shape `value`.

    `wanted`: the kinds its column takes, none for any.
    """

    element: str
    line: int
    what: str
    text: str
    value: Shape = ANY
    tests: bool = False
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A variable that an input column reads by its bare name, and what the column declares."""

    name: str
    shape: Shape


class DecisionFile:
    """One file. `decisions`: id → element."""

    def __init__(self, content: bytes) -> None:
        root = parse(content, Report("", "en"))
        self._root: Element | None = root
        self.decisions = {} if root is None else {str(e.get("id")): e for e in children(root, "decision") if e.get("id")}
        self._elements = {} if root is None else {str(e.get("id")): e for e in root if isinstance(e.tag, str) and e.get("id")}
        self.types: Mapping[str, Type] = {}
        self._types: Types | None = None
        #: what an import brings is not looked at: any name may come from there
        self.open = root is None or child(root, "import") is not None
        if root is not None and not self.open:
            self._types = Types(root, Report("", "en"), {})
            self.types = self._types.named

    def shape(self, name: str | None) -> Shape:
        """Of a type by its name."""
        return of_type(self._types.find(name, self._root)) if name and self._types is not None else ANY

    def required(self, decision: Element) -> dict[str, Shape]:
        """What a decision's requirements bring, by the names that expressions use."""
        found: dict[str, Shape] = {}
        for _, reference in references(decision, *_REQUIRED):
            element = self._elements.get(reference.removeprefix("#"))
            if element is not None:
                variable = child(element, "variable")
                found[variable_name(element)] = self.shape(variable.get("typeRef") if variable is not None else None)
        return found

    def result(self, key: str) -> Shape:
        """What a decision gives: its declared type, else that of its output columns."""
        decision = self.decisions.get(key)
        if decision is None or self.open:
            return ANY
        variable, table = child(decision, "variable"), child(decision, "decisionTable")
        declared = self.shape(variable.get("typeRef") if variable is not None else None)
        return declared if declared.known or table is None else self._of_table(table)

    def _of_table(self, table: Element) -> Shape:
        outputs = list(children(table, "output"))
        policy, operator = table.get("hitPolicy") or "UNIQUE", table.get("aggregation")
        one = self.shape(outputs[0].get("typeRef")) if len(outputs) == 1 else ANY
        if len(outputs) > 1:
            one = context_of({str(output.get("name") or ""): self.shape(output.get("typeRef")) for output in outputs})
        if policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT") and operator is None:
            return list_of(one)
        return NUMBER if operator in _COUNTED else one

    def cells(self, decision: Element) -> Iterator[Cell]:
        """The expressions of a decision's table or literal expression."""
        literal, table = child(decision, "literalExpression"), child(decision, "decisionTable")
        if literal is not None and text_of(literal):
            yield Cell(_id(literal, decision), literal.sourceline or 0, "literalExpression", text_of(literal))
        if table is not None:
            yield from self._cells_of(table, decision)

    def _cells_of(self, table: Element, decision: Element) -> Iterator[Cell]:
        columns = [child(item, "inputExpression") for item in children(table, "input")]
        names = self.required(decision)
        shapes = [self._of_input(column, names) for column in columns]
        for column in columns:
            if column is not None and text_of(column):
                declared = self.shape(column.get("typeRef"))
                yield Cell(_id(column, decision), column.sourceline or 0, "inputExpression", text_of(column), wanted=_wanted(declared))
        outputs = [_wanted(self.shape(item.get("typeRef"))) for item in children(table, "output")]
        for rule in children(table, "rule"):
            for shape, entry in zip(shapes, children(rule, "inputEntry"), strict=False):
                if text_of(entry) not in ("", "-"):
                    yield Cell(_id(entry, decision), entry.sourceline or 0, "inputEntry", text_of(entry), shape, tests=True)
            for wanted, entry in zip(outputs, children(rule, "outputEntry"), strict=False):
                if text_of(entry) not in ("", "-"):
                    yield Cell(_id(entry, decision), entry.sourceline or 0, "outputEntry", text_of(entry), wanted=wanted)

    def _of_input(self, column: Element | None, names: Mapping[str, Shape]) -> Shape:
        """What a column declares, else what its expression gives."""
        if column is None:
            return ANY
        declared = self.shape(column.get("typeRef"))
        if declared.known:
            return declared
        try:
            return infer(text_of(column), names).shape if text_of(column) else ANY
        except FeelSyntaxError:
            return ANY

    def reads(self, key: str) -> list[Read]:
        """The variables that a decision and those it requires take from whoever asks; none where an import may bring them."""
        found: dict[str, Shape] = {}
        for decision in [] if self.open else self._with_required(key):
            given = self.required(decision)
            inputs = {variable_name(e) for e in self._elements.values() if e.tag.endswith("}inputData")}
            for cell in self.cells(decision):
                if cell.tests:
                    continue
                for name in _free(cell.text, frozenset(given)):
                    if name not in given or name in inputs:
                        shape = given.get(name, ANY)
                        if cell.text.strip() == name and not shape.known:
                            shape = Shape(cell.wanted[0]) if cell.wanted else ANY
                        found[name] = join(found[name], shape) if name in found else shape
        return [Read(name, shape) for name, shape in found.items()]

    def _with_required(self, key: str) -> list[Element]:
        found: dict[str, Element] = {}
        todo = [key]
        while todo:
            at = todo.pop()
            if at in self.decisions and at not in found:
                found[at] = self.decisions[at]
                todo += [reference.removeprefix("#") for _, reference in references(found[at], "requiredDecision")]
        return list(found.values())


def _wanted(declared: Shape) -> tuple[str, ...]:
    """A single value stands for a list of one, and the other way round."""
    if not declared.known or declared.kind == "list":
        return ()
    return (declared.kind, "list", *(("date",) if declared.kind == "date and time" else ()))


def _free(text: str, names: frozenset[str]) -> frozenset[str]:
    try:
        return compile_expression(text, names=names).names
    except FeelSyntaxError:
        return frozenset()


def _id(element: Element, decision: Element) -> str:
    return str(element.get("id") or decision.get("id") or "")
