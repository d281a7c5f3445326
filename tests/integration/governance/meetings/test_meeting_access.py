"""Who may see a meeting: its class (domain 2.5) on page, list and live; and that a page costs the same for every size."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.errors import NotFound
from governance.desk import meeting_acts, meetings
from tests.hall import Hall, actor


@pytest.mark.parametrize(
    ("access", "open_to"),
    [
        ("public", {"m1", "m3", "clerk", "guest", None}),
        ("members", {"m1", "m3", "clerk"}),
        ("party", {"m1"}),  # m3 and the secretary are no party members
        ("parties", {"m1", "clerk"}),
        ("staff", {"m1", "clerk"}),
    ],
)
def test_the_class_decides_on_page_list_and_live(hall, access, open_to):
    meeting = hall.announced(access=access, invitees=[{"person": "m1"}])
    for person in ("m1", "m3", "clerk", "guest", None):
        who = actor(person)
        assert bool(meetings.list_page(hall.app, who)) is (person in open_to), person
        if person in open_to:
            assert meetings.page(hall.app, who, meeting).line.id == meeting
            assert meetings.live(hall.app, who, meeting, "") is not None
            continue
        with pytest.raises(NotFound):
            meetings.page(hall.app, who, meeting)
        with pytest.raises(NotFound):
            meetings.live(hall.app, who, meeting, "")


def test_parties_are_opened_by_their_selectors(hall):
    meeting = hall.announced(access="parties", parties=["person:guest"], invitees=[{"person": "m1"}])
    assert meetings.page(hall.app, actor("guest"), meeting).mine.role == ""


def test_live_is_one_read_until_something_changes(hall):
    meeting = hall.in_session(["m1", "m2"])
    page = hall.page("m3", meeting)
    with counted(hall.app.database.reader) as statements:
        assert meetings.live(hall.app, actor("m3"), meeting, page.stamp) is None
    assert len(statements) == 1
    hall.sign_in("m3", meeting)
    found = meetings.live(hall.app, actor("m3"), meeting, page.stamp)
    assert found is not None
    assert (found.present, found.revision) == (3, page.revision + 1)


def test_a_page_takes_as_many_statements_for_forty_members_as_for_four(empty_database, tmp_path):
    hall = Hall(empty_database, tmp_path, members=40)
    few = [{"person": f"m{n}"} for n in range(1, 5)]
    costs = []
    for invitees in (few, []):
        meeting = hall.announced(invitees=invitees)
        hall.move(hall.page("m1", meeting).line.start_at)
        for seat in hall.page("clerk", meeting).seats:
            hall.sign_in("clerk", meeting, seat=seat.seat)
        vote = hall.v("freeze", meeting=meeting, item=1)["vote"]
        hall.cast("m1", vote, "yes")
        hall.page("m2", meeting)
        with counted(hall.app.database.reader) as statements:
            hall.page("m2", meeting)
        costs.append(len(statements))
        hall.move(hall.now.replace(day=2))
    assert costs[0] == costs[1]
    assert costs[0] <= 30


class counted:  # noqa: N801  reads like a function
    """Statements sent to the database meanwhile."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine, self.statements = engine, list[str]()

    def __enter__(self) -> list[str]:
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            self.statements.append(statement)


def test_a_file_of_another_case_is_no_paper_of_the_meeting_whoever_names_it(hall):
    own, foreign, loose = (hall.upload("clerk") for _ in range(3))
    with hall.app.database.write() as connection:
        hall.app.files.attach(connection, [own], "case-1")
        hall.app.files.attach(connection, [foreign], "case-2")
    meeting = hall.announced(materials=[own, foreign, loose])
    assert meeting_acts.material(hall.app, actor("m2"), meeting, own)[1].id == own
    for file in (foreign, loose):
        with pytest.raises(NotFound):
            meeting_acts.material(hall.app, actor("m2"), meeting, file)
