"""Services ``scores.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.services import Call, service
from governance.scoring import arithmetic
from governance.scoring.scoring import Scoring


@service("scores.sheet")
def sheet(
    call: Call,
    sheet: str,
    indicators: Sequence[Mapping[str, Any]] | None = None,
    groups: Sequence[Mapping[str, Any]] | None = None,
    veto: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Freeze a score sheet: given, or the setting ``score_sheet.<key>``. → {sheet, key, version, hash, indicators, groups, veto …}"""
    given = None if indicators is None else {"indicators": indicators, "groups": groups, "veto": veto}
    return _scoring(call).freeze(call.connection, sheet, given, call.area, call.now)


@service("scores.eligible")
def eligible(call: Call, scorers: Sequence[Any], units: Any = None, submitters: Any = None) -> dict[str, Any]:
    """Leave out who has a conflict of interest. → {eligible, excluded}"""
    return _scoring(call).eligible(call.connection, scorers or (), _list(units), _list(submitters), call.now)


@service("scores.compute")
def compute(
    call: Call, sheet: str, sheets: Sequence[Mapping[str, Any]], direction: str | None = None, min_valid: Any = None
) -> dict[str, Any]:
    """Count the sheets: trimmed means, weights, outliers, veto items. → {result, complete, score, exact, spread, …}"""
    return _scoring(call).compute(
        call.connection,
        instance=call.instance,
        call=call.idempotency_key or call.token,
        sheet=sheet,
        sheets=sheets or (),
        direction=direction or "",
        min_valid=min_valid,
        area=call.area,
        now=call.now,
    )


@service("scores.recount")
def recount(call: Call, result: str) -> dict[str, Any]:
    """Count a stored result again from its stored sheets. → compute's answer, same"""
    return _scoring(call).recount(call.connection, result)


@service("scores.fulfilment")
def fulfilment(call: Call, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: ARG001  every service gets the call
    """What was done of what was promised. → {fulfilment, timeliness, satisfaction, n, rated}"""
    return arithmetic.fulfilment(items or ())


@service("scores.weigh")
def weigh(call: Call, parts: Mapping[str, Any], weights: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Weighted sum of parts; weights default to the setting ``scores.evaluation_weights``. → {score, exact, parts}"""
    chosen = weights if weights is not None else _scoring(call).setting(call.connection, "scores.evaluation_weights", call.area, call.now)
    return arithmetic.weigh(parts, chosen)


HANDLERS = (sheet, eligible, compute, recount, fulfilment, weigh)


def _scoring(call: Call) -> Scoring:
    found: Scoring = call.resources["scoring"]
    return found


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]
