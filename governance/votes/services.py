"""Services ``votes.*``. Inputs, results and errors: docs/reference/services.md. No service takes a single ballot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.services import Call, service
from governance.meetings.work import of_call
from governance.votes import casting as acts
from governance.votes import certifying, counting, freezing


@service("votes.freeze")
def freeze(
    call: Call,
    motion: str | None = None,
    method: str | None = None,
    base: str | None = None,
    threshold: str | None = None,
    rule: str | None = None,
    rule_version: Any = None,
    meeting: str | None = None,
    item: Any = None,
    options: Sequence[Any] | None = None,
    window: Any = None,
    electorate: Sequence[Mapping[str, Any]] | None = None,
    casting_vote: bool | None = None,
    chair: str | None = None,
    proposers: Sequence[str] | None = None,
    quorum: str | None = None,
) -> dict[str, Any]:
    """Freeze motion and electorate. Throws ERR_NO_QUORUM. → {vote, hash, eligible, present, recused, weights, needed, electors, tellers}"""
    asked = freezing.Asked(
        meeting=meeting, item=None if item is None else int(item), motion=motion, method=method, base=base, threshold=threshold, rule=rule,
        rule_version=None if rule_version is None else str(rule_version), options=options or (), window=window,
        electorate=electorate or (), casting_vote=casting_vote, chair=chair, proposers=proposers or (), quorum=quorum,
    )  # fmt: skip
    return freezing.freeze(of_call(call), asked)


@service("votes.hands")
def hands(call: Call, vote: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the counted hands. → as votes.status"""
    return acts.hands(of_call(call), vote, counts)


@service("votes.status")
def status(call: Call, vote: str) -> dict[str, Any]:
    """Where a vote stands. → {state, cast, eligible, counts, base, needed, fixed, closes_at}"""
    return counting.status(of_call(call), vote)


@service("votes.close")
def close(call: Call, vote: str) -> dict[str, Any]:
    """No more ballots. → {state, cast, eligible}"""
    return certifying.close(of_call(call), vote)


@service("votes.count")
def count(call: Call, vote: str) -> dict[str, Any]:
    """Count by the stored rule. → {result, tie, counts, numerator, denominator, needed, text, same …}"""
    return counting.count(of_call(call), vote)


@service("votes.casting")
def casting(call: Call, vote: str, option: str) -> dict[str, Any]:
    """The chair breaks a tie where the charter allows it. → as votes.count"""
    return counting.casting(of_call(call), vote, option)


@service("votes.certify")
def certify(call: Call, vote: str, tellers: Sequence[str] | None = None, chair: Sequence[str] | None = None) -> dict[str, Any]:
    """Two tellers confirm the count. → {certified_at, record, hash, result}"""
    return certifying.certify(of_call(call), vote, tellers, chair or ())


@service("votes.void")
def void(call: Call, vote: str, reason: str) -> dict[str, Any]:
    """The vote does not count; a certified one is annulled and stays readable. Repeatable: it serves as compensation. → {state}"""
    return certifying.void(of_call(call), vote, reason or "")


@service("votes.recount")
def recount(call: Call, vote: str) -> dict[str, Any]:
    """Count the stored ballots again. → as votes.count, `same`: it gives the stored result"""
    return counting.recount(of_call(call), vote)


HANDLERS = (freeze, hands, status, close, count, casting, certify, void, recount)
