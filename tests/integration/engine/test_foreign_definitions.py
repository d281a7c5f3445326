"""Files of other tools: stored and shown with what cannot run, started only when nothing of it stands in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.migration import PlanRefused
from engine.errors import DeployRefused, NotExecutable, NotOffered
from engine.runner.instructions import Start
from engine.services import Call, Services, service
from engine.standalone import PlainDirectory
from tests.integration.engine.conftest import LI, WANG, Bench, MakeBench
from tests.integration.engine.models import end, extensions, house_model, model, start, user

FOREIGN = Path(__file__).parents[2] / "unit/definitions/foreign"
JAVA = {"processes/java/java.bpmn": (FOREIGN / "camunda7/java.bpmn").read_bytes()}
BAND = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="band" namespace="urn:t">
<decision id="band" name="band"><variable name="band" typeRef="string"/>
<literalExpression><text>"low"</text></literalExpression></decision></definitions>"""


@service("late.one", inline=True)
def come_late(call: Call) -> None:
    """A service that nothing but its name matters of."""


def working(worker: str) -> dict[str, bytes]:
    """A file of Camunda 8 with this worker."""
    task = f'<bpmn:serviceTask id="work">{extensions(f"""<zeebe:taskDefinition type="{worker}"/>""")}</bpmn:serviceTask>'
    return model("works", start() + task + end(), "begin work\nwork done")


