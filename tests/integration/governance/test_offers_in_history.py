"""Who is asked stands in the history of a case; a reader who must not learn of somebody does not read it there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from engine.clock import MovableClock
from engine.engine import Engine
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database
from governance.desk import contents
from governance.desk.protection import Sight
from tests.integration.engine.conftest import T0, Bench
from tests.integration.engine.models import end, extensions, model, start, user

PEOPLE = '<zeebe:loopCharacteristics inputCollection="=people" inputElement="who"/>'
ALL_AT_ONCE = f"<bpmn:multiInstanceLoopCharacteristics>{extensions(PEOPLE)}</bpmn:multiInstanceLoopCharacteristics>"
CONFIRM = model("confirm", start() + user("ask", body=ALL_AT_ONCE, assignee="=who") + end(), "begin ask\nask done")


class Outsider(Sight):
    """Reads the case, and must not learn who reported."""

    secret_persons = frozenset({"reporter"})

    def __init__(self, *_: object) -> None:
        pass

    def refusal(self, *_: object) -> None:
        return None

    def hides_person(self, *_: object) -> bool:
        return False

    def without_quotes(self, _kind, _element, content):
        return content


def test_a_protected_person_among_several_who_are_asked_at_once_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    database, clock = Database("sqlite://"), MovableClock(T0)
    database.create_all()
    jobs = MemoryJobs(clock)
    bench = Bench(Engine(database, clock=clock, jobs=jobs), clock, jobs)
    bench.deploy(CONFIRM)
    case = bench.start("confirm", {"people": ["zhao", "reporter", "li"]})
    for name, stub in (("Sight", Outsider), ("look", lambda *_: None), ("require_case", lambda *_: None)):
        monkeypatch.setattr(contents, name, stub)
    lines, _ = contents.history(SimpleNamespace(engine=bench.engine, database=database), None, case.instance)
    (offered,) = [line.content for line in lines if line.kind == "task_offered"]
    asked = [one.get("assignee") for one in (offered, *offered["more"])]
    assert asked == ["zhao", None, "li"]
    assert "reporter" not in str(offered)
