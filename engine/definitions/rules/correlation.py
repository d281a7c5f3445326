"""Correlation: keys, properties and how they are read out of messages."""

from __future__ import annotations

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, children, text

family = Family("消息关联", "Correlation")


@family.rule(
    "BPMN-290",
    "correlationProperty",
    "8.4.2",
    "关联属性没有取值表达式",
    "the correlation property has no retrieval expression",
    "每种消息写一个 correlationPropertyRetrievalExpression",
    "Write a correlationPropertyRetrievalExpression for each message.",
)
def properties_are_retrieved(correlation: Element, look: Look) -> Faults:
    if child(correlation, "correlationPropertyRetrievalExpression") is None:
        yield at(correlation)


@family.rule(
    "BPMN-291",
    "correlationPropertyRetrievalExpression",
    "8.4.2",
    "取值表达式没有 messagePath",
    "the retrieval expression has no messagePath",
    "写明从消息的哪里取值",
    "Say where in the message the value is.",
)
def retrievals_have_a_path(retrieval: Element, look: Look) -> Faults:
    if not text(child(retrieval, "messagePath")):
        yield at(retrieval)


@family.rule(
    "BPMN-292",
    "correlationPropertyRetrievalExpression",
    "8.4.2",
    "取值表达式没有写明消息",
    "the retrieval expression names no message",
    "写上 messageRef",
    "Add messageRef.",
)
def retrievals_name_a_message(retrieval: Element, look: Look) -> Faults:
    if not retrieval.get("messageRef"):
        yield at(retrieval)


@family.rule(
    "BPMN-293",
    "correlationPropertyBinding",
    "8.4.2",
    "关联属性的绑定没有 dataPath",
    "the binding of a correlation property has no dataPath",
    "写明取哪个变量",
    "Say which variable is taken.",
)
def bindings_have_a_path(binding: Element, look: Look) -> Faults:
    if not text(child(binding, "dataPath")):
        yield at(binding)


@family.rule(
    "BPMN-294",
    "correlationSubscription",
    "8.4.2",
    "关联订阅没有绑定关联键的属性“{property}”",
    "the subscription does not bind “{property}” of its key",
    "给关联键的每个属性写一个绑定",
    "Write a binding for each property of the key.",
)
def every_property_is_bound(subscription: Element, look: Look) -> Faults:
    key = look.target(subscription, "correlationKeyRef")
    if key is None or not children(subscription, "correlationPropertyBinding"):
        return
    bound = {look.key(binding, "correlationPropertyRef") for binding in children(subscription, "correlationPropertyBinding")}
    for item in children(key, "correlationPropertyRef"):
        if text(item).rpartition(":")[2] not in bound:
            yield at(subscription, property=text(item))
            return


@family.rule(
    "BPMN-295",
    "correlationKey",
    "8.4.2",
    "关联键没有属性",
    "the correlation key has no properties",
    "加上 <correlationPropertyRef>",
    "Add a <correlationPropertyRef>.",
)
def keys_have_properties(key: Element, look: Look) -> Faults:
    if not children(key, "correlationPropertyRef"):
        yield at(key)
