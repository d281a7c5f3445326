"""Rows that follow a case: created, moved, numbered, refused, closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from engine.actor import Actor, Mandate
from engine.definitions.model import Record
from engine.errors import NotFound, UnknownVariable
from engine.events import ElementCompleted, ElementStarted, ProcessEnded
from engine.ports import InstanceRef
from governance.registers import store, tables  # noqa: F401
from governance.registers.declaration import read_register
from governance.registers.declarations import Declarations
from governance.registers.reaction import Registers
from governance.registers.work import RegisterMove

WALKS = read_register("""
register: walks
name: {zh: 散步台账, en: Walks}
number: "SB-{area}-{year}-{seq:4}"
owner: "=place"
access: parties
columns:
  - {key: title, kind: text, from: "=title", zh: 标题, en: Title}
  - {key: unit, kind: unit, from: "=unit", zh: 单位, en: Unit, list: true}
  - {key: score, kind: score, from: "=score", zh: 得分, en: Score}
  - {key: money, kind: money, zh: 金额, en: Money}
  - {key: parent, kind: case, from: "=parent", zh: 来源, en: Source}
states:
  planned: {zh: 拟定, en: Planned, stage: talk, to: [walking, dropped]}
  walking: {zh: 在走, en: Walking, stage: go, to: [done], access: public}
  done: {zh: 完成, en: Done, stage: go}
  dropped: {zh: 作罢, en: Dropped, stage: talk}
