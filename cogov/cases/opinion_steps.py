"""The step `answer`: somebody answers the newest open opinion round of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogov.cases.records import Step, step
from engine.actor import Actor
from engine.errors import CogovError
from governance.desk.opinions import answering
from governance.opinions import store

if TYPE_CHECKING:
    from cogov.cases.run import CaseRun


@step("answer")
def answer(run: CaseRun, given: Step) -> None:
    """`{answer: {q1: …}, by: X}`: by account. `by: public` with `identity`; `by: link` with `for: <name of the slot>`;
    `by: worker, for: <name>, channel: door`: staff write it down. `device` names a browser. `error`: it must be refused so."""
    try:
        _answer(run, given)
    except CogovError as refused:
        if "error" not in given:
            raise
        if refused.code != given["error"]:
            raise AssertionError(f"refused with {refused.code}, not {given['error']}: {refused} {refused.details}") from refused
    else:
        if "error" in given:
            raise AssertionError("the answer was not refused")


def _answer(run: CaseRun, given: Step) -> None:
    row = _round(run, given)
    by, named, channel = str(given["by"]), given.get("for"), given.get("channel")
    slot = _slot(run, row["id"], str(named)) if named is not None else None
    anonymous = by in ("public", "link")
    actor = Actor(person=None, channel="cases") if anonymous else run.actor(by)
    answering.answer(
        run.app,
        actor,
        row["slug"],
        given["answer"],
        token=_link(run, row["id"], slot["id"]) if slot is not None and by == "link" else None,
        slot=slot["id"] if slot is not None and by != "link" else None,
        identity=given.get("identity") or {},
        channel=channel,
        device=given.get("device"),
    )


def _link(run: CaseRun, round_id: str, slot: str) -> str:
    """A personal link handed out anew for this answer."""
    return run.app.database.run(lambda c: run.app.opinions.hand_out(c, round_id, [slot], None, run.app.clock.now()))[slot]


def _round(run: CaseRun, given: Step) -> dict[str, Any]:
    instances = [run.instance(given["of"])] if given.get("of") is not None else run.instances
    with run.app.database.read() as connection:
        rows = [r for i in instances for r in store.of_instance(connection, i) if r["state"] == "open"]
    if not rows:
        raise AssertionError("the run has no open opinion round")
    return max(rows, key=lambda r: r["id"])


def _slot(run: CaseRun, round_id: str, name: str) -> dict[str, Any]:
    with run.app.database.read() as connection:
        found = [s for s in store.slots(connection, round_id) if name in (s["name"], s["ref"])]
    if not found:
        raise AssertionError(f"nobody called {name} is asked in this round")
    return found[0]
