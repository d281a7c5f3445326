"""Who does the work: resource roles."""

from __future__ import annotations

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, children

family = Family("资源", "Resources")

_ROLES = "performer humanPerformer potentialOwner resourceRole"


@family.rule(
    "BPMN-260",
    _ROLES,
    "10.3.1",
    "同时写了 resourceRef 和 resourceAssignmentExpression",
    "there are both a resourceRef and a resourceAssignmentExpression",
    "只留一个",
    "Keep one of them.",
)
def named_or_found(role: Element, look: Look) -> Faults:
    if child(role, "resourceRef") is not None and child(role, "resourceAssignmentExpression") is not None:
        yield at(role)


@family.rule(
    "BPMN-261",
    _ROLES,
    "10.3.1",
    "resourceParameterBinding 须与 resourceRef 同用",
    "a resourceParameterBinding needs a resourceRef",
    "加上 resourceRef，或删除参数",
    "Add a resourceRef or delete the parameter.",
)
def parameters_are_of_a_resource(role: Element, look: Look) -> Faults:
    if child(role, "resourceRef") is None:
        for binding in children(role, "resourceParameterBinding"):
            yield at(binding)


@family.rule(
    "BPMN-262",
    "resourceAssignmentExpression",
    "10.3.1",
    "resourceAssignmentExpression 里没有表达式",
    "the resourceAssignmentExpression holds no expression",
    "加上 <formalExpression>",
    "Add a <formalExpression>.",
)
def assignments_have_an_expression(assignment: Element, look: Look) -> Faults:
    if child(assignment, "formalExpression") is None and child(assignment, "expression") is None:
        yield at(assignment)
