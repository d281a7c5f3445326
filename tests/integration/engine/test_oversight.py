"""What operators look through across instances, running and finished, on both databases."""

from __future__ import annotations

from engine.oversight import Load
from tests.integration.engine.conftest import LI, Bench
from tests.integration.engine.models import end, model, start, user

WORK = model("work", start() + user("ask") + end(), "begin ask\nask done")
NEXT = model("work", start() + user("ask") + user("check") + end(), "begin ask\nask check\ncheck done")
WHY = "等待上级答复"


def test_cases_are_found_running_and_finished_newest_first_page_by_page(bench: Bench) -> None:
    bench.deploy(WORK)
    found = [bench.start("work", area=area) for area in ("a", "a", "b")]
    ids = [str(receipt.instance) for receipt in found]
    bench.complete(found[0], "ask")
    bench.engine.suspend(ids[1], WHY, actor=LI)
    cases = bench.engine.oversight.cases
    assert [case.id for case in cases(areas=None)] == ids[::-1]
    assert [case.id for case in cases(areas=["a"])] == [ids[1], ids[0]]
    assert cases(areas=[]) == []
    assert [case.id for case in cases(areas=None, limit=1, after=ids[1])] == [ids[0]]
    assert [case.state for case in cases(areas=None, text=ids[0])] == ["completed"]
    assert [case.id for case in cases(areas=None, suspended=True)] == [ids[1]]
    assert [case.id for case in cases(areas=None, state="completed")] == [ids[0]]
    assert [case.id for case in cases(areas=None, processes=["other"])] == []
    assert cases(areas=None, failing=True) == []


def test_a_number_is_found_by_how_it_begins_and_no_sign_stands_for_any(bench: Bench) -> None:
    bench.deploy(WORK)
    bench.start("work")
    assert bench.engine.oversight.cases(areas=None, text="%") == []
    assert bench.engine.oversight.cases(areas=None, text="_") == []


def test_versions_tell_what_runs_and_what_is_suspended(bench: Bench) -> None:
    bench.deploy(WORK)
    first = [bench.start("work") for _ in range(2)]
    bench.engine.suspend(str(first[0].instance), WHY, actor=LI)
    bench.deploy(NEXT)
    ended = bench.start("work")
    for node in ("ask", "check"):
        bench.complete(ended, node)
    assert bench.engine.oversight.load("work") == {1: Load(running=2, suspended=1)}
