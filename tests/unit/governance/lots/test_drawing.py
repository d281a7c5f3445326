"""The draw can be done again by anyone from the seed alone."""

from __future__ import annotations

import hashlib

from governance.lots import drawing

FIRST = "2026070-582:1"


def test_a_ticket_is_the_plain_sha256_of_seed_and_number() -> None:
    assert drawing.ticket("2026070-582", 1) == hashlib.sha256(FIRST.encode()).hexdigest()
    # from sha256sum, so that a change of the rule is seen
    assert drawing.ticket("seed", 1) == "81e4ba3bc2097d85ac4734eb3ad794fd4a2980b2e0b22569418e60e5550b4c32"


def test_the_same_seed_gives_the_same_order_and_another_seed_another_one() -> None:
    assert drawing.order("a", 40) == drawing.order("a", 40)
    assert [no for no, _ in drawing.order("a", 40)] != [no for no, _ in drawing.order("b", 40)]


def test_everybody_is_in_the_order_once_and_small_tickets_come_first() -> None:
    ordered = drawing.order("2026070-582", 30)
    assert sorted(no for no, _ in ordered) == list(range(1, 31))
    assert [t for _, t in ordered] == sorted(t for _, t in ordered)


def test_over_many_seeds_every_number_has_about_the_same_chance() -> None:
    drawn = [no for seed in range(2000) for no, _ in drawing.order(str(seed), 10)[:3]]
    assert all(520 < drawn.count(no) < 680 for no in range(1, 11))


def test_a_list_changed_after_it_was_closed_has_another_fingerprint() -> None:
    closed = drawing.fingerprint(["1幢101", "1幢102"])
    assert closed == drawing.fingerprint(["1幢101", "1幢102"])
    assert closed != drawing.fingerprint(["1幢102", "1幢101"])
