"""Nothing in the database joins a voter and his choice: every table is dumped and searched, on SQLite and PostgreSQL (conventions 12)."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.errors import ServiceRefused
from engine.ids import digest
from engine.store.metadata import metadata
from governance.desk import votes
from governance.votes import store
from governance.votes.tables import ballot, box, elector
from tests.hall import AGENDA, Hall, actor

CHOICES = {"m1": "yes", "m2": "no", "m3": "yes", "m4": "abstain", "m5": "yes", "m6": "no"}


@pytest.fixture
def opened(hall):
    return hall.v("freeze", meeting=hall.in_session(list(CHOICES)), item=1, method="secret", threshold="majority")["vote"]


def certified(hall, vote):
    hall.counted(vote)
    hall.v("certify", vote=vote, tellers=["teller1", "teller2"])


def dump(connection) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, in the order the database keeps them; on PostgreSQL with the transaction that wrote each."""
    hidden = "xmin::text AS hidden_xmin, ctid::text AS hidden_ctid, " if connection.dialect.name == "postgresql" else ""
    return {
        t.name: [dict(r._mapping) for r in connection.execute(sa.text(f'SELECT {hidden}* FROM "{t.name}"'))] for t in metadata.sorted_tables
    }


def test_the_count_is_right_and_what_was_cast_is_sealed_until_it_is_counted(hall, opened):
    for person, option in CHOICES.items():
        hall.cast(person, opened, option)
    status = hall.v("status", vote=opened)
    assert (status["cast"], status["counts"], status["fixed"]) == (6, None, None)
    view = votes.paper(hall.app, actor("m1"), opened).vote
    assert (view.counts, view.fixed, view.named) == (None, None, {})
    found = hall.counted(opened)
    assert found["counts"] == {"yes": 3, "no": 2, "abstain": 1}
    hall.v("certify", vote=opened, tellers=["teller1", "teller2"])
    assert hall.v("recount", vote=opened)["same"]


def test_after_certification_ballots_are_new_rows_without_seat_time_or_order(hall, opened):
    for person, option in CHOICES.items():
        hall.cast(person, opened, option)
    certified(hall, opened)
    with hall.app.database.read() as connection:
        rows = [dict(r._mapping) for r in connection.execute(sa.select(ballot))]
        assert connection.execute(sa.select(box)).first() is None
        flags = [dict(r._mapping) for r in connection.execute(sa.select(elector))]
    assert Counter(r["option"] for r in rows) == Counter(CHOICES.values())
    assert all(uuid.UUID(r["id"]).version == 4 for r in rows)
    assert all(r[key] is None for r in rows for key in ("seat", "at", "by", "mandate", "withdrawn"))
    assert {r["weight"] for r in rows} == {"1"}
    assert all(r["voted"] is True for r in flags)
    assert not any(isinstance(c.type, sa.DateTime) or c.name in ("at", "cast_at") for c in elector.c)


@pytest.mark.parametrize("stage", ["open", "certified"])
def test_no_row_of_any_table_holds_a_voter_and_his_choice(hall, stage, caplog):
    """One voter alone takes an option with a word found nowhere else; all rows that hold the word must not hold him."""
    caplog.set_level(logging.DEBUG)
    meeting = hall.in_session(list(CHOICES))
    options = ["yes", "no", {"code": "zqx7", "zh": "另议", "en": "Later"}]
    vote = hall.v("freeze", meeting=meeting, item=1, method="secret", threshold="majority", options=options)["vote"]
    for person in CHOICES:
        hall.cast(person, vote, "zqx7" if person == "m4" else "yes")
    hall.world.jobs.run_due()
    if stage == "certified":
        certified(hall, vote)
    marks = ("m4", hall.seat(meeting, "m4"), "成员m4")
    with hall.app.database.read() as connection:
        tables = dump(connection)
    holding = [(name, row) for name, rows in tables.items() for row in rows if "zqx7" in str(row)]
    # the vote itself lists its options and, certified, its electors with their weights
    assert {name for name, _ in holding} == {"vote", "vote_box" if stage == "open" else "vote_ballot"}
    assert not [name for name, row in holding if name != "vote" and any(m in str(row) for m in marks)]
    (row,) = [row for name, row in holding if name == "vote"]
    electors = list(votes.printable(hall.app, actor("m1"), vote).record["electorate"]) if stage == "certified" else []
    assert not [e for e in electors if "zqx7" in str(e)]
    assert not [key for key, value in row.items() if key not in ("options", "result", "record") and "zqx7" in str(value)]
    assert "zqx7" not in caplog.text


