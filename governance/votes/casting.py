"""Casting, withdrawing, raising hands: what voters do. Nothing here enters a variable, a draft or the history (conventions 12)."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Conflict, ServiceRefused
from engine.ids import digest
from governance.directory import store as directory
from governance.meetings.work import Row, Work
from governance.votes import counting, store

COMPLETE = "msg.vote.complete"
HANDS, SECRET, WRITTEN = "hands", "secret", "written"
_SHUFFLER = random.SystemRandom()


class BallotRefused(ServiceRefused):
    """This ballot cannot be cast."""

    code = "ballot_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The receipt. `already`: it was cast before and this press changed nothing."""

    vote: str
    seat: str
    name: str
    already: bool
    complete: bool


def hands(work: Work, vote: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """The counted hands; their sum must be all who are present (SP04 step 2). → as status"""
    row = counting.load(work, vote)
    if row["method"] != HANDS:
        raise ServiceRefused("这次表决不是举手 / this vote is not a show of hands", method=row["method"])
    if row["state"] != "open":
        raise ServiceRefused(f"表决已是 {row['state']} / the vote is {row['state']}", state=row["state"])
    codes = [o["code"] for o in row["options"]]
    unknown = set(counts) - set(codes)
    if unknown:
        raise ServiceRefused(f"没有选项 {'、'.join(sorted(unknown))} / no such option", pointer="/counts")
    found = {code: int(counts.get(code) or 0) for code in codes}
    electors = [e for e in store.electors(work.connection, vote) if e["status"] == "eligible"]
    if any(n < 0 for n in found.values()) or sum(found.values()) != len(electors):
        total = sum(found.values())
        message = f"票数合计 {total}，须等于在场有表决权的 {len(electors)} / the hands add up to {total}, {len(electors)} may vote"
        raise ServiceRefused(message, code_of_rule="hands_sum", total=total, present=len(electors))
    counting.changed(work, row, hands=found)
    return counting.status(work, vote)


def own_electors(work: Work, electors: Sequence[Row], person: str) -> list[Row]:
    """The seats this person casts for: those he stands for, and his own unless he gave it away; a unit's new representative takes
    over the seat of the old one (domain 2.4 rule 2)."""
    return casters(electors, sitters_of(work, electors), person)


def sitters_of(work: Work, electors: Sequence[Row]) -> dict[str, str]:
    """Committee seat → who sits there now."""
    memberships = {e["membership"] for e in electors if e["membership"]}
    return {s.id: s.person for s in directory.seats_by_id(work.connection, memberships, work.now)} if memberships else {}


def casters(electors: Sequence[Row], sitters: Mapping[str, str], person: str) -> list[Row]:
    """Those of `electors` for whom this person casts."""
    return [e for e in electors if e["status"] == "eligible" and _caster(e, sitters) == person]


def cast(
    work: Work, vote: str, person: str, option: str, *, seat: str | None, mandate: Mapping[str, Any] | None, key: str | None = None
) -> Cast:
    """Cast one ballot of a seat, once. Of two presses the second changes nothing; a named ballot cannot become another one. The answer
    to a second press on a secret vote is the same whatever was chosen. `key`: a press sent again under it gets its first answer.

    Raises BallotRefused: closed, not in the electorate, recused, absent, term over, unknown option; Conflict: cast otherwise."""
    row = counting.load(work, vote)
    electors = store.electors(work.connection, vote)
    mine = own_electors(work, electors, person)
    pressed = digest(f"{vote}:{person}:{key}".encode()) if key else None
    first = next((e for e in mine if pressed and (e["press"] or {}).get("key") == pressed), None)
    if first is not None:
        return _first(work, row, first, option)
    _check_open(work, row)
    if option not in {o["code"] for o in row["options"]}:
        raise BallotRefused(f"没有选项 {option} / there is no option {option}", pointer="/option")
    elector = _elector(row, electors, mine, person, seat)
    if not elector["voted"]:
        _check_term(work, elector)
    complete = all(e["voted"] or e["no"] == elector["no"] for e in electors if e["status"] == "eligible")
    if not store.mark_voted(work.connection, vote, elector["no"], {"key": pressed, "complete": complete} if pressed else None):
        return _again(work, row, elector, option)
    if row["method"] == SECRET:
        _drop_into_box(work, vote, option)
    else:
        _keep(work, row, elector, option, person, mandate)
    counting.changed(work, row)
    if complete:
        # a written ballot may be taken back and cast again: each completion has a revision of its own
        work.send_message(COMPLETE, vote, row["instance"], {"vote": vote}, once=f"vote:{vote}:complete:{row['revision']}")
    return Cast(vote=vote, seat=elector["seat"], name=elector["name"], already=False, complete=complete)


def withdraw(work: Work, vote: str, person: str, *, seat: str | None) -> Cast:
    """Take a written ballot back before the vote closes [A] setting. Raises BallotRefused."""
    row = counting.load(work, vote)
    _check_open(work, row)
    if row["method"] != WRITTEN or not work.setting("votes.withdraw_written", row["area"]):
        source = work.settings.effective(work.connection, "votes.withdraw_written", work.now, row["area"]).source
        raise BallotRefused(f"投出的票不能撤回 {source} / a ballot cast cannot be withdrawn {source}", code_of_rule="no_withdrawal")
    electors = store.electors(work.connection, vote)
    elector = _elector(row, electors, [e for e in own_electors(work, electors, person) if e["voted"]], person, seat)
    if not store.withdraw_ballot(work.connection, vote, elector["seat"], work.now):
        raise BallotRefused("没有可撤回的票 / there is no ballot to withdraw", seat=elector["seat"])
    store.mark_withdrawn(work.connection, vote, elector["no"])
    counting.changed(work, row)
    return Cast(vote=vote, seat=elector["seat"], name=elector["name"], already=False, complete=False)


def _check_open(work: Work, row: Row) -> None:
    if row["method"] == HANDS:
        raise BallotRefused("举手表决由记录人计数 / hands are counted by the secretary", method=HANDS)
    if row["state"] != "open" or (row["closes_at"] is not None and work.now >= row["closes_at"]):
        raise BallotRefused("表决已截止 / the vote is closed", state=row["state"], code_of_rule="vote_closed")


def _elector(row: Row, electors: Sequence[Row], mine: Sequence[Row], person: str, seat: str | None) -> Row:
    """The seat to cast for: the one named, else his own before those he stands for, first those not yet cast."""
    found = [e for e in mine if seat in (None, e["seat"])]
    if found:
        return min(found, key=lambda e: (e["voted"], e["proxy_by"] is not None, e["no"]))
    named = [e for e in electors if e["person"] == person or e["seat"] == seat]
    reasons = {
        "recused": ("您已回避此项，不参加表决", "you are recused from this item"),
        "absent": ("您未签到，不在本次表决的实到名单中", "you were not present when the vote was opened"),
        "eligible": ("该席位由受托人投票", "somebody else casts for this seat"),
    }
    zh, en = reasons[named[0]["status"]] if named else ("您不在本次表决的名单中", "you are not in the electorate")
    raise BallotRefused(f"{zh} / {en}", code_of_rule="not_in_electorate", vote=row["id"])


def _check_term(work: Work, elector: Row) -> None:
    """A ballot counts only if the seat's term runs at this instant (2.4 rule 1); those cast before stay, whatever comes after."""
    if elector["membership"] is None:
        return
    sitter = next(iter(directory.seats_by_id(work.connection, [elector["membership"]], work.now)), None)
    if sitter is None or not sitter.voting:
        raise BallotRefused("该席位此刻不在任期内 / the term of this seat does not run now", code_of_rule="V-TERM", seat=elector["seat"])


def _caster(elector: Row, sitters: Mapping[str, str]) -> str | None:
    if elector["proxy_by"]:
        return str(elector["proxy_by"])
    return sitters.get(elector["membership"] or "", elector["person"])


def _again(work: Work, row: Row, elector: Row, option: str) -> Cast:
    """A second press. A secret ballot cannot be compared with the first; a named one must be the same."""
    if row["method"] != SECRET:
        standing = next(b for b in store.ballots(work.connection, row["id"]) if b["seat"] == elector["seat"])
        if standing["option"] != option:
            raise Conflict("此席位已投票，不能更改 / this seat has voted already", seat=elector["seat"])
    return Cast(vote=row["id"], seat=elector["seat"], name=elector["name"], already=True, complete=False)


def _first(work: Work, row: Row, elector: Row, option: str) -> Cast:
    """The same request once more: what it was answered with. A named one under the same key must choose the same."""
    standing = [] if row["method"] == SECRET else [b for b in store.ballots(work.connection, row["id"]) if b["seat"] == elector["seat"]]
    if any(b["option"] != option for b in standing):
        raise Conflict("此席位已投票，不能更改 / this seat has voted already", seat=elector["seat"])
    return Cast(vote=row["id"], seat=elector["seat"], name=elector["name"], already=False, complete=elector["press"]["complete"])


def _drop_into_box(work: Work, vote: str, option: str) -> None:
    """All papers change their place, so that neither order nor transaction tells whose the last one is."""
    papers = [*(store.papers(work.connection, vote) or []), option]
    _SHUFFLER.shuffle(papers)
    store.put_papers(work.connection, vote, papers)


def _keep(work: Work, row: Row, elector: Row, option: str, person: str, mandate: Mapping[str, Any] | None) -> None:
    store.add_ballot(
        work.connection,
        {
            "id": str(uuid.uuid4()),
            "vote": row["id"],
            "seat": elector["seat"],
            "option": option,
            "weight": elector["weight"],
            "at": work.now,
            "by": person,
            "mandate": dict(mandate) if mandate else None,
        },
    )
