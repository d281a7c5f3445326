"""Checks a package before it is deployed: one list of findings, used by deploy, by `cogov check` and by the designer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from engine.definitions.checks.beginnings import check_message_starts, check_offers
from engine.definitions.checks.blocked import check_calls_of_blocked
from engine.definitions.checks.cases import check_cases
from engine.definitions.checks.context import Checked, Of
from engine.definitions.checks.decisions import check_decisions
from engine.definitions.checks.expressions import check_expressions
from engine.definitions.checks.forms import check_codes, check_forms
from engine.definitions.checks.house import check_file, check_process
from engine.definitions.checks.imports import check_imports
from engine.definitions.checks.mappings import check_mappings
from engine.definitions.checks.papers import check_papers
from engine.definitions.checks.protection import check_protection
from engine.definitions.checks.references import check_references
from engine.definitions.checks.registers import check_registers
from engine.definitions.checks.tables import check_asked, check_tables
from engine.definitions.package import Package
from engine.definitions.report import findings
from engine.definitions.rules.run import broken_rules
from engine.definitions.scope.services import ServiceShape
from engine.definitions.support import unsupported
from engine.errors import Finding

#: a rule from outside the engine: adds problems to the run it is given
PackageCheck = Callable[[Checked], None]

_ORDER = {"error": 0, "warning": 1, "info": 2}


def check(
    package: Package,
    *,
    services: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    settings: Collection[str] | None = None,
    staff: Collection[str] | None = None,
    deployed: Package | None = None,
    more: Sequence[PackageCheck] = (),
    blocked: Collection[str] = (),
    service_shapes: Mapping[str, ServiceShape] | None = None,
    language: str = "zh",
) -> list[Finding]:
    """Everything that is wrong with `package`, by file, then line; errors first within a line.

    `services`: names of the registered services, `roles`: codes of the role table, `settings`: keys of the installation's settings
    (those of the package are added), `staff`: roles that read data of class staff; None: not checked.
    `deployed`: what is there already, so that a part may refer to it.
    `more`: rules from outside. `blocked`: deployed processes that cannot run. `service_shapes`: what the services take and give.
    `language` (``zh`` or ``en``) is that of the texts. A package with an error is not deployed.
    """
    checked = Checked(package, deployed or Package(files={}), services, roles, settings, [*package.problems], staff, service_shapes or {})
    for file in package.bpmn.values():
        check_file(checked, file)
        broken = broken_rules(package.files[file.path], file.path, foreign=file.foreign)
        checked.problems += broken
        illegal = {problem.element for problem in broken if problem.severity == "error"}
        for process in file.processes:
            if process.executable and package.process_files.get(process.id) == file.path:
                _check_process(Of(checked, file, process), illegal)
    check_calls_of_blocked(checked, blocked)
    check_message_starts(checked)
    check_codes(checked)
    found = [*check_forms(checked, language), *check_decisions(checked, language)]
    check_tables(checked)
    check_registers(checked)
    check_cases(checked)
    check_imports(checked)
    check_papers(checked)
    for rule in more:
        rule(checked)
    found += findings(checked.problems, language)
    return sorted(set(found), key=lambda f: (f.file, f.line or 0, _ORDER[f.severity], f.code, f.element or "", f.message))


def _check_process(of: Of, illegal: Collection[str | None]) -> None:
    for node, what in unsupported(of.process):
        if node.id not in illegal:  # what BPMN does not allow was said already
            of.add("BPMN-030", node.id, node.line, what=what)
    check_process(of)
    check_references(of)
    check_mappings(of, check_expressions(of))
    check_asked(of)
    check_protection(of)
    check_offers(of)


def report_lines(found: Collection[Finding]) -> list[str]:
    """A report for a terminal: ``file:line severity CODE element: message (hint)``."""
    lines = []
    for finding in found:
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        element = f" {finding.element}:" if finding.element else ""
        hint = f" — {finding.hint}" if finding.hint else ""
        lines.append(f"{place} {finding.severity} {finding.code}{element} {finding.message}{hint}")
    return lines
