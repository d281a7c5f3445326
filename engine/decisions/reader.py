"""DMN files → decisions that can be evaluated, with findings for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.decisions.boxed import Boxes
from engine.decisions.codes import Report
from engine.decisions.elements import Imported, InputData, Knowledge, Service
from engine.decisions.file import DmnFile
from engine.decisions.graph import Decision, Graph
from engine.decisions.imports import files_of, is_of_decisions
from engine.decisions.model import Typed, broken, nothing
from engine.decisions.scope import Scope
from engine.decisions.types import Types
from engine.decisions.xml import Element, child, children, label_of, local, name_of, parse, references, variable_name

_NAMED = frozenset({
    "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemComponent", "column", "output", "import",
})  # fmt: skip


def read_dmn(data: bytes, path: str = "", *, language: str = "zh", files: Mapping[str, bytes] | None = None) -> DmnFile:
    """Read a DMN 1.1–1.5 file. `files`: path → content of the others of the deployment, for its imports.

    Never raises for bad content: findings (messages in `language`) tell what is wrong, and a file with error findings must
    not be deployed.
    """
    return _read(data, path, language, files or {}, ())[0]


def _read(data: bytes, path: str, language: str, files: Mapping[str, bytes], via: tuple[str, ...]) -> tuple[DmnFile, Types | None]:
    """The file and its types; `via`: the files that import it, outermost first."""
    report = Report(path, language)
    root = parse(data, report)
    if root is None:
        return DmnFile(path, "", Graph(), report.findings), None
    reader = _Reader(root, path, report, files, via)
    return reader.read(), reader.types


class _Reader:
    def __init__(self, root: Element, path: str, report: Report, files: Mapping[str, bytes], via: tuple[str, ...]) -> None:
        self._root = root
        self._path = path
        self._report = report
        self._files = files
        self._via = (*via, path)
        self._graph = Graph()
        self._imported_types: dict[str, Types] = {}
        #: of the imports that were found; for the others there is a finding already
        self._imported_namespaces: set[str] = set()
        names = _names(root) | self._read_imports()
        self.types = Types(root, report, self._imported_types)
        self._scope = Scope(names, self.types, report, root.get("expressionLanguage"))
        self._boxes = Boxes(self._scope)

    def _read_imports(self) -> frozenset[str]:
        """Put the elements of imported files into the graph; the names that they bring."""
        names: set[str] = set()
        for element in children(self._root, "import"):
            found = self._imported(element)
            if found is None:
                continue
            file, types = found
            alias, namespace = name_of(element), element.get("namespace") or ""
            self._imported_types[alias] = types
            self._imported_namespaces.add(namespace)
            for id_, target in file.graph.elements.items():
                if isinstance(target, Imported):
                    continue
                imported = Imported(id=f"{namespace}#{id_}", alias=alias, target=id_, graph=file.graph)
                self._graph.elements[imported.id] = imported
                names.add(target.name)
        return frozenset(names)

    def _imported(self, element: Element) -> tuple[DmnFile, Types] | None:
        """The file an import means, read; a finding when there is none."""
        namespace = element.get("namespace") or ""
        if not is_of_decisions(element):
            self._report.add("DMN-022", element, kind=f"import {element.get('importType')}")
            return None
        paths = files_of(element, self._path, self._files)
        if len(paths) != 1:
            self._report.add("DMN-028" if paths else "DMN-027", element, namespace=namespace, files=", ".join(paths))
            return None
        path = paths[0]
        if path in self._via:
            self._report.add("DMN-029", element, path=" → ".join([*self._via[self._via.index(path) :], path]))
            return None
        file, types = _read(self._files[path], path, self._report.language, self._files, self._via)
        self._report.findings += [finding for finding in file.findings if finding.code == "DMN-029"]
        return None if types is None else (file, types)

    def read(self) -> DmnFile:
        for element in children(self._root, "inputData", "businessKnowledgeModel", "decisionService", "decision"):
            id_ = element.get("id") or element.get("name")
            if not id_:
                self._report.add("DMN-015", element)
            elif id_ in self._graph.elements:
                self._report.add("DMN-014", element, id=id_)
            else:
                self._graph.elements[id_] = getattr(self, f"_{local(element).lower()}")(element, id_)
        self._check_references()
        self._check_circles()
        imports = [element.get("namespace") or "" for element in children(self._root, "import")]
        return DmnFile(self._path, self._root.get("name") or "", self._graph, self._report.findings, imports, self._scope.compiled_tables)

    def _typed(self, element: Element) -> Typed:
        variable = child(element, "variable")
        name = None if variable is None else variable.get("typeRef")
        return Typed(self.types.find(name, variable), f"{element.get('id')} “{variable_name(element)}”")

    def _inputdata(self, element: Element, id_: str) -> InputData:
        return InputData(id=id_, name=variable_name(element), typed=self._typed(element))

    def _businessknowledgemodel(self, element: Element, id_: str) -> Knowledge:
        function = child(element, "encapsulatedLogic")
        kind = "FEEL" if function is None else function.get("kind") or "FEEL"
        if kind != "FEEL":
            self._report.add("DMN-022", function, kind=f"encapsulatedLogic {kind}")
        return Knowledge(
            id=id_,
            name=variable_name(element),
            parameters=() if function is None else tuple(self._boxes.parameters(function)),
            body=broken if kind != "FEEL" else nothing if function is None else self._boxes.body(function),
            typed=self._typed(element),
            requires=self._required(element),
        )

    def _decisionservice(self, element: Element, id_: str) -> Service:
        return Service(
            id=id_,
            name=variable_name(element),
            outputs=self._targets(element, "outputDecision"),
            inputs=self._targets(element, "inputData") + self._targets(element, "inputDecision"),
            typed=self._typed(element),
        )

    def _decision(self, element: Element, id_: str) -> Decision:
        with self._scope.reading() as (names, reads, functions):
            logic = self._boxes.logic_in(element)
        if logic is None:
            self._report.add("DMN-023", element, id=id_)
        return Decision(
            id=id_,
            name=variable_name(element),
            label=label_of(element),
            logic=logic or nothing,
            typed=self._typed(element),
            requires=self._required(element),
            own_names=frozenset(names),
            own_reads=frozenset(reads),
            functions=frozenset(functions) - self._scope.names,
            graph=self._graph,
        )

    def _check_references(self) -> None:
        names = ("requiredDecision", "requiredInput", "requiredKnowledge", "outputDecision", "inputDecision", "inputData")
        for element, href in references(self._root, *names):
            target = self._target(href)
            if target not in self._graph.elements and (_is_local(href) or target.partition("#")[0] in self._imported_namespaces):
                self._report.add("DMN-017", element, id=target)

    def _required(self, element: Element) -> tuple[str, ...]:
        return self._targets(element, "requiredDecision", "requiredInput", "requiredKnowledge")

    def _targets(self, element: Element, *names: str) -> tuple[str, ...]:
        return tuple(self._target(href) for _, href in references(element, *names))

    def _target(self, href: str) -> str:
        """The key in the graph: the id, with its namespace when that is of another file."""
        namespace, _, id_ = href.rpartition("#")
        return id_ if namespace in ("", self._root.get("namespace")) else href

    def _check_circles(self) -> None:
        """Every circle of required decisions is cut and reported, so that evaluation ends."""
        finished: set[str] = set()
        for start in list(self._graph.elements):
            path: list[str] = []
            waiting: list[tuple[str, bool]] = [(start, False)]
            while waiting:
                id_, leaving = waiting.pop()
                if leaving:
                    path.pop()
                    finished.add(id_)
                elif id_ in path:
                    self._report.add("DMN-018", self._element(id_), path=" → ".join([*path[path.index(id_) :], id_]))
                    self._graph.elements.pop(id_, None)
                elif id_ not in finished and id_ in self._graph.elements:
                    path.append(id_)
                    waiting.append((id_, True))
                    node: Any = self._graph.elements[id_]
                    if isinstance(node, Decision):
                        waiting += [(required, False) for required in node.requires]

    def _element(self, id_: str) -> Element | None:
        return next((element for element in children(self._root, "decision") if element.get("id") == id_), None)


def _names(root: Element) -> frozenset[str]:
    """The names the file declares for all its expressions: the parser must know those that hold spaces or marks."""
    named = (e for e in root.iter() if local(e) in _NAMED or (local(e) == "variable" and local(e.getparent()) != "contextEntry"))
    return frozenset(" ".join(e.get("name").split()) for e in named if e.get("name"))


def _is_local(href: str) -> bool:
    return href.startswith("#")
