"""Freezing sheets, excluding conflicts, counting and counting again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from typing import Any

from engine import values
from engine.errors import NotFound, ServiceRefused
from engine.ids import digest, uuid7
from engine.ports import People
from governance.scoring import arithmetic, store
from governance.scoring.arithmetic import Ballot, Rules
from governance.scoring.sheet import Sheet, read_sheet
from governance.settings.declared import read
from governance.settings.settings import Settings, UnknownSetting

Connection = Any


class Scoring:
    """Handed to the services as resource ``scoring``."""

    def __init__(self, *, settings: Settings, people: People | None = None) -> None:
        settings.declare(read([files("governance.scoring").joinpath("settings.yaml").read_text(encoding="utf-8")]))
        self._settings = settings
        self._people = people

    def freeze(
        self, connection: Connection, key: str, content: Mapping[str, Any] | None, area: str | None, now: datetime
    ) -> dict[str, Any]:
        """The sheet under an id of its own; the same content keeps its id, another one is the next version."""
        sheet = read_sheet(key, content if content is not None else self._kept(connection, key, area, now))
        body = sheet.content()
        content_hash = digest(values.dumps(body).encode())
        row = store.sheet_by_hash(connection, key, content_hash)
        if row is None:
            version = store.newest_version(connection, key) + 1
            row = {"id": _id(now), "key": key, "version": version, "hash": content_hash, "content": body, "frozen": now}
            store.insert_sheet(connection, row)
        return {
            "sheet": row["id"],
            "version": row["version"],
            "hash": content_hash,
            **body,
            "min_valid": self._rules(connection, None, area, now).min_valid,
        }

    def eligible(
        self, connection: Connection, scorers: Sequence[Any], units: Sequence[str], submitters: Sequence[str], now: datetime
    ) -> dict[str, Any]:
        """Who may score: nobody of a scored unit, nobody his own submission (domain 2.4 rule 5, SP12)."""
        allowed: list[dict[str, Any]] = []
        excluded: list[dict[str, Any]] = []
        for scorer in scorers:
            person = str(scorer["person"] if isinstance(scorer, Mapping) else scorer)
            line = {"person": person, "group": scorer.get("group") if isinstance(scorer, Mapping) else None}
            reason = self._conflict(connection, person, set(units), set(submitters), now)
            if reason is None:
                allowed.append(line)
            else:
                excluded.append({**line, "reason": reason})
        return {"eligible": allowed, "excluded": excluded}

    def compute(
        self,
        connection: Connection,
        *,
        instance: str,
        call: str,
        sheet: str,
        sheets: Sequence[Mapping[str, Any]],
        direction: str,
        min_valid: Any,
        area: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Count and keep what was counted, so that the result can be proved later."""
        frozen = self._sheet(connection, sheet)
        rules = self._rules(connection, min_valid, area, now)
        ballots = [_ballot(s) for s in sheets]
        outcome = arithmetic.compute(frozen, ballots, rules)
        result = _id(now)
        kept = {"min_valid": rules.min_valid, "trim_from": rules.trim_from, "sigma": str(rules.sigma)}
        row = {"id": result, "instance": instance, "call": call, "sheet": sheet, "direction": direction, "at": now}
        store.insert_result(connection, {**row, "ballots": [dict(s) for s in sheets], "rules": kept, "outcome": outcome})
        return {"result": result, **outcome}

    def recount(self, connection: Connection, result: str) -> dict[str, Any]:
        """Count the kept sheets again under the kept rules. Raises NotFound."""
        row = store.result_by_id(connection, result)
        if row is None:
            raise NotFound(f"没有评分结果 {result} / there is no score result {result}")
        kept = row["rules"]
        rules = Rules(min_valid=int(kept["min_valid"]), trim_from=int(kept["trim_from"]), sigma=Fraction(kept["sigma"]))
        outcome = arithmetic.compute(self._sheet(connection, row["sheet"]), [_ballot(b) for b in row["ballots"]], rules)
        return {"result": result, **outcome, "same": values.dumps(outcome) == values.dumps(row["outcome"])}

    def of_instance(self, connection: Connection, instance: str) -> list[dict[str, Any]]:
        """Results of a case for its pages, oldest first: id, at, direction, sheet key and version, sheet content, outcome. No scorers."""
        names = ("id", "at", "direction", "key", "version", "sheet_content")
        return [
            {**{n: r[n] for n in names}, "outcome": {**r["outcome"], "outliers": len(r["outcome"]["outliers"])}}
            for r in store.results_of(connection, instance)
        ]

    def setting(self, connection: Connection, key: str, area: str | None, now: datetime) -> Any:
        """The value that holds in the area at that moment. Raises UnknownSetting."""
        return self._settings.get(connection, key, now, area)

    def _kept(self, connection: Connection, key: str, area: str | None, now: datetime) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self.setting(connection, f"score_sheet.{key}", area, now)
        except UnknownSetting as unknown:
            raise ServiceRefused(f"没有评分表 {key} / there is no score sheet {key}", sheet=key) from unknown
        return found

    def _rules(self, connection: Connection, min_valid: Any, area: str | None, now: datetime) -> Rules:
        def number(key: str) -> Fraction:
            return Fraction(str(self.setting(connection, key, area, now)))

        least = int(min_valid) if min_valid is not None else int(number("scores.min_valid"))
        return Rules(min_valid=least, trim_from=int(number("scores.trim_from")), sigma=number("scores.outlier_sigma"))

    def _sheet(self, connection: Connection, sheet: str) -> Sheet:
        row = store.sheet_by_id(connection, sheet)
        if row is None:
            raise NotFound(f"没有评分表版本 {sheet} / there is no frozen score sheet {sheet}")
        return read_sheet(row["key"], row["content"])

    def _conflict(self, connection: Connection, person: str, units: set[str], submitters: set[str], now: datetime) -> str | None:
        if person in submitters:
            return "own_submission"
        if units and self._people is not None and units & set(self._people.unit_of(connection, person, now)):
            return "own_unit"
        return None


def _ballot(sheet: Mapping[str, Any]) -> Ballot:
    scorer = str(sheet["scorer"])
    rows = sheet.get("rows") or ()
    keys = [str(row["indicator"]) for row in rows]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ServiceRefused(f"{scorer} 的评分表指标重复：{twice} / the sheet of {scorer} has an indicator twice: {twice}", scorer=scorer)
    scores = {str(row["indicator"]): arithmetic.points(row["score"], str(row["indicator"])) for row in rows if row.get("score") is not None}
    return Ballot(
        scorer=scorer, scores=scores, group=sheet.get("group"), veto=frozenset(sheet.get("veto") or ()), valid=not sheet.get("invalid")
    )


def _id(now: datetime) -> str:
    return uuid7(int(now.timestamp() * 1000))
