"""Services ``opinions.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.services import Call, service
from governance.opinions.opinions import Opinions


@service("opinions.open")
def open_round(
    call: Call,
    title: str,
    questions: Sequence[Mapping[str, Any]],
    audience: Sequence[Mapping[str, Any]] | None = None,
    public: bool | None = None,
    method: str | None = None,
    groups: Sequence[Any] | None = None,
    one_per: str | None = None,
    min_rate: Any = None,
    closes_at: datetime | None = None,
    window: Any = None,
    major: bool | None = None,
    subject: str | None = None,
    access: str | None = None,
    residents_of: str | None = None,
    organisers: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Ask for opinions. → {round, slug, audience, closes_at, extensions}"""
    return _opinions(call).open(
        call.connection,
        instance=call.instance,
        area=call.area,
        now=call.now,
        occasion=f"{call.idempotency_key or call.now.isoformat()}:{call.instance}:{call.token}:{call.element}",
        title=title or "",
        questions=questions or (),
        method=method or "questionnaire",
        audience=audience or (),
        groups=groups or (),
        public=bool(public),
        one_per=one_per or "household",
        min_rate=min_rate,
        closes_at=closes_at,
        window=window,
        major=bool(major),
        subject=subject or call.number or "",
        access=access or "public",
        residents_of=residents_of,
        organisers=organisers or (),
    )


@service("opinions.tally")
def tally(call: Call, round: str) -> dict[str, Any]:  # noqa: A002
    """Count as it stands. → {answers, counted, not_counted, reply_rate, reply_share, enough, by_question, by_group, stances …}"""
    return _opinions(call).tally(call.connection, round)


@service("opinions.extend")
def extend(call: Call, round: str, until: datetime | None = None) -> dict[str, Any]:  # noqa: A002
    """Take answers longer, once [A]. → {round, closes_at, extensions}"""
    return _opinions(call).extend(call.connection, round, until, call.now)


@service("opinions.close")
def close(call: Call, round: str, withdrawn: bool | None = None) -> dict[str, Any]:  # noqa: A002
    """No more answers; links and fingerprints are destroyed. Repeatable. → {round, state}"""
    return _opinions(call).close(call.connection, round, call.now, withdrawn=bool(withdrawn))


@service("opinions.status")
def status(call: Call, round: str) -> dict[str, Any]:  # noqa: A002
    """Where it stands. → {round, slug, audience, closes_at, state, taking, answered}"""
    return _opinions(call).status(call.connection, round, call.now)


@service("opinions.review")
def review(call: Call, round: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: A002
    """Decide about answers held for flooding: rows {no, decision count | leave_out, reason}. → {round, counted, left_out}"""
    return _opinions(call).review(call.connection, round, rows or (), call.actor.person)


@service("opinions.adopt")
def adopt(call: Call, round: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: A002
    """Publish the adoption table; a reason is needed unless adopted [L-ZDJC 18]. → {round, table, hash, version}"""
    return _opinions(call).adopt(call.connection, round, rows or (), call.actor.person, call.now)


HANDLERS = (open_round, tally, extend, close, status, review, adopt)


def _opinions(call: Call) -> Opinions:
    found: Opinions = call.resources["opinions"]
    return found