def hall_meeting(hall):
    from governance.desk import meetings

    return meetings.list_page(hall.app, actor("clerk"))[0].id


@pytest.mark.parametrize("stage", ["open", "certified"])
def test_neither_the_order_of_rows_nor_their_transaction_tells_who_chose_what(empty_database, tmp_path, stage):
    """Voters come in a known order with a choice by that order; whoever reads rows in the order they lie there learns nothing."""
    hall = Hall(empty_database, tmp_path, members=12)
    people = [f"m{n}" for n in range(1, 13)]
    agreed = 0
    vote = hall.v("freeze", meeting=hall.in_session(people), item=1, method="secret", threshold="majority")["vote"]
    pattern = ["yes"] * 6 + ["no"] * 6
    seen: list[tuple[str, ...]] = []
    for person, option in zip(people, pattern, strict=True):
        hall.cast(person, vote, option)
        with hall.app.database.read() as connection:
            lying = papers(connection)
        seen.append(tuple(lying))
        agreed += lying == pattern[: len(lying)]
    if stage == "certified":
        certified(hall, vote)
    with hall.app.database.read() as connection:
        tables = dump(connection)
    # the box is one row: no row of its own, no transaction of its own for any paper
    if stage == "open":
        assert len(tables["vote_box"]) == 1
        assert tables["vote_ballot"] == []
        # of 12!/(6!6!) orders only one would be the order of casting; the six first are alike and always agree
        assert agreed < len(people)
        assert len(set(seen)) == len(people)
        return
    assert tables["vote_box"] == []
    assert len(tables["vote_ballot"]) == 12
    if "hidden_xmin" in tables["vote_ballot"][0]:
        assert len({r["hidden_xmin"] for r in tables["vote_ballot"]}) == 1, "all written by one transaction"
        assert len({r["hidden_xmin"] for r in tables["vote_elector"]}) == 1, "who voted when cannot be read off the electors either"


def papers(connection):
    return list(connection.execute(sa.select(box.c.papers)).scalar_one())


def test_history_variables_drafts_and_idempotency_know_nothing_of_a_ballot(hall, opened):
    for person, option in CHOICES.items():
        hall.cast(person, opened, option)
    with hall.app.database.read() as connection:
        tables = dump(connection)
    silent = [
        n for n in tables if n.startswith(("history", "variable", "scope", "draft", "idempotency", "command", "notice", "token", "content"))
    ]
    assert silent
    assert not [n for n in silent for row in tables[n] if opened in str(row) and n != "notice"]


def test_two_presses_cast_one_paper_and_do_not_say_which(hall, opened):
    assert not hall.cast("m1", opened, "yes").already
    second = hall.cast("m1", opened, "no")
    assert second.already
    with hall.app.database.read() as connection:
        assert papers(connection) == ["yes"]


def test_the_answer_to_a_second_press_is_the_same_whatever_is_chosen(hall, opened):
    hall.cast("m1", opened, "yes", key="a")
    same, other = hall.cast("m1", opened, "yes"), hall.cast("m1", opened, "no")
    assert same == other
    assert hall.cast("m1", opened, "yes", key="b") == hall.cast("m1", opened, "no", key="b") == same
    assert not hall.cast("m1", opened, "yes", key="a").already, "the very same request gets its first answer"
    assert hall.cast("m1", opened, "no", key="a") == hall.cast("m1", opened, "yes", key="a")


