"""Every element of BPMN at every position: the exact trace of its examples, from the database anew between every two steps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.definitions.elements import entries, entry_of, shown_by
from engine.definitions.reader import read_bpmn
from engine.store.database import Database
from tests.integration.conftest import DATABASES, empty_database
from tests.integration.reference.example import Case, cases
from tests.integration.reference.player import Player

CASES = cases()


@pytest.fixture(scope="module", params=DATABASES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One for all cases, with all files in one deployment. Nothing of a case is left open for the next."""
    if request.param == "sqlite":
        yield from _with_tables("sqlite://")
        return
    with empty_database(request.getfixturevalue("postgres_server")) as url:
        yield from _with_tables(url)


def _with_tables(url: str) -> Iterator[Database]:
    database = Database(url)
    database.create_all()
    Player(database, {path: content for case in CASES if not case.deploys for path, content in case.files.items()})
    yield database
    database.dispose()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_element_does_exactly_what_its_example_says(database: Database, case: Case) -> None:
    player = Player(database, case.files if case.deploys else None)
    for number, step in enumerate(case.steps):
        assert player.play(case.step(number)) == step["trace"], f"step {number + 1}"
    assert player.outcome() == (case.state, case.variables)
    assert player.still_open() == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_example_shows_what_it_claims_to_prove(case: Case) -> None:
    result = read_bpmn(case.bpmn.read_bytes(), case.bpmn.name)
    assert result.file is not None
    happened = {line.split()[1].partition("#")[0] for line in case.lines if line.split()[0] in ("start", "end", "take")}
    for claim in case.proves:
        entry = entry_of(claim)
        shown = {one for process in result.file.processes for one in shown_by(entry, process)}
        assert shown & happened, f"nothing that shows {entry} happened"


def test_no_example_claims_what_the_engine_has_no_entry_for() -> None:
    assert {entry_of(claim) for case in CASES for claim in case.proves} <= set(entries())
