"""Ad-hoc sub-processes (BPMN 2.0, 13.3.5)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scenario import boundary, bpmn, end, event_sub_process, many, message, message_top, node, script, sequence, start, user

from engine.events import ActionOpened

TOP = message_top("m", "msg.x")


def until(condition: str) -> str:
    return f'<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">{condition}</bpmn:completionCondition>'


def ad_hoc(body: str = "", flows: str = "", *, more: str = "", ext: str = "", inner: str = "", **attributes: str):
    inside = inner + (body or user("a", "b", "c")) + sequence(flows)
    whole = node("adHocSubProcess", "free", inside, ext=ext, **attributes)
    return bpmn(start() + whole + user("z") + end() + more, flows="begin > free > z > done", top=TOP)


def buttons(case) -> list[str]:
    return [row.node for row in sorted(case.rows.values(), key=lambda row: row.seq) if row.internal.get("choice")]


def press(case, name: str) -> list[str]:
    token = next(row.id for row in case.rows.values() if row.internal.get("choice") and row.node == name)
    return case._run(case.kernel.trigger, token, 0, None)


def test_each_activity_is_a_button_and_can_be_started_as_often_as_one_likes(scenario):
    case = scenario(ad_hoc())
    assert case.start()[-5:] == [
        "start free", "action a person:wang", "action b person:wang", "action c person:wang", "action free person:wang",
    ]  # fmt: skip
    assert press(case, "b") == ["start b", "offer b person:wang"]
    press(case, "b")
    press(case, "a")
    assert case.at() == ["b", "b", "a"]
    assert case.complete("b", {"x": 1}) == ["submit b", "end b"]
    assert buttons(case) == ["a", "b", "c", "free"]
    assert case.last(ActionOpened).label.en == "Finish: free"


def test_its_own_button_ends_it_and_cancels_what_runs(scenario):
    case = scenario(ad_hoc())
    case.start()
    press(case, "a")
    lines = press(case, "free")
    assert lines == [
        "close action a", "close action b", "close action c", "close action free", "withdraw a", "cancel a by free",
        "end free", "take free_z", "start z", "offer z person:wang",
    ]  # fmt: skip
    assert case.at() == ["z"]


def test_without_cancelling_it_ends_when_what_runs_has_ended(scenario):
    case = scenario(ad_hoc(cancelRemainingInstances="false"))
    case.start()
    press(case, "a")
    press(case, "b")
    press(case, "free")
    assert (case.at(), buttons(case)) == (["a", "b"], [])
    case.complete("a")
    assert case.complete("b")[-2:] == ["start z", "offer z person:wang"]


@pytest.mark.parametrize(("cancels", "left"), [("true", ["z"]), ("false", ["b"])])
def test_the_completion_condition_is_looked_at_when_something_ends(scenario, cancels, left):
    case = scenario(ad_hoc(inner=until("=get or else(enough, false)"), cancelRemainingInstances=cancels))
    case.start()
    assert "free" not in buttons(case)
    press(case, "a")
    press(case, "b")
    assert case.complete("a", {"enough": False}) == ["submit a", "end a"]
    press(case, "a")
    case.complete("a", {"enough": True})
    assert case.at() == left
    assert buttons(case) == []


def test_what_a_flow_leads_to_starts_when_its_predecessor_has_ended_and_not_after_the_end(scenario):
    case = scenario(ad_hoc(flows="a > b", inner=until("=get or else(enough, false)")))
    case.start()
    assert buttons(case) == ["a", "c"]
    press(case, "a")
    assert case.complete("a")[-2:] == ["start b", "offer b person:wang"]
    press(case, "a")
    lines = case.complete("a", {"enough": True})
    assert lines.count("start b") == 0
    assert case.at() == ["z"]


def test_sequential_allows_one_at_a_time(scenario):
    case = scenario(ad_hoc(ordering="Sequential"))
    case.start()
    assert press(case, "b") == [
        "close action a", "close action b", "close action c", "close action free", "start b", "offer b person:wang",
    ]  # fmt: skip
    assert buttons(case) == []
    case.complete("b")
    assert buttons(case) == ["a", "b", "c", "free"]


def test_a_list_names_what_starts_with_it_and_it_ends_with_them(scenario):
    case = scenario(ad_hoc(ext='<zeebe:adHoc activeElementsCollection="=wanted"/>'))
    case.start({"starter": "wang", "wanted": ["c", "a"]})
    assert (case.at(), buttons(case)) == (["c", "a"], [])
    case.complete("c")
    assert case.complete("a")[-2:] == ["start z", "offer z person:wang"]


def test_a_list_in_sequence_is_worked_off_in_its_order(scenario):
    case = scenario(ad_hoc(ext='<zeebe:adHoc activeElementsCollection="=[&quot;c&quot;, &quot;a&quot;]"/>', ordering="Sequential"))
    case.start()
    assert case.at() == ["c"]
    case.complete("c")
    assert case.at() == ["a"]
    case.complete("a")
    assert case.at() == ["z"]


def test_an_empty_list_passes(scenario):
    case = scenario(ad_hoc(ext='<zeebe:adHoc activeElementsCollection="=[]"/>'))
    case.start()
    assert case.at() == ["z"]


def test_a_list_with_something_unknown_is_an_incident_that_can_be_mended(scenario):
    case = scenario(ad_hoc(ext='<zeebe:adHoc activeElementsCollection="=wanted"/>'))
    assert case.start({"starter": "wang", "wanted": ["nothing"]})[-1] == "incident free expression_failed"
    case.stored[case.root]["wanted"] = ["b"]
    case.retry("free")
    assert case.at() == ["b"]


def test_after_the_list_people_go_on_until_the_condition_holds(scenario):
    case = scenario(ad_hoc(ext='<zeebe:adHoc activeElementsCollection="=[&quot;a&quot;]"/>', inner=until("=get or else(enough, false)")))
    case.start()
    case.complete("a")
    assert buttons(case) == ["a", "b", "c"]
    press(case, "b")
    case.complete("b", {"enough": True})
    assert case.at() == ["z"]


def test_scripts_may_be_started_too_and_a_failing_condition_is_an_incident_of_the_sub_process(scenario):
    case = scenario(ad_hoc(script("a", "=get or else(n, 0) + 1", "n"), inner=until("=limit &lt;= n")))
    case.start()
    assert press(case, "a") == ["start a", "end a", "incident free unknown_variable"]
    case.stored[case.root]["limit"] = Decimal(1)
    case.retry("free")
    assert case.at() == ["z"]


def test_a_boundary_event_ends_everything_inside(scenario):
    more = boundary("late", "free", message("m")) + end("gone") + sequence("late > gone")
    case = scenario(ad_hoc(more=more))
    case.start()
    press(case, "a")
    assert case.fire("late")[-1] == "process p completed gone"


def test_an_event_sub_process_inside_takes_over(scenario):
    esp = event_sub_process("esp", message("m"), body=user("help") + end("helped"), flows="caught > help > helped")
    case = scenario(ad_hoc(user("a", "b") + esp))
    case.start()
    press(case, "a")
    case.fire("caught")
    assert (case.at(), buttons(case)) == (["help"], [])
    case.complete("help")
    assert case.at() == ["z"]


def test_a_join_inside_waits_for_what_may_still_be_started(scenario):
    case = scenario(ad_hoc(user("a", "b", "c") + node("parallelGateway", "j"), flows="a > j\nb > j\nj > c"))
    case.start()
    press(case, "a")
    assert case.complete("a") == ["submit a", "end a", "take a_j"]
    press(case, "b")
    assert "start c" in case.complete("b")


def test_each_instance_of_a_multi_instance_has_its_own_buttons(scenario):
    case = scenario(ad_hoc(user("a"), inner=many("=[1, 2]")))
    case.start()
    assert buttons(case) == ["a", "free", "a", "free"]
    press(case, "free")
    press(case, "free")
    assert case.at() == ["z"]


def test_cancelling_the_case_closes_the_buttons(scenario):
    case = scenario(ad_hoc())
    case.start()
    press(case, "a")
    assert case.cancel()[-1] == "process p cancelled"


def test_another_version_of_the_model_has_its_own_buttons(scenario):
    case = scenario(ad_hoc())
    case.start()
    press(case, "a")
    lines = case.migrate(ad_hoc(user("a", "d")), ("free", "free"), ("a", "a"))
    assert "close action b" in lines
    assert buttons(case) == ["a", "d", "free"]
    press(case, "d")
    assert case.at() == ["a", "d"]
