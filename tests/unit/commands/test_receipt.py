"""Answers that are stored and given again."""

from __future__ import annotations

import pytest

from engine.commands.receipt import Receipt

FULL = Receipt(instance="i-1", outcome="running", number="GJ-1", tasks=("t-1", "t-2"))
BARE = Receipt(instance="i-1", outcome="completed")


@pytest.mark.parametrize("receipt", [FULL, BARE], ids=["everything", "only what must be"])
def test_what_a_done_task_keeps_gives_the_same_answer_again_as_the_whole_answer(receipt: Receipt) -> None:
    assert Receipt.again(receipt.brief, "i-1") == Receipt.again(receipt.answer)


def test_an_answer_for_no_instance_stays_without_one() -> None:
    assert Receipt.again(Receipt(instance=None, outcome="buffered").answer, "i-1").instance is None
