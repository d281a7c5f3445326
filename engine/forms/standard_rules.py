"""The standard V-codes (domain.md section 4), one class each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.forms.kinds import REFERENCES
from engine.forms.messages import say
from engine.forms.rules import Checked, PlainRule, Rule, RuleRegistry, Violation

_MOBILE = re.compile(r"1[3-9]\d{9}\Z")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?\Z")

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

#: what may be uploaded [A]: media type → suffix
ACCEPTED_FILES = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "image/jpeg": "jpg",
    "image/png": "png",
}


class Phone(PlainRule):
    """A mobile number of 11 digits or a landline with its area code."""

    code = "V-PHONE"

    def check(self, checked: Checked) -> Iterator[Violation]:
        if not (_MOBILE.match(checked.value) or _LANDLINE.match(checked.value)):
            yield Violation(say("phone", checked.language))


class CreditCode(PlainRule):
    """Unified social credit code: 18 characters, check character by GB 32100-2015 (weights 3^(i-1) mod 31)."""

    code = "V-USCC"

    def check(self, checked: Checked) -> Iterator[Violation]:
        text = checked.value
        if len(text) != 18 or any(character not in _USCC_ALPHABET for character in text):
            yield Violation(say("uscc_shape", checked.language))
        elif text[-1] != credit_code_check(text[:17]):
            yield Violation(say("uscc_check", checked.language))


def credit_code_check(body: str) -> str:
    """Check character of the first 17 characters of a unified social credit code (GB 32100-2015)."""
    total = sum(_USCC_ALPHABET.index(character) * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


class Future(PlainRule):
    """Later than now; a day must be after today."""

    code = "V-FUT"

    def check(self, checked: Checked) -> Iterator[Violation]:
        if not _present(checked) < checked.value:
            yield Violation(say("future", checked.language, value=_written(checked.value, checked)))


class Past(PlainRule):
    """Not later than now; today is allowed."""

    code = "V-PAST"

    def check(self, checked: Checked) -> Iterator[Violation]:
        if checked.value > _present(checked):
            now = _written(_present(checked), checked)
            yield Violation(say("past", checked.language, value=_written(checked.value, checked), now=now))


class After(Rule):
    """``V-ORD(start_at)``: after another field of the same row or form."""

    code = "V-ORD"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) != 1:
            raise ValueError("V-ORD takes the key of the field that comes first, for example V-ORD(start_at)")
        self._other = arguments[0]

    def fields(self) -> Iterator[str]:
        yield self._other

    def check(self, checked: Checked) -> Iterator[Violation]:
        other = checked.named(self._other)
        if type(other) is type(checked.value) and not other < checked.value:
            label = checked.labels.get(self._other, self._other)
            yield Violation(say("order", checked.language, other=label, value=_written(other, checked)))


class Length(Rule):
    """``V-LEN(4,300)``: length of the text without the blanks around it, in characters."""

    code = "V-LEN"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) != 2 or not all(part.isdigit() for part in arguments) or int(arguments[0]) > int(arguments[1]):
            raise ValueError("V-LEN takes the least and the most characters, for example V-LEN(4,300)")
        self._least, self._most = int(arguments[0]), int(arguments[1])

    def check(self, checked: Checked) -> Iterator[Violation]:
        length = len(checked.value.strip())
        if length < self._least:
            yield Violation(say("too_short", checked.language, least=self._least, actual=length))
        if length > self._most:
            yield Violation(say("too_long", checked.language, most=self._most, actual=length))


class Uploads(Rule):
    """``V-FILE`` or ``V-FILE(9)``: accepted types and sizes, and at most so many files (10 unless said) [A]."""

    code = "V-FILE"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) > 1 or not all(part.isdigit() and int(part) > 0 for part in arguments):
            raise ValueError("V-FILE takes nothing or the largest number of files, for example V-FILE(9)")
        self._most = int(arguments[0]) if arguments else None

    def check(self, checked: Checked) -> Iterator[Violation]:
        most = self._most or checked.context.limits.files
        if len(checked.value) > most:
            yield Violation(say("file_count", checked.language, most=most, over=len(checked.value) - most))
        largest = checked.context.limits.file_bytes
        for index, file in enumerate(checked.value):
            if file["media_type"] not in ACCEPTED_FILES:
                accepted = "、".join(ACCEPTED_FILES.values()) if checked.language != "en" else ", ".join(ACCEPTED_FILES.values())
                yield Violation(say("file_type", checked.language, name=file["name"], accepted=accepted), (index,))
            if file["size"] > largest:
                yield Violation(say("file_size", checked.language, name=file["name"], most=largest // 1024 // 1024), (index,))


class Term(Rule):
    """``V-TERM`` or ``V-TERM(committee)``: the person holds a valid membership now, in the body that the named variable holds."""

    code = "V-TERM"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) > 1:
            raise ValueError("V-TERM takes nothing or the name of a variable that holds a committee or unit")
        self._of = arguments[0] if arguments else None

    def check(self, checked: Checked) -> Iterator[Violation]:
        context = checked.context
        of = checked.named(self._of) if self._of else None
        for person in _listed(checked.value):
            if context.people is None:
                yield Violation(say("not_available", checked.language))
            elif (of is None and not any(True for _ in context.people.unit_of(context.connection, person, context.now))) or (
                of is not None and not context.people.is_member(context.connection, person, of, context.now)
            ):
                yield Violation(say("term", checked.language))


class NotSelf(PlainRule):
    """Neither the submitter nor his organisation."""

    code = "V-NOTSELF"

    def check(self, checked: Checked) -> Iterator[Violation]:
        if checked.context.person is None:
            return
        if any(self._own(value, checked) for value in _listed(checked.value)):
            yield Violation(say("not_self", checked.language))

    @staticmethod
    def _own(value: str, checked: Checked) -> bool:
        context = checked.context
        if value == context.person:
            return True
        if context.people is None or context.person is None:
            return False
        mine = set(context.people.unit_of(context.connection, context.person, context.now))
        theirs = context.people.unit_of(context.connection, value, context.now) if checked.kind == "person" else [value]
        return not mine.isdisjoint(theirs)


class Side(Rule):
    """``V-SIDE(unit, partner)``: `partner` is chosen by those who belong to the body that the variable `unit` holds, and by nobody
    else; so nobody speaks for the other side."""

    code = "V-SIDE"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) != 2:
            raise ValueError(
                "V-SIDE takes the variable that holds a unit and the choice that stands for it, for example V-SIDE(unit, unit)"
            )
        self._of, self._choice = arguments

    def check(self, checked: Checked) -> Iterator[Violation]:
        context, of = checked.context, checked.context.data.get(self._of)
        if context.people is None:
            yield Violation(say("not_available", checked.language))
            return
        mine = () if context.person is None else tuple(context.people.unit_of(context.connection, context.person, context.now))
        if any(unit == of for unit in mine) != (checked.value == self._choice):
            yield Violation(say("side", checked.language))


class Staff(Rule):
    """``V-STAFF(owner_unit)``: the person works for the unit that the named field holds. Who holds a staff post of an area works for
    the bodies with public powers there, whose employees area staff are."""

    code = "V-STAFF"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) != 1:
            raise ValueError("V-STAFF takes the field that holds the unit, for example V-STAFF(owner_unit)")
        self._of = arguments[0]

    def fields(self) -> Iterator[str]:
        yield self._of

    def check(self, checked: Checked) -> Iterator[Violation]:
        context, of = checked.context, checked.named(self._of)
        if of is None:
            return
        if context.people is None:
            yield Violation(say("not_available", checked.language))
            return
        unit = context.people.describe(context.connection, "unit", of, context.now) or {}
        bodies = {of, unit.get("area")} if unit.get("powers") else {of}
        for person in _listed(checked.value):
            if bodies.isdisjoint(context.people.unit_of(context.connection, person, context.now)):
                label = checked.labels.get(self._of, self._of)
                yield Violation(say("staff", checked.language, unit=label))


class Sum100(Rule):
    """``V-SUM100`` or ``V-SUM100(percent)``: the column `weight` (or the named one) of a list sums to 100 exactly."""

    code = "V-SUM100"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) > 1:
            raise ValueError("V-SUM100 takes nothing or the key of the column that is summed")
        self._column = arguments[0] if arguments else "weight"

    def check(self, checked: Checked) -> Iterator[Violation]:
        total = sum((row.get(self._column) or Decimal(0) for row in checked.value), Decimal(0))
        if total != 100:
            yield Violation(say("sum100", checked.language, total=format(total.normalize(), "f")))


class Scores(PlainRule):
    """Rows of a score table: a very low or very high score needs a remark (limits.score_low, score_high) [A]."""

    code = "V-SCORES"

    def check(self, checked: Checked) -> Iterator[Violation]:
        limits = checked.context.limits
        for index, row in enumerate(checked.value):
            score = row.get("score")
            if score is not None and not limits.score_low <= score <= limits.score_high and not (row.get("remark") or "").strip():
                facts = {"low": limits.score_low, "high": limits.score_high}
                yield Violation(say("score_remark", checked.language, **facts), (index, "remark"))


class Unique(Rule):
    """``V-UNIQ``: on a column, unlike in every other row; on a list of rows, ``V-UNIQ(column)``; on a list of choices, no repetition."""

    code = "V-UNIQ"

    def __init__(self, *arguments: str) -> None:
        if len(arguments) > 1:
            raise ValueError("V-UNIQ takes nothing or the key of a column")
        self._column = arguments[0] if arguments else None

    def check(self, checked: Checked) -> Iterator[Violation]:
        if self._column is not None:
            yield from self._in_rows(checked, [row.get(self._column) for row in checked.value], self._column)
        elif checked.rows is not None and checked.index is not None:
            if checked.value in [row.get(checked.key) for row in checked.rows[: checked.index]]:
                yield Violation(say("unique", checked.language, value=_written(checked.value, checked)))
        elif isinstance(checked.value, list):
            yield from self._in_rows(checked, checked.value, None)

    @staticmethod
    def _in_rows(checked: Checked, values: Sequence[Any], column: str | None) -> Iterator[Violation]:
        for index, value in enumerate(values):
            if value is not None and value in values[:index]:
                at: tuple[str | int, ...] = (index,) if column is None else (index, column)
                yield Violation(say("unique", checked.language, value=_written(value, checked)), at)


class InsideArea(PlainRule):
    """A position lies inside the installation's outline: setting ``map.outline``, [lat, lon] corners. Without it all is inside."""

    code = "V-AREA"

    def check(self, checked: Checked) -> Iterator[Violation]:
        outline = checked.context.setting("map.outline")
        lat, lon = checked.value.get("lat"), checked.value.get("lon")
        if outline and lat is not None and lon is not None and not inside(float(lat), float(lon), outline):
            yield Violation(say("outside", checked.language))


