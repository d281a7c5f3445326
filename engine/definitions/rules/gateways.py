"""Gateways: how many flows they have, and what may follow an event-based one."""

from __future__ import annotations

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_true, kind, name_of

family = Family("网关", "Gateways")

_AFTER = frozenset({"message", "timer", "signal", "conditional"})
_GATEWAYS = "exclusiveGateway inclusiveGateway parallelGateway complexGateway eventBasedGateway"


@family.rule(
    "BPMN-052",
    "eventBasedGateway",
    "10.6.6",
    "事件网关后面不能是 {kind}",
    "an event-based gateway may not lead to {kind}",
    "只能接消息、定时、信号、条件接收事件或接收任务",
    "Only message, timer, signal or conditional catch events and receive tasks may follow.",
)
def events_follow(gateway: Element, look: Look) -> Faults:
    for flow in look.out_of(gateway):
        target = look.target(flow, "targetRef")
        if target is None or kind(target) == "receiveTask":
            continue
        kinds = look.kinds(target) if kind(target) == "intermediateCatchEvent" else []
        if not kinds or not _AFTER.issuperset(kinds):
            yield at(flow, kind=name_of(target))


@family.rule(
    "BPMN-170",
    "eventBasedGateway",
    "10.6.6",
    "事件网关须有两条以上的出线，这里有 {count} 条",
    "an event-based gateway needs two outgoing flows or more, this has {count}",
    "加上另一个可能发生的事件，或去掉网关",
    "Add another event that may happen, or leave the gateway out.",
)
def there_is_a_choice(gateway: Element, look: Look) -> Faults:
    if len(look.out_of(gateway)) < 2:
        yield at(gateway, count=len(look.out_of(gateway)))


@family.rule(
    "BPMN-171",
    "eventBasedGateway",
    "10.6.6",
    "事件网关后面的“{target}”还有别的入线",
    "“{target}” behind the event-based gateway has other incoming flows",
    "别的路径接到它的后面",
    "Lead the other paths to what comes after it.",
)
def followers_are_entered_here_only(gateway: Element, look: Look) -> Faults:
    for flow in look.out_of(gateway):
        target = look.target(flow, "targetRef")
        if target is not None and len(look.into(target)) > 1:
            yield at(target, target=target.get("id") or "?")


@family.rule(
    "BPMN-172",
    "eventBasedGateway",
    "10.6.6",
    "事件网关后面不能同时有消息事件和接收任务",
    "an event-based gateway may not lead to message events and receive tasks at once",
    "统一用其中一种",
    "Use one of the two.",
    house=True,
)
def messages_are_received_one_way(gateway: Element, look: Look) -> Faults:
    targets = [target for flow in look.out_of(gateway) if (target := look.target(flow, "targetRef")) is not None]
    by_task = any(kind(target) == "receiveTask" for target in targets)
    if by_task and any("message" in look.kinds(target) for target in targets if kind(target) != "receiveTask"):
        yield at(gateway)


@family.rule(
    "BPMN-173",
    "eventBasedGateway",
    "10.6.6",
    "事件网关后面的接收任务“{target}”不能有边界事件",
    "the receive task “{target}” behind an event-based gateway may have no boundary events",
    "把边界事件改为网关后面的另一个事件",
    "Make the boundary event another event behind the gateway.",
)
def receivers_have_no_boundaries(gateway: Element, look: Look) -> Faults:
    for flow in look.out_of(gateway):
        target = look.target(flow, "targetRef")
        if target is not None and kind(target) == "receiveTask" and look.boundaries.get(target.get("id") or ""):
            yield at(target, target=target.get("id") or "?")


@family.rule(
    "BPMN-174",
    "eventBasedGateway",
    "10.6.6",
    "启动流程的事件网关不能有入线",
    "an event-based gateway that starts the process may have no incoming flows",
    "删除入线，或去掉 instantiate",
    "Delete the flows or instantiate.",
)
def nothing_leads_to_one_that_starts(gateway: Element, look: Look) -> Faults:
    if is_true(gateway, "instantiate") and look.into(gateway):
        yield at(gateway)


