"""Direct acts killed with -9 at every statement: nothing half there, and pressing again gives exactly one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from engine.errors import CogovError
from engine.store.database import Database
from tests.faults import acts, importing
from tests.faults.acts import Act
from tests.faults.killing import kill_everywhere

ACTS: list[tuple[Callable[[Database, Path], Act], int]] = [
    (acts.named_ballot, 15),
    (acts.secret_ballot, 15),
    (acts.certified_secret_count, 15),
    (acts.signing_in, 15),
    (acts.replying, 10),
    (acts.answering_a_question, 15),
    (acts.issuing_a_paper, 15),
    (acts.publishing_a_draft, 15),
    (importing.importing_people, 15),
    (importing.importing_cases, 15),
]


@pytest.mark.long
@pytest.mark.parametrize(("begin", "least"), ACTS, ids=[begin.__name__ for begin, _ in ACTS])
def test_an_act_killed_at_any_point_is_there_once_or_not_at_all(
    begin: Callable[[Database, Path], Act], least: int, database: Database, tmp_path: Path
) -> None:
    act = begin(database, tmp_path)
    with pytest.raises(AssertionError):
        act.done()  # it sees that the act is not there yet
    assert kill_everywhere(database, act.press, act.done) > least
    with suppress(CogovError):  # some say that it is done already
        act.press()
    act.done()
