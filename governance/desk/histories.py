"""The history of a case as sentences: who did what, under which post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.actor import Mandate
from engine.definitions.model import Label, Node, Process
from engine.errors import Forbidden
from engine.history.submissions import FIRST
from engine.queries import HistoryLine
from governance.desk.evaluations import KIND, why
from governance.desk.protection import KEPT_SECRET, Sight
from governance.desk.reading import Look, node_of
from governance.desk.views import Entry
from governance.directory.may import Decision, Scope, decide

#: kind of history row → (tone, icon, sentence with the element's name)
_SENTENCES: Mapping[str, tuple[str, str, str, str]] = {
    "started": ("plain", "play", "发起", "Started"),
    "taken_over": ("plain", "archive", "接续：{reason}", "Taken over: {reason}"),
    "ended": ("ok", "circle-check", "办结", "Ended"),
    "cancelled": ("bad", "ban", "取消：{reason}", "Cancelled: {reason}"),
    "suspended": ("bad", "ban", "暂停：{reason}", "Suspended: {reason}"),
    "resumed": ("plain", "play", "恢复：{reason}", "Resumed: {reason}"),
    "variables_changed": ("now", "pen-line", "管理员修改数据（{names}）：{reason}", "Data changed by an administrator ({names}): {reason}"),
    "modified": ("now", "pen-line", "管理员移动环节：{reason}", "Moved by an administrator: {reason}"),
    "migrated": ("now", "pen-line", "改用流程的另一版本：{reason}", "Moved to another version of the procedure: {reason}"),
    "restarted": ("now", "play", "由已办结的事项重新开始：{reason}", "Begun again from a finished case: {reason}"),
    "restarted_as": ("now", "play", "已另行重新开始：{reason}", "Begun again as a new case: {reason}"),
    "task_completed": ("ok", "circle-check", "{name}{outcome}", "{name}{outcome}"),
    "submission_corrected": (
        "now",
        "pen-line",
        "更正：{name}（{asker}申请，理由：{reason}）",
        "Corrected: {name} (asked by {asker}: {reason})",
    ),
    "task_withdrawn": ("plain", "undo-2", "不再需要：{name}", "Not needed any more: {name}"),
    "task_claimed": ("plain", "hand", "认领：{name}", "Claimed: {name}"),
    "task_released": ("plain", "undo-2", "放回：{name}", "Put back: {name}"),
    "timer_fired": ("plain", "timer", "到时：{name}", "Time reached: {name}"),
    "message_received": ("plain", "message-square", "收到：{name}", "Received: {name}"),
    "action_used": ("ok", "pen-line", "{name}", "{name}"),
    "decision_evaluated": ("plain", "scale", "{name}：按决策表决定", "{name}: decided by a decision table"),
    "incident": ("bad", "triangle-alert", "故障：{name}", "Incident: {name}"),
    "incident_retried": ("plain", "rotate-ccw", "重试：{name}{because}", "Retried: {name}{because}"),
    "incident_resolved": ("plain", "rotate-ccw", "处理故障：{name}{because}", "Incident resolved: {name}{because}"),
    "job_retried": ("plain", "rotate-ccw", "重试后台任务：{reason}", "Background job retried: {reason}"),
    "job_discarded": ("bad", "ban", "不再执行后台任务：{reason}", "Background job given up: {reason}"),
    "escalated": ("bad", "triangle-alert", "上报：{name}", "Escalated: {name}"),
}


#: actors of history rows who are no persons
_NOBODY: Mapping[str, Label] = {"system": Label("系统", "System"), "public": Label("公众", "The public")}


def entries(sight: Sight, process: Process, lines: Sequence[HistoryLine]) -> list[Entry]:
    """Timeline entries of history rows, in the order given; movement between elements is left to the diagram. Of what the reader
    may not see he learns that it was done, not what was said; of a protected reporter not who it was either."""
    seen, instance = sight.seen, sight.case.line.id
    names = seen.names(line.actor for line in lines)
    healed = _healed(lines)
    begun = next((line for line in lines if line.kind == "form_submitted"), None)
    found = []
    for line in lines:
        known = _SENTENCES.get(line.kind)
        if known is None or (line.kind == "incident" and line.element in healed) or _by_itself(line):
            continue
        tone, icon, zh, en = known
        node = node_of(seen.app, instance, process, line.element)
        refused = sight.refusal(line.guards)
        secret = (refused is not None and sight.hides_person(line.guards)) or line.actor in sight.secret_persons
        content = line.content if refused is None and isinstance(line.content, Mapping) else {}
        href, link = _onward(sight, line, node, content) if line.kind != "started" or begun is None else _of_start(sight, process, begun)
        found.append(
            Entry(
                at=line.at,
                tone=tone,
                icon=icon,
                text=Label(_fill(seen, zh, node, line, content, "zh"), _fill(seen, en, node, line, content, "en")),
                detail=refused or (why(content) if line.kind == KIND else Label()),
                by=KEPT_SECRET.in_(seen.actor.language) if secret else _actor(seen, names, line.actor),
                mandate=None if secret else mandate_of(line.mandate),
                href=href,
                link=link,
            )
        )
    return found


def _onward(sight: Sight, line: HistoryLine, node: Node | None, content: Mapping[str, Any]) -> tuple[str | None, Label]:
    """Asking for a correction of what one handed in oneself (or could enter for another), both versions of what was corrected."""
    reach, task = sight.seen.reach, content.get("task")
    if line.kind == KIND and content.get("resource"):
        return f"/cases/{sight.case.line.id}/decisions/{line.seq}", Label("看依据", "See why")
    if line.kind == "submission_corrected" and content.get("request"):
        return f"/corrections/{content['request']}", Label("看两版", "Both versions")
    if line.kind not in FIRST or not task or node is None or not (node.form or (node.action and node.action.form)):
        return None, Label()
    whose = {line.actor, (content.get("entered") or {}).get("person")}
    own = reach.person in whose or (line.mandate or {}).get("selector") in reach.selectors
    if own or decide(reach, "intake", Scope(area=sight.case.line.area)):
        return f"/tasks/{task}/correct", Label("申请更正", "Ask for a correction")
    return None, Label()


def _actor(seen: Look, names: Mapping[str, str], actor: str | None) -> str | None:
    """The name of who acted; what happened by itself, and who has no account, by the word for it."""
    known = _NOBODY.get(actor or "")
    return known.in_(seen.actor.language) if known is not None else names.get(actor or "", actor)


def _of_start(sight: Sight, process: Process, begun: HistoryLine) -> tuple[str | None, Label]:
    """The start form came in with the start; it has no entry of its own."""
    if sight.refusal(begun.guards) is not None or not isinstance(begun.content, Mapping):
        return None, Label()
    return _onward(sight, begun, node_of(sight.seen.app, sight.case.line.id, process, begun.element), begun.content)


def require(decision: Decision) -> None:
    """Raises Forbidden with the reason."""
    if not decision:
        raise Forbidden(f"{decision.reason.zh} / {decision.reason.en}")


def _fill(seen: Look, pattern: str, node: Node | None, line: HistoryLine, content: Mapping[str, Any], language: str) -> str:
    name = (node.name.in_(language) if node else "") or (line.element or "")
    asker = content.get("corrected_by")
    asked_by = seen.names([asker]).get(asker, "") if asker else ""
    facts = {
        "name": name,
        "asker": asked_by,
        "reason": str(content.get("reason", "")),
        "because": _because(content.get("reason"), language),
        "names": ", ".join(content.get("names", ())),
        "outcome": _outcome(seen, node, content, language),
    }
    return pattern.format(**facts)


def _because(reason: Any, language: str) -> str:
    """A reason that may be missing."""
    return f"：{reason}" if reason and language == "zh" else f": {reason}" if reason else ""


def _outcome(seen: Look, node: Node | None, content: Mapping[str, Any], language: str) -> str:
    """What was decided: the label of the form's outcome field, e.g. “：通过”."""
    form = content.get("form")
    if node is None or node.form is None or not isinstance(form, Mapping):
        return ""
    compiled = seen.app.engine.queries.compiled_form(node.form)
    key = next((c.path[-1] for c in compiled.walk() if c.is_outcome and c.path), None)
    value = form.get(key) if key else None
    info = compiled.fields.get(key or "")
    codes = seen.app.engine.queries.codes().get(info.codes, []) if info and info.codes else []
    label = next((c.get(language) or c.get("zh") for c in codes if c.get("code") == value), None)
    return f"：{label}" if label and language == "zh" else f": {label}" if label else ""


def mandate_of(stored: Mapping[str, Any] | None) -> Mandate | None:
    """A mandate as the history keeps it."""
    if not stored:
        return None
    known = {k: stored[k] for k in ("kind", "ref", "selector", "zh", "en") if stored.get(k) is not None}
    known["on_behalf_of"] = stored.get("for")
    return Mandate(**known) if "kind" in known else None


def _healed(lines: Sequence[HistoryLine]) -> set[str | None]:
    """Elements that waited for the case's number and were tried again by the engine itself at once: no news for anybody."""
    return {line.element for line in lines if _by_itself(line)}


def _by_itself(line: HistoryLine) -> bool:
    return line.kind == "incident_retried" and (line.mandate or {}).get("kind") == "system"
