"""The arithmetic of scores, exact: fractions inside, rounded half up once, at the end and before banding (domain SP05, D7)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.errors import ServiceRefused
from governance.scoring.sheet import Sheet

#: worth of a result in the fulfilment formula (domain 6.2) [A]
WORTH = {"done": Fraction(1), "partial": Fraction(1, 2), "none": Fraction(0)}
#: stars to points: five stars are 100 [A]
POINTS_PER_STAR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One filled sheet. `scores`: indicator → 0–100."""

    scorer: str
    scores: Mapping[str, Fraction]
    group: str | None = None
    veto: frozenset[str] = frozenset()
    valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`min_valid` sheets are needed; from `trim_from` valid sheets on, one highest and one lowest are dropped; an outlier lies more
    than `sigma` standard deviations from the mean. All [A]."""

    min_valid: int = 5
    trim_from: int = 5
    sigma: Fraction = Fraction(2)


@dataclass(slots=True)
class _Mean:
    mean: Fraction
    n: int
    dropped: list[Fraction] = field(default_factory=list)


def compute(sheet: Sheet, ballots: Sequence[Ballot], rules: Rules) -> dict[str, Any]:
    """The result as a value (keys as in docs/reference/services.md, without `result`).

    Per indicator and group the mean of the valid sheets, trimmed; group score = Σ weight·mean ÷ 100; total = Σ group weight·score ÷ 100
    over the groups that handed in at least one sheet. Without groups all sheets are one group.
    """
    _check(sheet, ballots)
    valid = [b for b in ballots if b.valid and all(i.key in b.scores for i in sheet.indicators)]
    complete = len(valid) >= rules.min_valid and bool(valid)
    groups = _groups(sheet, valid)
    present = sum((weight for _, weight, members in groups if members), Fraction(0))
    means = {
        key: {i.key: _mean([b.scores[i.key] for b in members], rules) for i in sheet.indicators} for key, _, members in groups if members
    }
    group_scores = {key: _weighted(sheet, found) for key, found in means.items()}
    shares = {key: weight / present for key, weight, members in groups if members}
    total = sum((shares[key] * score for key, score in group_scores.items()), Fraction(0))
    return {
        "complete": complete,
        "n": Decimal(len(ballots)),
        "valid": Decimal(len(valid)),
        "missing": Decimal(max(0, rules.min_valid - len(valid))),
        "score": one_decimal(total) if complete else None,
        "exact": decimal(total) if complete else None,
        "spread": _two(_sigma([_total(sheet, b) for b in valid])) if complete else None,
        "indicators": [_indicator(i, [b.scores[i.key] for b in valid], means, shares) for i in sheet.indicators] if complete else [],
        "groups": [
            {
                "group": key,
                "weight": decimal(weight),
                "n": Decimal(len(members)),
                "score": one_decimal(group_scores[key]) if members else None,
            }
            for key, weight, members in groups
            if key is not None
        ],
        "outliers": _outliers(sheet, groups, rules),
        "veto": sorted({v for b in valid for v in b.veto}),
    }


def fulfilment(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was done of what was promised, in points 0–100 (domain 6.2): fulfilment = Σ weight·worth ÷ Σ weight; timeliness = Σ weight of
    what was done (also partly) by its due date ÷ Σ weight of what had one; satisfaction = mean stars × 20."""
    weights = [Fraction(str(item.get("weight") or 1)) for item in items]
    results = [_result(item) for item in items]
    dated = [(w, i, r) for w, i, r in zip(weights, items, results, strict=True) if i.get("due") is not None]
    in_time = sum(
        (w for w, i, r in dated if r != "none" and i.get("done_on") is not None and _day(i["done_on"]) <= _day(i["due"])), Fraction(0)
    )
    stars = [Fraction(str(item["rating"])) for item in items if item.get("rating") is not None]
    return {
        "fulfilment": _share(sum((w * WORTH[r] for w, r in zip(weights, results, strict=True)), Fraction(0)), sum(weights, Fraction(0))),
        "timeliness": _share(in_time, sum((w for w, _, _ in dated), Fraction(0))),
        "satisfaction": one_decimal(sum(stars, Fraction(0)) / len(stars) * POINTS_PER_STAR) if stars else None,
        "n": Decimal(len(items)),
        "rated": Decimal(len(stars)),
    }


def weigh(parts: Mapping[str, Any], weights: Mapping[str, Any]) -> dict[str, Any]:
    """Σ weight·part with weights that sum to 1."""
    shares = {key: Fraction(str(weight)) for key, weight in weights.items()}
    if sum(shares.values()) != 1:
        raise ServiceRefused(
            f"权重合计须为 1 / the weights must sum to 1: {dict(weights)}", weights={k: str(v) for k, v in weights.items()}
        )
    missing = sorted(key for key in shares if parts.get(key) is None)
    if missing:
        raise ServiceRefused(f"缺少分项 {missing} / parts are missing: {missing}", missing=missing)
    values = {key: _points(parts[key], key) for key in shares}
    total = sum((shares[key] * values[key] for key in shares), Fraction(0))
    lines = [
        {"part": key, "value": decimal(values[key]), "weight": decimal(shares[key]), "weighted": decimal(shares[key] * values[key])}
        for key in shares
    ]
    return {"score": one_decimal(total), "exact": decimal(total), "parts": lines}


def one_decimal(value: Fraction) -> Decimal:
    """Rounded half up to one decimal: 89.95 → 90.0, 89.949… → 89.9."""
    return _rounded(value, 1)


