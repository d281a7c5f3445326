"""Expressions and cells of decisions: names their requirements bring, kinds of their columns; and what a task hands to a decision."""

from __future__ import annotations

from engine.definitions.checks.context import Checked, Of, some
from engine.definitions.checks.doubts import Add, add_doubts, excerpt, in_words, nearest_of, words
from engine.definitions.model import Label, Node
from engine.definitions.scope.functions import OWN_FUNCTIONS
from engine.definitions.scope.tables import Cell, DecisionFile
from engine.feel import FeelSyntaxError
from engine.feel.inference import Anything, infer, infer_tests


def check_tables(checked: Checked) -> None:
    """Every .dmn file of the package. Names are those of the process that asks, so that here any may be used."""
    for path, content in checked.package.files.items():
        if path.endswith(".dmn"):
            file = DecisionFile(content)
            for decision in file.decisions.values():
                for cell in file.cells(decision):
                    _cell(_adding(checked, path, cell), file, cell)


def _cell(add: Add, file: DecisionFile, cell: Cell) -> None:
    try:
        if cell.tests:
            doubts = infer_tests(cell.text, cell.value, Anything(), functions=OWN_FUNCTIONS, types=file.types).doubts
        else:
            doubts = infer(cell.text, Anything(), functions=OWN_FUNCTIONS, types=file.types, wanted=cell.wanted).doubts
    except FeelSyntaxError:
        return  # the reader of decisions said it
    add_doubts(add, cell.what, cell.text, [doubt for doubt in doubts if doubt.kind != "function"])


def _adding(checked: Checked, path: str, cell: Cell) -> Add:
    return lambda code, **facts: checked.add(code, path, cell.element, cell.line, **facts)


def check_asked(of: Of) -> None:
    """What a task's decision reads is there, and is of the kind that its column declares."""
    variables = of.checked.world.variables(of.process)
    if variables is None or variables.scopes.open_names:
        return
    for node in of.process.nodes.values():
        if node.decision is not None and not node.decision.startswith("="):
            _asked(of, node, node.decision)


def _asked(of: Of, node: Node, key: str) -> None:
    variables = of.checked.world.variables(of.process)
    file = of.checked.decision_file(key)
    if variables is None or file is None:
        return
    names = variables.scopes.of_node(node)
    for read in file.reads(key):
        if read.name not in names:
            facts = {"name": read.name, "known": some(names), "near": nearest_of(read.name, names), "at": Label(), "text": key}
            of.add("FEEL-002", node.id, node.line, where=f"decision {key}", **facts)
            continue
        found = variables.of(read.name, node)
        taken = (read.shape.kind, "list", *(("date",) if read.shape.kind == "date and time" else ()))
        if found.known and read.shape.known and found.kind not in taken and read.shape.kind != "list":
            facts = {"wanted": words((read.shape.kind,)), "found": in_words(found), "at": Label(), "text": excerpt(read.name)}
            of.add("FEEL-009", node.id, node.line, where=f"decision {key}", **facts)
