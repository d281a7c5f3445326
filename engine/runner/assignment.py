"""Who may do a user task, as the model says; the directory resolves the selectors when the task is stored (conventions 4, 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Lane, Node
from engine.errors import ExpressionFailed
from engine.runner.elements.waiting import as_text, as_texts
from engine.runner.specs import ProcessSpec
from engine.runner.token import Token
from engine.runner.variables import Scopes, instance_facts, visible

PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Assignment:
    selectors: tuple[str, ...]
    assignee: str | None
    #: person ids
    excluded: tuple[str, ...]


def offer(token: Token, node: Node, process: ProcessSpec) -> Assignment:
    """Evaluate assignee, candidates, lane and exclusion of a task. Raises what the expressions raise."""
    sight = visible(token)
    evaluate = token.workflow.evaluate
    assignee = None
    selectors: tuple[str, ...] = ()
    if node.assignee is not None:
        value = evaluate(node.assignee, sight)
        if isinstance(value, str) and value:
            assignee = value.removeprefix(PERSON)
            selectors = (PERSON + assignee,)
        elif isinstance(value, list):
            selectors = tuple(_selector(text) for text in as_texts(value))
    if node.candidates is not None:
        selectors += tuple(_group(text, token, sight) for text in as_texts(evaluate(node.candidates, sight)))
    if not selectors:
        selectors = _of_lane(token, process, node, sight)
    excluded = as_texts(evaluate(node.exclude, sight)) if node.exclude is not None else ()
    return Assignment(
        selectors=tuple(dict.fromkeys(selectors)),
        assignee=assignee,
        excluded=tuple(person.removeprefix(PERSON) for person in excluded),
    )


def _of_lane(token: Token, process: ProcessSpec, node: Node, sight: Scopes) -> tuple[str, ...]:
    lane: Lane | None = process.model.lanes.get(process.lanes.get(node.id, ""))
    while lane is not None and lane.role is None and lane.source is None and lane.parent is not None:
        lane = process.model.lanes.get(lane.parent)
    evaluate = token.workflow.evaluate
    if lane is not None and lane.source is not None:
        return tuple(_selector(text) for text in as_texts(evaluate(lane.source, sight)))
    if lane is not None and lane.role is not None:
        of = evaluate(lane.of, sight) if lane.of is not None else _area(token, sight)
        return (f"role:{lane.role}@{as_text(of, lane.of or 'area')}",)
    starter = instance_facts(token).get("starter")
    return (PERSON + starter,) if starter else ()


def _selector(text: str) -> str:
    """A plain word is a person's id."""
    return text if ":" in text or text == "public" else PERSON + text


def _group(text: str, token: Token, sight: Scopes) -> str:
    """A plain word is a role's code in the instance's area."""
    return text if ":" in text or text == "public" else f"role:{text}@{as_text(_area(token, sight), 'area')}"


def _area(token: Token, sight: Scopes) -> Any:
    area = sight.get("area", None)
    if area is None:
        raise ExpressionFailed(
            f"the role of {token.task_spec.name} needs an organisation or area, and the case has none", node=token.task_spec.name
        )
    return area