def calling(process: str) -> str:
    held = extensions(f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="false"/>')
    return f'<bpmn:callActivity id="call" name="call">{held}</bpmn:callActivity>'


def test_a_model_with_java_is_stored_with_its_list_and_not_started(bench: Bench) -> None:
    done = bench.engine.deploy(JAVA, actor=LI, language="en")
    assert [(d.key, d.version, d.changed) for d in done.definitions if d.kind == "process"] == [("java", 1, True)]
    assert bench.engine.queries.definition_xml("java") == JAVA["processes/java/java.bpmn"]
    listed = bench.engine.queries.cannot_run("java", "en")
    assert {(f.element, f.code) for f in listed} >= {
        ("Activity_class", "FOREIGN-001"),
        ("Activity_bean", "BPMN-033"),
        ("Activity_groovy", "BPMN-034"),
        ("Activity_listener", "FOREIGN-001"),
    }
    assert "不能在这里运行" in bench.engine.queries.cannot_run("java", "zh")[0].message
    assert bench.engine.queries.only_shown() == {"java"}
    assert [s.process for s in bench.engine.queries.startable("li")] == []
    with pytest.raises(NotExecutable) as refused:
        bench.start("java")
    assert refused.value.report == bench.engine.queries.cannot_run("java", "zh")
    assert bench.engine.queries.instances().items == ()


def test_a_dry_run_says_the_same_and_stores_nothing(bench: Bench) -> None:
    planned = bench.engine.deploy(JAVA, actor=LI, dry_run=True)
    assert any(f.stored for f in planned.report)
    assert bench.engine.queries.definitions() == ()


def test_illegal_bpmn_of_another_tool_is_refused(bench: Bench) -> None:
    broken = JAVA["processes/java/java.bpmn"].replace(b'targetRef="Activity_bean"', b'targetRef="nowhere"')
    with pytest.raises(DeployRefused):
        bench.engine.deploy({"processes/java/java.bpmn": broken}, actor=LI)


def test_our_own_file_is_refused_for_what_another_tools_is_stored_with(bench: Bench) -> None:
    task = f'<bpmn:serviceTask id="work" name="work">{extensions("""<zeebe:taskDefinition type="nobody.knows"/>""")}</bpmn:serviceTask>'
    with pytest.raises(DeployRefused) as refused:
        bench.engine.deploy(house_model("works", start() + task + end(), "begin work\nwork done", "clerk"), actor=LI)
    assert any(f.code == "BPMN-062" and f.refuses for f in refused.value.report)


def test_a_mended_file_starts_and_its_old_version_still_does_not(bench: Bench) -> None:
    bench.deploy(working("nobody.knows"), model("works", start() + user("ask") + end(), "begin ask\nask done"))
    assert bench.engine.queries.cannot_run("works", "zh") == ()
    assert [f.code for f in bench.engine.queries.cannot_run("works", "zh", version=1)] == ["BPMN-062"]
    assert bench.waits_at(bench.start("works")) == ["ask"]
    with pytest.raises(NotExecutable):
        bench.start("works", version=1)


def test_what_was_missing_and_comes_later_makes_it_run(bench: Bench) -> None:
    held = extensions('<zeebe:calledDecision decisionId="band" resultVariable="b"/>')
    decide = f'<bpmn:businessRuleTask id="rate">{held}</bpmn:businessRuleTask>'
    bench.deploy(model("rates", start() + decide + user("ask") + end(), "begin rate\nrate ask\nask done"))
    assert [f.code for f in bench.engine.queries.cannot_run("rates", "zh")] == ["BPMN-061"]
    bench.deploy({"processes/band/band.dmn": BAND})
    assert bench.engine.queries.cannot_run("rates", "zh") == ()
    receipt = bench.start("rates")
    assert bench.variables(receipt)["b"] == "low"
    assert [d.version for d in bench.engine.queries.definitions()] == [1]  # the file is the same


def test_a_service_that_is_registered_later_counts_from_the_next_deployment(make_bench: MakeBench) -> None:
    make_bench().deploy(working("late.one"))
    later = make_bench(services=Services(come_late))
    again = later.engine.deploy(working("late.one"), actor=LI)
    assert [(d.version, d.changed) for d in again.definitions] == [(2, True)]
    assert later.state(later.start("works")) == "completed"


def test_who_calls_what_cannot_run_cannot_run_either(bench: Bench) -> None:
    caller = model("caller", start() + calling("java") + end(), "begin call\ncall done")
    bench.deploy({**JAVA, **caller})
    assert [(f.element, f.code) for f in bench.engine.queries.cannot_run("caller", "zh")] == [("call", "FOREIGN-004")]
    top = model("top", start() + calling("caller") + end(), "begin call\ncall done")
    bench.deploy(top)
    assert bench.engine.queries.only_shown() == {"java", "caller", "top"}
    with pytest.raises(DeployRefused) as refused:
        bench.engine.deploy(house_model("ours", start() + calling("java") + end(), "begin call\ncall done", "clerk"), actor=LI)
    assert any(f.code == "FOREIGN-004" for f in refused.value.report)


def test_calls_of_calls_are_followed_within_one_package(bench: Bench) -> None:
    chain = {}
    for caller, called in (("above", "middle"), ("middle", "zz_below"), ("zz_below", "java")):
        chain |= model(caller, start() + calling(called) + end(), "begin call\ncall done")
    bench.deploy({**JAVA, **chain})
    assert bench.engine.queries.only_shown() == {"java", "above", "middle", "zz_below"}


def test_a_call_that_is_computed_and_cannot_run_is_an_incident(bench: Bench) -> None:
    held = extensions('<zeebe:calledElement processIdExpression="=which" propagateAllChildVariables="false"/>')
    bench.deploy(JAVA, model("caller", f'{start()}<bpmn:callActivity id="call">{held}</bpmn:callActivity>{end()}', "begin call\ncall done"))
    receipt = bench.start("caller", {"which": "java"})
    assert [i.code for i in bench.engine.queries.incidents(instance=receipt.instance).items] == ["not_executable"]


def test_a_missing_form_is_a_free_form(bench: Bench) -> None:
    task = f'<bpmn:userTask id="ask">{extensions("""<zeebe:userTask/><zeebe:formDefinition formId="gone"/>""")}</bpmn:userTask>'
    done = bench.engine.deploy(model("asks", start() + task + end(), "begin ask\nask done"), actor=LI)
    assert [f.severity for f in done.report if f.code == "FOREIGN-002"] == ["warning"]
    receipt = bench.start("asks")
    task_id = bench.tasks(receipt)["ask"]
    assert bench.engine.queries.task_form(task_id, actor=LI) is None
    bench.complete(receipt, "ask", {"anything": "goes"})
    assert (bench.state(receipt), bench.variables(receipt)["anything"]) == ("completed", "goes")


def test_a_start_form_of_camunda_7_writes_its_variables(bench: Bench) -> None:
    fields = '<camunda:formField id="needAmount" label="Amount" type="long"/><camunda:formField id="title" label="Title" type="string"/>'
    held = extensions(f"<camunda:formData>{fields}</camunda:formData>")
    files = model("needs", start(inner=held) + user("ask") + end(), "begin ask\nask done")
    path, content = next(iter(files.items()))
    bench.deploy({path: content.replace(b"<bpmn:definitions", b'<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"')})
    receipt = bench.start("needs", {"need_amount": 5, "title": "bench"}, form=True)
    variables = bench.variables(receipt)
    assert (int(variables["needAmount"]), variables["title"], "need_amount" in variables) == (5, "bench", False)


def test_candidate_starters_of_camunda_7_decide_who_starts(make_bench: MakeBench) -> None:
    files = model("closed", start() + user("ask") + end(), "begin ask\nask done")
    path, content = next(iter(files.items()))
    content = content.replace(b"<bpmn:definitions", b'<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"')
    who = b'isExecutable="true" camunda:candidateStarterUsers="wang" camunda:candidateStarterGroups="clerk"'
    content = content.replace(b'isExecutable="true"', who)
    bench = make_bench(directory=PlainDirectory({"role:clerk@a1": ["zhao"]}))
    bench.deploy({path: content})
    assert [s.process for s in bench.engine.queries.startable("wang")] == ["closed"]
    assert bench.engine.queries.startable("li") == ()
    assert bench.engine.queries.startable("zhao")[0].areas == ("a1",)
    assert bench.waits_at(bench.start("closed", actor=WANG, area="a1")) == ["ask"]
    with pytest.raises(NotOffered):
        bench.start("closed", area="a1")


def test_nothing_moves_to_a_version_that_cannot_run_nor_begins_again_in_it(bench: Bench) -> None:
    runs = model("works", start() + user("ask") + end(), "begin ask\nask done")
    bench.deploy(runs)
    receipt, ended = bench.start("works"), bench.start("works")
    bench.complete(ended, "ask")
    bench.deploy(working("nobody.knows"), model("works", start() + user("ask") + user("more") + end(), "begin ask\nask more\nmore done"))
    assert receipt.instance is not None
    assert ended.instance is not None
    blocked = bench.engine.migration_plan("works", 1, 2).plan
    assert [p.en for p in bench.engine.check_migration(blocked)] == ["the new version has parts that cannot run"]
    with pytest.raises(PlanRefused):
        bench.engine.migrate_instance(receipt.instance, blocked, "a try", actor=LI)
    with pytest.raises(NotExecutable):
        bench.engine.restart(ended.instance, [Start(element="work")], "a try", actor=LI, version=2)
    bench.engine.migrate_instance(receipt.instance, bench.engine.migration_plan("works", 1, 3).plan, "a try", actor=LI)
    assert bench.engine.queries.instance(receipt.instance).line.process_version == 3