@family.rule(
    "BPMN-175",
    "eventBasedGateway",
    "10.6.6",
    "eventGatewayType=Parallel 只能与 instantiate=true 同用",
    "eventGatewayType=Parallel goes with instantiate=true only",
    "改为 Exclusive，或让网关启动流程",
    "Make it Exclusive or let the gateway start the process.",
)
def parallel_ones_start(gateway: Element, look: Look) -> Faults:
    if gateway.get("eventGatewayType") == "Parallel" and not is_true(gateway, "instantiate"):
        yield at(gateway)


def _direction(gateway: Element, look: Look) -> tuple[str | None, bool, bool, dict[str, int]]:
    ways = {"ins": len(look.into(gateway)), "outs": len(look.out_of(gateway))}
    return gateway.get("gatewayDirection"), ways["ins"] > 1, ways["outs"] > 1, ways


def _as_directed(code: str, direction: str, zh: str, en: str, *, merging: bool, splitting: bool) -> None:
    """The rule of one gatewayDirection: whether its gateway has several flows in, and several out."""

    @family.rule(
        code, _GATEWAYS, "8.4.9", zh, en, "改正 gatewayDirection 或连线", "Correct gatewayDirection or the flows.", severity="warning"
    )
    def directed(gateway: Element, look: Look) -> Faults:
        said, merges, splits, ways = _direction(gateway, look)
        if said == direction and (merges, splits) != (merging, splitting):
            yield at(gateway, **ways)


_as_directed(
    "BPMN-176",
    "Converging",
    "标为汇合的网关须有多条入线、至多一条出线，这里是 {ins} 和 {outs}",
    "a converging gateway has several incoming flows and not several outgoing, this has {ins} and {outs}",
    merging=True,
    splitting=False,
)
_as_directed(
    "BPMN-177",
    "Diverging",
    "标为分支的网关须有多条出线、至多一条入线，这里入 {ins} 出 {outs}",
    "a diverging gateway has several outgoing flows and not several incoming, this has {ins} in and {outs} out",
    merging=False,
    splitting=True,
)
_as_directed(
    "BPMN-178",
    "Mixed",
    "标为混合的网关须有多条入线和多条出线，这里是 {ins} 和 {outs}",
    "a mixed gateway has several incoming and several outgoing flows, this has {ins} and {outs}",
    merging=True,
    splitting=True,
)


@family.rule(
    "BPMN-179",
    "exclusiveGateway inclusiveGateway parallelGateway complexGateway",
    "10.6.1",
    "网关既不分支也不汇合（入 {ins} 出 {outs}）",
    "the gateway neither splits nor joins ({ins} in, {outs} out)",
    "去掉网关，或补上缺少的连线",
    "Leave it out or add the flow that is missing.",
    severity="warning",
)
def gateways_split_or_join(gateway: Element, look: Look) -> Faults:
    _, merges, splits, ways = _direction(gateway, look)
    if not merges and not splits:
        yield at(gateway, **ways)


@family.rule(
    "BPMN-054",
    "exclusiveGateway inclusiveGateway",
    "10.6.2, 10.6.3",
    "网关的连线“{id}”既没有条件也不是默认，总会成立",
    "the flow “{id}” of the gateway has no condition and is not the default: it always holds",
    "写条件或设为默认",
    "Write a condition or make it the default.",
    house=True,
)
def flows_of_deciding_gateways_have_conditions(gateway: Element, look: Look) -> Faults:
    flows = look.out_of(gateway)
    if len(flows) < 2:
        return
    for flow in flows:
        if not look.has_condition(flow) and flow.get("id") != look.key(gateway, "default"):
            yield at(flow, id=flow.get("id") or "?")
