"""Counting what is stored: the result, its sentence, and whether it is certain before all have voted (SP04 step 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.errors import NotFound, ServiceRefused
from governance.meetings import store as meetings
from governance.meetings.work import Row, Work
from governance.votes import arithmetic, store
from governance.votes.arithmetic import Count, Electorate, Rule, Threshold, threshold

HANDS, SECRET, WRITTEN = "hands", "secret", "written"
_BASES = {"entitled": ("应到", "entitled"), "present": ("实到", "present"), "voting": ("参加表决", "voting")}
_RESULTS = {"passed": ("通过", "passed"), "rejected": ("未通过", "rejected"), "invalid": ("无效", "invalid"), "chosen": ("", "")}


def load(work: Work, vote: str, *, lock: bool = True) -> Row:
    """The vote, its meeting held before it (always in this order: nobody waits in a circle). Raises NotFound."""
    row = store.get(work.connection, vote)
    if row is None:
        raise NotFound(f"没有表决 {vote} / there is no vote {vote}", vote=vote)
    if not lock:
        return row
    if row["meeting"]:
        meetings.get(work.connection, row["meeting"], lock=True)
    return store.get(work.connection, vote, lock=True) or row


def changed(work: Work, row: Row, **values: Any) -> None:
    """Write columns of the vote; its meeting's page shows something new."""
    store.change(work.connection, row["id"], **values)
    if row["meeting"]:
        meetings.change(work.connection, row["meeting"])


def rule_of(row: Row) -> Rule:
    turnout: Threshold | None = threshold(row["quorum"]) if row["quorum"] else None
    options = tuple(o["code"] for o in row["options"])
    return Rule(threshold=threshold(row["threshold"]), base=row["base"], casting=row["casting_vote"], turnout=turnout, options=options)


def electorate_of(electors: Sequence[Row]) -> Electorate:
    return arithmetic.electorate([(e["status"], Decimal(e["weight"])) for e in electors])


def number(fraction: Fraction) -> Decimal:
    """Exact: sums and multiples of decimals are decimals."""
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def sums_of(work: Work, row: Row, electors: Sequence[Row]) -> dict[str, Fraction]:
    """Option → weight, from what is stored: the hands counted, the ballots, or the closed box."""
    if row["method"] == HANDS:
        return _of_hands(row, electors)
    if row["method"] == SECRET:
        box = store.papers(work.connection, row["id"])
        if box is not None:
            weight = _equal_weight(electors)
            return arithmetic.weigh((option, weight) for option in box)
    return arithmetic.weigh((b["option"], Decimal(b["weight"])) for b in store.ballots(work.connection, row["id"]))


def result_of(work: Work, row: Row) -> dict[str, Any]:
    """Count the stored ballots by the stored rule."""
    electors = store.electors(work.connection, row["id"])
    sums, totals, rule = sums_of(work, row, electors), electorate_of(electors), rule_of(row)
    voters = _voters(row, electors)
    counted = arithmetic.count(rule, totals, sums, voters, row["casting"])
    counts = {o["code"]: number(sums.get(o["code"], Fraction(0))) for o in row["options"]}
    eligible = sum(1 for e in electors if e["status"] == "eligible")
    return {
        "vote": row["id"],
        "result": counted.result,
        "chosen": counted.chosen,
        "tie": counted.tie,
        "counts": counts,
        "base": row["base"],
        "numerator": number(counted.numerator),
        "denominator": number(counted.denominator),
        "needed": number(counted.needed),
        "threshold": row["threshold"],
        "rule": row["rule"],
        "rule_version": row["rule_version"],
        "cast": voters,
        "eligible": eligible,
        "not_cast": eligible - voters,
        "entitled": number(totals.entitled),
        "present": number(totals.present),
        "recused": sum(1 for e in electors if e["status"] == "recused"),
        "invalid": Decimal(0),
        "casting": row["casting"],
        "text": _sentence(row, rule, totals, counts, counted, voters),
    }


def count(work: Work, vote: str) -> dict[str, Any]:
    """Count a closed vote and keep the result; counting again compares with it (`same`)."""
    row = load(work, vote)
    if row["state"] not in ("closed", "certified"):
        raise ServiceRefused(f"表决是 {row['state']}，尚未截止 / the vote is {row['state']}, not closed", state=row["state"])
    found = result_of(work, row)
    if row["result"] is None:
        changed(work, row, result=found)
        return {**found, "same": True}
    return {**found, "same": _figures(found) == _figures(row["result"])}


