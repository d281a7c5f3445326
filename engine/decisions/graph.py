"""Requirement graphs: a decision with the inputs, decisions, knowledge models and services it requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.decisions.elements import ABSENT, Imported, InputData, Knowledge, Service
from engine.decisions.model import Logic, Outcome, Traced, Typed
from engine.decisions.table import Table
from engine.definitions.model import Label
from engine.feel import Environment, FunctionValue
from engine.feel.environment import DEFAULT, Run
from engine.feel.kinds import entries_of, is_context
from engine.feel.limits import LimitReached
from engine.feel.types import converted


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of a file. `names` are the variables that it, and the decisions it requires, demand from outside."""

    id: str
    #: the name expressions use for its value
    name: str
    label: Label
    logic: Logic
    typed: Typed
    requires: tuple[str, ...]
    own_names: frozenset[str]
    #: as `own_names`, and those that may be missing (`get or else`, `is defined`, filters)
    own_reads: frozenset[str]
    functions: frozenset[str]
    graph: Graph = field(repr=False)

    @property
    def names(self) -> frozenset[str]:
        return self.graph.names_of(self)

    @property
    def reads(self) -> frozenset[str]:
        """All variables that it, and the decisions it requires, may look at outside."""
        return self.graph.names_of(self, all_reads=True)

    @property
    def table(self) -> Table | None:
        """The decision table, when that is its logic."""
        return self.logic if isinstance(self.logic, Table) else None

    def evaluate(self, variables: Mapping[str, Any], environment: Environment | None = None) -> Outcome:
        """The decision's value with these variables.

        Raises UnknownVariable (strict names), ExpressionFailed (hit policy broken, value outside its type, limit exceeded).
        """
        try:
            return Evaluation(self.graph, variables, Traced(environment or DEFAULT)).outcome(self)
        except RecursionError:
            raise LimitReached("nesting", (environment or DEFAULT).max_depth) from None


Element = InputData | Knowledge | Service | Imported | Decision


class Graph:
    """The elements of one file by id."""

    def __init__(self) -> None:
        self.elements: dict[str, Element] = {}

    @property
    def imports(self) -> bool:
        """Whether it uses elements of other files."""
        return any(isinstance(element, Imported) for element in self.elements.values())

    def names_of(self, decision: Decision, *, all_reads: bool = False) -> frozenset[str]:
        """The variables the decision and what it requires demand from outside, or with `all_reads` may look at."""
        needed: set[str] = set()
        waiting, seen = [decision], {id(decision)}
        while waiting:
            current = waiting.pop()
            elements = [element for r in current.requires if (element := current.graph.elements.get(r)) is not None]
            needed |= (current.own_reads if all_reads else current.own_names) - {n for e in elements for n in (e.name, e.id)}
            if all_reads:  # inputs of an imported file may come under the import's name
                needed |= {e.alias for e in elements if isinstance(e, Imported) and e.alias}
            for required in (e.graph.elements[e.target] if isinstance(e, Imported) else e for e in elements):
                if isinstance(required, InputData):
                    needed.add(required.name)
                elif isinstance(required, Decision) and id(required) not in seen:
                    seen.add(id(required))
                    waiting.append(required)
        return frozenset(needed)


