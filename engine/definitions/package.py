"""A package: the files of processes and forms (conventions 1), read into models. Reading never fails; faults are problems."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from lxml import etree

from engine import ids
from engine.definitions.archive import is_litter, is_safe, read_folder, unzip
from engine.definitions.model import BpmnFile, Process
from engine.definitions.positions import Located, Unreadable, read_json, read_yaml
from engine.definitions.reader import read_bpmn
from engine.definitions.report import Problem

CODES_PATH = "forms/shared/codes.yaml"
_FORM = re.compile(r"forms/(?P<id>[^/]+/[^/]+)\.form\.json")
_PROCESS = re.compile(r"processes/(?P<key>[^/]+)/(?P<name>[^/]+)")
_DOCUMENT = (".md", ".txt", ".svg", ".png")


@dataclass(slots=True)
class Package:
    """What a deployment holds. Keys are those that other files refer to; `*_files` tell where a thing was read.

    Made by `from_files`, `load_folder` or `load_zip`. What could not be read is missing here and named in `problems`.
    """

    files: dict[str, bytes]
    #: every .bpmn file that could be read, by path
    bpmn: dict[str, BpmnFile] = field(default_factory=dict)
    #: executable processes by id
    processes: dict[str, Process] = field(default_factory=dict)
    process_files: dict[str, str] = field(default_factory=dict)
    #: the .dmn file's bytes by the id of each decision in it
    decisions: dict[str, bytes] = field(default_factory=dict)
    decision_files: dict[str, str] = field(default_factory=dict)
    #: form schema by id "<key>/<form>", shared ones too
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: field groups by id "shared/<group>"
    shared: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: code list → its entries {code, zh, en}
    codes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: register key → parsed declaration
    registers: dict[str, dict[str, Any]] = field(default_factory=dict)
    register_files: dict[str, str] = field(default_factory=dict)
    #: paper key → parsed declaration
    papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    paper_files: dict[str, str] = field(default_factory=dict)
    #: "<process>/<file>.docx" → path of a paper's template
    templates: dict[str, str] = field(default_factory=dict)
    #: setting key → its declaration in a *.settings.yaml; what a process adds to the installation's settings
    settings: dict[str, Any] = field(default_factory=dict)
    setting_files: dict[str, str] = field(default_factory=dict)
    #: parsed cases.yaml by path
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: parsed JSON and YAML files with the lines of their values
    located: dict[str, Located] = field(default_factory=dict)

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Package:
        """Read path → content. Paths are those of conventions 1; anything else gives a warning."""
        package = cls(files={path: files[path] for path in sorted(files) if not is_litter(path)})
        for path, content in list(package.files.items()):
            package._read(path, content)
        if not any((package.bpmn, package.forms, package.decision_files, package.registers, package.codes, package.problems)):
            package._problem("FILE-005", "processes/")
        return package

    @classmethod
    def joined(cls, parts: Iterable[Package]) -> Package:
        """What several packages hold together; of two that have the same, the first. What is wrong inside one is not its concern."""
        whole = cls(files={})
        for part in parts:
            for name in _MAPPINGS:
                mine = getattr(whole, name)
                for key, value in getattr(part, name).items():
                    mine.setdefault(key, value)
        return whole

    @property
    def digest(self) -> str:
        """Content address of the whole package: same files, same digest."""
        return ids.digest("\n".join(f"{ids.digest(content)} {path}" for path, content in sorted(self.files.items())).encode())

    def form_path(self, form: str) -> str:
        return f"forms/{form}.form.json"

    def _problem(self, code: str, path: str, element: str | None = None, line: int | None = None, **facts: Any) -> None:
        self.problems.append(Problem(code=code, file=path, element=element, line=line, facts=facts))

    def _read(self, path: str, content: bytes) -> None:
        if not is_safe(path):
            self._problem("FILE-001", path)
        elif path == CODES_PATH:
            self._read_codes(path, content)
        elif match := _FORM.fullmatch(path):
            self._read_form(path, match["id"], content)
        elif match := _PROCESS.fullmatch(path):
            self._read_of_process(path, match["name"], content)
        elif not path.endswith(_DOCUMENT):
            self._problem("FILE-004", path)

    def _read_of_process(self, path: str, name: str, content: bytes) -> None:
        if name.endswith(".bpmn"):
            self._read_bpmn(path, content)
        elif name.endswith(".dmn"):
            self._read_dmn(path, content)
        elif name.endswith(".register.yaml"):
            self._read_register(path, content)
        elif name.endswith(".paper.yaml"):
            self._read_paper(path, content)
        elif name.endswith(".docx"):
            self.templates[path.removeprefix("processes/")] = path
        elif name.endswith(".settings.yaml"):
            self._read_settings(path, content)
        elif name.endswith(".import.yaml"):
            self._locate(path, content, "FILE-006", read_yaml)
        elif name == "cases.yaml":
            self._read_cases(path, content)
        elif not name.endswith(_DOCUMENT):
            self._problem("FILE-004", path)

    def _read_bpmn(self, path: str, content: bytes) -> None:
        result = read_bpmn(content, path)
        self.problems += result.problems
        if result.file is None:
            return
        self.bpmn[path] = result.file
        for form, schema in result.forms.items():
            self._add_form(form, schema)
        for process in result.file.processes:
            if not process.executable:
                continue
            first = self.process_files.setdefault(process.id, path)
            if first != path:
                self._problem("BPMN-072", path, process.id, process.line, id=process.id, first=first)
                continue
            self.processes[process.id] = process

    def _read_dmn(self, path: str, content: bytes) -> None:
        """Only the ids: what is inside is read by `engine.decisions`."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root: Any = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            return  # engine.decisions says what is wrong when the package is checked
        for element in root.iterfind("{*}decision"):
            key = element.get("id")
            if not key:
                continue
            first = self.decision_files.setdefault(key, path)
            if first != path:
                self._problem("DMN-001", path, key, element.sourceline, id=key, first=first)
                continue
            self.decisions[key] = content

    def _read_form(self, path: str, form: str, content: bytes) -> None:
        schema = self._locate(path, content, "FORM-101", read_json)
        if schema is None:
            return
        self.forms[form] = schema
        if form.startswith("shared/"):
            self.shared[form] = schema

    def _add_form(self, form: str, schema: Mapping[str, Any]) -> None:
        """A form made of the fields another tool writes into a model. One of that name that is given goes before it."""
        path = self.form_path(form)
        if path not in self.files:
            self.files[path] = json.dumps(schema, ensure_ascii=False, indent=1).encode()
            self._read_form(path, form, self.files[path])

    def _read_codes(self, path: str, content: bytes) -> None:
        lists = self._locate(path, content, "FORM-103", read_yaml)
        for name, entries in (lists or {}).items():
            if isinstance(entries, list):
                self.codes[str(name)] = [entry for entry in entries if isinstance(entry, dict)]

    def _read_register(self, path: str, content: bytes) -> None:
        declaration = self._locate(path, content, "REG-001", read_yaml)
        if declaration is None or not isinstance(declaration.get("register"), str):
            return
        key = declaration["register"]
        first = self.register_files.setdefault(key, path)
        if first != path:
            self._problem("REG-005", path, key, self.located[path].line(("register",)), id=key, first=first)
            return
        self.registers[key] = declaration

    def _read_paper(self, path: str, content: bytes) -> None:
        declaration = self._locate(path, content, "FILE-006", read_yaml)
        if declaration is None or not isinstance(declaration.get("paper"), str):
            return
        key = declaration["paper"]
        first = self.paper_files.setdefault(key, path)
        if first != path:
            self._problem("PAPER-002", path, key, self.located[path].line(("paper",)), id=key, first=first)
            return
        self.papers[key] = declaration

    def _read_settings(self, path: str, content: bytes) -> None:
        for key, declared in (self._locate(path, content, "FILE-006", read_yaml) or {}).items():
            first = self.setting_files.setdefault(str(key), path)
            if first != path:
                self._problem("FILE-007", path, str(key), self.located[path].line((str(key),)), id=key, first=first)
                continue
            self.settings[str(key)] = declared

    def _read_cases(self, path: str, content: bytes) -> None:
        cases = self._locate(path, content, "CASE-001", read_yaml)
        if cases is not None:
            self.cases[path] = cases

    def _locate(self, path: str, content: bytes, code: str, read: Any) -> dict[str, Any] | None:
        """A file whose top is a mapping."""
        try:
            located: Located = read(content)
        except Unreadable as error:
            self._problem(code, path, None, error.line, where="/", reason=error.reason)
            return None
        if not isinstance(located.value, dict):
            self._problem(code, path, None, 1, where="/", reason=f"{type(located.value).__name__}, not a mapping")
            return None
        self.located[path] = located
        return located.value


_MAPPINGS = tuple(one.name for one in fields(Package) if one.name != "problems")


def load_folder(root: Path) -> Package:
    """The package of a folder that holds processes/ and forms/. Raises FileNotFoundError when it holds neither."""
    return Package.from_files(read_folder(root))


def load_zip(data: bytes, *, language: str = "zh") -> Package:
    """The package of an archive. Raises DeployRefused (findings in `language`) for an archive that must not be unpacked."""
    return Package.from_files(unzip(data, language=language))
