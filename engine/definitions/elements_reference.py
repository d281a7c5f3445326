"""Makes docs/reference/bpmn.md: ``python -m engine.definitions.elements_reference FOLDER docs/reference/bpmn.md``.

FOLDER holds the cases (tests/integration/reference): ``models/<element>/<variant>.yaml`` beside the BPMN, and ``unproven.yaml`` with
the entries that run and are held by other tests only.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.definitions.elements import FEATURES, MULTIPLE, entries, entry_of
from engine.definitions.model import Label
from engine.definitions.support import EVENTS, LOOPS, NODES, POSITIONS

_TESTS = "../../tests/integration/reference"
_HEAD = """# BPMN 要素 / Elements of BPMN

引擎执行的 BPMN 2.0.2 要素，每个位置一行。共 {count} 项，其中 {proven} 项由 `tests/integration/reference/models/` 里的例子证明：
BPMN 文件旁边的 YAML 写着每一步和事件的确切次序；每两步之间（每个作业之前也是）都从数据库重新读入，在 SQLite 和 PostgreSQL 上各跑一遍。
本页由 `engine/definitions/support.py`、`engine/definitions/elements.py` 和这些例子生成；没有例子的要素不算证明，只列出它的其他测试。
文件里不合标准的写法见 [bpmn-rules](bpmn-rules.md)，其他工具的写法见 [foreign-files](foreign-files.md)，
引擎怎样运行见 [engine](../explanation/engine.md)。“子流程”作为位置指事件子流程的开始事件。

What the engine executes of BPMN 2.0.2, a line per element and position. {proven} of {count} entries are proven by the examples
in `tests/integration/reference/models/`: beside each BPMN file lies a YAML file with the steps and the exact order of events;
between every two steps, and before every job, all is read from the database anew; each runs on SQLite and on PostgreSQL.
This page is made from `engine/definitions/support.py`, `engine/definitions/elements.py` and these examples. An entry without
an example is not called proven: its other test is named. For what breaks the standard see [bpmn-rules](bpmn-rules.md), for
files of other tools [foreign-files](foreign-files.md), for how the engine runs it [engine](../explanation/engine.md).
*Sub-process* as a position means the start event of an event sub-process.
"""
_MARKS = """✓ 有例子 / with an example · ○ 只有其他测试 / other tests only ·
空：BPMN 在该处没有此事件 / empty: BPMN has no such event there
"""
_PLACES = {
    "start": Label("开始", "start"),
    "sub_start": Label("子流程，中断", "sub-process, interrupting"),
    "sub_start_non": Label("子流程，不中断", "sub-process, non-interrupting"),
    "catch": Label("中间捕获", "intermediate catch"),
    "boundary": Label("边界，中断", "boundary, interrupting"),
    "boundary_non": Label("边界，不中断", "boundary, non-interrupting"),
    "throw": Label("中间抛出", "intermediate throw"),
    "end": Label("结束", "end"),
}


@dataclass(frozen=True, slots=True)
class Proofs:
    """entry → cases (file below the folder, name), and entry → another test."""

    cases: Mapping[str, list[tuple[str, str]]]
    unproven: Mapping[str, str]


def proofs(folder: Path) -> Proofs:
    """What the cases of a folder claim. Raises ValueError for a claim of what is no entry, and for an entry nothing proves."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(folder.glob("models/*/*.yaml")):
        for case in yaml.safe_load(path.read_text("utf-8"))["cases"]:
            for claim in case["proves"]:
                found[entry_of(claim)].append((path.relative_to(folder).as_posix(), case["name"]))
    unproven: dict[str, str] = yaml.safe_load((folder / "unproven.yaml").read_text("utf-8")) or {}
    known = set(entries())
    if wrong := {*found, *unproven} - known:
        raise ValueError(f"no entries of the engine: {sorted(wrong)}")
    if missing := known - {*found, *unproven}:
        raise ValueError(f"neither proven by a case nor listed in unproven.yaml: {sorted(missing)}")
    if both := found.keys() & unproven.keys():
        raise ValueError(f"proven by a case, so they need not be in unproven.yaml: {sorted(both)}")
    return Proofs(found, unproven)


def reference(folder: Path) -> str:
    """The page as Markdown."""
    given = proofs(folder)
    head = _HEAD.format(count=len(set(entries())), proven=len(given.cases))
    return head + "".join(_section(title, rows, given) for title, rows in _sections()) + _matrix(given)


def _sections() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Title, and rows of entry, element and position."""
    gateways = [kind for kind, run in NODES.items() if run and kind.endswith("Gateway")]
    yield "活动 / Activities", [(kind, kind, "") for kind, run in NODES.items() if run and kind not in gateways]
    yield "网关 / Gateways", [(kind, kind, "") for kind in gateways]
    yield "循环标记 / Loop markers", [(f"{kind} loop", kind, "") for kind, run in LOOPS.items() if run]
    events = [(kind, place) for kind, places in _events().items() for place in POSITIONS if place in places]
    yield "事件 / Events", [(f"{kind} {place}", kind, _both(_PLACES[place])) for kind, place in events]
    yield "其他 / Besides", [(key, _both(feature.label), "") for key, feature in FEATURES.items()]


def _events() -> Mapping[str, frozenset[str]]:
    return EVENTS | {kind: frozenset(places) for kind, places in MULTIPLE.items()}


def _section(title: str, rows: list[tuple[str, str, str]], given: Proofs) -> str:
    lines = [f"\n## {title}\n", "| 要素 / element | 位置 / position | 状态 / status | 测试 / test |", "|---|---|---|---|"]
    for entry, name, place in rows:
        lines.append(f"| {name} | {place} | {_status(entry, given)} | {_tests(entry, given)} |")
    return "\n".join(lines) + "\n"


def _status(entry: str, given: Proofs) -> str:
    return "运行 / runs" if entry in given.cases else "运行，只有其他测试 / runs, proven by other tests only"


def _tests(entry: str, given: Proofs) -> str:
    if entry in given.unproven:
        path = given.unproven[entry]
        return f"[{path}](../../{path})"
    return "<br>".join(
        f"[{path.removeprefix('models/').removesuffix('.yaml')}]({_TESTS}/{path}): {name}" for path, name in given.cases[entry]
    )


def _matrix(given: Proofs) -> str:
    """Events by position at a glance."""
    lines = ["\n## 事件与位置 / Events by position\n"]
    lines.append(
        "✓ 有例子 / with an example · ○ 只有其他测试 / other tests only · 空：BPMN 在该处没有此事件 / empty: BPMN has no such event there\n"
    )
    lines.append("| | " + " | ".join(_both(_PLACES[place]) for place in POSITIONS) + " |")
    lines.append("|---|" + "---|" * len(POSITIONS))
    for kind, places in _events().items():
        marks = (("✓" if f"{kind} {place}" in given.cases else "○") if place in places else "" for place in POSITIONS)
        lines.append(f"| {kind} | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def _both(label: Label) -> str:
    return label.zh if label.zh == label.en else f"{label.zh} / {label.en}"


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(reference(Path(sys.argv[1])), "utf-8")
