"""What must not be published is found, masked, and nothing else is touched."""

import pytest

from governance.publicity.redaction import find, redact


@pytest.mark.parametrize(
    ("text", "kind", "copy"),
    [
        ("请联系13812345678办理", "phone", "请联系138××××××78办理"),
        ("电话 138 1234 5678。", "phone", "电话 138××××××××78。"),
        ("电话 138-1234-5678。", "phone", "电话 138××××××××78。"),
        ("电话１３８１２３４５６７８。", "phone", "电话138××××××78。"),
        ("座机0571-88990011", "phone", "座机057××××××××11"),
        ("身份证11010519491231002X。", "id_number", "身份证110×××××××××××××2X。"),
    ],
)
def test_numbers_are_found_and_masked(text, kind, copy):
    found = find(text)
    assert [f.kind for f in found] == [kind]
    assert redact(text, found) == copy


@pytest.mark.parametrize(
    "text",
    [
        "金额 13812345678901 元",  # longer than a telephone number
        "信用代码 91310000MA7KLM2N4X",
        "编号 110105194912310021",  # 18 digits, but no identity number: wrong check character
        "2026年3月2日至3月9日，共7天",
        "GJ-YQ-2026-0001",
    ],
)
def test_other_numbers_stay(text):
    assert find(text) == []


def test_protected_names_are_masked_wherever_they_stand():
    text = "张三丰反映，经核实张三丰所述属实"
    assert redact(text, find(text, ["张三丰"])) == "张××反映，经核实张××所述属实"


def test_the_offices_own_number_may_stand():
    assert find("异议请拨 0571-88990011", allowed=["057188990011"]) == []


def test_several_passages_are_masked_in_their_places():
    text = "甲13812345678，乙13912345678"
    assert redact(text, find(text)) == "甲138××××××78，乙139××××××78"


def test_a_name_inside_another_passage_is_masked_once():
    assert redact("王小二", find("王小二", ["王小二", "小二"])) == "王××"
