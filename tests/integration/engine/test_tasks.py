"""Starting, completing, claiming: who may, what is answered, what is written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.actor import Actor, Entered, Mandate
from engine.errors import AlreadyCompleted, Conflict, NotFound, NotOffered
from engine.standalone import PlainDirectory
from tests.integration.engine.conftest import LI, WANG, Bench, MakeBench
from tests.integration.engine.models import ONE_TASK, end, house_model, maps, model, start, user

HOLDERS = {"role:clerk@c1": ["li", "wang"], "role:legal@c1": ["zhao"]}
FOR_CLERKS = model("for_clerks", start() + user("ask", groups='"role:clerk@c1"') + end(), "begin ask\nask done")


def test_an_instance_runs_from_start_to_end(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task", {"why": "test"})
    assert bench.waits_at(receipt) == ["ask"]
    done = bench.complete(receipt, "ask", {"answer": 42})
    assert (done.outcome, done.tasks) == ("completed", ())
    assert bench.variables(receipt) == {"why": "test", "answer": Decimal(42), "starter": "li", "number": None, "area": None}


def test_history_tells_who_did_what_under_which_mandate(make_bench: MakeBench) -> None:
    bench = make_bench(directory=PlainDirectory(HOLDERS))
    bench.deploy(FOR_CLERKS)
    receipt = bench.start("for_clerks", actor=WANG)
    bench.complete(receipt, "ask", {"answer": 1}, actor=WANG)
    lines = bench.engine.queries.history(receipt.instance or "").items
    completed = next(line for line in lines if line.kind == "task_completed")
    assert (completed.element, completed.actor, completed.content["form"]) == ("ask", "wang", {"answer": Decimal(1)})
    assert completed.mandate is not None
    assert completed.mandate["selector"] == "role:clerk@c1"
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))


def test_only_those_it_is_offered_to_may_complete_a_task(make_bench: MakeBench) -> None:
    bench = make_bench(directory=PlainDirectory(HOLDERS))
    bench.deploy(FOR_CLERKS)
    receipt = bench.start("for_clerks")
    with pytest.raises(NotOffered):
        bench.complete(receipt, "ask", actor=Actor(person="zhao"))
    with pytest.raises(NotOffered):
        bench.complete(receipt, "ask", actor=Actor(person=None))
    assert bench.waits_at(receipt) == ["ask"]


def test_a_person_may_name_the_role_he_acts_under(make_bench: MakeBench) -> None:
    two = model("two", start() + user("ask", groups='["role:clerk@c1", "role:head@c1"]') + end(), "begin ask\nask done")
    bench = make_bench(directory=PlainDirectory({"role:clerk@c1": ["li"], "role:head@c1": ["li"]}))
    bench.deploy(two)
    receipt = bench.start("two")
    bench.complete(receipt, "ask", actor=Actor(person="li", mandate=Mandate(kind="post", selector="role:head@c1")))
    line = next(h for h in bench.engine.queries.history(receipt.instance or "").items if h.kind == "task_completed")
    assert line.mandate is not None
    assert line.mandate["selector"] == "role:head@c1"


def test_a_role_that_is_only_claimed_gives_nothing(make_bench: MakeBench) -> None:
    bench = make_bench(directory=PlainDirectory(HOLDERS))
    bench.deploy(FOR_CLERKS)
    receipt = bench.start("for_clerks")
    liar = Actor(person="zhao", mandate=Mandate(kind="post", selector="role:clerk@c1"))
    with pytest.raises(NotOffered):
        bench.complete(receipt, "ask", actor=liar)


def test_the_same_submit_twice_gets_the_first_answer(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    task = receipt.tasks[0]
    first = bench.engine.complete(task, {"answer": 1}, actor=LI)
    again = bench.engine.complete(task, {"answer": 1}, actor=LI)
    assert again.repeated
    assert (again.answer, again.name) == (first.answer, first.name)
    assert bench.kinds(receipt).count("task_completed") == 1


@pytest.mark.parametrize(("form", "actor"), [({"answer": 2}, LI), ({"answer": 1}, WANG)], ids=["other data", "other person"])
def test_completing_a_completed_task_otherwise_is_a_conflict(bench: Bench, form: dict[str, int], actor: Actor) -> None:
    bench.deploy(ONE_TASK)
    task = bench.start("one_task").tasks[0]
    bench.engine.complete(task, {"answer": 1}, actor=LI)
    with pytest.raises(AlreadyCompleted):
        bench.engine.complete(task, form, actor=actor)


def test_an_idempotency_key_answers_again_whatever_is_sent(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    first = bench.start("one_task", idempotency_key="k1")
    assert bench.start("one_task", idempotency_key="k1").instance == first.instance
    assert bench.start("one_task", idempotency_key="k1", actor=WANG).instance != first.instance
    done = bench.engine.complete(first.tasks[0], {"answer": 1}, actor=LI, idempotency_key="k2")
    again = bench.engine.complete(first.tasks[0], {"answer": 9}, actor=LI, idempotency_key="k2")
    assert (again.answer, again.name) == (done.answer, done.name)


def test_a_claimed_task_leaves_the_lists_of_the_others(make_bench: MakeBench) -> None:
    bench = make_bench(directory=PlainDirectory(HOLDERS))
    bench.deploy(FOR_CLERKS)
    task = bench.start("for_clerks").tasks[0]
    queries = bench.engine.queries
    bench.engine.claim(task, actor=LI)
    assert [t.id for t in queries.tasks_for("li", view="mine").items] == [task]
    assert queries.tasks_for("wang", view="all").items == ()
    with pytest.raises(Conflict):
        bench.engine.claim(task, actor=WANG)
    with pytest.raises(NotOffered):
        bench.engine.release(task, actor=WANG)
    bench.engine.release(task, actor=LI)
    assert [t.id for t in queries.tasks_for("wang", view="candidate").items] == [task]


def test_an_excluded_person_never_gets_the_task(make_bench: MakeBench) -> None:
    exclude = '<cogov:exclude who="=[starter]"/>'
    files = house_model("apart", start() + user("ask", exclude) + end(), "begin ask\nask done", role="clerk")
    bench = make_bench(directory=PlainDirectory(HOLDERS))
    bench.deploy(files)
    task = bench.start("apart", area="c1").tasks[0]
    assert bench.engine.queries.tasks_for("li", view="all").items == ()
    assert bench.engine.queries.may_complete(task, "li") is None
    with pytest.raises(NotOffered):
        bench.engine.complete(task, actor=LI)
    with pytest.raises(NotOffered):
        bench.engine.assign(task, "li", actor=WANG)
    assert bench.engine.complete(task, actor=WANG).outcome == "completed"


def test_the_form_of_a_task_is_mapped_with_who_and_when(bench: Bench) -> None:
    mapped = model("mapped", start() + user("ask", maps(answer="form.x + 1", who="form.by", when="form.at")) + end(), "begin ask\nask done")
    bench.deploy(mapped)
    receipt = bench.start("mapped")
    bench.complete(receipt, "ask", {"x": 1})
    found = bench.variables(receipt)
    assert (found["answer"], found["who"], found["when"]) == (Decimal(2), "li", bench.clock.now())
    assert "x" not in found


def test_a_draft_is_kept_until_the_task_is_done(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    task = bench.start("one_task").tasks[0]
    bench.engine.save_draft(task, {"answer": "ha"}, actor=LI)
    bench.engine.save_draft(task, {"answer": "half"}, actor=LI)
    assert bench.engine.draft(task, "li") == {"answer": "half"}
    with pytest.raises(NotOffered):
        bench.engine.save_draft(task, {}, actor=WANG)
    bench.engine.complete(task, {"answer": "whole"}, actor=LI)
    assert bench.engine.draft(task, "li") is None


def test_unknown_things_are_not_found(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.start("one_task")
    bench.deploy(ONE_TASK)
    with pytest.raises(NotFound):
        bench.start("other")
    with pytest.raises(NotFound):
        bench.engine.complete("00000000-0000-7000-8000-000000000000", actor=LI)


def test_a_cancelled_instance_leaves_nothing_open(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    task = receipt.tasks[0]
    assert bench.engine.cancel(receipt.instance or "", "mistake", actor=WANG).outcome == "cancelled"
    details = bench.engine.queries.instance(receipt.instance or "")
    assert (details.tokens, details.tasks) == ((), ())
    assert [d.outcome for d in details.done] == ["withdrawn"]
    with pytest.raises(Conflict):
        bench.engine.complete(task, actor=LI)


class Town(PlainDirectory):
    """A directory whose posts can be filled later."""

    def __init__(self) -> None:
        super().__init__({"role:clerk@c1": []})

    def fill(self, selector: str, person: str) -> None:
        self._holders = {**self._holders, selector: frozenset({person})}


def test_a_task_without_a_holder_waits_until_the_post_is_filled(make_bench: MakeBench) -> None:
    town = Town()
    bench = make_bench(directory=town)
    bench.deploy(FOR_CLERKS)
    task = bench.start("for_clerks").tasks[0]
    assert bench.engine.queries.task(task).line.vacant
    town.fill("role:clerk@c1", "wang")
    bench.engine.reoffer(task)
    assert not bench.engine.queries.task(task).line.vacant
    assert bench.engine.complete(task, actor=WANG).outcome == "completed"


def test_upkeep_deletes_what_has_served_its_time(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    first = bench.start("one_task", idempotency_key="k" * 500)
    assert bench.start("one_task", idempotency_key="k" * 500).instance == first.instance
    bench.engine.send("nobody.waits", actor=LI)
    assert bench.engine.tidy() == {"messages": 0, "keys": 0, "finished": 0}
    bench.wait(days=91)
    assert bench.engine.tidy() == {"messages": 1, "keys": 1, "finished": 0}


def test_a_chosen_post_that_is_over_refuses_the_act(make_bench: MakeBench) -> None:
    two = model("two", start() + user("ask", groups='["role:clerk@c1", "role:head@c1"]') + end(), "begin ask\nask done")
    bench = make_bench(directory=PlainDirectory({"role:clerk@c1": ["li"], "role:head@c1": ["wang"]}))
    bench.deploy(two)
    receipt = bench.start("two")
    with pytest.raises(NotOffered):
        bench.complete(receipt, "ask", actor=Actor(person="li", mandate=Mandate(kind="chosen", selector="role:head@c1")))
    bench.complete(receipt, "ask", actor=Actor(person="li", mandate=Mandate(kind="chosen", selector="role:clerk@c1")))
    line = next(h for h in bench.engine.queries.history(receipt.instance or "").items if h.kind == "task_completed")
    assert line.mandate is not None
    assert line.mandate["selector"] == "role:clerk@c1"


def test_who_enters_for_another_shares_his_exclusion(make_bench: MakeBench) -> None:
    ask = user("ask", maps(asker="form.by"), assignee='"li"')
    approve = user("approve", '<cogov:exclude who="=[asker]"/>', groups='"role:legal@c1"')
    bench = make_bench(directory=PlainDirectory({"role:legal@c1": ["li", "wang", "zhao"], "role:clerk@c1": ["li"]}))
    bench.deploy(house_model("entered", start() + ask + approve + end(), "begin ask\nask approve\napprove done", role="clerk"))
    receipt = bench.start("entered", area="c1")
    entered = Entered(person="li", channel="counter", zh="代李填报，窗口", en="entered for Li, at the counter")
    bench.complete(receipt, "ask", {"x": 1}, actor=Actor(person="wang", entered=entered))
    assert bench.variables(receipt)["asker"] == "li"
    for person in ("li", "wang"):
        with pytest.raises(NotOffered):
            bench.complete(receipt, "approve", actor=Actor(person=person))
    bench.complete(receipt, "approve", actor=Actor(person="zhao"))