def decimal(value: Fraction) -> Decimal:
    """Exact where a decimal can be, else to 12 places."""
    rounded = _rounded(value, 12)
    return Decimal(int(rounded)) if rounded == rounded.to_integral_value() else rounded.normalize()


def points(value: Any, what: str) -> Fraction:
    """A score 0–100 as a fraction; refuses anything else."""
    return _points(value, what)


def _groups(sheet: Sheet, valid: Sequence[Ballot]) -> list[tuple[str | None, Fraction, list[Ballot]]]:
    if not sheet.groups:
        return [(None, Fraction(100), list(valid))]
    return [(g.key, Fraction(str(g.weight)), [b for b in valid if b.group == g.key]) for g in sheet.groups]


def _mean(values: Sequence[Fraction], rules: Rules) -> _Mean:
    ordered = sorted(values)
    trimmed = len(ordered) >= rules.trim_from and len(ordered) > 2
    kept = ordered[1:-1] if trimmed else ordered
    return _Mean(sum(kept, Fraction(0)) / len(kept), len(kept), [ordered[0], ordered[-1]] if trimmed else [])


def _weighted(sheet: Sheet, means: Mapping[str, _Mean]) -> Fraction:
    return sum((Fraction(str(i.weight)) * means[i.key].mean for i in sheet.indicators), Fraction(0)) / 100


def _total(sheet: Sheet, ballot: Ballot) -> Fraction:
    return sum((Fraction(str(i.weight)) * ballot.scores[i.key] for i in sheet.indicators), Fraction(0)) / 100


def _indicator(
    item: Any, values: Sequence[Fraction], means: Mapping[str | None, Mapping[str, _Mean]], shares: Mapping[Any, Fraction]
) -> dict[str, Any]:
    mean = sum((shares[group] * found[item.key].mean for group, found in means.items()), Fraction(0))
    dropped = [value for found in means.values() for value in found[item.key].dropped]
    return {
        "indicator": item.key,
        "weight": item.weight,
        "mean": one_decimal(mean),
        "weighted": decimal(Fraction(str(item.weight)) * mean / 100),
        "spread": _two(_sigma(values)),
        "n": Decimal(sum(found[item.key].n for found in means.values())),
        "dropped": [decimal(value) for value in dropped],
    }


def _outliers(sheet: Sheet, groups: Sequence[tuple[str | None, Fraction, Sequence[Ballot]]], rules: Rules) -> list[dict[str, Any]]:
    """Compared in squares, so that no root is rounded."""
    found = []
    for group, _, members in groups:
        for indicator in sheet.indicators:
            values = [b.scores[indicator.key] for b in members]
            if not values:
                continue
            mean, variance = _moments(values)
            for ballot in members:
                score = ballot.scores[indicator.key]
                if (score - mean) ** 2 > rules.sigma**2 * variance:
                    found.append(
                        {
                            "scorer": ballot.scorer,
                            "group": group,
                            "indicator": indicator.key,
                            "score": decimal(score),
                            "mean": one_decimal(mean),
                            "sigma": _two(_sigma(values)),
                        }
                    )
    return found


def _moments(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    mean = sum(values, Fraction(0)) / len(values)
    return mean, sum(((v - mean) ** 2 for v in values), Fraction(0)) / len(values)


def _sigma(values: Sequence[Fraction]) -> Fraction:
    """Standard deviation of the whole (not of a sample), to nine places."""
    if not values:
        return Fraction(0)
    variance = _moments(values)[1]
    scale = 10**18
    return Fraction(math.isqrt(variance.numerator * scale // variance.denominator), 10**9)


def _two(value: Fraction) -> Decimal:
    return _rounded(value, 2)


def _rounded(value: Fraction, places: int) -> Decimal:
    scale = 10**places
    whole = math.floor(abs(value) * scale + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def _share(part: Fraction, whole: Fraction) -> Decimal | None:
    return one_decimal(part / whole * 100) if whole else None


def _result(item: Mapping[str, Any]) -> str:
    result = str(item.get("result"))
    if result not in WORTH:
        raise ServiceRefused(f"履约结果 {result} 无效 / result {result} is none of {sorted(WORTH)}", result=result)
    return result


def _day(value: Any) -> str:
    """Days compare as ISO text; of a moment only the day counts."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)[:10]


def _points(value: Any, what: str) -> Fraction:
    try:
        number = Fraction(str(value))
    except ValueError as problem:
        raise ServiceRefused(f"{what}：{value} 不是分数 / {value} is no score", value=str(value)) from problem
    if not 0 <= number <= 100:
        raise ServiceRefused(f"{what}：{value} 须在 0 到 100 之间 / {value} must lie between 0 and 100", value=str(value))
    return number


def _check(sheet: Sheet, ballots: Sequence[Ballot]) -> None:
    scorers = [b.scorer for b in ballots]
    twice = sorted({s for s in scorers if scorers.count(s) > 1})
    if twice:
        raise ServiceRefused(f"评分人重复：{twice} / scored twice: {twice}", scorers=twice)
    indicators, groups, veto = ({item.key for item in items} for items in (sheet.indicators, sheet.groups, sheet.veto))
    for ballot in ballots:
        strange = sorted(set(ballot.scores) - indicators) + sorted(ballot.veto - veto)
        if groups and ballot.group not in groups:
            strange.append(str(ballot.group))
        if strange:
            raise ServiceRefused(f"评分表 {sheet.key} 没有 {strange} / score sheet {sheet.key} has no {strange}", unknown=strange)
