"""What the templates of meetings need beside the view: the pace of the live answers, and sentences and shapes computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _

from governance.desk.meeting_calendar import Overview
from governance.desk.meeting_views import CERTIFIED, ItemView, MeetingLine, MeetingPage, PaperView, SeatView, VotePaper, VoteView
from web.bars import bar
from web.names import on_wall
from web.reader import writer
from web.votebars import VoteBar, amount, vote_bar

#: milliseconds between two questions of an open page: while the meeting runs, shortly before and after it, otherwise
_RUNNING, _SOON, _RESTING = 1500, 4000, 20000
_COMING = ("announced", "open", "adjourned")
_CONFIRMING = ("sign", "silent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who is there against what is needed, for the current item or the meeting."""

    present: int
    voting: int
    needed: int | None
    met: bool
    recused: int
    proxies: int
    share: str
    tag: str
    affected_met: bool | None


def context(page: MeetingPage, *, wall: bool = False) -> dict[str, Any]:
    """The names the meeting templates use."""
    seats = {s.seat: s for s in page.seats}
    by_person = {s.person: s for s in page.seats if s.person}
    state, item = page.line.state, page.current
    casting_now = [v for v in (item.votes if item else ()) if v.state == "open" and v.method != "hands"]
    waiting = {seat for v in casting_now for seat in v.waiting_seats}
    out = _out(page)
    mine = [s for s in page.seats if s.mine]

    def on_wall_line(name: str, seat: SeatView | None) -> str:
        return on_wall(name, writer().label(seat.post) if seat else "")

    return {
        "page": page,
        "wall": wall,
        "pace": _pace(page),
        "bar": bar,
        "vote_bar": _bar_of,
        "verdict_of": verdict,
        "amount": amount,
        "clock_of": clock_of,
        "used": lambda it: used(page, it),
        "minutes_used": minutes_used,
        "quorum": presence(page),
        "signing_in": state == "announced" and any(s.status in ("present", "proxy") for s in page.seats),
        "announcement": announcement(page),
        "seats_line": seats_line(page),
        "came_line": came_line(page),
        "chair_seat": by_person.get(page.line.chair),
        "secretary_seat": by_person.get(page.line.secretary),
        "my_seats": mine,
        "mine_votes": my_votes(page),
        "now_recused": any(s.seat in out for s in mine) and item is not None,
        "paper_title": lambda paper: _paper_title(paper, seats),
        "tellers": casting_tellers(item),
        "casting_now": bool(casting_now),
        "seat_waits": lambda s: s.seat in waiting,
        "seat_voted": lambda s: bool(casting_now) and s.seat not in waiting and s.status in ("present", "proxy"),
        "seat_recused": lambda s: s.seat in out,
        "may_roll": page.manages and state in _COMING,
        "may_speak": page.manages and state == "open" and item is not None,
        "minutes_shown": item is not None and state in ("open", "adjourned"),
        "last_move": page.moves[-1] if page.moves else None,
        "decisions": decisions(page),
        "dissent": dissent(page),
        "confirming": confirming(page),
        "confirmed_count": sum(1 for s in confirming(page) if s.confirmation in _CONFIRMING),
        "mine_key": _key(state, page.mine, mine, my_votes_state(page), any(s.seat in out for s in mine)),
        "actions_key": _key(state, page.opened_at, [a.token for a in page.actions]),
        "on_wall": on_wall_line,
    }


def vote_context(paper: VotePaper) -> dict[str, Any]:
    """The names the vote templates use."""
    view = paper.vote
    return {
        "v": view,
        "page": paper,
        "bar": bar,
        "vote_bar": _bar_of,
        "verdict_of": verdict,
        "amount": amount,
        "paper_title": lambda p: p.name,
        "record": view.state in CERTIFIED,
        "roll_line": _roll_line(paper),
        "formula": formula(view),
    }


def _pace(page: MeetingPage) -> int:
    if page.line.state == "open":
        return _RUNNING
    near = abs(page.line.start_at - page.now) < timedelta(hours=2)
    return _SOON if page.line.state in (*_COMING, "held") and near else _RESTING


