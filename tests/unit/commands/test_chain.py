"""The chain of history rows, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.history.chain import START, Entry, check, seal


@pytest.fixture
def sealed() -> tuple[list[Entry], str]:
    facts = {"instance": "i", "kind": "k", "element": None, "actor": "li", "mandate": None, "salt": "s", "content": "{}"}
    entries = [Entry(seq=n, at=datetime(2026, 3, 2, n, tzinfo=UTC), **facts) for n in range(1, 5)]  # type: ignore[arg-type]
    return seal(entries, START)


def _kinds(entries: list[Entry], head: str, count: int = 4) -> list[str]:
    return [p.kind for p in check(entries, instance="i", count=count, head=head)]


def test_a_chain_as_it_was_written_has_no_problem(sealed: tuple[list[Entry], str]) -> None:
    entries, head = sealed
    assert _kinds(entries, head) == []


def test_erased_content_is_no_problem(sealed: tuple[list[Entry], str]) -> None:
    entries, head = sealed
    assert _kinds([replace(e, salt=None, content=None) for e in entries], head) == []


def test_every_fact_of_a_row_is_chained(sealed: tuple[list[Entry], str]) -> None:
    entries, head = sealed
    other = {"at": datetime(2030, 1, 1, tzinfo=UTC), "kind": "x", "element": "x", "actor": "x", "mandate": "{}", "digest": "x"}
    for name, value in other.items():
        changed = [entries[0], replace(entries[1], **{name: value}), *entries[2:]]  # type: ignore[arg-type]
        assert "altered" in _kinds(changed, head), name


def test_a_row_taken_from_anywhere_is_missed(sealed: tuple[list[Entry], str]) -> None:
    entries, head = sealed
    for left_out in range(4):
        assert "missing" in _kinds([e for n, e in enumerate(entries) if n != left_out], head)


def test_a_chain_written_anew_does_not_end_as_the_instance_says(sealed: tuple[list[Entry], str]) -> None:
    entries, head = sealed
    forged, _ = seal([replace(e, actor="wang") for e in entries], START)
    assert _kinds(forged, head) == ["head"]
