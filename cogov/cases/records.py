"""Steps of a run that act on records, not on tasks: signing in and out, casting ballots.

A module that has such steps marks their functions with `step`; `run.py` looks the word up here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cogov.cases import inputs
from engine.errors import CogovError
from governance.desk import meetings as desk_meetings
from governance.desk import votes as desk_votes
from governance.documents.uploads import file_ids
from governance.meetings import store as meetings
from governance.meetings.presence import COMING
from governance.votes import casting
from governance.votes import store as votes

if TYPE_CHECKING:
    from cogov.cases.run import CaseRun

Step = Mapping[str, Any]
Handler = Callable[["CaseRun", Step], None]
#: word of the step → what it does
STEPS: dict[str, Handler] = {}


def step(word: str) -> Callable[[Handler], Handler]:
    """Mark the function that does `{word: …}`."""

    def mark(handler: Handler) -> Handler:
        STEPS[word] = handler
        return handler

    return mark


def word_of(given: Step) -> str | None:
    """The word of a step about records; None for every other step."""
    return next((w for w in STEPS if w in given), None)


@step("sign_in")
def sign_in(run: CaseRun, given: Step) -> None:
    """`{sign_in: [persons], proxy: {holder: principal}}`: into the newest meeting of the run that people can come to. The letter of a
    proxy is shown to the secretary, who enters him."""
    meeting = _meeting(run, given)
    for person in _people(given["sign_in"]):
        desk_meetings.sign_in(run.app, run.actor(person), meeting)
    for holder, principal in (given.get("proxy") or {}).items():
        secretary = _secretary(run, meeting)
        letter = inputs.resolve(run.app, {"letter": {"upload": f"letter_{principal}"}}, secretary, {})["letter"]
        desk_meetings.sign_in(run.app, run.actor(secretary), meeting, proxy_for=principal, person=holder, letter=file_ids(letter))


@step("sign_out")
def sign_out(run: CaseRun, given: Step) -> None:
    """`{sign_out: [persons]}`"""
    meeting = _meeting(run, given)
    for person in _people(given["sign_out"]):
        desk_meetings.sign_out(run.app, run.actor(person), meeting)


@step("vote")
def vote(run: CaseRun, given: Step) -> None:
    """`{vote: yes, by: [persons]}`: every ballot they have in the newest open vote of the run, or that of `seat` (its person or unit)."""
    for person in _people(given["by"]):
        _cast(run, given, person, _option(given["vote"]))


@step("refuse_vote")
def refuse_vote(run: CaseRun, given: Step) -> None:
    """`{refuse_vote: yes, by: X, error: code}`: the same must be refused."""
    for person in _people(given["by"]):
        try:
            _cast(run, given, person, _option(given["refuse_vote"]))
        except CogovError as refused:
            wanted = given.get("error")
            if wanted and wanted not in (refused.code, refused.details.get("code_of_rule")):
                raise AssertionError(f"refused with {refused.code}, not {wanted}: {refused} {refused.details}") from refused
        else:
            raise AssertionError(f"the ballot of {person} was not refused")


@step("withdraw_vote")
def withdraw_vote(run: CaseRun, given: Step) -> None:
    """`{withdraw_vote: true, by: [persons]}`: written ballots are taken back."""
    for person in _people(given["by"]):
        desk_votes.withdraw(run.app, run.actor(person), _vote(run, given))


def _cast(run: CaseRun, given: Step, person: str, option: str) -> None:
    found, actor = _vote(run, given), run.actor(person)
    with run.app.database.read() as connection:
        work = run.app.meetings.work(connection, now=run.world.clock.now(), actor=actor)
        electors = votes.electors(connection, found)
        own = casting.own_electors(work, electors, person)
    wanted = given.get("seat")
    seats = [e["seat"] for e in own if wanted in (None, e["seat"], e["person"], e["unit"])]
    for seat in seats or [None]:
        desk_votes.cast(run.app, actor, found, option, seat=seat)


def _meeting(run: CaseRun, given: Step) -> str:
    with run.app.database.read() as connection:
        rows = [m for i in _instances(run, given) for m in meetings.of_instance(connection, i) if m["state"] in COMING]
    if not rows:
        raise AssertionError("the run has no meeting that people can come to")
    return str(max(rows, key=lambda m: m["id"])["id"])


def _secretary(run: CaseRun, meeting: str) -> str:
    with run.app.database.read() as connection:
        row = meetings.get(connection, meeting)
    assert row is not None
    return str(row["secretary"])


def _vote(run: CaseRun, given: Step) -> str:
    with run.app.database.read() as connection:
        rows = [v for i in _instances(run, given) for v in votes.of_instance(connection, i) if v["state"] == "open"]
    if not rows:
        raise AssertionError("the run has no open vote")
    return str(max(rows, key=lambda v: v["id"])["id"])


def _instances(run: CaseRun, given: Step) -> Sequence[str]:
    return [run.instance(given["of"])] if given.get("of") is not None else run.instances


def _people(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else [str(p) for p in given]


def _option(given: Any) -> str:
    """YAML 1.1 reads a bare yes and no as true and false."""
    if isinstance(given, bool):
        return "yes" if given else "no"
    return str(given)
