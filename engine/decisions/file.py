"""A decision file that has been read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.decisions.elements import Knowledge, Service
from engine.decisions.graph import Decision, Evaluation, Graph
from engine.decisions.model import Traced
from engine.decisions.table import Table
from engine.errors import Finding, NotFound
from engine.feel import Environment
from engine.feel.environment import DEFAULT


class DmnFile(Mapping[str, Decision]):
    """A read decision file: its decisions by id, and what was found wrong with it."""

    def __init__(
        self,
        path: str,
        name: str,
        graph: Graph,
        findings: Sequence[Finding],
        imports: Sequence[str] = (),
        tables: Sequence[Table] = (),
    ) -> None:
        self.path = path
        self.name = name
        self.graph = graph
        self.findings = tuple(findings)
        #: namespaces of the files it imports
        self.imports = tuple(imports)
        #: every table in it, also those inside contexts and knowledge models
        self.tables = tuple(tables)
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
                run = Traced(environment or DEFAULT)
                evaluation = Evaluation(self.graph, {}, run)
                function = evaluation.knowledge(element) if isinstance(element, Knowledge) else evaluation.service(element)
                return run.call(function.invoke, [arguments.get(name) for name in function.parameters])
        raise NotFound(f"There is no function “{id_or_name}” in {self.path or 'the file'}", function=id_or_name, file=self.path)