def test_a_key_leaves_nothing_of_the_choice_and_is_gone_once_certified(hall, opened):
    """Of two voters with the same key and different choices the same is kept: only the hash of vote, voter and key."""
    for person, option in CHOICES.items():
        hall.cast(person, opened, option, key="zqk9")
    with hall.app.database.read() as connection:
        kept = {e["person"]: e["press"] for e in store.electors(connection, opened)}
        assert not [name for name, rows in dump(connection).items() if "zqk9" in str(rows)]
    assert all(press["key"] == digest(f"{opened}:{person}:zqk9".encode()) for person, press in kept.items())
    certified(hall, opened)
    with hall.app.database.read() as connection:
        assert {e["press"] for e in store.electors(connection, opened)} == {None}


def test_unequal_weights_and_too_few_voters_are_refused(empty_database, tmp_path):
    hall = Hall(empty_database, tmp_path, members=4, weights={"m1": 2})
    meeting = hall.in_session(["m1", "m2", "m3", "m4"])
    with pytest.raises(ServiceRefused, match="票权不等"):
        hall.v("freeze", meeting=meeting, item=1, method="secret")
    two = [{"person": "m2"}, {"person": "m3"}]
    with pytest.raises(ServiceRefused, match=r"少于 3 人.*\[A\]"):
        hall.v("freeze", motion="同意推荐人选", method="secret", base="voting", threshold="majority", electorate=two)


def test_a_result_that_no_ballot_could_change_is_said_without_looking_into_the_box(hall):
    meeting = hall.in_session(["m1", "m2", "m3", "m4"])
    found = hall.v("freeze", meeting=meeting, item=1, method="secret", base="entitled", threshold="three_quarters")
    assert found["needed"] == Decimal(5)  # 4 are there
    assert hall.v("status", vote=found["vote"])["fixed"] == "rejected"


def test_a_secret_vote_names_no_dissenter_in_the_minutes(hall, opened):
    for person, option in CHOICES.items():
        hall.cast(person, opened, option)
    certified(hall, opened)
    assert hall.m("minutes", meeting=hall_meeting(hall))["dissent"] == []


def test_the_box_of_a_vote_that_was_broken_off_is_destroyed(hall):
    """Two have voted alike and the meeting is adjourned: who voted is known, so the papers must not stay."""
    meeting = hall.in_session(["m1", "m2", "m3", "m4", "m5"])
    vote = hall.v("freeze", meeting=meeting, item=1, method="secret")["vote"]
    for person in ("m2", "m3"):
        hall.cast(person, vote, "no")
    hall.m("adjourn", meeting=meeting, reason="场地停电", resume_at=None)
    with hall.app.database.read() as connection:
        assert store.papers(connection, vote) is None
        assert store.ballots(connection, vote) == []
    assert hall.v("status", vote=vote)["state"] == "void"


def test_a_counted_secret_vote_shows_not_even_its_base_before_it_is_certified(hall):
    """Where those who abstain leave the base, the base tells how many abstained."""
    meeting = hall.in_session(["m1", "m2", "m3", "m4", "m5"])
    vote = hall.v("freeze", meeting=meeting, item=1, method="secret", base="voting", threshold="majority")["vote"]
    for person, option in (("m1", "abstain"), ("m2", "yes"), ("m3", "yes"), ("m4", "no"), ("m5", "abstain")):
        hall.cast(person, vote, option)

    def shown():
        (view,) = hall.page("m3", meeting).items[0].votes
        return view.denominator, view.needed, view.counts

    before = shown()
    hall.counted(vote)
    assert shown() == before
    hall.v("certify", vote=vote, tellers=["m2", "m3"])
    assert shown() != before


def test_who_sits_for_the_unit_that_proposed_is_no_teller(empty_database, tmp_path):
    hall = Hall(empty_database, tmp_path, unit="u1")
    meeting = hall.in_session(["m1", "m2", "m3", "m4", "m5", "u1"], agenda=[{**AGENDA[0], "proposer": "ent"}])
    vote = hall.v("freeze", meeting=meeting, item=1, method="secret")["vote"]
    hall.counted(vote)
    with pytest.raises(ServiceRefused, match="提出人不能监票"):
        hall.v("certify", vote=vote, tellers=["m2", "u1"])