def recount(work: Work, vote: str) -> dict[str, Any]:
    """Count the stored ballots once more. `same`: they give the stored result."""
    row = load(work, vote, lock=False)
    if row["result"] is None:
        raise ServiceRefused("尚未计票，无从复核 / there is no count to repeat", vote=vote)
    found = result_of(work, row)
    return {**found, "same": _figures(found) == _figures(row["result"])}


def casting(work: Work, vote: str, option: str) -> dict[str, Any]:
    """The chair breaks a tie, only where the charter says so (default: rejected [A])."""
    row = load(work, vote)
    if row["state"] != "closed" or row["result"] is None:
        raise ServiceRefused("须先截止并计票 / close and count the vote first", state=row["state"])
    if not row["casting_vote"]:
        raise ServiceRefused(
            "章程未授予主持人决定票，平票即未通过 [A] / the charter gives no casting vote: a tie is rejected [A]",
            code_of_rule="no_casting_vote",
        )
    if not row["result"]["tie"]:
        raise ServiceRefused("不是平票，无须决定票 / there is no tie to break", code_of_rule="no_tie")
    if option not in (arithmetic.YES, arithmetic.NO):
        raise ServiceRefused("决定票只能是赞成或反对 / a casting vote is yes or no", pointer="/option")
    found = result_of(work, {**row, "casting": option})
    changed(work, row, casting=option, result=found)
    return {**found, "same": True}


def status(work: Work, vote: str) -> dict[str, Any]:
    """Where a vote stands; of an open secret vote only how many have voted."""
    return overview(work, load(work, vote, lock=False))


def overview(work: Work, row: Row) -> dict[str, Any]:
    """`status` of a row that was read."""
    electors = store.electors(work.connection, row["id"])
    sums = {} if sealed(row) else sums_of(work, row, electors)
    return summary(row, electors, sums, withdrawable=bool(work.setting("votes.withdraw_written", row["area"])))


def summary(row: Row, electors: Sequence[Row], sums: Mapping[str, Fraction], *, withdrawable: bool) -> dict[str, Any]:
    """Pure: what may be shown of a vote."""
    totals, rule, voters = electorate_of(electors), rule_of(row), _voters(row, electors)
    eligible = [e for e in electors if e["status"] == "eligible"]
    # of a secret vote the base would tell how many abstained
    growing = row["base"] == arithmetic.VOTING and (row["state"] == "open" or sealed(row))
    base = totals.present if growing else arithmetic.denominator(row["base"], totals, sums)
    return {
        "vote": row["id"],
        "state": row["state"],
        "method": row["method"],
        "cast": voters,
        "eligible": len(eligible),
        "counts": None if sealed(row) else {o["code"]: number(sums.get(o["code"], Fraction(0))) for o in row["options"]},
        "base": row["base"],
        "threshold": row["threshold"],
        "denominator": number(base),
        "needed": number(rule.threshold.least(base, totals.step)),
        "fixed": _fixed(row, rule, totals, electors, sums, voters, withdrawable=withdrawable),
        "result": row["result"] and row["result"]["result"],
        "tie": row["result"] and row["result"]["tie"],
        "closes_at": row["closes_at"],
        "revision": row["revision"],
    }


def _of_hands(row: Row, electors: Sequence[Row]) -> dict[str, Fraction]:
    weight = Fraction(_equal_weight(electors))
    return {option: Fraction(int(n)) * weight for option, n in (row["hands"] or {}).items()}


def _equal_weight(electors: Sequence[Row]) -> Decimal:
    """The weight that all who vote have: hands and secret ballots are refused where it differs."""
    return next((Decimal(e["weight"]) for e in electors if e["status"] == "eligible"), Decimal(1))


def shown_sums(row: Row, electors: Sequence[Row], ballots: Sequence[Row]) -> dict[str, Fraction]:
    """Option → weight for a page: the stored count, the hands, or the standing ballots that were read for it."""
    if row["result"] is not None:
        return {option: Fraction(n) for option, n in row["result"]["counts"].items()}
    if row["method"] == HANDS:
        return _of_hands(row, electors)
    return arithmetic.weigh((b["option"], Decimal(b["weight"])) for b in ballots)


