"""Papers (文书): the schema, templates that are there, expressions that compile. What stands in a template is checked by governance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.checks.context import Checked
from engine.definitions.checks.doubts import nearest_of
from engine.definitions.checks.feel import check_feel
from engine.definitions.model import Process
from engine.definitions.positions import Located, Path
from engine.definitions.protection import PUBLIC, names_in, protected
from engine.feel.inference import Shape
from engine.schemas.validate import validate

SUFFIX = ".paper.yaml"
_HEAD = ("owner", "parties", "of", "issue", "when")


def check_papers(checked: Checked) -> None:
    """Every *.paper.yaml of the package, and templates nobody names."""
    named: set[str] = set()
    for path, located in checked.package.located.items():
        if not path.endswith(SUFFIX):
            continue
        named |= _check(checked, path, located)
    for key, path in checked.package.templates.items():
        if key not in named:
            checked.add("PAPER-008", path)


def _check(checked: Checked, path: str, located: Located) -> set[str]:
    """The templates it names, as ``<process>/<file>.docx``."""
    paper, folder = located.value.get("paper"), path.split("/")[-2]
    element = paper if isinstance(paper, str) else None
    faults = validate("paper", located.value)
    for fault in faults:
        checked.add("PAPER-001", path, element, located.line(fault.path), where=fault.where, reason=fault.reason)
    templates = located.value.get("templates")
    named = {f"{folder}/{name}" for name in templates.values()} if isinstance(templates, dict) else set()
    if faults:
        return named
    for language, name in templates.items():
        if checked.template(f"{folder}/{name}") is None:
            checked.add("PAPER-003", path, element, located.line(("templates", language)), ref=name)
    process = checked.process(folder)
    after = located.value.get("after")
    if process is not None and after is not None and after not in process.nodes:
        checked.add("PAPER-010", path, element, located.line(("after",)), ref=after)
    names = _names(checked, process)
    for place, text in _expressions(located.value):
        _expression(checked, path, element, located, place, text, names)
    if process is not None and "of" not in located.value:
        _protection(checked, path, located, process)
    for place, codes in _code_lists(located.value):
        if codes not in checked.codes:
            where, near = ".".join(map(str, place)), nearest_of(codes, checked.codes)
            checked.add("FEEL-005", path, element, located.line(place), where=where, name=codes, near=near)
    return named


def _protection(checked: Checked, path: str, located: Located, process: Process) -> None:
    """A paper that names no readers (`of`) and is filled from protected data."""
    paper, known = located.value["paper"], protected(process)
    public = located.value.get("access") == PUBLIC
    for key, entry in located.value["data"].items():
        source = entry if isinstance(entry, str) else entry["from"]
        for rule in (known[name] for name in names_in(source.removeprefix("=")) if name in known):
            code, line = "ACC-007" if public else "ACC-006", located.line(("data", key))
            checked.add(code, path, paper, line, paper=paper, field=key, data=rule.data, access=rule.access)


def _names(checked: Checked, process: Process | None) -> Mapping[str, Shape] | None:
    """Names that exist somewhere in the process; None: any may be used."""
    variables = checked.world.variables(process) if process is not None else None
    return variables.anywhere() if variables is not None else None


def _expressions(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for name in _HEAD:
        if name in data:
            yield (name,), data[name]
    for key, entry in data["data"].items():
        yield ("data", key), entry if isinstance(entry, str) else entry["from"]


def _code_lists(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for key, entry in data["data"].items():
        if isinstance(entry, dict):
            if "codes" in entry:
                yield ("data", key, "codes"), entry["codes"]
            for column, written in entry.get("rows", {}).items():
                if isinstance(written, dict):
                    yield ("data", key, "rows", column), written["codes"]


def _expression(
    checked: Checked, path: str, element: str | None, located: Located, place: Path, text: str, names: Mapping[str, Shape] | None
) -> None:
    line = located.line(place)
    check_feel(lambda code, **facts: checked.add(code, path, element, line, **facts), ".".join(map(str, place)), text, names)
