"""Opening a vote: the motion with its hash and the electorate as they are at this instant (SP04 step 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.errors import BpmnError, ServiceRefused
from engine.ids import digest
from governance.calendars.limits import compute, parse_limit
from governance.meetings import agenda, electorate
from governance.meetings import store as meetings
from governance.meetings.work import Row, Work, exact, text_of
from governance.votes import arithmetic, counting, store

NO_QUORUM = "ERR_NO_QUORUM"
HANDS, NAMED, SECRET, WRITTEN = "hands", "named", "secret", "written"
METHODS = (HANDS, NAMED, SECRET, WRITTEN)
OPTIONS = (
    {"code": "yes", "zh": "赞成", "en": "Yes"},
    {"code": "no", "zh": "反对", "en": "No"},
    {"code": "abstain", "zh": "弃权", "en": "Abstain"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the process asks for; what it leaves out comes from the agenda item, then from the meeting's rules."""

    meeting: str | None
    item: int | None
    motion: str | None
    method: str | None
    base: str | None
    threshold: str | None
    rule: str | None
    rule_version: str | None
    options: Sequence[Any]
    window: Any
    electorate: Sequence[Mapping[str, Any]]
    casting_vote: bool | None
    chair: str | None
    proposers: Sequence[str]
    quorum: str | None


def freeze(work: Work, asked: Asked) -> dict[str, Any]:
    """Open the vote. A repeated call gives the first one.

    Throws ERR_NO_QUORUM {present, needed, voting} when too few are there for this item. Raises ServiceRefused: an item that was not
    sent [L-BJWY 35], no motion, a kind of meeting that only tallies, secret with unequal weights or too few voters."""
    known = store.opened_by(work.connection, work.instance, work.call)
    if known is not None:
        return _result(work, known)
    meeting = work.meeting(asked.meeting) if asked.meeting else None
    item = _item(work, meeting, asked.item) if meeting is not None and asked.item is not None else None
    terms = _terms(asked, meeting, item)
    electors = _of_meeting(work, meeting, asked.item, terms["method"]) if meeting is not None else _given(work, asked.electorate)
    _check_electors(work, electors, terms["method"], meeting)
    row = {
        "id": work.new_id(),
        "instance": work.instance,
        "call": work.call,
        "meeting": meeting["id"] if meeting else None,
        "item": asked.item,
        "area": meeting["area"] if meeting else work.area,
        "title": item["topic"] if item else _short(terms["motion"]),
        **terms,
        "hash": digest(terms["motion"].encode()),
        "chair": asked.chair or (meeting["chair"] if meeting else None),
        "state": "open",
        "revision": 1,
        "opened": work.now,
        "closes_at": _closes_at(work, asked.window, terms["method"]),
        "tellers": [],
        "void_reason": "",
    }
    rows = [{"vote": row["id"], "no": no, "voted": False, **e} for no, e in enumerate(electors, 1)]
    store.insert(work.connection, row, rows)
    if meeting is not None:
        meetings.change(work.connection, meeting["id"])
    return _result(work, store.get(work.connection, row["id"]) or row)


def _item(work: Work, meeting: Row, seq: int) -> Row:
    found = agenda.find(meetings.items(work.connection, meeting["id"]), seq)
    if not found["sent"]:
        message = f"第 {seq} 项不在已发出的议程上，不能表决 [L-BJWY 35] / item {seq} was not on the agenda sent: no vote"
        raise ServiceRefused(message, code_of_rule="L-BJWY 35", item=seq)
    standing = [v for v in store.of_meeting(work.connection, meeting["id"]) if v["item"] == seq and v["state"] == "open"]
    if standing:
        raise ServiceRefused(f"第 {seq} 项正在表决 / item {seq} is being voted already", vote=standing[0]["id"])
    return found


