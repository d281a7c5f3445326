"""DMN files → decisions that can be evaluated, with findings for what is wrong."""

from __future__ import annotations

from typing import Any

from engine.decisions.boxed import Boxes
from engine.decisions.codes import Report
from engine.decisions.graph import Decision, DmnFile, Graph, InputData, Knowledge, Service
from engine.decisions.model import Typed, broken, nothing
from engine.decisions.scope import Scope
from engine.decisions.types import Types
from engine.decisions.xml import Element, child, children, label_of, local, parse, references, variable_name

_NAMED = frozenset({
    "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemComponent", "column", "output", "import",
})  # fmt: skip


def read_dmn(data: bytes, path: str = "", *, language: str = "zh") -> DmnFile:
    """Read a DMN 1.1–1.5 file.

    Never raises for bad content: findings (messages in `language`) tell what is wrong, and a file with error findings must
    not be deployed.
    """
    report = Report(path, language)
    root = parse(data, report)
    if root is None:
        return DmnFile(path, "", Graph(), report.findings)
    return _Reader(root, path, report).read()


class _Reader:
    def __init__(self, root: Element, path: str, report: Report) -> None:
        self._root = root
        self._path = path
        self._report = report
        self._graph = Graph()
        self._types = Types(root, report)
        self._scope = Scope(_names(root), self._types, report, root.get("expressionLanguage"))
        self._boxes = Boxes(self._scope)

    def read(self) -> DmnFile:
        for element in children(self._root, "inputData", "businessKnowledgeModel", "decisionService", "decision"):
            id_ = element.get("id") or element.get("name")
            if not id_:
                self._report.add("DMN-015", element)
            elif id_ in self._graph.elements:
                self._report.add("DMN-014", element, id=id_)
            else:
                self._graph.elements[id_] = getattr(self, f"_{local(element).lower()}")(element, id_)
        self._check_imports()
        self._check_references()
        self._check_circles()
        return DmnFile(self._path, self._root.get("name") or "", self._graph, self._report.findings)

    def _typed(self, element: Element) -> Typed:
        variable = child(element, "variable")
        name = None if variable is None else variable.get("typeRef")
        return Typed(self._types.find(name, variable), f"{element.get('id')} “{variable_name(element)}”")

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
            requires=_required(element),
        )

    def _decisionservice(self, element: Element, id_: str) -> Service:
        return Service(
            id=id_,
            name=variable_name(element),
            outputs=_targets(element, "outputDecision"),
            inputs=_targets(element, "inputData") + _targets(element, "inputDecision"),
            typed=self._typed(element),
        )

    def _decision(self, element: Element, id_: str) -> Decision:
        with self._scope.reading() as (names, functions):
            logic = self._boxes.logic_in(element)
        if logic is None:
            self._report.add("DMN-023", element, id=id_)
        return Decision(
            id=id_,
            name=variable_name(element),
            label=label_of(element),
            logic=logic or nothing,
            typed=self._typed(element),
            requires=_required(element),
            own_names=frozenset(names),
            functions=frozenset(functions) - self._scope.names,
            graph=self._graph,
        )

    def _check_imports(self) -> None:
        for element in children(self._root, "import"):
            self._report.add("DMN-027", element, namespace=element.get("namespace") or "")

    def _check_references(self) -> None:
        names = ("requiredDecision", "requiredInput", "requiredKnowledge", "outputDecision", "inputDecision", "inputData")
        for element, href in references(self._root, *names):
            if _target(href) not in self._graph.elements and _is_local(href):
                self._report.add("DMN-017", element, id=_target(href))

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


def _required(element: Element) -> tuple[str, ...]:
    return _targets(element, "requiredDecision", "requiredInput", "requiredKnowledge")


def _targets(element: Element, *names: str) -> tuple[str, ...]:
    return tuple(_target(href) for _, href in references(element, *names))


def _target(href: str) -> str:
    return href.rpartition("#")[2]


def _is_local(href: str) -> bool:
    return href.startswith("#")
