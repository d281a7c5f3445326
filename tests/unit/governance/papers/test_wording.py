"""Amounts in capitals, names and codes, numbers of papers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from docx_made import wording

from engine.definitions.model import Label
from governance.papers.declaration import Field, Written, format_number, series_of
from governance.papers.wording import in_capitals


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角"), ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"), ("12030.5", "壹万贰仟零叁拾元伍角"),
        ("100000", "壹拾万元整"), ("100001", "壹拾万零壹元整"), ("1000100", "壹佰万零壹佰元整"),
        ("205000000", "贰亿零伍佰万元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"), ("-3", "负叁元整"), ("1409.50", "壹仟肆佰零玖元伍角"), ("325.04", "叁佰贰拾伍元零肆分"),
    ],
)  # fmt: skip
def test_amounts_in_capitals_follow_the_banks_rules(amount: str, text: str) -> None:
    # where the digit of 万 or 元 is 0 and the next one is not, 零 may be left out (支付结算办法, annex 1): so it is here
    assert in_capitals(Decimal(amount)) == text


def test_ids_codes_and_shares_are_written_as_words() -> None:
    words = wording(names={"u1": "启明光学"}, codes={"k": {"a": Label("甲类", "Class A")}}, credit_codes={"u1": "91310000MA7KLM2N4X"})

    def write(kind: str, value: object, codes: str | None = None) -> object:
        return words.of_field(Field(key="x", source="x", written=Written(kind, codes)), value)

    assert write("unit", "u1") == "启明光学"
    assert write("unit", {"id": "u1"}) == "启明光学"
    assert write("unit", "unknown") == "unknown"
    assert write("uscc", "u1") == "91310000MA7KLM2N4X"
    assert write("code", ["a", "b"], "k") == "甲类、b"
    assert write("money", Decimal(5000)) == "5,000.00元"
    assert write("percent", Decimal("0.655")) == "65.5%"
    assert write("date", "2026-03-02") == date(2026, 3, 2)
    assert write("unit", None) is None


def test_rows_have_every_declared_column() -> None:
    field = Field(key="rows", source="rows", rows={"name": Written("text"), "due": Written("date")})
    assert wording().of_field(field, [{"name": "甲", "other": 1}]) == [{"name": "甲", "due": None}]


def test_numbers_count_within_what_their_pattern_names() -> None:
    pattern = "{agency}挂字〔{year}〕{seq}号"
    assert format_number(pattern, area="YQ", agency="云街", year=2026, seq=12) == "云街挂字〔2026〕12号"
    assert format_number("{area}-{seq:4}", area="YQ", agency="", year=2026, seq=7) == "YQ-0007"
    assert series_of(pattern, "YQ", 2026) == (pattern, "YQ", 2026)
    assert series_of("N{seq}", "YQ", 2026) == ("N{seq}", "", 0)
