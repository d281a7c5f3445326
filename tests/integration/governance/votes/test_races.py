"""Fifty people at once: nobody is lost, nobody counts twice, nobody sees a lock; on SQLite in a file and on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from governance.votes.tables import ballot
from tests.hall import START, Hall

PEOPLE = [f"m{n}" for n in range(1, 51)]


@pytest.fixture
def big(database, tmp_path):
    return Hall(database, tmp_path, members=50)


def at_once(work, *columns):
    """Everybody at the same moment, one thread each."""
    barrier = Barrier(len(columns[0]))

    def run(*given):
        barrier.wait()
        return work(*given)

    with ThreadPoolExecutor(max_workers=len(columns[0])) as pool:
        return list(pool.map(run, *columns))


@pytest.mark.parametrize("method", ["named", "secret"])
def test_fifty_sign_in_and_vote_at_once_each_pressing_twice(big, method):
    meeting = big.announced()
    big.move(START)
    first = big.page("clerk", meeting).revision
    signed = at_once(lambda p: big.sign_in(p, meeting), PEOPLE * 2)
    assert Counter(s.already for s in signed) == {False: 50, True: 50}
    page = big.page("clerk", meeting)
    assert (page.present, page.revision) == (50, first + 50)
    big.m("begin", meeting=meeting)
    vote = big.v("freeze", meeting=meeting, item=1, method=method)["vote"]
    told = []
    big.world.jobs._handlers["deliver_message"] = told.append
    option = lambda p: "yes" if int(p[1:]) % 2 else "no"  # noqa: E731
    cast = at_once(lambda p: big.cast(p, vote, option(p)), PEOPLE * 2)
    assert Counter(c.already for c in cast) == {False: 50, True: 50}
    assert sum(c.complete for c in cast) == 1
    big.world.jobs.run_due()
    assert len(told) == 1
    found = big.counted(vote)
    assert (found["cast"], found["counts"]) == (50, {"yes": 25, "no": 25, "abstain": 0})
    big.v("certify", vote=vote, tellers=["teller1", "teller2"])
    with big.app.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(ballot)).scalar_one() == 50
    assert big.v("recount", vote=vote)["same"]


def test_people_come_and_go_while_the_vote_is_frozen(big):
    meeting = big.in_session(PEOPLE[:40])
    at_once(lambda n: big.sign_out(PEOPLE[n], meeting) if n < 5 else big.sign_in(PEOPLE[n + 30], meeting) if n < 15 else None, range(15))
    vote = big.v("freeze", meeting=meeting, item=1)
    assert (vote["eligible"], vote["absent"]) == (40, 10)
    assert big.m("quorum", meeting=meeting)["present"] == 40
