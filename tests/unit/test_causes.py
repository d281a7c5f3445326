"""What a machine said about a failure, in the reader's language."""

from __future__ import annotations

import pytest

from governance.desk.causes import of_job, of_step, said


@pytest.mark.parametrize(
    ("message", "zh", "en"),
    [
        ("没有连线成立 / No flow holds", "没有连线成立", "No flow holds"),
        ("表达式“a / b”出错 / The expression “a / b” failed", "表达式“a / b”出错", "The expression “a / b” failed"),
        ("a / b failed", "a / b failed", "a / b failed"),
        ("用到“数量” / It uses “数量”", "用到“数量” / It uses “数量”", "用到“数量” / It uses “数量”"),
        ("plain", "plain", "plain"),
    ],
)
def test_a_message_is_told_by_its_halves(message: str, zh: str, en: str) -> None:
    assert (said(message).zh, said(message).en) == (zh, en)


def test_an_unknown_code_has_words_too() -> None:
    for found in (of_step("unheard_of"), of_job("StrangeError")):
        assert found.zh
        assert found.en
