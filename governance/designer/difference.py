"""What a draft changes: files with both texts, and in words what it changes in the meaning of each diagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Label
from engine.errors import DeployRefused
from governance.designer.drafts import text_of
from governance.designer.files import kind_of
from governance.designer.meaning import meaning

#: field of the parsed model → what people call it
_NAMES: Mapping[str, tuple[str, str]] = {
    "name": ("名称", "name"),
    "documentation": ("说明", "description"),
    "kind": ("种类", "kind"),
    "parent": ("所在子流程", "enclosing scope"),
    "incoming": ("进入的连线", "incoming flows"),
    "outgoing": ("离开的连线", "outgoing flows"),
    "lane": ("泳道", "lane"),
    "default": ("默认连线", "default flow"),
    "events": ("事件", "event"),
    "attached_to": ("依附的活动", "attached to"),
    "interrupting": ("是否中断", "interrupting"),
    "triggered_by_event": ("由事件触发", "triggered by an event"),
    "loop": ("重复", "repetition"),
    "inputs": ("输入", "inputs"),
    "outputs": ("输出", "outputs"),
    "form": ("表单", "form"),
    "assignee": ("指派", "assignee"),
    "candidates": ("候选人", "candidates"),
    "exclude": ("回避", "excluded"),
    "service": ("服务", "service"),
    "script": ("脚本", "script"),
    "decision": ("决策", "decision"),
    "result_variable": ("结果变量", "result variable"),
    "called": ("调用的流程", "called process"),
    "message": ("消息", "message"),
    "deadline": ("时限", "deadline"),
    "records": ("台账", "register records"),
    "action": ("按钮", "button"),
    "access": ("可见范围", "access"),
    "condition": ("条件", "condition"),
    "source": ("来源", "from"),
    "target": ("去向", "to"),
    "role": ("角色", "role"),
    "of": ("所属", "of"),
    "nodes": ("其中的元素", "elements in it"),
    "text": ("文字", "text"),
    "process": ("流程", "process"),
    "correlation_key": ("关联键", "correlation key"),
}
_SORTS = {"flows": "sequenceFlow", "lanes": "lane", "data": "data"}
_LONG = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that was added, removed or changed. `before` and `after` are None where there is none, or no text."""

    path: str
    kind: str
    state: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementChange:
    """An element that was added, removed or changed, and what of it."""

    file: str
    element: str
    kind: str
    name: Label
    change: str
    what: Label


def file_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileChange]:
    """Path by path."""
    found = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        state = "added" if old is None else "removed" if new is None else "changed"
        found.append(FileChange(path=path, kind=kind_of(path), state=state, before=_text(old), after=_text(new)))
    return found


def element_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[ElementChange]:
    """Element by element, of every BPMN file that changed. A side that cannot be read counts as empty: the check says why."""
    found: list[ElementChange] = []
    for path in sorted({*before, *after}):
        if kind_of(path) == "bpmn" and before.get(path) != after.get(path):
            old, new = _elements(before.get(path)), _elements(after.get(path))
            found += (change for key in sorted({*old, *new}) if (change := _change(path, key, old.get(key), new.get(key))) is not None)
    return found


def _text(content: bytes | None) -> str | None:
    return None if content is None else text_of(content)


def _elements(content: bytes | None) -> dict[str, dict[str, Any]]:
    """Element id → its facts, flat; ``kind`` is always there."""
    if content is None:
        return {}
    try:
        whole = meaning(content)
    except DeployRefused:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for process in whole["processes"].values():
        found[process["id"]] = {"kind": "process", **{k: v for k, v in process.items() if k not in ("nodes", *_SORTS)}}
        found |= process["nodes"]
        for part, kind in _SORTS.items():
            prefix = "data:" if part == "data" else ""
            found |= {f"{prefix}{key}": {"kind": kind, **facts} for key, facts in process[part].items()}
    found |= {key: {"kind": "participant", **facts} for key, facts in whole["pools"].items()}
    found |= {key: {"kind": "message", **facts} for key, facts in whole["messages"].items()}
    found |= whole["artifacts"]
    return found


def _change(path: str, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> ElementChange | None:
    if old == new:
        return None
    facts = new or old or {}
    state = "added" if old is None else "removed" if new is None else "changed"
    what = Label("新增", "added") if old is None else Label("删除", "removed") if new is None else _what(old, new)
    return ElementChange(
        file=path, element=key.removeprefix("data:"), kind=str(facts.get("kind", "")), name=_name(facts), change=state, what=what
    )


def _name(facts: Mapping[str, Any]) -> Label:
    name = facts.get("name")
    if isinstance(name, Mapping):
        return Label(str(name.get("zh", "")), str(name.get("en", "")))
    return Label(str(name or facts.get("text") or ""), "")


def _what(old: Mapping[str, Any], new: Mapping[str, Any]) -> Label:
    changed = [field for field in {**old, **new} if old.get(field) != new.get(field)]
    return Label(_sentence(changed, old, new, "zh"), _sentence(changed, old, new, "en"))


def _sentence(changed: list[str], old: Mapping[str, Any], new: Mapping[str, Any], language: str) -> str:
    """``name: before → after`` of each field."""
    english = language == "en"
    parts = []
    for field in changed:
        label = _NAMES.get(field, (field, field))[english]
        before, after = (_shown(side.get(field), language) for side in (old, new))
        parts.append(f"{label}{': ' if english else '：'}{before} → {after}")
    return ("; " if english else "；").join(parts)


def _shown(value: Any, language: str) -> str:
    """A value in a sentence: texts as they are, parts joined, long ones cut."""
    text = " · ".join(_parts(value, language)) or ("none" if language == "en" else "无")
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _parts(value: Any, language: str) -> Iterator[str]:
    if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
        # both: a change of one language only must show
        yield from (text for text in (value["zh"], value["en"]) if text)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from (part if name in ("id", "name") else f"{name}={part}" for part in _parts(inner, language))
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner, language)
    elif value not in (None, "", False):
        yield str(value)
