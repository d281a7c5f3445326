"""Short ways to write components in tests."""

from __future__ import annotations

from typing import Any

CODES = {
    "review_opinion": [
        {"code": "pass", "zh": "通过", "en": "Pass"},
        {"code": "revise", "zh": "修改", "en": "Revise"},
        {"code": "fail", "zh": "不通过", "en": "Fail"},
    ],
    "party": [{"code": "community", "zh": "社区", "en": "Community"}, {"code": "unit", "zh": "单位", "en": "Unit"}],
}


def field(type_: str, key: str, **more: Any) -> dict[str, Any]:
    """A component with an id; `kind`, `rules`, … go into properties, `required` and bounds into validate."""
    validate = {name: more.pop(name) for name in ("required", "min", "max", "minLength", "maxLength", "pattern") if name in more}
    names = (
        "kind",
        "rules",
        "filter",
        "check",
        "checkMessage",
        "outcome",
        "include",
        "minRows",
        "maxRows",
        "rowsExpression",
        "hash",
        "omit",
    )
    properties = {name: more.pop(name) for name in names if name in more}
    hide = more.pop("hide", None)
    place = {"path": key} if type_ in ("dynamiclist", "group") else {"key": key}
    label = {"label": f"标签 {key}", "i18n": {"en": {"label": f"Label {key}"}}}
    node: dict[str, Any] = {"type": type_, "id": f"f_{key}", **place, **label, **more}
    if validate:
        node["validate"] = validate
    if properties:
        node["properties"] = properties
    if hide is not None:
        node["conditional"] = {"hide": hide}
    return node
