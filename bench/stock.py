"""The same models on stock SpiffWorkflow 3.2, in memory: no database, no forms, no history, no permissions.

Each workload runs in a process of its own (``python -m bench.stock``) with a limit of CPU time: some of the models do not end.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench import models
from bench.workloads import Workload
from cogov.settings import ROOT

_MEMORY = 3 * 2**30
#: seconds
_ENOUGH = 1.0


@dataclass(frozen=True)
class Stock:
    """CPU milliseconds of one task, last tenth over first tenth; why there are none."""

    milliseconds: float | None = None
    growth: float | None = None
    note: str = ""


def beside(workload: Workload, *, seconds: int) -> Stock:
    """Stock SpiffWorkflow on this workload, one instance of it; `seconds`: limit of CPU."""
    asked = json.dumps({"process": workload.process, "tasks": workload.tasks, "payload": workload.payload})
    done = subprocess.run(
        [sys.executable, "-m", "bench.stock", asked, str(seconds)], capture_output=True, text=True, cwd=ROOT, check=False
    )  # fmt: skip
    if done.returncode == 0 and done.stdout:
        return Stock(**json.loads(done.stdout))
    if done.returncode < 0:
        return Stock(note=f"no end in {seconds} s")
    return Stock(note=f"fails: {done.stderr.strip().splitlines()[-1].partition(':')[0].rpartition('.')[2] if done.stderr else 'no reason'}")


def _model(process: str, count: int) -> bytes:
    """With a cardinality in place of our collection, and conditions it reads."""
    cardinality = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{cardinality}</bpmn:multiInstanceLoopCharacteristics>"
    return models.file_of(process).replace(models.MULTI.encode(), loop.encode()).replace(b">=more<", b">more<")


def _run(process: str, tasks: int, payload: int) -> Stock:
    """Complete all tasks of an instance, of as many instances as a second takes: the clock of CPU time may tick in hundredths. What the
    prediction of the tree costs before the first task counts for all of them."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(_model(process, tasks))))
    spec = parser.get_spec(process)
    tenth, instances = max(tasks // 10, 1), 0
    first = last = 0.0
    begun = time.process_time()
    while time.process_time() - begun < _ENOUGH:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        marks = {0: time.process_time()}
        for number in range(tasks):
            if not _complete(workflow, {"more": number + 1 < tasks, "payload": "x" * payload}):
                return Stock(note=f"stops after {number} of {tasks} tasks")
            if number + 1 in (tenth, tasks - tenth, tasks):
                marks[number + 1] = time.process_time()
        first += marks[tenth] - marks[0]
        last += marks[tasks] - marks[tasks - tenth]
        instances += 1
    growth = last / first if tasks >= 10 and first else None
    return Stock(1000 * (time.process_time() - begun) / (tasks * instances), growth)


def _complete(workflow: BpmnWorkflow, data: Mapping[str, Any]) -> bool:
    ready = workflow.get_tasks(state=TaskState.READY, manual=True)
    if ready:
        ready[0].data.update(data)
        ready[0].run()
        workflow.do_engine_steps()
    return bool(ready)


def main() -> None:
    asked, seconds = json.loads(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    logging.disable(logging.CRITICAL)
    print(json.dumps(asdict(_run(**asked))))


if __name__ == "__main__":
    main()