def _terms(asked: Asked, meeting: Row | None, item: Row | None) -> dict[str, Any]:
    """Columns of the vote that come from the call, the item or the rules, in this order."""
    frozen: Mapping[str, Any] = meeting["rules"] if meeting else {}
    if frozen.get("decision_vote") is False:
        raise ServiceRefused(
            "这类会议只汇总意见，不作表决 / this kind of meeting tallies opinions and takes no vote", code_of_rule="no_vote"
        )
    item = item or {}
    motion = _first(asked.motion, item.get("motion")).strip()
    method = _first(asked.method, item.get("method"), frozen.get("method"))
    base = _first(asked.base, item.get("base"), frozen.get("base"))
    share = _first(asked.threshold, item.get("threshold"), frozen.get("threshold"))
    if not motion:
        raise ServiceRefused("没有表决事项 / there is no motion", pointer="/motion")
    if method not in METHODS:
        raise ServiceRefused(f"表决方式 {method!r} 无效 / method {method!r} is none of {', '.join(METHODS)}", pointer="/method")
    if base not in arithmetic.BASES:
        raise ServiceRefused(f"计算基数 {base!r} 无效 / base {base!r} is none of {', '.join(arithmetic.BASES)}", pointer="/base")
    if method == WRITTEN and base == arithmetic.PRESENT:
        raise ServiceRefused(
            "书面表决没有实到人数，请用应到或参加表决 / a written vote has nobody present: use entitled or voting", pointer="/base"
        )
    arithmetic.threshold(share)
    turnout = _first(asked.quorum, frozen.get("quorum")) if method == WRITTEN or meeting is None else ""
    return {
        "motion": motion,
        "method": method,
        "base": base,
        "threshold": share,
        "rule": _first(asked.rule, frozen.get("rule"), "call"),
        "rule_version": _first(asked.rule_version, frozen.get("version"), "1"),
        "sources": [dict(s) for s in frozen.get("sources") or []],
        "quorum": turnout or None,
        "options": _options(asked.options, share),
        "casting_vote": bool(frozen.get("casting_vote") if asked.casting_vote is None else asked.casting_vote),
        "proposers": [str(p) for p in asked.proposers] or ([item["proposer"]] if item.get("proposer") else []),
    }


def _first(*found: Any) -> str:
    return next((str(f) for f in found if f), "")


def _options(given: Sequence[Any], threshold: str) -> list[dict[str, str]]:
    """Codes or {code, zh, en}. Where a share decides, it is the share of yes: yes and no must be among them. Where the most votes
    decide, two or more, best first."""
    known = {o["code"]: o for o in OPTIONS}
    found = []
    for option in given or OPTIONS:
        code = str(option.get("code") if isinstance(option, Mapping) else option)
        plain = known.get(code, {"code": code, "zh": code, "en": code})
        found.append({**plain, **{k: str(v) for k, v in option.items()}} if isinstance(option, Mapping) else dict(plain))
    codes = [o["code"] for o in found]
    if threshold == arithmetic.MOST and given and len(set(codes)) == len(codes) > 1:
        return found
    if len(set(codes)) < len(codes) or not {arithmetic.YES, arithmetic.NO} <= set(codes):
        raise ServiceRefused("表决选项须含赞成和反对且不重复 / the options need yes and no, each once", pointer="/options")
    return found


def _of_meeting(work: Work, meeting: Row, item: int | None, method: str) -> list[dict[str, Any]]:
    """The meeting's voting seats. Throws ERR_NO_QUORUM unless enough are present; a written vote counts its quorum by the ballots."""
    record = electorate.read(work, meeting)
    if method != WRITTEN:
        found = electorate.quorum(record, item, work.now)
        if not found.met:
            raise BpmnError(NO_QUORUM, {"present": found.present, "needed": found.needed, "voting": found.voting, "item": item})
    return [
        {
            "seat": e.seat,
            "person": e.person,
            "unit": e.unit,
            "name": e.name,
            "membership": e.membership,
            "weight": text_of(e.weight),
            "status": e.status,
            "proxy_by": e.proxy_by,
        }
        for e in electorate.entries(record, item, work.now, written=method == WRITTEN)
    ]


