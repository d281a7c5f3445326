"""The same models on stock SpiffWorkflow 3.2, in memory: no database, no forms, no history, no permissions."""

from __future__ import annotations

import io
import logging
import re

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.measure import Meter
from engine.store.database import Database

_NO_DATABASE = Database("sqlite://")
_LOOP = re.compile(rb"<bpmn:multiInstanceLoopCharacteristics>.*</bpmn:multiInstanceLoopCharacteristics>")


def run(files: dict[str, bytes], count: int, *, instances: bool) -> Meter | None:
    """Complete `count` tasks: one in each of `count` instances, or all in one. None where stock SpiffWorkflow fails."""
    logging.disable(logging.CRITICAL)
    content = next(c for path, c in files.items() if path.endswith(".bpmn"))
    body = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    cardinality = f"<bpmn:multiInstanceLoopCharacteristics>{body}</bpmn:multiInstanceLoopCharacteristics>"
    content = _LOOP.sub(cardinality.encode(), content).replace(b">=a<", b">a<")
    meter = Meter()
    try:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(content)))
        key = re.findall(rb'<bpmn:process id="(\w+)"', content)[0].decode()
        spec = parser.get_spec(key)
        if instances:
            for _ in range(count):
                _complete(BpmnWorkflow(spec), 1, meter)
        else:
            _complete(BpmnWorkflow(spec), count, meter)
    except (RecursionError, AttributeError, IndexError, KeyError):
        return None
    finally:
        logging.disable(logging.NOTSET)
    return meter if meter.count == count else None


def _complete(workflow: BpmnWorkflow, count: int, meter: Meter) -> None:
    workflow.do_engine_steps()
    for number in range(count):
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        if not ready:
            return
        with meter.of_one(_NO_DATABASE):
            ready[0].data["a"] = number + 1 < count
            ready[0].run()
            workflow.do_engine_steps()
