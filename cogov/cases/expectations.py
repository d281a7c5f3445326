"""``expect`` and ``ends``: what a run must have brought about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cogov.cases.inputs import at_path
from engine import values
from engine.definitions.model import Label
from engine.queries import InstanceDetails, TaskLine
from governance.registers import store as rows

if TYPE_CHECKING:
    from cogov.cases.run import CaseRun


def check(run: CaseRun, expected: Mapping[str, Any], of: object) -> None:
    """Raises AssertionError with what differs."""
    details = run.details(of)
    tasks: dict[str, list[TaskLine]] = {}
    for task in details.tasks:
        tasks.setdefault(task.node, []).append(task)
    if "waits_at" in expected:
        _waits_at(details, expected["waits_at"])
    for node, people in (expected.get("offered") or {}).items():
        found = _offered(run, _open(tasks, node))
        _same(f"{node} is offered to", sorted(found), sorted(people))
    for node, people in (expected.get("not_offered") or {}).items():
        found = _offered(run, _open(tasks, node))
        if wrong := found & set(people):
            raise AssertionError(f"{node} is offered to {sorted(wrong)}")
    for node, moment in (expected.get("due") or {}).items():
        at = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
        _same(f"{node} is due", _open(tasks, node)[0].due_at, at)
    if "variables" in expected:
        _variables(run, details, expected["variables"])
    _records(run, expected.get("records") or {})
    if "notices" in expected:
        _notices(run, expected["notices"])
    if "started" in expected:
        _started(run, expected["started"])
    if "published" in expected:
        _published(run, expected["published"])
    _incidents(run, int(expected.get("incidents", 0)))


def check_end(run: CaseRun, expected: Mapping[str, Any]) -> None:
    """The run's own instance has ended, there, and nothing stands in an incident."""
    if expected.get("running"):  # a run that is left open on purpose
        check(run, expected, None)
        return
    line = run.details().line
    if line.state == "running":
        raise AssertionError(f"it has not ended; it waits at {_live(run.details())}")
    # side branches (reminders, refused extensions) have ends of their own
    if missing := set(expected.get("at", ())) - set(line.ends):
        raise AssertionError(f"it ended at {sorted(line.ends)}, not at {sorted(missing)}")
    _same("it", line.state, expected.get("outcome", "cancelled" if line.state == "cancelled" else "completed"))
    if "variables" in expected:
        _variables(run, run.details(), expected["variables"])
    _records(run, expected.get("records") or {})
    if "notices" in expected:
        _notices(run, expected["notices"])
    if "published" in expected:
        _published(run, expected["published"])
    _incidents(run, int(expected.get("incidents", 0)))


def _waits_at(details: InstanceDetails, expected: Sequence[str]) -> None:
    live, open_tasks = _live(details), {t.node for t in details.tasks}
    if missing := set(expected) - live:
        raise AssertionError(f"it does not wait at {sorted(missing)} but at {sorted(live)}")
    if more := open_tasks - set(expected):
        raise AssertionError(f"there are more open tasks: {sorted(more)}")


def _live(details: InstanceDetails) -> set[str]:
    return {t.node for t in details.tokens if t.node}


def _open(tasks: Mapping[str, Sequence[TaskLine]], node: str) -> Sequence[TaskLine]:
    if node not in tasks:
        raise AssertionError(f"there is no open task {node}; open are {sorted(tasks)}")
    return tasks[node]


def _offered(run: CaseRun, tasks: Sequence[TaskLine]) -> set[str]:
    """Everybody to whom one of the element's open tasks is offered."""
    found = {t.assignee for t in tasks if t.assignee}
    for task in (t for t in tasks if not t.assignee):
        with run.app.database.read() as connection:
            people = run.app.directory.people(connection, list(task.selectors), run.world.clock.now())
        found |= {p for p in people if run.app.engine.queries.may_complete(task.id, p) is not None}
    return found


def _variables(run: CaseRun, details: InstanceDetails, expected: Mapping[str, Any]) -> None:
    with run.app.database.read() as connection:
        found = run.app.engine.queries.root_variables(connection, details.line.id)
    for path, value in expected.items():
        _same(f"variable {path}", at_path(found, path), value)


def _records(run: CaseRun, expected: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    with run.app.database.read() as connection:
        found = [row for i in run.instances for row in rows.rows_of_instance(connection, i)]
    for register, wanted in expected.items():
        mine = sorted((r for r in found if r.register == register), key=lambda r: (r.opened, r.number or "", r.key or "", r.id))
        if len(mine) != len(wanted):
            raise AssertionError(f"register {register} has {len(mine)} rows ({[r.state for r in mine]}), not {len(wanted)}")
        for number, (row, columns) in enumerate(zip(mine, wanted, strict=True), 1):
            for key, value in columns.items():
                actual = getattr(row, key) if key in ("state", "number", "score", "title", "flags", "stage") else row.columns.get(key)
                _same(f"{register}[{number}].{key}", actual, value)


def _notices(run: CaseRun, expected: Sequence[Mapping[str, str]]) -> None:
    with run.app.database.read() as connection:
        found = [n for i in run.instances for n in run.app.notices.of_instance(connection, i) if n.id not in run.seen_notices]
    run.seen_notices |= {n.id for n in found}
    sent = {(n.person, n.kind) for n in found}
    if missing := {(n["to"], n["kind"]) for n in expected} - sent:
        raise AssertionError(f"notices {sorted(missing)} were not sent; sent were {sorted(sent)}")


def _started(run: CaseRun, expected: Sequence[str]) -> None:
    new = [i for i in run.instances if i not in run.seen_instances and i != run.own]
    run.seen_instances |= set(new)
    _same("started", sorted(run.app.engine.queries.instance(i).line.process for i in new), sorted(expected))


def _published(run: CaseRun, expected: Sequence[Mapping[str, Any]]) -> None:
    with run.app.database.read() as connection:
        found = [p for i in run.instances for p in run.app.publicity.of_instance(connection, i, run.world.clock.now())]
    if len(found) != len(expected):
        raise AssertionError(f"{len(found)} publications ({[(p['kind'], p['state']) for p in found]}), not {len(expected)}")
    for number, (row, wanted) in enumerate(zip(found, expected, strict=True), 1):
        for key, value in wanted.items():
            _same(f"publication {number} {key}", row[key], value)


def _incidents(run: CaseRun, expected: int) -> None:
    found = [i for instance in run.instances for i in run.app.engine.queries.incidents(instance=instance).items]
    if len(found) != expected:
        raise AssertionError(
            f"{len(found)} incidents: " + "; ".join(f"{i.process}/{i.node} {i.code} {i.message} {i.details}" for i in found)
        )


def _same(what: str, actual: Any, expected: Any) -> None:
    left, right = _comparable(actual), _comparable(expected)
    if left != right:
        raise AssertionError(f"{what}: {left!r}, not {right!r}")


def _comparable(value: Any) -> Any:
    """Numbers by value, days and moments as text, so that YAML and variables compare."""
    if isinstance(value, Label):
        return value.zh
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, (list, tuple)):
        return [_comparable(v) for v in value]
    if isinstance(value, Mapping):
        return {k: _comparable(v) for k, v in value.items()}
    plain = values.plain(values.normalise(value))
    if isinstance(plain, str) and not isinstance(value, bool):
        try:
            return Decimal(plain)
        except InvalidOperation:
            return plain
    return plain
