"""Acts that are no command of the engine, each at the moment before somebody presses the button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.store.database import Database
from engine.store.metadata import metadata
from governance.designer import drafts
from governance.designer.checking import Report
from governance.designer.publishing import Published, publish
from governance.desk import papers
from governance.desk.opinions import answering
from governance.opinions import store as rounds
from tests.hall import START, Hall
from tests.integration.governance.designer.conftest import NOW, application
from tests.town import Town
from tests.walk import Agreement

_PAPER, _NUMBER = "agreement_text", "YQ共建〔2026〕{}号"


@dataclass(frozen=True, slots=True)
class Act:
    """`press`: do it, or do it again. `done`: it is there exactly once, whole; raises AssertionError."""

    press: Callable[[], Any]
    done: Callable[[], None]


def named_ballot(database: Database, folder: Path) -> Act:
    return _ballot(database, folder, "named")


def secret_ballot(database: Database, folder: Path) -> Act:
    return _ballot(database, folder, "secret")


def _ballot(database: Database, folder: Path, method: str) -> Act:
    hall = Hall(database, folder, members=3)
    vote = _open_vote(hall, method)

    def done() -> None:
        assert [e["voted"] for e in rows_of(database, "vote_elector", "no")].count(True) == 1
        overview = hall.v("status", vote=vote)
        assert overview["cast"] == 1
        ballots = rows_of(database, "vote_ballot")
        assert [b["option"] for b in ballots] == (["yes"] if method == "named" else [])

    return Act(lambda: hall.cast("m2", vote, "yes"), done)


def certified_secret_count(database: Database, folder: Path) -> Act:
    """The ballots leave the box, and the box is gone."""
    hall = Hall(database, folder, members=3)
    vote = _open_vote(hall, "secret")
    for person, option in (("m1", "yes"), ("m2", "no"), ("m3", "yes")):
        hall.cast(person, vote, option)
    hall.counted(vote)

    def done() -> None:
        assert sorted(b["option"] for b in rows_of(database, "vote_ballot")) == ["no", "yes", "yes"]
        assert [b["seat"] for b in rows_of(database, "vote_ballot")] == [None] * 3
        assert rows_of(database, "vote_box") == []
        assert [(r["state"], r["result"]["counts"]["yes"]) for r in rows_of(database, "vote")] == [("certified", 2)]
        assert hall.v("recount", vote=vote)["same"]

    return Act(lambda: hall.v("certify", vote=vote, tellers=["teller1", "teller2"]), done)


def _open_vote(hall: Hall, method: str) -> str:
    meeting = hall.in_session(["m1", "m2", "m3"])
    return str(hall.v("freeze", meeting=meeting, item=1, method=method)["vote"])


def signing_in(database: Database, folder: Path) -> Act:
    hall = Hall(database, folder, members=3)
    meeting = hall.announced()
    hall.move(START)

    def done() -> None:
        assert [a["person"] for a in rows_of(database, "meeting_attendance")] == ["m2"]
        assert hall.page("clerk", meeting).present == 1

    return Act(lambda: hall.sign_in("m2", meeting), done)


def replying(database: Database, folder: Path) -> Act:
    hall = Hall(database, folder, members=3)
    meeting = hall.announced()

    def done() -> None:
        assert sorted(s["answer"] for s in rows_of(database, "meeting_seat") if s["answer"]) == ["attend"]

    return Act(lambda: hall.m("reply", meeting=meeting, seat="m2", answer="attend"), done)


def answering_a_question(database: Database, folder: Path) -> Act:
    """The last one of a household counts; whoever sends twice has one answer that counts."""
    hall = Hall(database, folder, members=3)
    app = hall.app
    with database.write() as connection:
        round_ = app.opinions.open(
            connection, instance="case-1", area="street", now=hall.now, occasion="once", title="加装电梯",
            questions=[{"key": "q", "kind": "clause", "text": "同意加装电梯"}], method="questionnaire",
            audience=[{"household": "1幢101", "group": "g"}, {"household": "1幢102", "group": "g"}], groups=(), public=False,
            one_per="household", min_rate=None, closes_at=None, window="P7D", major=False, subject="", access="public", residents_of=None,
        )["round"]  # fmt: skip
        slug = str(next(r["slug"] for r in rounds.of_instance(connection, "case-1")))
        slot = next(str(s["id"]) for s in rounds.slots(connection, round_) if s["name"] == "1幢101")
        token = app.opinions.hand_out(connection, round_, [slot], "chen", hall.now)[slot]

    def done() -> None:
        with database.read() as connection:
            counted = app.opinions.tally(connection, round_)
        assert (counted["counted"], counted["replied"], counted["stances"]["support"]) == (1, 1, 1)
        assert [r["answered"] for r in rows_of(database, "opinion_round")] == [1]

    return Act(lambda: answering.answer(app, Actor(person=None), slug, {"q": "support"}, token=token), done)


def issuing_a_paper(database: Database, folder: Path) -> Act:
    """Both languages, one number; the next paper gets the next one."""
    town = Town(folder, database)
    first, agreement = Agreement(town).to_review(), Agreement(town).to_review()
    papers.issue(town.app, _WANG, first.instance, _PAPER)

    def done() -> None:
        own = [p for p in rows_of(database, "paper_issue") if p["instance"] == agreement.instance]
        assert sorted((p["language"], p["version"], p["number"]) for p in own) == [
            ("en", 1, _NUMBER.format(2)), ("zh", 1, _NUMBER.format(2)),
        ]  # fmt: skip
        assert sorted(n["number"] for n in rows_of(database, "paper_number")) == [_NUMBER.format(1), _NUMBER.format(2)]
        assert [s["last"] for s in rows_of(database, "paper_sequence")] == [2]
        for paper in own:
            assert town.app.papers.contents.read(paper["docx"])

    return Act(lambda: papers.issue(town.app, _WANG, agreement.instance, _PAPER), done)


_WANG = Actor(person="liaison_wang", name="王芳")


def publishing_a_draft(database: Database, folder: Path) -> Act:
    app = application(database, folder)
    with database.write() as connection:
        draft = drafts.edit(connection, "toy", by="chen", at=NOW)
        draft = drafts.save(connection, draft.id, "processes/toy/toy.md", b"# new", 1, by="chen", at=NOW)
        files = drafts.files(connection, draft)

    def press() -> Published:
        return publish(app, Actor(person="chen"), draft, files, Report(problems=()), note="why", confirmed=())

    def done() -> None:
        assert app.engine.queries.current_files()["processes/toy/toy.md"] == b"# new"
        assert rows_of(database, "designer_draft") == []
        assert [(r["key"], r["version"]) for r in rows_of(database, "designer_release")] == [("toy", 2)]

    return Act(press, done)


def rows_of(database: Database, table: str, *order: str) -> list[dict[str, Any]]:
    with database.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(metadata.tables[table]).order_by(*order)).mappings()]