def _given(work: Work, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A vote without a meeting: everybody named may cast."""
    names = work.names(e.get("person") for e in given)
    places = work.directory.places(work.connection, [str(e["unit"]) for e in given if e.get("unit")], work.now)
    found = []
    for no, e in enumerate(given, 1):
        person, unit = e.get("person"), e.get("unit")
        if not person:
            raise ServiceRefused(f"第 {no} 名投票人没有写明 / voter {no} is not named", pointer="/electorate")
        name = places[str(unit)].name.zh if unit in places else names.get(str(person), str(person))
        found.append(
            {
                "seat": str(no),
                "person": str(person),
                "unit": unit,
                "name": name,
                "membership": e.get("membership"),
                "weight": text_of(exact(e.get("weight", 1) or 1)),
                "status": electorate.ELIGIBLE,
                "proxy_by": None,
            }
        )
    if len({(e["person"], e["unit"]) for e in found}) < len(found):
        raise ServiceRefused("投票人重复 / a voter is named twice", pointer="/electorate")
    return found


def _check_electors(work: Work, electors: Sequence[Mapping[str, Any]], method: str, meeting: Row | None) -> None:
    eligible = [e for e in electors if e["status"] == electorate.ELIGIBLE]
    if not eligible:
        raise ServiceRefused("没有人可以投票 / nobody may vote", code_of_rule="no_voters")
    unequal = len({Decimal(e["weight"]) for e in electors if e["status"] != electorate.RECUSED}) > 1
    if method == HANDS and unequal:
        raise ServiceRefused(
            "票权不等，举手数不出票权，请改用记名 / hands show no weights: vote by name", code_of_rule="hands_weights", pointer="/method"
        )
    if method != SECRET:
        return
    if unequal:
        raise ServiceRefused(
            "票权不等，无记名会暴露投票人，请改用记名 / unequal weights would tell the voter: vote by name", code_of_rule="secret_weights"
        )
    least = int(work.setting("votes.secret_min_voters", meeting["area"] if meeting else None))
    if len(eligible) < least:
        source = work.settings.effective(work.connection, "votes.secret_min_voters", work.now, work.area).source
        raise ServiceRefused(
            f"只有 {len(eligible)} 人投票，少于 {least} 人不能无记名（结果会说明各人的选择）{source} / "
            f"a secret ballot needs {least} voters {source}", code_of_rule="secret_too_few",
        )  # fmt: skip


def _closes_at(work: Work, window: Any, method: str) -> Any:
    if window is None and method == WRITTEN:
        window = work.setting("votes.window")
    return None if window is None else compute(work.calendar(), parse_limit(window), work.now).due


def _short(motion: str) -> str:
    return motion if len(motion) <= 60 else motion[:59] + "…"


def _result(work: Work, row: Row) -> dict[str, Any]:
    electors = store.electors(work.connection, row["id"])
    totals = counting.electorate_of(electors)
    rule = counting.rule_of(row)
    base = totals.entitled if row["base"] == arithmetic.ENTITLED else totals.present
    shown = ("seat", "person", "unit", "name", "status", "proxy_by")
    return {
        "vote": row["id"],
        "hash": row["hash"],
        "motion": row["motion"],
        "method": row["method"],
        "base": row["base"],
        "threshold": row["threshold"],
        "closes_at": row["closes_at"],
        "casting_vote": row["casting_vote"],
        "eligible": sum(1 for e in electors if e["status"] == electorate.ELIGIBLE),
        "present": sum(1 for e in electors if e["status"] == electorate.ELIGIBLE),
        "absent": sum(1 for e in electors if e["status"] == electorate.ABSENT),
        "recused": sum(1 for e in electors if e["status"] == electorate.RECUSED),
        "weights": counting.number(totals.entitled),
        "needed": counting.number(rule.threshold.least(base if base else Fraction(0), totals.step)),
        "electors": [{**{key: e[key] for key in shown}, "weight": Decimal(e["weight"])} for e in electors],
        "tellers": suggested_tellers(row, electors),
    }


def suggested_tellers(vote: Row, electors: Sequence[Row]) -> list[str]:
    """Two of those present who did not propose the motion and do not chair, in the order of their seats."""
    barred = {*vote["proposers"], vote["chair"]}
    present = [e for e in electors if e["status"] == electorate.ELIGIBLE and e["unit"] not in barred]
    people = [p for p in dict.fromkeys(e["proxy_by"] or e["person"] for e in present) if p and p not in barred]
    return people[:2]