def sealed(row: Row) -> bool:
    """Nothing of what lies in the box is shown before it is counted, and it is counted after the vote is closed."""
    return row["method"] == SECRET and row["result"] is None


def _fixed(
    row: Row, rule: Rule, totals: Electorate, electors: Sequence[Row], sums: Mapping[str, Fraction], voters: int, *, withdrawable: bool
) -> str | None:
    """What is certain already. Ballots that may be withdrawn, or that nobody may look at yet, count as not cast."""
    if row["result"] is not None:
        return str(row["result"]["result"]) if not (row["result"]["tie"] and rule.casting and row["casting"] is None) else None
    if row["state"] == "void":
        return None
    eligible = [e for e in electors if e["status"] == "eligible"]
    if sealed(row) or (row["method"] == WRITTEN and row["state"] == "open" and withdrawable):
        return arithmetic.fixed(rule, totals, {}, [Decimal(e["weight"]) for e in eligible], 0)
    if row["method"] == HANDS:
        rest = [] if row["hands"] is not None or row["state"] != "open" else [Decimal(e["weight"]) for e in eligible]
    else:
        rest = [Decimal(e["weight"]) for e in eligible if not e["voted"]] if row["state"] == "open" else []
    return arithmetic.fixed(rule, totals, sums, rest, voters)


def _voters(row: Row, electors: Sequence[Row]) -> int:
    if row["method"] == HANDS:
        return int(sum(Decimal(str(n)) for n in (row["hands"] or {}).values()))
    return sum(1 for e in electors if e["voted"])


def _figures(result: Mapping[str, Any]) -> dict[str, Any]:
    return {key: result.get(key) for key in ("result", "chosen", "tie", "counts", "numerator", "denominator", "needed", "cast", "eligible")}


def _sentence(row: Row, rule: Rule, totals: Electorate, counts: Mapping[str, Decimal], counted: Count, voters: int) -> dict[str, str]:
    names = {o["code"]: o for o in row["options"]}
    base_zh, base_en = _BASES[row["base"]]
    votes_zh = "、".join(f"{names[c]['zh']} {plain(n)}" for c, n in counts.items())
    votes_en = ", ".join(f"{names[c]['en'].lower()} {plain(n)}" for c, n in counts.items())
    result_zh, result_en = _RESULTS[counted.result]
    tie_zh = "，平票" + ("，主持人决定票" + names[row["casting"]]["zh"] if row["casting"] else "") if counted.tie else ""
    tie_en = ", a tie" + (f", casting vote {names[row['casting']]['en'].lower()}" if row["casting"] else "") if counted.tie else ""
    if counted.result == arithmetic.INVALID and rule.turnout is not None:
        tie_zh += f"，参加 {voters}/{totals.seats}，须{rule.turnout.zh}"
        tie_en += f", turnout {voters}/{totals.seats}, needs {rule.turnout.en}"
    rule_zh, rule_en = f"规则 {row['rule']} 第 {row['rule_version']} 版", f"Rule {row['rule']}, version {row['rule_version']}"
    if counted.chosen is not None:
        chosen, lower = names[counted.chosen], ("（并列取较低）", " (a tie takes the lower)") if counted.tie else ("", "")
        return {
            "zh": f"{votes_zh}；得票最多{lower[0]}：{chosen['zh']}。{rule_zh}",
            "en": f"{votes_en}; the most votes{lower[1]}: {chosen['en'].lower()}. {rule_en}",
        }
    figure = f"{plain(number(counted.numerator))}/{plain(number(counted.denominator))}"
    needed = plain(number(counted.needed))
    entitled, present = plain(number(totals.entitled)), plain(number(totals.present))
    return {
        "zh": f"应到 {entitled}、实到 {present}；{votes_zh}；以{base_zh}为基数 {figure}，"
        f"须{rule.threshold.zh}（至少 {needed}）{tie_zh}：{result_zh}。{rule_zh}",
        "en": f"Entitled {entitled}, present {present}; {votes_en}; {figure} of those {base_en}, "
        f"{rule.threshold.en} needed (at least {needed}){tie_en}: {result_en}. {rule_en}",
    }


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
