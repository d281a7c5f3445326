"""Activities: tasks, sub-processes, ad-hoc sub-processes, calls."""

from __future__ import annotations

from engine.definitions.reading.names import ACTIVITIES
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, is_true, kind, text

family = Family("活动", "Activities")

family.read(
    "BPMN-029",
    "10.3.5",
    "子流程“{id}”是空的",
    "the sub-process “{id}” is empty",
    "加入步骤或改为任务",
    "Put steps into it or make it a task.",
    house=True,
)
family.read(
    "BPMN-063",
    "10.3.6",
    "找不到被调用的流程“{ref}”",
    "there is no process “{ref}” to call",
    "一起部署，或改用服务 handoffs.open",
    "Deploy it too, or use the service handoffs.open.",
)


@family.rule(
    "BPMN-180",
    "receiveTask",
    "10.3.3",
    "启动流程的接收任务不能有入线",
    "a receive task that starts the process may have no incoming flows",
    "删除入线，或去掉 instantiate",
    "Delete the flows or instantiate.",
)
def nothing_leads_to_one_that_starts(task: Element, look: Look) -> Faults:
    if is_true(task, "instantiate") and look.into(task):
        yield at(task)


@family.rule(
    "BPMN-181",
    "scriptTask",
    "10.3.3",
    "有脚本而没有 scriptFormat",
    "there is a script, but no scriptFormat",
    '例如 scriptFormat="feel"',
    'For example scriptFormat="feel".',
    severity="warning",
)
def scripts_say_their_language(task: Element, look: Look) -> Faults:
    if text(child(task, "script")) and not (task.get("scriptFormat") or "").strip():
        yield at(task)


@family.rule(
    "BPMN-182",
    "transaction adHocSubProcess",
    "10.3.5",
    "{kind} 不能由事件触发",
    "a {kind} may not be triggered by an event",
    "改为普通子流程，或删除 triggeredByEvent",
    "Make it a plain sub-process or delete triggeredByEvent.",
)
def only_plain_sub_processes_are_triggered(node: Element, look: Look) -> Faults:
    if is_true(node, "triggeredByEvent"):
        yield at(node, kind=kind(node))


@family.rule(
    "BPMN-183",
    "adHocSubProcess",
    "10.3.5",
    "即席子流程里不能有 {kind}",
    "an ad-hoc sub-process may hold no {kind}",
    "删除它：各步骤由人挑选，何时结束由完成条件决定",
    "Delete it: people choose the steps, the completion condition ends them.",
)
def ad_hoc_has_no_starts_and_ends(node: Element, look: Look) -> Faults:
    for item in look.inside(node):
        if kind(item) in ("startEvent", "endEvent"):
            yield at(item, kind=kind(item))


@family.rule(
    "BPMN-184",
    "adHocSubProcess",
    "10.3.5",
    "即席子流程里没有活动",
    "the ad-hoc sub-process holds no activity",
    "放入可以挑选的任务",
    "Put in the tasks to choose from.",
)
def ad_hoc_has_activities(node: Element, look: Look) -> Faults:
    items = [kind(item) for item in look.inside(node)]
    if any(name.endswith(("Event", "Gateway")) for name in items) and not ACTIVITIES.intersection(items):
        yield at(node)


@family.rule(
    "BPMN-185",
    "adHocSubProcess",
    "10.3.5",
    "cancelRemainingInstances 只对并行的即席子流程有意义",
    "cancelRemainingInstances has a meaning for parallel ad-hoc sub-processes only",
    "删除它，或写 ordering=Parallel",
    "Delete it or set ordering=Parallel.",
    severity="warning",
)
def only_parallel_ones_have_a_rest(node: Element, look: Look) -> Faults:
    if node.get("ordering") == "Sequential" and node.get("cancelRemainingInstances") is not None:
        yield at(node)