class Evaluation:
    """One evaluation over a graph: every decision is worked out once."""

    def __init__(self, graph: Graph, variables: Mapping[str, Any], run: Traced, given: Mapping[str, Any] | None = None) -> None:
        self._graph = graph
        self._variables = variables
        self._run = run
        #: values of decisions that a service was given as inputs
        self._given = given or {}
        self._done: dict[str, Outcome] = {}
        #: evaluations of imported files, by the name of the import
        self._imports: dict[str, Evaluation] = {}

    def outcome(self, decision: Decision) -> Outcome:
        """The decision's outcome."""
        if decision.id in self._given:
            return Outcome(value=self._given[decision.id])
        if decision.id not in self._done:
            self._done[decision.id] = self._work_out(decision)
        return self._done[decision.id]

    def _work_out(self, decision: Decision) -> Outcome:
        self._run.spend()
        scope = dict(self._variables)
        required: dict[str, Outcome] = {}
        for element in self._required(decision.requires):
            if isinstance(element, Imported):
                self._provide_imported(scope, element, required)
            elif isinstance(element, Decision):
                required[element.id] = self.outcome(element)
                _provide(scope, element, required[element.id].value)
            else:
                _provide(scope, element, self._value(element))
        return self._apply(decision, scope, required)

    def _apply(self, decision: Decision, scope: Mapping[str, Any], required: Mapping[str, Outcome]) -> Outcome:
        before = len(self._run.tables)
        if isinstance(decision.logic, Table):
            found = decision.logic.decide(scope, self._run)
        else:
            found = Outcome(value=decision.logic(scope, self._run))
        tables = tuple(self._run.tables[before:])
        del self._run.tables[before:]
        value = decision.typed.convert(found.value, self._run)
        return replace(found, value=value, required=required, tables=tables)

    def _provide_imported(self, scope: dict[str, Any], element: Imported, required: dict[str, Outcome]) -> None:
        other = self._other(element)
        target = element.graph.elements[element.target]
        if isinstance(target, Decision):
            name = f"{element.alias}.{target.id}" if element.alias else target.id
            required[name] = other.outcome(target)
            value = required[name].value
        else:
            value = other._value(target)
        if value is ABSENT:
            return
        if not element.alias:
            scope[target.name] = value
            return
        known = scope.get(element.alias)
        scope[element.alias] = {**(entries_of(known) if is_context(known) else {}), target.name: value}

    def _other(self, element: Imported) -> Evaluation:
        """The evaluation of the imported file: it sees the same variables, and those given under the name of the import."""
        if element.alias not in self._imports:
            given = self._variables.get(element.alias) if element.alias else None
            variables = {**self._variables, **entries_of(given)} if is_context(given) else self._variables
            self._imports[element.alias] = Evaluation(element.graph, variables, self._run)
        return self._imports[element.alias]

    def _value(self, element: Element) -> Any:
        """What expressions see of an element that is no decision of this file."""
        if isinstance(element, InputData):
            return element.read(self._variables, self._run)
        if isinstance(element, Decision):
            return self.outcome(element).value
        if isinstance(element, Imported):
            return self._other(element)._value(element.graph.elements[element.target])
        return self._function(element)

    def _required(self, ids: Sequence[str]) -> Iterator[Element]:
        return (self._graph.elements[id_] for id_ in ids if id_ in self._graph.elements)

    def _function(self, element: Knowledge | Service) -> FunctionValue:
        return self.knowledge(element) if isinstance(element, Knowledge) else self.service(element)

    def knowledge(self, model: Knowledge) -> FunctionValue:
        """The function of a business knowledge model; it sees its parameters and the knowledge it requires."""
        names = tuple(name for name, _ in model.parameters)

        def invoke(run: Run, arguments: Sequence[Any]) -> Any:
            scope: dict[str, Any] = {}
            for element in self._required(model.requires):
                if isinstance(element, Imported):
                    self._provide_imported(scope, element, {})
                elif isinstance(element, Knowledge | Service):
                    scope[element.name] = self._function(element)
            return model.typed.convert(model.body({**scope, **dict(zip(names, arguments, strict=True))}, run), run)

        return converted(FunctionValue(model.name, names, invoke), tuple(kind for _, kind in model.parameters))

    def service(self, service: Service) -> FunctionValue:
        """The function of a decision service."""
        inputs = [element for element in self._required(service.inputs) if isinstance(element, InputData | Decision)]

        def invoke(run: Run, arguments: Sequence[Any]) -> Any:
            pairs = list(zip(inputs, arguments, strict=True))
            variables = {element.name: value for element, value in pairs if isinstance(element, InputData)}
            given = {element.id: value for element, value in pairs if isinstance(element, Decision)}
            inner = Evaluation(self._graph, variables, self._run, given)
            outputs = [element for element in self._required(service.outputs) if isinstance(element, Decision)]
            results = {element.name: inner.outcome(element).value for element in outputs}
            value = next(iter(results.values())) if len(outputs) == 1 else results
            return service.typed.convert(value, run)

        function = FunctionValue(service.name, tuple(element.name for element in inputs), invoke)
        return converted(function, tuple(element.typed.type for element in inputs))


def _provide(scope: dict[str, Any], element: Element, value: Any) -> None:
    """Bind the value to the element's name, and to its id where no variable has that name."""
    if value is not ABSENT:
        scope[element.name] = value
        scope.setdefault(element.id, value)
