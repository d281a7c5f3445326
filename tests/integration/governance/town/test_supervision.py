"""What a passed threshold sets going besides notices: one supervision per deadline, raised and closed (SP09)."""

from __future__ import annotations

from typing import Any

import pytest

from engine import values
from engine.definitions.model import Deadline, Label
from engine.ports import InstanceRef
from governance.deadlines.ladder import Work

UNIT = "role:ent_liaison@ent_haina"


@pytest.fixture(autouse=True)
def holders(town: Any) -> None:
    town.listen()
    town.deadlines.connect(
        work_of=lambda _connection, _token: Work(
            selectors=(UNIT,), name=Label("整改与自查", "Carry out"), title="消防通道", link="/tasks/1"
        )
    )


def opened(town: Any, number: int, limit: str = "PT10H", *, ladder: str | None = None, area: str | None = "yunqiao") -> None:
    case = InstanceRef(id=f"case-{number}", process="toy", version=1, number=f"T-{number}", area=area, starter=None)
    with town.database.write() as connection:
        town.deadlines.open(connection, case, f"token-{number}", "work", Deadline(id="due", limit=limit, ladder=ladder), limit, town.now)


def close(town: Any, number: int) -> None:
    with town.database.write() as connection:
        town.deadlines.close(connection, f"token-{number}", town.now, True)
    town.jobs.run_due()


def messages(town: Any, name: str) -> list[dict[str, Any]]:
    return [values.loads(m["variables"]) for m in town.sent if m["name"] == name]


def test_one_and_a_half_times_the_limit_opens_a_supervision_once_and_twice_the_limit_raises_it(town: Any) -> None:
    opened(town, 1)
    town.jobs.run_until(town.at("2026-03-02T23:59"))
    assert town.sent == []
    town.jobs.run_until(town.at("2026-03-03T00:01"))
    (asked,) = messages(town, "msg.supervision.open")
    assert (asked["case_no"], asked["subject"], asked["task"]) == ("T-1", "T-1 消防通道", "整改与自查")
    assert (asked["unit"], asked["unit_name"], asked["reason"], asked["area"]) == ("ent_haina", "海纳文化有限公司", "over_limit", "yunqiao")
    assert asked["answerers"] == [UNIT, "person:unit_li"]
    town.jobs.run_until(town.at("2026-03-03T06:00"))
    (raised,) = messages(town, "msg.supervision.escalate")
    assert (raised["action"], raised["deadline"]) == ("agenda", asked["deadline"])
    assert len(messages(town, "msg.supervision.open")) == 1
    close(town, 1)
    (closed,) = messages(town, "msg.supervision.closed")
    assert closed["deadline"] == asked["deadline"]
    assert [m["key"] for m in town.sent] == [None, asked["deadline"], asked["deadline"]]


def test_the_second_overdue_of_a_unit_within_thirty_days_is_supervised_at_once_and_not_again_later(town: Any) -> None:
    opened(town, 1)
    town.jobs.run_until(town.at("2026-03-02T20:00"))
    close(town, 1)
    town.clock.move_to(town.at("2026-03-10T09:00"))
    opened(town, 2)
    town.jobs.run_until(town.at("2026-03-10T19:01"))
    (asked,) = messages(town, "msg.supervision.open")
    assert (asked["case_no"], asked["reason"]) == ("T-2", "repeated")
    town.jobs.run_until(town.at("2026-03-11T01:00"))
    assert len(messages(town, "msg.supervision.open")) == 1


def test_after_thirty_days_an_overdue_is_the_first_again(town: Any) -> None:
    opened(town, 1)
    town.jobs.run_until(town.at("2026-03-02T20:00"))
    close(town, 1)
    town.clock.move_to(town.at("2026-04-10T09:00"))
    opened(town, 2)
    town.jobs.run_until(town.at("2026-04-10T19:01"))
    assert town.sent == []


def test_steps_missed_while_nothing_ran_open_the_supervision_before_they_raise_it(town: Any) -> None:
    opened(town, 1)
    town.clock.move_to(town.at("2026-03-05T09:00"))
    town.jobs.run_due()
    assert [m["name"] for m in town.sent] == ["msg.supervision.open", "msg.supervision.escalate"]


def test_what_is_done_late_but_was_never_supervised_tells_nobody(town: Any) -> None:
    opened(town, 1)
    town.jobs.run_until(town.at("2026-03-02T20:00"))
    close(town, 1)
    assert town.sent == []


@pytest.mark.parametrize(("ladder", "area"), [("supervision", "yunqiao"), (None, None)], ids=["own ladder", "no street above"])
def test_a_supervision_is_not_supervised_nor_a_case_without_a_street(town: Any, ladder: str | None, area: str | None) -> None:
    opened(town, 1, ladder=ladder, area=area)
    town.jobs.run_until(town.at("2026-03-05T09:00"))
    assert town.sent == []
