"""Buttons of the case page follow the variables that say whom they are for, at a cost that does not grow with the buttons."""

from __future__ import annotations

import pytest

from engine.actor import Actor
from engine.errors import NotOffered
from engine.standalone import PlainDirectory
from tests.integration.engine.conftest import LI, Bench, MakeBench
from tests.integration.engine.models import boundary, end, extensions, house_model, maps, message, message_named, start, user
from tests.integration.engine.test_costs import cost_of

CHEN = Actor(person="chen", name="Chen")
OBJECT = '<cogov:action role="=get or else(parties, [])"/>'


def _case() -> dict[str, bytes]:
    """`join` may be done any number of times and says who the parties are; beside it everybody of `people` has a task with a button."""
    loop = extensions('<zeebe:loopCharacteristics inputCollection="=people" inputElement="person"/>')
    inside = (
        start("one")
        + user("answer", assignee="starter")
        + boundary("object", "answer", message("m"), OBJECT, interrupting=False)
        + end("answered")
        + end("objected")
    )
    flows = "".join(
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in (("one", "answer"), ("answer", "answered"), ("object", "objected"))
    )
    each = (
        f'<bpmn:subProcess id="each" name="each"><bpmn:extensionElements></bpmn:extensionElements>{inside}{flows}'
        f"<bpmn:multiInstanceLoopCharacteristics>{loop}</bpmn:multiInstanceLoopCharacteristics></bpmn:subProcess>"
    )
    join = user("join", maps(parties="form.parties"), assignee="starter")
    files = house_model("case", start() + join + each + end(), "begin join\njoin join\nbegin each\neach done", role="clerk")
    (path, content) = next(iter(files.items()))
    named = message_named("m", "msg.object", "starter")
    data = extensions('<cogov:text lang="en" name="English"/>', *(f'<cogov:data name="{name}"/>' for name in ("people", "parties")))
    text = content.decode().replace("<bpmn:collaboration", f"{named}<bpmn:collaboration", 1)
    head, _, rest = text.partition('isExecutable="true">')
    return {path: (head + 'isExecutable="true">' + data + rest.removeprefix(extensions('<cogov:text lang="en" name="English"/>'))).encode()}


@pytest.fixture
def case(make_bench: MakeBench) -> Bench:
    bench = make_bench(directory=PlainDirectory({"role:clerk@c1": ["li"]}))
    bench.deploy(_case())
    return bench


def test_who_becomes_a_party_later_gets_the_button_and_who_leaves_loses_it(case: Bench) -> None:
    receipt = case.start("case", {"people": ["a"], "parties": ["person:wang"]}, area="c1")
    instance = receipt.instance or ""
    (button,) = case.engine.queries.actions_for(instance, "wang")
    assert case.engine.queries.actions_for(instance, "chen") == ()
    case.complete(receipt, "join", {"parties": ["person:chen", "person:li"]})
    assert case.engine.queries.actions_for(instance, "wang") == ()
    assert [a.token for a in case.engine.queries.actions_for(instance, "chen")] == [button.token]
    with pytest.raises(NotOffered):
        case.engine.act(instance, button.token, {}, actor=Actor(person="wang"))
    case.engine.act(instance, button.token, {}, actor=CHEN)
    assert case.engine.queries.instance(instance).completed["objected"] == 1


def test_an_expression_that_cannot_be_read_leaves_the_button_as_it_was(case: Bench) -> None:
    receipt = case.start("case", {"people": ["a"], "parties": ["person:wang"]}, area="c1")
    case.complete(receipt, "join", {"parties": [{"no": "text"}]})
    assert len(case.engine.queries.actions_for(receipt.instance or "", "wang")) == 1
    assert case.kinds(receipt).count("action_kept") == 1
    case.complete(receipt, "join", {"parties": ["person:chen"]})
    assert len(case.engine.queries.actions_for(receipt.instance or "", "chen")) == 1


@pytest.mark.parametrize("people", [1, 40, 150])
def test_offering_buttons_anew_costs_the_same_however_many_are_open(case: Bench, people: int) -> None:
    """150 tasks make a large instance, whose rows are read as a whole: two statements, not two a button."""
    parties = ["person:wang"]
    receipt = case.start("case", {"people": [f"p{n}" for n in range(people)], "parties": parties}, area="c1")
    costs = []
    for joined in ([*parties], ["person:wang", "person:chen"]):
        task = case.tasks(receipt)["join"]
        with cost_of(case.engine.database) as cost:
            case.engine.complete(task, {"parties": joined}, actor=LI)
        costs.append(cost.statements)
    assert len(case.engine.queries.actions_for(receipt.instance or "", "chen")) == people
    assert costs[1] - costs[0] <= 6
    assert max(costs) <= 24
