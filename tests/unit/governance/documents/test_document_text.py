"""The canonical text: the same data always gives the same text."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from governance.documents.text import as_html, canonical, compose, references


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("甲\r\n乙", "甲\n乙\n"),
        ("甲 \n\n乙\n\n\n", "甲\n\n乙\n"),
        ("\n甲", "甲\n"),
        ("e\u0301", "\u00e9\n"),
    ],
)
def test_texts_that_read_alike_are_alike(raw, kept):
    assert canonical(raw) == kept
    assert canonical(canonical(raw)) == kept


def test_an_agreement_is_composed_from_its_parts():
    text = compose(
        "共建协议",
        parties=[{"label": "甲方", "name": "c1"}, {"label": "乙方", "name": "ent_a", "code": "91310000MA7KLM2N4X"}],
        facts=[{"label": "期限", "value": date(2026, 3, 2)}, {"label": "金额", "value": Decimal("10.50")}],
        clauses=[
            {
                "no": Decimal(1),
                "title": "开放停车场",
                "party": "unit",
                "due_at": date(2026, 5, 1),
                "weight": Decimal(20),
                "co_units": ["ent_b", "c1"],
            },
            {"title": "志愿服务", "text": "每月一次。", "budget": None},
        ],
        ending="本协议一式两份。",
        labels={"party.unit": "共建单位"},
        names={"c1": "云桥企业社区", "ent_a": "启明光学", "ent_b": "海纳"},
    )
    assert text == (
        "共建协议\n\n甲方：云桥企业社区\n乙方：启明光学，统一社会信用代码：91310000MA7KLM2N4X\n\n期限：2026-03-02\n金额：10.50\n\n"
        "第1条　开放停车场\n"
        "配合单位：海纳、云桥企业社区\n完成时限：2026-05-01\n权重：20\n承诺方：共建单位\n\n"
        "第2条　志愿服务\n每月一次。\n\n本协议一式两份。\n"
    )


def test_the_order_of_keys_makes_no_difference():
    one = compose("a", clauses=[{"due_at": "x", "weight": 1, "zz": 2, "aa": 3}])
    other = compose("a", clauses=[{"aa": 3, "zz": 2, "weight": 1, "due_at": "x"}])
    assert one == other


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "是"),
        (None, "无"),
        (datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "2026-03-02 09:00"),
        ({"id": "p1", "name": "王"}, "王"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_values_read_as_people_write_them(value, shown):
    assert f"值：{shown}" in compose("t", facts=[{"label": "值", "value": value}], zone=ZoneInfo("Asia/Shanghai"))


def test_html_is_escaped():
    assert as_html("<b>题</b>\n\na & b\nc") == "<h1>&lt;b&gt;题&lt;/b&gt;</h1>\n<p>a &amp; b<br>c</p>"


def test_only_short_texts_may_be_references():
    assert references({"a": ["ent_a", {"b": "a long sentence with blanks"}], "c": Decimal(1)}) == {"ent_a"}
