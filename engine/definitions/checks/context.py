"""What the checks share: the package, what is deployed already, and what the composition root knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.definitions.model import BpmnFile, Process
from engine.definitions.package import Package
from engine.definitions.report import Problem
from engine.definitions.scope.services import ServiceShape
from engine.definitions.scope.tables import DecisionFile
from engine.definitions.scope.world import World
from engine.feel.inference import ANY, Shape

#: domain 2.5


@dataclass
class Checked:
    """One run of the checks. `services`, `roles` and `settings` are None when the caller does not know them: not checked then."""

    package: Package
    deployed: Package
    services: Collection[str] | None
    roles: Collection[str] | None
    settings: Collection[str] | None
    problems: list[Problem] = field(default_factory=list)
    #: roles that read data of class staff
    staff: Collection[str] | None = None
    #: inputs and results of services, by name; a service that is missing here may take and give anything
    service_shapes: Mapping[str, ServiceShape] = field(default_factory=dict)

    def add(
        self, code: str, file: str, element: str | None = None, line: int | None = None, *, foreign: bool = False, **facts: Any
    ) -> None:
        self.problems.append(Problem(code=code, file=file, element=element, line=line, facts=facts, foreign=foreign))

    def process(self, key: str) -> Process | None:
        return self.processes.get(key)

    def form(self, key: str) -> dict[str, Any] | None:
        return self.package.forms.get(key) or self.deployed.forms.get(key)

    def register(self, key: str) -> dict[str, Any] | None:
        return self.package.registers.get(key) or self.deployed.registers.get(key)

    def template(self, key: str) -> bytes | None:
        """The content of a paper's template, by ``<process>/<file>.docx``."""
        for package in (self.package, self.deployed):
            if key in package.templates:
                return package.files[package.templates[key]]
        return None

    def has_decision(self, key: str) -> bool:
        return key in self.package.decisions or key in self.deployed.decisions

    @cached_property
    def codes(self) -> dict[str, list[dict[str, Any]]]:
        return {**self.deployed.codes, **self.package.codes}

    @cached_property
    def processes(self) -> dict[str, Process]:
        return {**self.deployed.processes, **self.package.processes}

    @cached_property
    def world(self) -> World:
        """The shapes of all variables, forms and services."""
        return World(
            self.processes, form=self.form, codes=self.codes, shared={**self.deployed.shared, **self.package.shared},
            services=self.service_shapes, decision=self._decision_shape,
        )  # fmt: skip

    def decision_file(self, key: str) -> DecisionFile | None:
        """The file that holds a decision."""
        content = self.package.decisions.get(key) or self.deployed.decisions.get(key)
        if content is None:
            return None
        if content not in self._decision_files:
            self._decision_files[content] = DecisionFile(content)
        return self._decision_files[content]

    @cached_property
    def _decision_files(self) -> dict[bytes, DecisionFile]:
        return {}

    def _decision_shape(self, key: str) -> Shape:
        file = self.decision_file(key)
        return file.result(key) if file is not None else ANY

    @cached_property
    def deadlines(self) -> frozenset[str]:
        """Ids of all deadlines: a called process may ask for one of its caller."""
        nodes = (node for process in self.processes.values() for node in process.nodes.values())
        return frozenset(node.deadline.id for node in nodes if node.deadline is not None)

    @cached_property
    def setting_keys(self) -> frozenset[str] | None:
        if self.settings is None:
            return None
        return frozenset((*self.settings, *self.deployed.settings, *self.package.settings))


@dataclass(frozen=True, slots=True)
class Of:
    """Problems of one process in its file."""

    checked: Checked
    file: BpmnFile
    process: Process

    def add(self, code: str, element: str | None, line: int | None, **facts: Any) -> None:
        self.checked.add(code, self.file.path, element, line, foreign=self.file.foreign, **facts)


def some(names: Collection[str], limit: int = 15) -> str:
    """A list for a sentence: the first few, sorted."""
    listed = sorted(names)
    return ", ".join(listed[:limit]) + (" …" if len(listed) > limit else "") or "–"
