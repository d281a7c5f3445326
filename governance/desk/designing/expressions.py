"""Trying a FEEL expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.actor import Actor
from engine.errors import CogovError, ExpressionFailed, UnknownVariable
from engine.feel import FeelSyntaxError
from governance.application import Application
from governance.desk import tools
from governance.desk.designing.rights import require_designer


def check_expression(app: Application, actor: Actor, expression: str, names: Sequence[str], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a FEEL expression can be read, and its value where it has one without variables. `names` are in scope without a
    value. Raises Forbidden."""
    require_designer(app, actor)
    text = expression.removeprefix("=")
    known = {**dict.fromkeys(names), **variables}
    try:
        return {"ok": True, "error": None, **tools.evaluate(app, text, known)}
    except FeelSyntaxError as failed:
        message = failed.message if actor.language == "en" else failed.message_zh
        return _expression_error(failed.code, message, failed.position)
    except CogovError as failed:
        # it can be read; that names without a value do not fit it is no fault
        if names and isinstance(failed, ExpressionFailed):
            return {"ok": True, "error": None, "value": None, "names": []}
        return _expression_error(failed.code, _in_language(failed, actor.language), None)


def _expression_error(code: str, message: str, position: int | None) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "message": message, "position": position}, "value": None, "names": []}


def _in_language(failed: CogovError, language: str) -> str:
    if isinstance(failed, UnknownVariable) and language != "en" and "name" in failed.details:
        return f"没有名为“{failed.details['name']}”的变量"
    zh, _slash, en = failed.message.partition(" / ")
    return (en or zh) if language == "en" else zh
