"""Requirement graphs: a decision with the inputs, decisions, knowledge models and services it requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.decisions.model import Logic, Outcome, Typed
from engine.decisions.table import Table
from engine.definitions.model import Label
from engine.errors import ExpressionFailed, Finding, NotFound
from engine.feel import Environment, FunctionValue
from engine.feel.environment import DEFAULT, Run
from engine.feel.types import Type, converted


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """A value that comes from outside, by its name or id."""

    id: str
    name: str
    typed: Typed

    def read(self, variables: Mapping[str, Any], run: Run) -> Any:
        """The value; _ABSENT when no variable has the name and names are strict, so that only reading it fails."""
        for name in (self.name, self.id):
            if name in variables:
                return self.typed.convert(variables[name], run)
        return _ABSENT if run.strict else None


_ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """A business knowledge model: a function."""

    id: str
    name: str
    parameters: tuple[tuple[str, Type], ...]
    body: Logic
    typed: Typed
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A decision service: output decisions as a function of input decisions and input data."""

    id: str
    name: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    typed: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of a file. `names` are the variables that it, and the decisions it requires, read from outside."""

    id: str
    #: the name expressions use for its value
    name: str
    label: Label
    logic: Logic
    typed: Typed
    requires: tuple[str, ...]
    own_names: frozenset[str]
    functions: frozenset[str]
    graph: Graph = field(repr=False)

    @property
    def names(self) -> frozenset[str]:
        return self.graph.names_of(self)

    @property
    def table(self) -> Table | None:
        """The decision table, when that is its logic."""
        return self.logic if isinstance(self.logic, Table) else None

    def evaluate(self, variables: Mapping[str, Any], environment: Environment | None = None) -> Outcome:
        """The decision's value with these variables.

        Raises UnknownVariable (strict names), ExpressionFailed (hit policy broken, value outside its type, limit exceeded).
        """
        try:
            return Evaluation(self.graph, variables, Run(environment or DEFAULT)).outcome(self)
        except RecursionError:
            raise ExpressionFailed(f"Decision “{self.id}” or its data are nested too deeply", decision=self.id) from None


Element = InputData | Knowledge | Service | Decision


class Graph:
    """The elements of one file by id."""

    def __init__(self) -> None:
        self.elements: dict[str, Element] = {}

    def names_of(self, decision: Decision) -> frozenset[str]:
        needed: set[str] = set()
        waiting, seen = [decision], set[str]()
        while waiting:
            current = waiting.pop()
            seen.add(current.id)
            needed |= current.own_names - {name for r in current.requires for name in self._provided(r)}
            for required in (self.elements.get(r) for r in current.requires):
                if isinstance(required, InputData):
                    needed.add(required.name)
                elif isinstance(required, Decision) and required.id not in seen:
                    waiting.append(required)
        return frozenset(needed)

    def _provided(self, required: str) -> tuple[str, ...]:
        element = self.elements.get(required)
        return () if element is None else (element.name, element.id)


class Evaluation:
    """One evaluation over a graph: every decision is worked out once."""

    def __init__(self, graph: Graph, variables: Mapping[str, Any], run: Run, given: Mapping[str, Any] | None = None) -> None:
        self._graph = graph
        self._variables = variables
        self._run = run
        #: values of decisions that a service was given as inputs
        self._given = given or {}
        self._done: dict[str, Outcome] = {}

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
            if isinstance(element, Decision):
                required[element.id] = self.outcome(element)
                _provide(scope, element, required[element.id].value)
            elif isinstance(element, InputData):
                _provide(scope, element, element.read(self._variables, self._run))
            else:
                _provide(scope, element, self._function(element))
        found = (
            decision.logic.decide(scope, self._run)
            if isinstance(decision.logic, Table)
            else Outcome(value=decision.logic(scope, self._run))
        )
        value = decision.typed.convert(found.value, self._run)
        return Outcome(value=value, rules=found.rules, rule_numbers=found.rule_numbers, inputs=found.inputs, required=required)

    def _required(self, ids: Sequence[str]) -> Iterator[Element]:
        return (self._graph.elements[id_] for id_ in ids if id_ in self._graph.elements)

    def _function(self, element: Knowledge | Service) -> FunctionValue:
        return self.knowledge(element) if isinstance(element, Knowledge) else self.service(element)

    def knowledge(self, model: Knowledge) -> FunctionValue:
        """The function of a business knowledge model; it sees its parameters and the knowledge it requires."""
        names = tuple(name for name, _ in model.parameters)

        def invoke(run: Run, arguments: Sequence[Any]) -> Any:
            scope = {
                element.name: self._function(element)
                for element in self._required(model.requires)
                if isinstance(element, Knowledge | Service)
            }
            return model.typed.convert(model.body({**scope, **dict(zip(names, arguments, strict=True))}, run), run)

        return converted(FunctionValue(model.name, names, invoke), tuple(kind for _, kind in model.parameters))

    def service(self, service: Service) -> FunctionValue:
        """The function of a decision service."""
        inputs = [element for element in self._required(service.inputs) if isinstance(element, InputData | Decision)]

        def invoke(run: Run, arguments: Sequence[Any]) -> Any:
            pairs = list(zip(inputs, arguments, strict=True))
            variables = {element.name: value for element, value in pairs if isinstance(element, InputData)}
            given = {element.id: value for element, value in pairs if isinstance(element, Decision)}
            inner = Evaluation(self._graph, variables, run, given)
            outputs = [element for element in self._required(service.outputs) if isinstance(element, Decision)]
            results = {element.name: inner.outcome(element).value for element in outputs}
            value = next(iter(results.values())) if len(outputs) == 1 else results
            return service.typed.convert(value, run)

        function = FunctionValue(service.name, tuple(element.name for element in inputs), invoke)
        return converted(function, tuple(element.typed.type for element in inputs))


def _provide(scope: dict[str, Any], element: Element, value: Any) -> None:
    """Bind the value to the element's name, and to its id where no variable has that name."""
    if value is not _ABSENT:
        scope[element.name] = value
        scope.setdefault(element.id, value)


class DmnFile(Mapping[str, Decision]):
    """A read decision file: its decisions by id, and what was found wrong with it."""

    def __init__(self, path: str, name: str, graph: Graph, findings: Sequence[Finding]) -> None:
        self.path = path
        self.name = name
        self.graph = graph
        self.findings = tuple(findings)
        self.decisions: Mapping[str, Decision] = {id_: e for id_, e in graph.elements.items() if isinstance(e, Decision)}

    def __getitem__(self, id_: str) -> Decision:
        try:
            return self.decisions[id_]
        except KeyError:
            raise NotFound(f"There is no decision “{id_}” in {self.path or 'the file'}", decision=id_, file=self.path) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.decisions)

    def __len__(self) -> int:
        return len(self.decisions)

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    def invoke(self, id_or_name: str, arguments: Mapping[str, Any], environment: Environment | None = None) -> Any:
        """Call a business knowledge model or decision service by id or name. Raises NotFound, and as Decision.evaluate."""
        for element in self.graph.elements.values():
            if isinstance(element, Knowledge | Service) and id_or_name in (element.id, element.name):
                run = Run(environment or DEFAULT)
                evaluation = Evaluation(self.graph, {}, run)
                function = evaluation.knowledge(element) if isinstance(element, Knowledge) else evaluation.service(element)
                return run.call(function.invoke, [arguments.get(name) for name in function.parameters])
        raise NotFound(f"There is no function “{id_or_name}” in {self.path or 'the file'}", function=id_or_name, file=self.path)
