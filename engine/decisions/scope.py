"""The FEEL of a decision file, compiled with the names that are in scope at each place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.decisions.codes import Report
from engine.decisions.table import Table
from engine.decisions.types import Types
from engine.decisions.xml import Element
from engine.feel import Expression, FeelSyntaxError, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.types import Type

#: (number of the rule, title of the column)
Cell = tuple[int, str]


class Scope:
    """What the expressions of one file may name. `names`: every name the file declares."""

    def __init__(self, names: frozenset[str], types: Types, report: Report, language: str | None) -> None:
        self.names = names
        self.types = types
        self.report = report
        self._language = language
        self._bound: list[set[str]] = []
        #: variables read from outside by what was compiled since `reading` was opened
        self._read: set[str] = set()
        self._looked: set[str] = set()
        #: every table of the file, for the checks
        self.compiled_tables: list[Table] = []
        self._functions: set[str] = set()

    @contextmanager
    def reading(self) -> Iterator[tuple[set[str], set[str], set[str]]]:
        """Collects (variables that must be there, all that may be looked at, functions) that are read from outside."""
        self._read, self._looked, self._functions = set(), set(), set()
        yield self._read, self._looked, self._functions

    @contextmanager
    def binding(self, *names: str) -> Iterator[set[str]]:
        """Names bound around what is compiled inside; more may be added to the set."""
        bound = set(names)
        self._bound.append(bound)
        yield bound
        self._bound.pop()

    def type_of(self, element: Element | None) -> Type:
        """The type that the element declares in `typeRef`."""
        return self.types.find(None if element is None else element.get("typeRef"), element)

    def expression(self, text: str, element: Element, cell: Cell | None = None) -> Expression | None:
        """The text compiled; None with a finding when it is not FEEL. `cell`: its rule and column, in a table."""
        if not self._is_feel(element):
            return None
        try:
            compiled = compile_expression(text, names=self._known(), types=self.types.named)
        except FeelSyntaxError as error:
            self._not_feel(text, element, error, cell)
            return None
        self._note(compiled)
        return compiled

    def tests(self, text: str, element: Element, cell: Cell | None = None) -> UnaryTests | None:
        """The unary tests of a cell; None with a finding when they are not FEEL."""
        if not self._is_feel(element):
            return None
        try:
            compiled = compile_unary_tests(text or "-", names=self._known(), types=self.types.named)
        except FeelSyntaxError as error:
            self._not_feel(text, element, error, cell)
            return None
        self._note(compiled)
        return compiled

    def _known(self) -> frozenset[str]:
        """Names in scope here: those of the file and those bound around this place."""
        return self.names.union(*self._bound)

    def _note(self, compiled: Expression | UnaryTests) -> None:
        bound = set().union(*self._bound)
        self._read |= compiled.names - bound
        self._looked |= (compiled.names if isinstance(compiled, UnaryTests) else compiled.reads) - bound
        self._functions |= compiled.functions - bound

    def _not_feel(self, text: str, element: Element, error: FeelSyntaxError, cell: Cell | None) -> None:
        chinese = self.report.language != "en"
        self.report.add(
            "DMN-016",
            element,
            where=_place(cell, chinese=chinese),
            text=text,
            reason=error.message_zh if chinese else error.message,
            hint=error.hint_zh if chinese else error.hint,
        )

    def _is_feel(self, element: Element) -> bool:
        language = element.get("expressionLanguage") or self._language
        if language and "feel" not in language.lower():
            self.report.add("DMN-021", element, language=language)
            return False
        return True


def _place(cell: Cell | None, *, chinese: bool) -> str:
    if cell is None:
        return ""
    return f"第 {cell[0]} 条规则“{cell[1]}”列：" if chinese else f"rule {cell[0]}, column “{cell[1]}”: "