def clock_of(seconds: int) -> str:
    """04:12, 1:04:12; the browser counts on from there."""
    hours, rest = divmod(max(seconds, 0), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def used(page: MeetingPage, item: ItemView) -> int:
    """Seconds since the item began, until now or its end."""
    return 0 if item.begun is None else int(((item.ended or page.now) - item.begun).total_seconds())


def minutes_used(item: ItemView) -> int:
    """Whole minutes an item took, at least 1."""
    return max(round((item.ended - item.begun).total_seconds() / 60), 1) if item.begun and item.ended else item.minutes


def presence(page: MeetingPage) -> Presence:
    """Of the current item, else of the meeting."""
    shown = page.current or page
    out = _out(page)
    proxies = sum(1 for s in page.seats if s.voting and s.status == "proxy" and s.seat not in out)
    tags = [str(s.get("tag", "")) for s in page.rules.get("sources") or () if s.get("what") == "quorum"]
    return Presence(
        present=shown.present, voting=shown.voting, needed=shown.needed, met=shown.met, proxies=proxies, affected_met=page.affected_met,
        recused=sum(1 for s in page.seats if s.voting and s.seat in out), share=str(page.rules.get("quorum") or ""), tag=" ".join(tags),
    )  # fmt: skip


def _out(page: MeetingPage) -> set[str]:
    """Seats recused now: from the current item, or from all."""
    asked = {0, page.current.seq} if page.current else {0}
    return {s.seat for s in page.seats if asked & set(s.recused)}


def all_votes(page: MeetingPage) -> list[VoteView]:
    return [v for i in page.items for v in i.votes] + list(page.votes)


def my_votes(page: MeetingPage) -> list[VoteView]:
    """Open votes in which the reader has a paper, cast or not, and shows of hands he takes part in."""
    voting = any(s.mine and s.voting for s in page.seats)
    return [v for v in all_votes(page) if v.state == "open" and (v.papers or (v.method == "hands" and voting))]


def my_votes_state(page: MeetingPage) -> list[Any]:
    """What of these votes concerns the reader himself: not the ballots of others, he may be choosing."""
    return [(v.id, v.state, [(p.seat, p.voted, p.option) for p in v.papers]) for v in my_votes(page)]


def casting_tellers(item: ItemView | None) -> Sequence[str]:
    return next((v.tellers for v in item.votes if v.tellers), ()) if item else ()


def decisions(page: MeetingPage) -> list[VoteView]:
    """Motions that were passed."""
    return [v for v in all_votes(page) if v.result == "passed" and v.state == "certified"]


def dissent(page: MeetingPage) -> list[dict[str, Any]]:
    """Those who voted no by name, and those who spoke against; a secret vote names nobody."""
    against = [
        {"item": v.item, "name": name, "text": ""}
        for v in all_votes(page)
        if v.state != "annulled"
        for name, option in v.named.items()
        if option == "no"
    ]
    said = [{"item": i.seq, "name": s.name or s.speaker, "text": s.text} for i in page.items for s in i.speeches if s.stance == "against"]
    spoken = {(d["item"], d["name"]) for d in said}
    return [d for d in against if (d["item"], d["name"]) not in spoken] + said


def confirming(page: MeetingPage) -> list[SeatView]:
    """Seats that were asked to confirm the minutes: the chair's, and formal attendees and parties who were there."""
    return [s for s in page.seats if s.confirmation or (s.signed_in and (s.capacity in ("formal", "party") or s.person == page.line.chair))]


def seats_line(page: MeetingPage) -> str:
    """21 席：到 16，回避 1，未到 4; when it is over, who came."""
    if page.ended_at is not None:
        return came_line(page)
    out = _out(page)
    voting = [s for s in page.seats if s.voting]
    here = sum(1 for s in voting if s.status in ("present", "proxy") and s.seat not in out)
    recused = sum(1 for s in voting if s.seat in out)
    others = sum(1 for s in page.seats if not s.voting and s.status in ("present", "proxy"))
    line = str(_("%(all)s 席：到 %(here)s，未到 %(away)s", all=len(voting), here=here, away=len(voting) - here - recused))
    line += str(_("，回避 %(n)s", n=recused)) if recused else ""
    return line + (str(_("，列席等 %(n)s 人", n=others)) if others else "")


def came_line(page: MeetingPage) -> str:
    """应到 21 席，实到 17 席 (81.0%)，缺席 4 席, over the whole meeting."""
    voting = [s for s in page.seats if s.voting]
    came = sum(1 for s in voting if s.signed_in)
    rate = f"{came * 100 / len(voting):.1f}%" if voting else "—"
    return str(_("应到 %(all)s 席，实到 %(came)s 席（%(rate)s）", all=len(voting), came=came, rate=rate))


def announcement(page: MeetingPage) -> str:
    """What a reader who sees nothing hears when it changes: the item, the quorum, and what is certain. No ticking counts."""
    parts: list[str] = []
    if page.current is not None:
        parts.append(_("第 %(n)s 项", n=page.current.seq))
        parts += [verdict(v)[0] for v in page.current.votes[-1:]]
    if page.line.state == "open" and page.needed is not None:
        parts.append(_("达到法定人数") if presence(page).met else _("未达法定人数"))
    return writer().choose("；", "; ").join(str(p) for p in parts)


def verdict(view: VoteView) -> tuple[str, str, str]:
    """已可确定通过 / 不可能通过 / 结果未定, later the result: text, tone and icon of a badge."""
    if view.state == "void":
        return _("本次表决已作废"), "wait", "ban"
    if view.state == "annulled":
        return _("确认后已撤销，不再算数"), "wait", "ban"
    if view.state == "certified" or view.result:
        known = {"passed": (_("通过"), "ok", "circle-check"), "rejected": (_("未通过"), "bad", "ban")}
        return known.get(view.result or "", (_("无效"), "bad", "octagon-alert"))
    if view.state == "closed":
        return _("已截止，等待计票"), "act", "timer"
    if view.counts is None:
        return _("计票确认前不公布票数"), "", "lock"
    certain = {
        "passed": (_("已可确定通过"), "ok", "check"),
        "rejected": (_("不可能通过"), "bad", "ban"),
        "invalid": (_("参加人数已不可能达到要求"), "bad", "octagon-alert"),
    }
    return certain.get(view.fixed or "", (_("结果未定"), "", "circle-dashed"))


def formula(view: VoteView) -> str:
    """12 / 16 ≥ 2/3 → 11."""
    if view.counts is None:
        return ""
    yes = amount(view.counts.get("yes", 0))
    return f"{yes} / {amount(view.denominator)}　{writer().label(view.threshold_text)}（≥ {amount(view.needed)}）"


def _roll_line(paper: VotePaper) -> str:
    statuses = [e.status for e in paper.roll]
    return str(
        _(
            "名册 %(all)s 席：有表决权 %(may)s，缺席 %(away)s，回避 %(out)s",
            all=len(statuses), may=statuses.count("eligible"), away=statuses.count("absent"), out=statuses.count("recused"),
        )
    )  # fmt: skip


def _paper_title(paper: PaperView, seats: dict[str, SeatView]) -> str:
    seat = seats.get(paper.seat)
    return (seat.unit_name or paper.name) if seat else paper.name


def _bar_of(view: VoteView) -> VoteBar:
    return vote_bar(view, writer())


def _key(*facts: Any) -> str:
    return sha256(repr(facts).encode()).hexdigest()[:16]


def groups(found: Overview) -> list[tuple[str, Sequence[MeetingLine]]]:
    """The lists of the calendar with their heads, those with something in them."""
    unconfirmed = _("散会 %(n)s 天后纪要仍未确认", n=found.days)
    every = [
        (_("正在进行"), found.running), (_("将要召开"), found.coming), (f"{unconfirmed} {found.source}", found.unconfirmed),
        (_("未达法定人数"), found.no_quorum), (_("开过的会议"), found.past),
    ]  # fmt: skip
    return [(str(title), lines) for title, lines in every if lines]
