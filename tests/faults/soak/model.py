"""The case of the soak: everything that waits for somebody or something, side by side, and what must be true of one that has ended.

begin → split → seven branches → join → last → done:

- ask (a service) → sleep (a timer) → tell (a service);
- answer: parallel participants; a non-interrupting timer reminds once and calls a service;
- ignored: nobody does it, so its interrupting timer does;
- contested: done by hand or by its timer, whoever is first;
- quick: done by hand; its timer lies far ahead and never rings;
- period: a sub-process with a task and a service; a non-interrupting cycle ticks beside it, an interrupting timer may cut it off;
- count: a service for each of three things, one after another.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.integration.engine.models import boundary, catch, end, extensions, maps, model, parallel, service, start, timer, user

KEY = "soak"
SERVICE = "outside.unsteady"
PARTICIPANTS = 3
THINGS = ["a", "b", "c"]
#: a task that nobody may do by hand here, and those that are left alone now and then, so that their timers win
IGNORED, CONTESTED = "ignored", ("contested", "inner")


def _each(collection: str, element: str, results: str, result: str, *, sequential: bool = False) -> str:
    loop = (
        f'<zeebe:loopCharacteristics inputCollection="={collection}" inputElement="{element}" '
        f'outputCollection="{results}" outputElement="={result}"/>'
    )
    flag = ' isSequential="true"' if sequential else ""
    return f"<bpmn:multiInstanceLoopCharacteristics{flag}>{extensions(loop)}</bpmn:multiInstanceLoopCharacteristics>"


def _merge(key: str) -> str:
    return f'<bpmn:exclusiveGateway id="{key}" name="{key}"/>'


def _period() -> str:
    flows = '<bpmn:sequenceFlow id="p1" sourceRef="in" targetRef="inner"/><bpmn:sequenceFlow id="p2" sourceRef="inner" targetRef="after"/>'
    flows += '<bpmn:sequenceFlow id="p3" sourceRef="after" targetRef="out"/>'
    inside = start("in") + user("inner") + service("after", SERVICE, maps(after="result.token")) + end("out")
    return f'<bpmn:subProcess id="period" name="period">{inside}{flows}</bpmn:subProcess>'


def _counting() -> str:
    task = service("count", SERVICE).removesuffix("</bpmn:serviceTask>")
    return f"{task}{_each('things', 'thing', 'counted', 'thing', sequential=True)}</bpmn:serviceTask>"


def soak(pace: float = 1.0) -> dict[str, bytes]:
    """The package. `pace`: seconds by which the timers are stretched, so that on a busy machine people still win some races."""

    def after(seconds: float) -> str:
        return timer("timeDuration", f"PT{seconds * pace:g}S")

    nodes = (
        start() + parallel("split") + parallel("join") + user("last") + end()
        + service("ask", SERVICE, maps(asked="result.token")) + catch("sleep", after(1))
        + service("tell", SERVICE, maps(told="result.token"))
        + user("answer", assignee="person", body=_each("people", "person", "answers", "form.value"))
        + boundary("remind", "answer", after(1), interrupting=False)
        + service("nudge", SERVICE, maps(nudged="result.token")) + end("reminded")
        + user(IGNORED) + boundary("give_up", IGNORED, after(2)) + _merge("ignored_or_not")
        + user("contested") + boundary("hurry", "contested", after(2)) + service("note", SERVICE, maps(noted="result.token"))
        + _merge("contested_or_not")
        + user("quick") + boundary("far", "quick", timer("timeDuration", "PT6H")) + _merge("quick_or_not")
        + _period() + boundary("tick", "period", timer("timeCycle", f"R3/PT{pace:g}S"), interrupting=False) + end("ticked")
        + boundary("cut", "period", after(4)) + _merge("cut_or_not")
        + _counting()
    )  # fmt: skip
    flows = """
        begin split
        split ask
        ask sleep
        sleep tell
        tell join
        split answer
        answer join
        remind nudge
        nudge reminded
        split ignored
        ignored ignored_or_not
        give_up ignored_or_not
        ignored_or_not join
        split contested
        contested contested_or_not
        hurry note
        note contested_or_not
        contested_or_not join
        split quick
        quick quick_or_not
        far quick_or_not
        quick_or_not join
        split period
        period cut_or_not
        cut cut_or_not
        tick ticked
        cut_or_not join
        split count
        count join
        join last
        last done
    """
    return model(KEY, nodes, flows)


ONCE = (
    "begin", "split", "ask", "sleep", "tell", "give_up", "ignored_or_not", "contested_or_not", "quick", "quick_or_not", "cut_or_not",
    "in", "join", "last", "done",
)  # fmt: skip
NEVER = (IGNORED, "far")


def wrong(completed: Mapping[str, int]) -> list[str]:
    """What the counts of completed elements of one ended case say against the model; empty when each ran as often as it should. A
    multi-instance activity is counted once for itself, too."""
    n = {name: completed.get(name, 0) for name in (*ONCE, *NEVER, *_OTHERS)}
    rules = {
        **{f"{name} once": n[name] == 1 for name in ONCE},
        **{f"{name} never": n[name] == 0 for name in NEVER},
        "every participant answers once": n["answer"] == PARTICIPANTS + 1,
        "every thing is counted once": n["count"] == len(THINGS) + 1,
        "one reminder at most": n["remind"] <= 1,
        "what follows the reminder": n["remind"] == n["nudge"] == n["reminded"],
        "by hand or by the clock": n["contested"] + n["hurry"] == 1,
        "what follows the hurry": n["hurry"] == n["note"],
        "the period ends or is cut": n["period"] + n["cut"] == 1,
        "inside the period in order": 1 >= n["inner"] >= n["after"] >= n["out"] == n["period"],
        "three ticks at most": n["tick"] <= 3,
        "what follows a tick": n["tick"] == n["ticked"],
    }
    return [f"{rule}: {dict(completed)}" for rule, holds in rules.items() if not holds]


_OTHERS = (
    "answer", "count", "remind", "nudge", "reminded", "contested", "hurry", "note", "period", "cut", "inner", "after", "out",
    "tick", "ticked",
)  # fmt: skip
