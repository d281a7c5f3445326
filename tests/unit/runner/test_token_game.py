"""Random models beside a reference token game: after every step, saved and restored, the engine stands where the standard says.

A step is what one command did: the nodes that ended or were cancelled, the flows taken, and the marking afterwards. `make soak` sets
COGOV_SOAK, the factor by which there are more examples; then they are random, else always the same.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import hypothesis.strategies as st
from drawn_models import describe, process, structured, unstructured
from hypothesis import HealthCheck, assume, given, settings
from scenario import Scenario
from token_game import Game, Item, Log, Marking, Model, TooManyOrders, marking

from engine import events as facts
from engine.runner.port import TokenRow

SOAK = int(os.environ.get("COGOV_SOAK", "0"))
#: more live tokens than this: the model multiplies them, nothing new is learned
CROWD = 25
steps = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1)), min_size=1, max_size=25)


def bounded(examples: int) -> settings:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(max_examples=examples * (SOAK or 1), derandomize=not SOAK, database=None, deadline=None, suppress_health_check=checks)


@bounded(250)
@given(model=structured(), chosen=steps)
def test_a_model_of_nested_blocks_goes_as_the_token_game_says(model, chosen):
    play(model, chosen)


@bounded(700)
@given(model=unstructured(), chosen=steps)
def test_a_model_with_flows_anywhere_goes_as_the_token_game_says(model, chosen):
    play(model, chosen)


def play(model: Model, chosen: Sequence[tuple[int, int]]) -> None:
    game, case = Game(model), Scenario(process(model), restored=True)
    try:
        expected = game.begin(0)
        case.start({"starter": "wang", "n": 0})
        now = agree(model, game, case, expected, "start")
        for number, n in chosen:
            acts = possible(case, model)
            if not acts or len(case.rows) > CROWD:
                return
            act, token, node = acts[number % len(acts)]
            current = n if act == "complete" else int(case.stored[case.root]["n"])
            expected = game.after(now, act, node, current)
            assert expected, f"{node} waits in the engine, and not in the game: {now}"
            case._run(*((case.kernel.complete, token, {"n": n}) if act == "complete" else (case.kernel.trigger, token, 0)))
            now = agree(model, game, case, expected, f"{act} {node} n={current}")
    except TooManyOrders:
        assume(False)


def agree(model: Model, game: Game, case: Scenario, expected: set[tuple[Marking, Log]], what: str) -> Marking:
    """The engine stands at one of the expected markings and did what leads there."""
    seen = inside(case, model, case.root) if case.outcome is None else ()
    told = log(case)
    assert (seen, told) in expected, _difference(model, expected, seen, told, what)
    assert (case.outcome == "completed") == (not [item for item in seen if item[0] != "armed"])
    assert any(row.state == "ERROR" for row in case.rows.values()) == game.dead(seen), f"{what}: an incident where joins wait in vain"
    return seen


def _difference(model: Model, expected: set[tuple[Marking, Log]], seen: Marking, told: Log, what: str) -> str:
    lines = [f"after {what} the engine stands at {seen}", *map(str, describe(model))]
    for where, way in sorted(expected, key=repr)[:3]:
        lines += [
            f"the game at {where}",
            f"  only in the game {Counter(way) - Counter(told)}, only in the engine {Counter(told) - Counter(way)}",
        ]
    return "\n".join(lines)


def log(case: Scenario) -> Log:
    found = []
    for event in case.events:
        match event:
            case facts.ElementCompleted():
                found.append(("end", event.node.id))
            case facts.ElementCancelled():
                found.append(("cancel", event.node.id))
            case facts.FlowTaken():
                found.append(("take", event.flow))
    return tuple(sorted(found))


def possible(case: Scenario, model: Model) -> list[tuple[str, str, str]]:
    """What can happen now: (what, token, node)."""
    rows = sorted(case.rows.values(), key=lambda row: row.seq)
    tasks = [("complete", row.id, row.node or "") for row in rows if row.internal.get("offered")]
    return tasks + [("fire", row.id, row.node or "") for row in rows if row.internal.get("open")]


def inside(case: Scenario, model: Model, scope: str) -> Marking:
    """The engine's rows as a marking."""
    rows = [row for row in case.rows.values() if row.parent == scope]
    return marking(item for row in rows for item in items(case, model, row))


def items(case: Scenario, model: Model, row: TokenRow) -> list[Item]:
    node, internal = row.node or "", row.internal
    kind = model.nodes[node].kind
    if "host" in internal:
        return [("armed", node)] if kind == "caught_start" else []
    if "arrived" in internal:
        waiting: list[Item] = [("flow", flow) for flow, count in internal["arrived"].items() for _ in range(count)]
        return waiting + ([("reset", node, tuple(internal["resets"]))] if "resets" in internal else [])
    armed = tuple(sorted(one.node or "" for one in case.rows.values() if one.internal.get("host") == row.id and one.parent == row.parent))
    if model.nodes[node].loop is not None and "instance" not in internal:
        count = internal["mi"]
        return [("many", node, inside(case, model, row.id), count["total"] - count["started"], armed)]
    if kind == "user":
        return [("work", node, armed)]
    if kind in ("sub", "esp"):
        return [("in", node, inside(case, model, row.id), armed)]
    return [(kind, node)]
