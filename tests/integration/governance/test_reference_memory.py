"""What the directory says is remembered, and forgotten the moment it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.store.database import Database
from governance.directory.directory import Directory
from governance.directory.roster import load_roster
from governance.settings.settings import Settings

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ROSTER = {
    "valid_from": date(2024, 7, 1),
    "areas": [{"id": "yunqiao", "level": "community", "name": {"zh": "云桥", "en": "Yunqiao"}}],
    "people": [
        {"id": "wang", "name": {"zh": "王芳", "en": "Wang"}, "posts": ["community_worker@yunqiao"]},
        {"id": "sun", "name": {"zh": "孙敏", "en": "Sun"}},
    ],
    "committees": [
        {
            "id": "council", "kind": "cobuild_council", "name": {"zh": "协商会", "en": "Council"}, "area": "yunqiao",
            "members": [{"person": "sun", "role": "member", "from": date(2025, 1, 1), "to": date(2026, 3, 5)}],
        }
    ],
}  # fmt: skip
WORKER = "role:community_worker@yunqiao"


@pytest.fixture
def statements(database: Database) -> Callable[[], int]:
    """How many statements ran since this was asked last."""
    seen: list[str] = []

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith("BEGIN"):
            seen.append(text)

    for engine in {database.writer, database.reader}:
        event.listen(engine, "before_cursor_execute", statement)

    def count() -> int:
        number = len(seen)
        seen.clear()
        return number

    return count


@pytest.fixture
def directory(database: Database) -> Directory:
    settings = Settings()
    directory = Directory(settings)
    with database.write() as connection:
        load_roster(connection, ROSTER, at=AT - 100 * DAY)
    return directory


def selectors(database: Database, directory: Directory, person: str, at: datetime) -> set[str]:
    with database.read() as connection:
        return set(directory.selectors_of(connection, person, at))


def test_what_is_known_costs_one_statement(database: Database, directory: Directory, statements: Callable[[], int]) -> None:
    first = selectors(database, directory, "wang", AT)
    statements()
    assert selectors(database, directory, "wang", AT + timedelta(minutes=1)) == first
    assert statements() == 1


def test_a_delegation_of_another_process_counts_at_once(database: Database, directory: Directory) -> None:
    assert WORKER not in selectors(database, directory, "sun", AT)
    with database.write() as connection:
        given = Directory(Settings()).delegate(connection, "wang", "sun", {"kind": "all"}, AT, AT + DAY)
    assert WORKER in selectors(database, directory, "sun", AT)
    with database.write() as connection:
        Directory(Settings()).revoke_delegation(connection, given, AT)
    assert WORKER not in selectors(database, directory, "sun", AT)


def test_a_change_that_is_rolled_back_is_not_remembered(database: Database, directory: Directory) -> None:
    def change() -> None:
        with database.write() as connection:
            directory.delegate(connection, "wang", "sun", {"kind": "all"}, AT, AT + DAY)
            assert WORKER in directory.selectors_of(connection, "sun", AT)
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert WORKER not in selectors(database, directory, "sun", AT)


def test_validity_ends_on_time_though_nobody_writes(database: Database, directory: Directory) -> None:
    with database.write() as connection:
        directory.delegate(connection, "wang", "sun", {"kind": "all"}, AT + DAY, AT + 2 * DAY)
    held = [WORKER in selectors(database, directory, "sun", AT + n * DAY) for n in (0, 0.99, 1, 1.99, 2)]
    assert held == [False, False, True, True, False]


def test_a_question_about_the_past_gets_the_past(database: Database, directory: Directory) -> None:
    with database.write() as connection:
        directory.delegate(connection, "wang", "sun", {"kind": "all"}, AT, AT + DAY)
    assert WORKER in selectors(database, directory, "sun", AT)
    assert WORKER not in selectors(database, directory, "sun", AT - DAY)
    assert WORKER in selectors(database, directory, "sun", AT)


def test_the_hand_over_ends_with_its_setting(database: Database, directory: Directory) -> None:
    member, term_end = "member:council", datetime(2026, 3, 5, tzinfo=UTC)
    assert member in selectors(database, directory, "sun", AT)
    assert member in selectors(database, directory, "sun", term_end + 20 * DAY)
    with database.write() as connection:
        Settings().put(connection, "membership.handover_days", 10, term_end + 20 * DAY, source="test")
    assert member not in selectors(database, directory, "sun", term_end + 20 * DAY)


def test_the_hand_over_ends_on_time_though_nobody_writes(database: Database, directory: Directory) -> None:
    member, term_end = "member:council", datetime(2026, 3, 4, 16, tzinfo=UTC)
    held = [member in selectors(database, directory, "sun", term_end + n * DAY) for n in (-1, 0, 29, 31)]
    assert held == [True, True, True, False]


def test_who_somebody_is_and_where_he_sits_is_asked_once(database: Database, directory: Directory, statements: Callable[[], int]) -> None:
    def ask(at: datetime) -> tuple[Any, bool]:
        with database.read() as connection:
            return directory.describe(connection, "person", "sun", at), directory.is_member(connection, "sun", "council", at)

    first = ask(AT)
    statements()
    assert ask(AT + timedelta(minutes=1)) == first == (first[0], True)
    assert statements() == 1
    assert [ask(AT + n * DAY)[1] for n in (2, 3, 40)] == [True, False, False]
