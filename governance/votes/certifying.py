"""Closing, certifying and voiding a vote (SP04 steps 3, 5)."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from typing import Any

from engine import values
from engine.errors import ServiceRefused
from engine.ids import digest
from governance.meetings.work import Row, Work
from governance.votes import counting, store
from governance.votes.freezing import suggested_tellers

_SHUFFLER = random.SystemRandom()


def close(work: Work, vote: str) -> dict[str, Any]:
    """No more ballots. Closing twice changes nothing; a show of hands must have been counted. → {state, cast, eligible}"""
    row = counting.load(work, vote)
    if row["state"] == "void":
        raise ServiceRefused("表决已作废 / the vote is void", state="void")
    if row["state"] == "open":
        if row["method"] == "hands" and row["hands"] is None:
            raise ServiceRefused("尚未录入举手票数 / the hands have not been counted", code_of_rule="hands_missing")
        counting.changed(work, row, state="closed", closed=work.now)
        row = counting.load(work, vote)
    found = counting.overview(work, row)
    return {key: found[key] for key in ("vote", "state", "cast", "eligible")}


def certify(work: Work, vote: str, tellers: Sequence[str] | None, chair: Sequence[str] = ()) -> dict[str, Any]:
    """Two tellers confirm the count; it can be printed and repeated from now on. → {certified_at, record, hash, result}

    The ballots of a secret vote leave the closed box here: written in random order under new random ids, without seat and time.
    `chair`: selectors of the chair, for a vote without a meeting. Raises ServiceRefused: not counted, tellers that are one person,
    unknown or proposed the motion, somebody who is neither teller nor chair (SP04 step 5), a tie that waits for the chair."""
    row = counting.load(work, vote)
    if row["state"] == "certified":
        return _certified(row)
    if row["state"] != "closed":
        raise ServiceRefused(f"表决是 {row['state']}，不能监票确认 / the vote is {row['state']}", state=row["state"])
    electors = store.electors(work.connection, vote)
    two = list(tellers) if tellers else suggested_tellers(row, electors)
    _check_tellers(work, row, two, electors)
    _check_certifier(work, row, two, chair)
    result = row["result"] or counting.result_of(work, row)
    if result["tie"] and row["casting_vote"] and row["casting"] is None:
        raise ServiceRefused("平票，等待主持人决定票 / a tie: the chair has to cast the deciding vote", code_of_rule="tie_open")
    if row["method"] == counting.SECRET:
        _empty_box(work, row, electors)
    names = work.names([*two, row["chair"], *row["proposers"]])
    record = _record(work, row, electors, result, [names.get(t, t) for t in two])
    counting.changed(
        work, row, state="certified", result=result, tellers=two, certified=work.now, certified_by=work.actor.person, record=record,
        record_hash=digest(values.dumps(record).encode()),
    )  # fmt: skip
    return _certified(counting.load(work, vote, lock=False))


def void(work: Work, vote: str, reason: str) -> dict[str, Any]:
    """The vote does not count (compensation); named ballots stay as they were. The box of a secret vote that
    was not counted is destroyed: with few papers in it, who has voted would tell what. A certified vote is annulled: its count, record
    and hash stay, marked with the reason. A second call changes nothing. → {state}

    Raises ServiceRefused: a certified vote and no reason."""
    row = counting.load(work, vote)
    if row["state"] == "certified":
        return _annul(work, row, reason.strip())
    if row["state"] not in ("void", "annulled"):
        if row["method"] == counting.SECRET and row["result"] is not None:
            _empty_box(work, row, store.electors(work.connection, vote))
        elif row["method"] == counting.SECRET:
            store.drop_box(work.connection, vote)
            store.rewrite_electors(work.connection, vote)
        counting.changed(
            work, row, state="void", closed=row["closed"] or work.now, void_reason=reason.strip(), voided=work.now,
            voided_by=work.actor.person,
        )  # fmt: skip
    return {"vote": vote, "state": "annulled" if row["state"] == "annulled" else "void"}


def _annul(work: Work, row: Row, reason: str) -> dict[str, Any]:
    """What two tellers have certified is not taken away: it stays to be read and recounted, and says that it does not count."""
    if not reason:
        message = "撤销已确认的表决须写明理由 / annulling a certified vote needs a reason"
        raise ServiceRefused(message, pointer="/reason", code_of_rule="annul_reason")
    counting.changed(work, row, state="annulled", void_reason=reason, voided=work.now, voided_by=work.actor.person)
    return {"vote": row["id"], "state": "annulled"}


def void_of_meeting(work: Work, meeting: str, reason: str) -> None:
    """Votes not certified yet end with the session: their electorate is not the one that will be there next time."""
    for vote in store.of_meeting(work.connection, meeting):
        if vote["state"] in ("open", "closed"):
            void(work, vote["id"], reason)


def _check_tellers(work: Work, row: Row, tellers: Sequence[str], electors: Sequence[Row]) -> None:
    if len(tellers) != 2 or tellers[0] == tellers[1]:
        raise ServiceRefused("监票须由两名不同的人 / two different tellers are needed", pointer="/tellers", code_of_rule="tellers_two")
    units = {e["unit"] for e in electors if e["person"] in tellers and e["unit"]}
    if {*tellers, *units} & set(row["proposers"]):
        raise ServiceRefused("提出人不能监票 / a proposer cannot be a teller", pointer="/tellers", code_of_rule="tellers_proposer")
    unknown = sorted(t for t in tellers if not work.directory.exists(work.connection, "person", t, work.now))
    if unknown:
        message = f"名册里没有监票人 {'、'.join(unknown)} / there is no person {', '.join(unknown)} to be a teller"
        raise ServiceRefused(message, pointer="/tellers", code_of_rule="tellers_unknown")


def _check_certifier(work: Work, row: Row, tellers: Sequence[str], chair: Sequence[str]) -> None:
    """The last teller who confirms, or the chair who lets a challenged count stand (SP04 step 5; challenge to the count)."""
    actor = work.actor
    if actor.system:
        return
    acting = {actor.author, actor.mandate.on_behalf_of if actor.mandate else None}
    if not acting & {*tellers, row["chair"], *work.directory.people(work.connection, chair, work.now)} - {None}:
        message = "只有监票人或主持人可以确认计票 / only a teller or the chair certifies a count"
        raise ServiceRefused(message, code_of_rule="not_a_teller", vote=row["id"])


def _empty_box(work: Work, row: Row, electors: Sequence[Row]) -> None:
    papers = store.papers(work.connection, row["id"]) or []
    weight = next((e["weight"] for e in electors if e["status"] == "eligible"), "1")
    _SHUFFLER.shuffle(papers)
    store.add_ballots(work.connection, [{"id": str(uuid.uuid4()), "vote": row["id"], "option": o, "weight": weight} for o in papers])
    store.drop_box(work.connection, row["id"])
    store.rewrite_electors(work.connection, row["id"])


def _record(work: Work, row: Row, electors: Sequence[Row], result: dict[str, Any], tellers: Sequence[str]) -> dict[str, Any]:
    """Everything one needs to check the count on paper. Names no ballot."""
    return {
        "title": row["title"],
        "motion": row["motion"],
        "motion_hash": row["hash"],
        "method": row["method"],
        "opened": row["opened"],
        "closed": row["closed"],
        "electorate": [
            {"no": e["no"], "name": e["name"], "weight": e["weight"], "status": e["status"], "proxy": e["proxy_by"] is not None}
            for e in electors
        ],
        **{
            key: result[key]
            for key in (
                "counts",
                "base",
                "threshold",
                "numerator",
                "denominator",
                "needed",
                "result",
                "tie",
                "rule",
                "rule_version",
                "text",
            )
        },
        "sources": row["sources"],
        "tellers": list(tellers),
        "certified_at": work.now,
    }


def _certified(row: Row) -> dict[str, Any]:
    return {
        "vote": row["id"],
        "state": row["state"],
        "certified_at": row["certified"],
        "tellers": row["tellers"],
        "record": row["record"],
        "hash": row["record_hash"],
        "result": row["result"]["result"],
    }
