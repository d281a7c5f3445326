"""Acts that are killed: a child process does the act and is killed with -9 at a point; what it leaves is everything or nothing."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from engine.store.database import Database
from engine.store.metadata import metadata
from tests.faults.points import at_point

#: an act with more points than that runs in circles
_MOST_POINTS = 1500


def in_child(work: Callable[[], Any]) -> bool:
    """Run `work` in a forked process; True when it was killed. Any other failure fails the test."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            if status:
                traceback.print_exc()  # the parent's report shows it
                sys.stderr.flush()
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def everything(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with database.read() as connection:
        return {table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select())) for table in metadata.sorted_tables}


def kill_everywhere(database: Database, press: Callable[[], Any], done: Callable[[], None]) -> int:
    """Press in a child that is killed at the first point, press again in one that is killed at the second, and so on until one gets
    through. A killed one leaves the database as it was, or with the act `done` when it was killed behind its commit. Gives how
    many points there were."""
    before = everything(database)
    for point in range(1, _MOST_POINTS, 2):  # behind a statement the database is as it is before the next
        database.dispose()  # a connection must not be shared with the child
        if not in_child(lambda: _press_and_die(database, press, point)):  # noqa: B023  the child runs it at once
            done()
            return point - 1
        left = everything(database)
        if left != before:
            changed = [name for name in left if left[name] != before[name]]
            _whole(done, point, changed)
            return point - 1
    raise AssertionError(f"more than {_MOST_POINTS} points")


def _whole(done: Callable[[], None], point: int, changed: list[str]) -> None:
    try:
        done()
    except AssertionError as half:
        raise AssertionError(f"killed at point {point} it left something half done in {changed}") from half


def _press_and_die(database: Database, press: Callable[[], Any], point: int) -> None:
    with at_point(database, point, lambda: os.kill(os.getpid(), signal.SIGKILL)):
        press()
