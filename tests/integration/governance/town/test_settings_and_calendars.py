"""Settings along the area tree and in time; calendars with versions; the FEEL functions on top of both."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.definitions.model import Deadline, Label
from engine.errors import ExpressionFailed, NotFound
from engine.ports import InstanceRef
from governance.calendars.calendar import DayRule
from governance.calendars.calendars import CalendarRefused
from governance.functions import GovernanceFunctions
from governance.settings.declared import WrongSetting, read
from governance.settings.settings import UnknownSetting

CASE = InstanceRef(id="case-1", process="toy", version=1, number=None, area="grid_1", starter=None)


def test_a_default_is_shown_with_its_source(town: Any, connection: Any) -> None:
    found = town.settings.effective(connection, "deadlines.max_pauses", town.now)
    assert (found.value, found.source, found.area, found.valid_from) == (Decimal(2), "[A]", None, None)
    assert found.label.zh
    assert found.label.en


def test_the_nearest_area_wins_and_old_moments_keep_the_old_value(town: Any, connection: Any) -> None:
    put, get = town.settings.put, town.settings.get
    put(connection, "deadlines.max_pauses", 3, town.now, source="区文件", area="district")
    put(connection, "deadlines.max_pauses", 1, town.now, source="街道文件", area="street", valid_from=town.now + timedelta(days=10))
    later = town.now + timedelta(days=10)
    assert get(connection, "deadlines.max_pauses", town.now, "grid_1") == 3
    assert get(connection, "deadlines.max_pauses", later, "grid_1") == 1
    assert get(connection, "deadlines.max_pauses", later, "district") == 3
    assert get(connection, "deadlines.max_pauses", later) == 2
    assert get(connection, "deadlines.max_pauses", town.now - timedelta(days=1), "grid_1") == 2
    assert town.settings.effective(connection, "deadlines.max_pauses", later, "ent_haina").source == "街道文件"


def test_a_later_entry_for_the_same_moment_corrects_the_earlier_one(town: Any, connection: Any) -> None:
    since = town.now - timedelta(days=1)
    town.settings.put(connection, "deadlines.max_pauses", 5, town.now, source="a", valid_from=since)
    town.settings.put(connection, "deadlines.max_pauses", 6, town.now + timedelta(minutes=1), source="b", valid_from=since)
    assert town.settings.get(connection, "deadlines.max_pauses", town.now) == 6


@pytest.mark.parametrize("value", ["two", 2.5, None, [2]])
def test_a_value_of_another_kind_is_refused(town: Any, connection: Any, value: Any) -> None:
    with pytest.raises(WrongSetting):
        town.settings.put(connection, "deadlines.max_pauses", value, town.now, source="x")


def test_an_unknown_key_is_refused_and_a_declared_one_can_be_added(town: Any, connection: Any) -> None:
    with pytest.raises(UnknownSetting):
        town.settings.get(connection, "toy.rounds", town.now)
    with pytest.raises(UnknownSetting):
        town.settings.put(connection, "toy.rounds", 3, town.now, source="x")
    town.settings.declare(read(["toy.rounds: {value: 3, kind: integer, source: '[A]', zh: 轮次, en: Rounds}"]))
    assert town.settings.get(connection, "toy.rounds", town.now) == 3


def test_a_key_declared_twice_is_refused() -> None:
    text = "toy: {value: 3, kind: integer, source: '[A]', zh: 轮, en: R}"
    with pytest.raises(WrongSetting, match="twice"):
        read([text, text])


def test_the_calendar_is_seeded_once_from_the_published_holidays(town: Any, connection: Any) -> None:
    calendar = town.calendars.current(connection, town.now)
    assert (calendar.id, calendar.version) == ("cn", 1)
    assert calendar.days[date(2026, 2, 14)].kind == "work"
    assert calendar.days[date(2026, 2, 17)].name == Label("春节", "Spring Festival")
    assert 2026 in calendar.years
    assert 2027 not in calendar.years
    assert town.calendars.seed(connection, town.now) == calendar


def test_entering_a_year_makes_the_next_version_and_keeps_the_old_one(town: Any, connection: Any) -> None:
    days = {date(2027, 1, 1): DayRule(kind="rest", name=Label("元旦", "New Year")), date(2027, 1, 2): DayRule(kind="work")}
    second = town.calendars.publish(
        connection, town.now, by="office_xu", basis="国办发明电〔2026〕9 号", days=days, years=frozenset({2027})
    )
    assert second.version == 2
    assert second == town.calendars.current(connection, town.now)
    assert not second.is_working_day(date(2027, 1, 1))
    assert second.is_working_day(date(2027, 1, 2))
    assert date(2027, 1, 2) not in town.calendars.version(connection, "cn", 1).days
    third = town.calendars.publish(connection, town.now, by="office_xu", basis="更正", days={date(2027, 1, 2): None})
    assert not third.is_working_day(date(2027, 1, 2))
    assert [v.version for v in town.calendars.versions(connection)] == [3, 2, 1]


def test_an_area_may_have_hours_of_its_own(town: Any, connection: Any) -> None:
    town.calendars.publish(
        connection, town.now, by=None, basis="试点", area="street", calendar="street_hours", hours=((time(8), time(20)),)
    )
    assert town.calendars.current(connection, town.now, "grid_1").id == "street_hours"
    assert town.calendars.current(connection, town.now, "district").id == "cn"
    assert town.calendars.current(connection, town.now).id == "cn"
    again = town.calendars.publish(connection, town.now, by=None, basis="更正", area="street", hours=((time(9), time(20)),))
    assert (again.id, again.version) == ("street_hours", 2)
    with pytest.raises(CalendarRefused, match="代号"):
        town.calendars.publish(connection, town.now, by=None, basis="x", area="yunqiao")


@pytest.mark.parametrize("hours", [(), ((time(9), time(9)),), ((time(9), time(12)), (time(11), time(17)))])
def test_impossible_hours_are_refused(town: Any, connection: Any, hours: Any) -> None:
    if not hours:
        with pytest.raises(CalendarRefused):
            town.calendars.publish(connection, town.now, by=None, basis="x", days={date(2027, 1, 1): DayRule(kind="work", hours=())})
    else:
        with pytest.raises(CalendarRefused):
            town.calendars.publish(connection, town.now, by=None, basis="x", hours=hours)


def test_an_unknown_version_is_not_found(town: Any, connection: Any) -> None:
    with pytest.raises(NotFound):
        town.calendars.version(connection, "cn", 99)


@pytest.fixture
def functions(town: Any, connection: Any) -> Any:
    return GovernanceFunctions(town.calendars, town.deadlines, town.settings).bind(connection, CASE, town.now)


def test_every_named_function_is_bound(town: Any, functions: Any) -> None:
    assert set(functions) == GovernanceFunctions(town.calendars, town.deadlines, town.settings).names()


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("add working days", (date(2026, 2, 12), Decimal(2)), date(2026, 2, 14)),
        ("add working days", (date(2026, 3, 9), Decimal(-1)), date(2026, 3, 6)),
        ("add working days", (None, Decimal(1)), None),
        ("working days between", (date(2026, 3, 2), date(2026, 3, 9)), Decimal(5)),
        ("working days between", (date(2026, 3, 2), None), None),
        ("role", ("legal", "yunqiao"), "role:legal@yunqiao"),
        ("role", ("legal",), "role:legal@grid_1"),
        ("role", (None, "yunqiao"), None),
        ("holder", ("legal", "yunqiao"), "holder:legal@yunqiao"),
        ("member", ("council",), "member:council"),
        ("member", ("council", "chair"), "member:council:chair"),
        ("member", (None,), None),
        ("setting", ("deadlines.max_pauses",), Decimal(2)),
        ("deadline", ("review_due",), None),
    ],
)
def test_functions_give(functions: Any, name: str, arguments: tuple[Any, ...], value: Any) -> None:
    assert functions[name](*arguments) == value


def test_a_date_and_time_moves_to_closing_time(town: Any, functions: Any) -> None:
    moved = functions["add working days"](town.now, Decimal(3))
    assert isinstance(moved, datetime)
    assert town.shown(moved) == "2026-03-05 17:30"


def test_the_deadline_of_the_case_is_a_context(town: Any, connection: Any, functions: Any) -> None:
    town.deadlines.open(connection, CASE, "t", "e", Deadline(id="review_due", limit="3WD"), "3WD", town.now)
    found = functions["deadline"]("review_due")
    assert town.shown(found["due"]) == "2026-03-05 17:30"
    assert found["state"] == "running"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("add working days", ("2026-03-02", Decimal(1))),
        ("add working days", (date(2026, 3, 2), Decimal("1.5"))),
        ("role", (Decimal(1), "a")),
    ],
)
def test_wrong_arguments_are_named(functions: Any, name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ExpressionFailed):
        functions[name](*arguments)


def test_outside_a_case_a_role_needs_its_place(town: Any, connection: Any) -> None:
    free = GovernanceFunctions(town.calendars, town.deadlines, town.settings).bind(connection, None, town.now)
    assert free["role"]("legal") is None
    assert free["deadline"]("x") is None
