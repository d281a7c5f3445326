"""Decision tables of a file → compiled tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any

from engine.decisions.model import Fired, Logic, broken
from engine.decisions.scope import Scope
from engine.decisions.table import AGGREGATIONS, POLICIES, Input, Output, Rule, Table
from engine.decisions.xml import Element, child, children, label_of, name_of, owner_name, text_of
from engine.feel import temporal
from engine.feel.kinds import NUMBERS, finite

_READERS: dict[str, Callable[[str], Any]] = {
    "number": lambda text: finite(NUMBERS.create_decimal(text)),
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "days and time duration": temporal.parse_duration,
    "years and months duration": temporal.parse_duration,
}


def read_table(box: Element, scope: Scope) -> Logic:
    """The table; what cannot be compiled is a finding, and the table then fails when it is used."""
    return _Reader(scope).table(box)


class _Reader:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._report = scope.report

    def table(self, box: Element) -> Logic:
        policy = POLICIES.get((box.get("hitPolicy") or "UNIQUE").upper())
        if policy is None:
            self._report.add("DMN-019", box, policy=box.get("hitPolicy"))
            return broken
        inputs = [self._input(column) for column in children(box, "input")]
        outputs = tuple(self._output(column, number, policy) for number, column in enumerate(children(box, "output"), 1))
        notes = [name_of(column) or f"annotation_{number}" for number, column in enumerate(children(box, "annotation"), 1)]
        titles = (_titles(box, "input"), _titles(box, "output"))
        rules = [self._rule(rule, number, titles, notes) for number, rule in enumerate(children(box, "rule"), 1)]
        if policy in "PO" and not any(column.values for column in outputs):
            self._report.add("DMN-026", box, policy=policy)
        if policy == "U":
            self._check_unique(box, [rule for rule in rules if rule])
        if any(column is None for column in inputs) or any(rule is None for rule in rules):
            return broken
        table = Table(
            name=owner_name(box),
            policy=policy,
            aggregation=AGGREGATIONS.get((box.get("aggregation") or "").upper()) if policy == "C" else None,
            inputs=tuple(column for column in inputs if column),
            outputs=outputs,
            rules=tuple(rule for rule in rules if rule),
            element=box.get("id"),
            line=box.sourceline,
        )
        self._scope.compiled_tables.append(table)
        return table

    def _input(self, column: Element) -> Input | None:
        holder = child(column, "inputExpression")
        text = text_of(holder)
        if not text:
            self._report.add("DMN-016", column, where="", text="", reason="empty", hint="")
            return None
        compiled = self._scope.expression(text, holder)
        if compiled is None or holder is None:
            return None
        kind = self._scope.type_of(holder)
        allowed = child(column, "inputValues")
        allowed_text = text_of(allowed) or self._scope.types.allowed_text(holder.get("typeRef"))
        tests = self._scope.tests(allowed_text, holder if allowed is None else allowed) if allowed_text else None
        reader = _READERS.get(kind.kind)
        return Input(
            expression=compiled, type=kind, allowed=tests, read_text=reader, label=label_of(column), whole=_is_whole(holder),
        )  # fmt: skip

    def _output(self, column: Element, number: int, policy: str) -> Output:
        values = child(column, "outputValues")
        text = text_of(values) or (self._scope.types.allowed_text(column.get("typeRef")) if policy in "PO" else "")
        items = self._scope.expression(f"[{text}]", column if values is None else values) if text and policy in "PO" else None
        default = child(column, "defaultOutputEntry")
        return Output(
            name=name_of(column) or f"output_{number}",
            type=self._scope.type_of(column),
            values=items,
            default=self._scope.expression(text_of(default), default) if text_of(default) else None,
            allowed=self._scope.tests(text_of(values), values) if text_of(values) else None,
            label=label_of(column),
        )

    def _rule(self, rule: Element, number: int, titles: tuple[Sequence[str], Sequence[str]], notes: Sequence[str]) -> Rule | None:
        conditions, results = list(children(rule, "inputEntry")), list(children(rule, "outputEntry"))
        inputs, outputs = titles
        if len(conditions) != len(inputs) or len(results) != len(outputs):
            self._report.add("DMN-020", rule, found=len(conditions) + len(results), wanted=len(inputs) + len(outputs))
            return None
        tests = [self._scope.tests(text_of(cell), cell, (number, title)) for cell, title in zip(conditions, inputs, strict=True)]
        cells = [
            self._scope.expression(text_of(cell), cell, (number, title)) if _is_filled(cell) else None
            for cell, title in zip(results, outputs, strict=True)
        ]
        unread = any(cell is None and _is_filled(result) for cell, result in zip(cells, results, strict=True))
        if unread or any(test is None for test in tests):
            return None
        entries = [text_of(entry) for entry in children(rule, "annotationEntry")]
        annotations = {name: text for name, text in zip_longest(notes[: len(entries)], entries, fillvalue="annotation") if text}
        return Rule(
            fired=Fired(number=number, id=rule.get("id") or str(number), annotations=annotations),
            tests=tuple(test for test in tests if test),
            outputs=tuple(cells),
            line=rule.sourceline,
        )

    def _check_unique(self, box: Element, rules: Sequence[Rule]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for rule in rules:
            conditions = tuple("".join(test.text.split()) for test in rule.tests)
            first = seen.setdefault(conditions, rule.number)
            if first != rule.number:
                self._report.add("DMN-025", box, first=first, second=rule.number)


def _titles(box: Element, kind: str) -> list[str]:
    """What the columns are called in messages: their label or name, else the expression, else the number."""
    return [
        column.get("label") or name_of(column) or text_of(child(column, "inputExpression")) or str(number)
        for number, column in enumerate(children(box, kind), 1)
    ]


def _is_filled(cell: Element) -> bool:
    return text_of(cell) not in ("", "-")


def _is_whole(holder: Element) -> bool:
    return (holder.get("typeRef") or "").rpartition(":")[2] in ("integer", "long")
