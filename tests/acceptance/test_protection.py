"""Every reader tries every class of data through every door (domain 2.5)."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import MANIFEST
from tests.acceptance.protected_town import CONTENT, DOORS, INSIDE, READERS, READS, REPORTER, SECRETS, Guarded


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Guarded:
    return Guarded(tmp_path_factory.mktemp("guarded"), MANIFEST)


def found(text: str) -> set[str]:
    """Which secrets a text gives away."""
    return {name for name, secret in SECRETS.items() if secret in text}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("door", DOORS)
def test_nobody_reads_what_is_not_for_him(guarded: Guarded, door: str, reader: str) -> None:
    given_away = found(DOORS[door](guarded, guarded.browser(reader)))
    assert given_away <= {name for name, readers in READS.items() if reader in readers}


@pytest.mark.parametrize("reader", INSIDE)
@pytest.mark.parametrize("door", CONTENT)
def test_whoever_may_read_it_finds_it(guarded: Guarded, door: str, reader: str) -> None:
    show, missing = CONTENT[door]
    assert found(show(guarded, guarded.browser(reader))) >= {n for n, readers in READS.items() if reader in readers and n not in missing}


@pytest.mark.parametrize("reader", [r for r in INSIDE if r not in READS["report"]])
@pytest.mark.parametrize("door", [d for d in DOORS if d not in ("search",)])
def test_the_reporter_is_not_named_to_those_who_must_not_know(guarded: Guarded, door: str, reader: str) -> None:
    assert REPORTER not in DOORS[door](guarded, guarded.browser(reader))


@pytest.mark.parametrize("side", ["party A", "party B"])
def test_a_list_of_what_all_sides_said_is_for_those_whom_every_side_named(guarded: Guarded, side: str) -> None:
    show, _ = CONTENT["variables over the API"]
    assert not {s for s in found(show(guarded, guarded.browser(side))) if s.startswith("each_")}
    assert {"each_unit_li", "each_liaison_he"} <= found(show(guarded, guarded.browser("mediator")))


def test_the_administrator_is_told_that_administering_opens_nothing(guarded: Guarded) -> None:
    page = guarded.browser("administrator").page(f"/cases/{guarded.instance}")
    assert "管理权限不含查阅" in page


def test_every_file_of_a_protected_form_has_its_guard(guarded: Guarded) -> None:
    assert guarded.guarded_files() == len(SECRETS) - 2  # of plain and public ones there are none


def test_a_paper_prints_what_its_reader_may_read(guarded: Guarded) -> None:
    for reader, own in (("party A", {"plain", "open_note", "note_a"}), ("party B", {"plain", "open_note", "note_b"})):
        assert found(guarded.papers(guarded.browser(reader))) == own, reader
