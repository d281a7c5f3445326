"""CPU time of one kernel command as an instance grows: must be flat.

Run with ``python bench/kernel.py``. Each row is one workload; "kept" hands the kernel's own rows back to it, "restored" reads
all live rows and variables back from their JSON text before every command. The figure is microseconds of CPU per completed task (of the
first tenth, the last tenth, and all), without any database. Stock SpiffWorkflow 3.2 runs the same models in memory beside it,
at sizes it survives (past some 330 loop rounds or 490 tasks in a row it stops or fails).
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "tests" / "unit" / "runner")]

from scenario import Scenario, bpmn, end, node, start, user  # noqa: E402

from engine import values  # noqa: E402
from engine.definitions.model import Process  # noqa: E402
from engine.events import TaskOffered  # noqa: E402
from engine.runner.port import Changes, Snapshot, TokenRow  # noqa: E402

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


class Driver(Scenario):
    """A scenario without the checks of the tests. Restored: rows and variables lie as text, as in a table, and are all read back."""

    def __init__(self, *models: Process, **options: Any) -> None:
        super().__init__(*models, **options)
        self.row_texts: dict[str, tuple[str | None, str, str | None, str, int, str]] = {}
        self.value_texts: dict[str, dict[str, str]] = {}

    def snapshot(self) -> Snapshot:
        if not self.restored:
            return Snapshot(tokens=list(self.rows.values()), variables=self.stored, next_seq=self.next_seq)
        rows = [
            TokenRow(id=token, parent=parent, process=process, node=node, state=state, seq=seq, internal=json.loads(internal))
            for token, (parent, process, node, state, seq, internal) in self.row_texts.items()
        ]
        stored = {scope: {name: values.loads(text) for name, text in local.items()} for scope, local in self.value_texts.items()}
        return Snapshot(tokens=rows, variables=stored, next_seq=self.next_seq)

    def _run(self, command: Callable[..., Changes], *arguments: Any) -> list[str]:
        return self._apply(command(self.definitions, self.snapshot(), self.world, *arguments))

    def _apply(self, changes: Changes) -> list[str]:
        for row in changes.tokens:
            self.rows[row.id] = row
            self.row_texts[row.id] = (row.parent, row.process, row.node, row.state, row.seq, json.dumps(row.internal))
        for token in changes.gone_tokens:
            del self.rows[token], self.row_texts[token]
        for scope, name in changes.gone_variables:
            del self.stored[scope][name], self.value_texts[scope][name]
        for (scope, name), value in changes.variables.items():
            self.stored.setdefault(scope, {})[name] = value
            self.value_texts.setdefault(scope, {})[name] = values.dumps(value)
        self.next_seq, self.outcome = changes.next_seq, changes.outcome
        return [event.token for event in changes.events if isinstance(event, TaskOffered)]


def in_a_row(count: int) -> Process:
    names = [f"u{n}" for n in range(count)]
    return bpmn(start() + user(*names) + end(), flows=f"begin > {' > '.join(names)} > done")


def in_a_loop(_count: int) -> Process:
    body = start() + node("exclusiveGateway", "again") + user("work") + node("exclusiveGateway", "enough", default="enough_done") + end()
    return bpmn(body, flows="begin > again > work > enough > done\nenough > again: =more")


def participants(_count: int) -> Process:
    marker = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="votes" outputElement="=form.vote"/>'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
    return bpmn(start() + user("vote", inner=marker) + end(), flows="begin > vote > done")


def run(make: Callable[[int], Process], count: int, *, restored: bool) -> list[float]:
    """Seconds of CPU per completed task."""
    case = Driver(make(count), restored=restored, step_limit=1_000_000)
    offered = case.start({"starter": "wang"} | ({"people": list(range(count))} if make is participants else {}))
    spent = []
    for number in range(count):
        token = offered.pop(0)
        form = {"more": number + 1 < count, "vote": number}
        before = time.process_time()
        offered += case._run(case.kernel.complete, token, form)
        spent.append(time.process_time() - before)
    assert case.outcome == "completed"
    return spent


def stock(make: Callable[[int], Process], count: int) -> list[float] | None:
    """The same with stock SpiffWorkflow; None where it does not survive."""
    parser = BpmnParser()
    try:
        parser.add_bpmn_xml(etree.fromstring(_stock_xml(make.__name__, count)))
        workflow = BpmnWorkflow(parser.get_spec("p"))
        workflow.do_engine_steps()
        spent = []
        for number in range(count):
            before = time.process_time()
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
            if task is None:
                return None
            task.data["more"] = number + 1 < count
            task.run()
            workflow.do_engine_steps()
            spent.append(time.process_time() - before)
    except RecursionError:
        return None
    return spent if workflow.completed else None


def _stock_xml(name: str, count: int) -> str:
    """The same three models in what the stock parser reads."""
    nodes = ["begin", *(f"u{n}" for n in range(count)), "done"]
    if name == "in_a_row":
        body = "".join(f'<userTask id="u{n}"/>' for n in range(count))
        flows = "".join(_flow(source, target) for source, target in pairwise(nodes))
    elif name == "in_a_loop":
        body = '<exclusiveGateway id="again"/><userTask id="work"/><exclusiveGateway id="enough" default="enough_done"/>'
        flows = _flow("begin", "again") + _flow("again", "work") + _flow("work", "enough") + _flow("enough", "done")
        flows += _flow("enough", "again", "<conditionExpression>more</conditionExpression>")
    else:
        loop = f"<multiInstanceLoopCharacteristics><loopCardinality>{count}</loopCardinality></multiInstanceLoopCharacteristics>"
        body = f'<userTask id="vote">{loop}</userTask>'
        flows = _flow("begin", "vote") + _flow("vote", "done")
    return (
        f'<definitions xmlns="{BPMN}" id="d"><process id="p" isExecutable="true"><startEvent id="begin"/>{body}<endEvent id="done"/>{flows}'
        "</process></definitions>"
    )


def _flow(source: str, target: str, condition: str = "") -> str:
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def _cells(spent: list[float] | None) -> str:
    if spent is None:
        return f"{'does not survive':>32}"
    tenth = max(1, len(spent) // 10)
    first, last = sum(spent[:tenth]) / tenth, sum(spent[-tenth:]) / tenth
    return f"{first * 1e6:10.0f}{last * 1e6:10.0f}{sum(spent) / len(spent) * 1e6:12.0f}"


def main() -> None:
    logging.disable(logging.CRITICAL)
    print(f"{'workload':26}{'N':>6}  {'who':10}{'first 10%':>10}{'last 10%':>10}{'all (µs)':>12}")
    for make in (in_a_row, in_a_loop, participants):
        for count in (100, 1000):
            print(f"{make.__name__:26}{count:6}  {'kept':10}{_cells(run(make, count, restored=False))}")
            print(f"{make.__name__:26}{count:6}  {'restored':10}{_cells(run(make, count, restored=True))}")
        for count in (100, 300):
            print(f"{make.__name__:26}{count:6}  {'stock':10}{_cells(stock(make, count))}")


if __name__ == "__main__":
    main()