stages: {talk: {zh: 商量, en: Talk}, go: {zh: 行走, en: Go}}
""")
STEPS = read_register("""
register: steps
name: {zh: 步骤, en: Steps}
number: "BZ-{year}-{seq:3}"
row: many
columns: [{key: note, kind: text, from: "=note", zh: 说明, en: Note}]
states: {open: {zh: 开, en: Open, to: [shut]}, shut: {zh: 关, en: Shut}}
""")
POSTERS = read_register("""
register: posters
name: {zh: 张贴, en: Posters}
columns: []
states: {up: {zh: 贴, en: Up, to: [down]}, down: {zh: 撤, en: Down}}
""")
NOON = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)  # still 2026 in Shanghai for one minute
ACTOR = Actor(person="wang", name="王", mandate=Mandate(kind="post", ref="p1", zh="社工", en="Social worker"))


@dataclass
class FakeUnit:
    """A command in progress whose expressions are plain variable names."""

    connection: object
    instance: InstanceRef
    variables_: dict
    now: datetime = NOON
    actor: Actor = ACTOR
    gone: set = field(default_factory=set)

    def evaluate(self, expression, token, extra=None):
        if token in self.gone:
            raise NotFound("token")
        if expression not in self.variables_:
            raise UnknownVariable(expression)
        return self.variables_[expression]

    def set_number(self, number):
        self.instance = replace(self.instance, number=number)

    def set_title(self, title):
        self.title = title


@pytest.fixture
def registers():
    return Registers(Declarations.fixed(WALKS, STEPS, POSTERS), zone=ZoneInfo("Asia/Shanghai"), area_code=lambda _c, area: area.upper())


def instance(name="i1", number=None):
    return InstanceRef(id=name, process="walk", version=1, number=number, area="yq", starter="wang")


def node(*records):
    return SimpleNamespace(id="step", records=records, deadline=None)


def started(*records, process="walk", token="t"):
    return ElementStarted(token=token, scope="s", process=process, node=node(*records))


def record(state, register="walks", **more):
    return Record(register=register, state=state, **more)


def run(database, registers, events, variables=None, **unit):
    with database.write() as connection:
        made = FakeUnit(connection, unit.pop("instance", instance()), variables or {}, **unit)
        registers(made, events)
        return made


def rows(database, name="i1"):
    with database.read() as connection:
        return store.rows_of_instance(connection, name)


def test_an_element_with_a_record_opens_the_row_and_gives_the_case_its_number(database, registers):
    unit = run(
        database, registers, [started(record("planned"))], {"title": "绕湖一圈", "unit": "ent_a", "place": "c1", "score": Decimal("87.25")}
    )
    (row,) = rows(database)
    assert unit.instance.number == row.number == "SB-YQ-2026-0001"
    assert (row.title, row.unit, row.owner, row.area, row.starter) == ("绕湖一圈", "ent_a", "c1", "yq", "wang")
    assert (row.state, row.stage, row.access, row.closed) == ("planned", "talk", "parties", None)
    assert row.score == Decimal("87.3")
    assert row.parties == {"ent_a": "unit"}


def test_a_column_whose_variables_do_not_exist_yet_stays_empty_and_keeps_what_it_had_later(database, registers):
    run(database, registers, [started(record("planned"))], {"title": "一"})
    (row,) = rows(database)
    assert row.columns == {"title": "一"}
    run(database, registers, [started(record("walking"))], {"unit": "ent_a"})
    (row,) = rows(database)
    assert row.columns == {"title": "一", "unit": "ent_a"}


def test_a_null_variable_empties_the_column(database, registers):
    run(database, registers, [started(record("planned"))], {"title": "一", "unit": "ent_a"})
    run(database, registers, [started(record("walking"))], {"title": "一", "unit": None})
    assert rows(database)[0].columns["unit"] is None


def test_moves_are_kept_with_who_and_in_what_office(database, registers):
    run(database, registers, [started(record("planned"))], {"title": "一"})
    run(database, registers, [started(record("walking"))], {"title": "二"}, now=NOON + timedelta(days=1))
    with database.read() as connection:
        first, second = store.moves_of(connection, rows(database)[0].id)
    assert (first.before, first.after, first.changed) == (None, "planned", ["title"])
    assert (second.before, second.after, second.person, second.mandate_zh) == ("planned", "walking", "wang", "社工")
    assert second.element == "step"


def test_a_move_that_is_not_declared_refuses_the_command_and_changes_nothing(database, registers):
    run(database, registers, [started(record("planned"))])
    with pytest.raises(RegisterMove, match="不能由“拟定”转为“完成”") as refused:
        run(database, registers, [started(record("done"))])
    assert refused.value.details["allowed"] == ["walking", "dropped"]
    assert rows(database)[0].state == "planned"


def test_an_unknown_register_refuses_the_command(database, registers):
    with pytest.raises(NotFound, match="no register rides"):
        run(database, registers, [started(record("planned", register="rides"))])


def test_a_record_on_end_waits_for_the_end_of_the_element(database, registers):
    at_end = record("planned", on="end")
    run(database, registers, [started(at_end)])
    assert rows(database) == []
    run(database, registers, [ElementCompleted(token="t", scope="s", process="walk", node=node(at_end))])
    assert rows(database)[0].state == "planned"


def test_values_of_the_record_go_before_the_columns_own_source(database, registers):
    run(
        database,
        registers,
        [started(record("planned", values="given"))],
        {"title": "一", "given": {"title": "二", "money": Decimal("10.50")}},
    )
    assert rows(database)[0].columns["title"] == "二"
    assert rows(database)[0].columns["money"] == Decimal("10.50")


def test_values_for_a_column_that_does_not_exist_refuse_the_command(database, registers):
    with pytest.raises(NotFound, match="colour"):
        run(database, registers, [started(record("planned", values="given"))], {"given": {"colour": "red"}})


def test_several_moves_in_one_command_are_one_row_with_three_moves(database, registers):
    run(database, registers, [started(record("planned")), started(record("walking")), started(record("done"))])
    (row,) = rows(database)
    assert row.state == "done"
    assert row.closed == NOON
    with database.read() as connection:
        assert [m.after for m in store.moves_of(connection, row.id)] == ["planned", "walking", "done"]


def test_numbers_have_no_gaps_when_a_command_is_rolled_back(database, registers):
    run(database, registers, [started(record("planned"))], instance=instance("a"))
    with pytest.raises(RegisterMove):
        run(database, registers, [started(record("planned")), started(record("done"))], instance=instance("b"))
    run(database, registers, [started(record("planned"))], instance=instance("c"))
    assert rows(database, "c")[0].number == "SB-YQ-2026-0002"


def test_numbers_count_per_area_and_begin_anew_in_the_year_of_the_installation(database, registers):
    run(database, registers, [started(record("planned"))], instance=instance("a"))
    run(database, registers, [started(record("planned"))], instance=replace(instance("b"), area="xh"))
    run(database, registers, [started(record("planned"))], instance=instance("c"), now=NOON + timedelta(minutes=2))
    assert [rows(database, i)[0].number for i in "abc"] == ["SB-YQ-2026-0001", "SB-XH-2026-0001", "SB-YQ-2027-0001"]


def test_a_register_with_many_rows_keeps_one_per_key_and_leaves_the_number_of_the_case_alone(database, registers):
    for no in (Decimal(1), Decimal(2), Decimal(1)):
        unit = run(database, registers, [started(record("open", "steps", key="no"))], {"no": no})
        assert unit.instance.number is None
    assert [(r.key, r.number) for r in rows(database)] == [("1", "BZ-2026-001"), ("2", "BZ-2026-002")]


def test_a_called_procedure_that_begins_again_gets_the_next_row(database, registers):
    for state in ("up", "down", "up"):
        run(database, registers, [started(record(state, "posters"), process="poster")])
    assert [(r.generation, r.state) for r in rows(database)] == [(1, "down"), (2, "up")]


def test_the_procedure_itself_may_not_begin_again_after_its_row_was_closed(database, registers):
    run(database, registers, [started(record("planned")), started(record("dropped"))])
    with pytest.raises(RegisterMove):
        run(database, registers, [started(record("planned"))])


def test_an_element_that_is_over_already_is_evaluated_in_its_enclosing_scope(database, registers):
    run(database, registers, [started(record("planned"), token="gone")], {"title": "一"}, gone={"gone"})
    assert rows(database)[0].title == "一"


def test_a_cancelled_case_closes_its_row_and_leaves_a_mark(database, registers):
    run(database, registers, [started(record("planned"))])
    run(database, registers, [ProcessEnded(token="s", scope=None, process="walk", node=None, outcome="cancelled")])
    (row,) = rows(database)
    assert (row.state, row.flags, row.closed, row.number) == ("planned", ["cancelled"], NOON, "SB-YQ-2026-0001")


def test_the_row_shows_the_nearest_deadline_of_its_case(database):
    due = NOON + timedelta(days=3)
    registers = Registers(Declarations.fixed(WALKS), nearest_due=lambda _c, _i: due)
    run(database, registers, [started(record("planned"))])
    assert rows(database)[0].due == due
    due = NOON + timedelta(days=5)
    with database.write() as connection:
        registers.refresh_due(connection, "i1")
    assert rows(database)[0].due == due


def test_changed_parties_and_links_replace_the_old_ones(database, registers):
    run(database, registers, [started(record("planned"))], {"unit": "ent_a", "parent": "GJ-1"})
    run(database, registers, [started(record("walking"))], {"unit": "ent_b", "parent": "GJ-1"})
    (row,) = rows(database)
    assert set(row.parties) == {"ent_b"}
    assert row.links == {"GJ-1"}


def test_cases_that_begin_at_the_same_moment_get_numbers_without_gap_or_repetition(database, registers):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: run(database, registers, [started(record("planned"))], instance=instance(f"i{n}")), range(12)))
    numbers = [rows(database, f"i{n}")[0].number for n in range(12)]
    assert sorted(numbers) == [f"SB-YQ-2026-{n:04}" for n in range(1, 13)]
