"""What evaluating FEEL and decision tables costs, beside two other libraries in the same run (bench/peers.py).

``python -m bench.expressions`` prints these rows alone.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.table import Row, text
from engine.decisions import read_dmn
from engine.feel import compile_expression
from engine.feel.expressions import forget_compiled

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench/bin/python"
#: goals of issue 5, CPU ms
CONDITION_MS, TABLE_MS = 0.02, 1.0
_RULES = 20


@dataclass(frozen=True, kw_only=True)
class Workload:
    """`expressions` are what a library without tables evaluates for it; all of them make one evaluation."""

    name: str
    expressions: tuple[str, ...]
    variables: dict[str, Any]
    expected: list[Any]
    group: str = "feel"
    goal: float | None = None


def _conditions() -> tuple[str, ...]:
    """The rules of `_table` as conditions, for libraries without tables."""
    return tuple(
        f'(amount >= {n * 100}) and (amount < {n * 100 + 100}) and (kind = "buy") and (size <= {50 + n}) and (area = 3)'
        for n in range(_RULES)
    )


def _table() -> bytes:
    """A table of 20 rules × 4 inputs of which the last one matches."""
    inputs = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in ("amount", "kind", "size", "area")
    )
    rules = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{t}</text></inputEntry>" for t in (f"[{n * 100}..{n * 100 + 100})", '"buy"', f"&lt;= {50 + n}", "3"))
        + f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(_RULES)
    )
    logic = f'<decisionTable hitPolicy="UNIQUE">{inputs}<output name="level"/>{rules}</decisionTable>'
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
    return f'{head}<decision id="level" name="level"><variable name="level"/>{logic}</decision></definitions>'.encode()


ROW = {"amount": 1950, "kind": "buy", "size": 10, "area": 3}
CONDITION = Workload(
    name='amount > 100 and kind = "buy"', expressions=('amount > 100 and kind = "buy"',), variables=ROW, expected=[True], goal=CONDITION_MS,
)  # fmt: skip
WORKLOADS = (
    CONDITION,
    Workload(name="the same in brackets", expressions=('(amount > 100) and (kind = "buy")',), variables=ROW, expected=[True]),
    Workload(
        name="some n in numbers (100) satisfies n > 99", expressions=("some n in numbers satisfies n > 99",),
        variables={"numbers": list(range(1, 101))}, expected=[True],
    ),
    Workload(
        name="table of 20 rules × 4 inputs", group="dmn", expressions=_conditions(), variables=ROW,
        expected=[False] * (_RULES - 1) + [True],
        goal=TABLE_MS,
    ),
)  # fmt: skip


def rows() -> list[Row]:
    """Our rows, each followed by those of the other libraries."""
    beside, why = _peers()
    made = [_first_time()]
    for workload in WORKLOADS:
        cost, count = _ours(workload)
        goals = () if workload.goal is None else (("cpu_ms", workload.goal),)
        made.append(Row(group=workload.group, workload=workload.name, unit="evaluation", count=count, cpu_ms=cost, goals=goals))
        made += [_beside(workload, library, *costs[workload.name]) for library, costs in beside.items()]
    if why:
        made.append(Row(group="feel", workload=f"pySFeel and bkflow-feel: {why}", unit="evaluation", count=0, note=why))
    return made


def _beside(workload: Workload, library: str, cost: float | None, why: str) -> Row:
    shown = f"  {library}: {why}" if why else f"  {library}"
    if workload.group == "dmn":
        shown += " (no tables: the rules as conditions)"
    return Row(group=workload.group, workload=shown, unit="evaluation", count=0 if why else 1, cpu_ms=cost, note=why)


def _ours(workload: Workload) -> tuple[float, int]:
    """CPU ms of one evaluation, warm, and how many were measured."""
    variables = {name: _stored(value) for name, value in workload.variables.items()}
    if workload.group == "dmn":
        decision = read_dmn(_table(), "bench.dmn")["level"]
        assert decision.evaluate(variables).value == _RULES - 1
        return _per_call(lambda: decision.evaluate(variables))
    (only,) = workload.expressions
    expression = compile_expression(only)
    assert expression.evaluate(variables) is workload.expected[0]
    return _per_call(lambda: expression.evaluate(variables))


def _stored(value: Any) -> Any:
    """A variable as the engine keeps it: numbers are decimal."""
    if isinstance(value, list):
        return [_stored(item) for item in value]
    return Decimal(value) if isinstance(value, int) else value


def _per_call(call: Callable[[], Any], seconds: float = 0.5) -> tuple[float, int]:
    for _ in range(100):
        call()
    count, batch = 0, 100
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        for _ in range(batch):
            call()
        count += batch
    return 1000 * (time.process_time() - begin) / count, count


def _first_time() -> Row:
    """Reading and compiling, which happens once per text and process."""
    (only,) = CONDITION.expressions

    def compiled() -> None:
        forget_compiled()
        compile_expression(only)

    cost, count = _per_call(compiled)
    return Row(group="feel", workload="compiling it, once", unit="evaluation", count=count, cpu_ms=cost)


def _peers() -> tuple[dict[str, dict[str, tuple[float | None, str]]], str]:
    """What the other libraries take, or why they were not measured."""
    if not PEERS.exists():
        return {}, "not installed (make bench installs them into .venv-bench)"
    asked = {w.name: {"expressions": w.expressions, "variables": w.variables, "expected": w.expected} for w in WORKLOADS}
    done = subprocess.run(
        [PEERS, ROOT / "bench/peers.py"], input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        return {}, f"cannot be run: {(done.stderr.strip().splitlines() or ['no output'])[-1][:100]}"
    return {library: {name: (c[0], c[1]) for name, c in costs.items()} for library, costs in json.loads(done.stdout).items()}, ""


if __name__ == "__main__":
    print(text(rows()))