def inside(lat: float, lon: float, outline: Sequence[Sequence[Any]]) -> bool:
    """Whether a point lies inside a polygon of [lat, lon] corners (even-odd rule; degrees, flat, which is right at a city's size)."""
    corners = [(float(corner[0]), float(corner[1])) for corner in outline]
    odd = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (lat_a > lat) != (lat_b > lat) and lon < (lon_b - lon_a) * (lat - lat_a) / (lat_b - lat_a) + lon_a:
            odd = not odd
    return odd


def _present(checked: Checked) -> Any:
    """Now, in the kind of the value: a moment, or today in the installation's zone."""
    now = checked.context.now
    return now if isinstance(checked.value, datetime) else checked.context.local(now).date()


def _written(value: Any, checked: Checked) -> str:
    if isinstance(value, datetime):
        return checked.context.local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _listed(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [value]


STANDARD_RULES = RuleRegistry(
    Phone, CreditCode, Future, Past, After, Length, Uploads, Term, NotSelf, Side, Staff, Sum100, Scores, Unique, InsideArea
)

#: rules that read the value as a certain shape: code → (types or kinds it may stand on)
APPLIES_TO: dict[str, frozenset[str]] = {
    "V-PHONE": frozenset({"textfield"}),
    "V-USCC": frozenset({"textfield"}),
    "V-FUT": frozenset({"datetime"}),
    "V-PAST": frozenset({"datetime"}),
    "V-LEN": frozenset({"textfield", "textarea"}),
    "V-FILE": frozenset({"filepicker"}),
    "V-TERM": REFERENCES,
    "V-NOTSELF": REFERENCES,
    "V-SIDE": frozenset({"radio", "select"}),
    "V-STAFF": frozenset({"person"}),
    "V-SUM100": frozenset({"dynamiclist"}),
    "V-SCORES": frozenset({"score_table"}),
    "V-AREA": frozenset({"geo"}),
}
