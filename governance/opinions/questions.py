"""The sheet of a round: reading its questions, checking what somebody answered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import FieldError, FormInvalid, ServiceRefused

KINDS = ("choice", "scale", "text", "clause")
STANCES = ("support", "conditional", "oppose")
#: highest point of a scale unless the question says otherwise
_SCALE = 5
_LONGEST = 1000
_SEPARATORS = re.compile(r"[\n;；]+")


def read_questions(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Questions as they are kept: {key, text {zh, en}, kind, options [{code, zh, en}], multiple, most, required}.

    A text is one string or {zh, en}; options are a list of strings or {code, zh, en}, or one text with a line for each.
    Raises ServiceRefused naming the question."""
    if not rows:
        raise ServiceRefused("征询表至少要有一个问题 / an opinion sheet needs at least one question", pointer="/questions")
    found = [_question(row, number) for number, row in enumerate(rows, 1)]
    keys = [q["key"] for q in found]
    if len(set(keys)) < len(keys):
        raise ServiceRefused(f"问题编号重复：{keys} / a question key occurs twice: {keys}", pointer="/questions")
    return found


def label(value: Any) -> dict[str, str]:
    """{zh, en} of a text given once or in both languages."""
    if isinstance(value, Mapping):
        zh = str(value.get("zh") or value.get("en") or "")
        return {"zh": zh, "en": str(value.get("en") or zh)}
    text = str(value or "").strip()
    return {"zh": text, "en": text}


def check_answers(questions: Sequence[Mapping[str, Any]], given: Mapping[str, Any], language: str = "zh") -> dict[str, Any]:
    """The answers by question key, only those given. Choice: a code (or list), scale: a number, text: a text,
    clause: {stance, text}. Raises FormInvalid with a pointer for every wrong one."""
    errors: list[FieldError] = []
    answers: dict[str, Any] = {}
    known = {str(q["key"]) for q in questions}
    for key in given:
        if key not in known:
            errors.append(_wrong(f"/{key}", "V-UNKNOWN", language, "没有这个问题", "There is no such question"))
    for question in questions:
        value = _given(question, given.get(question["key"]))
        if value is None:
            if question["required"]:
                errors.append(_wrong(f"/{question['key']}", "V-REQ", language, "请回答这一题", "Answer this question"))
            continue
        problem = next(_problems(question, value, language), None)
        if problem is not None:
            errors.append(problem)
        else:
            answers[str(question["key"])] = value
    if errors:
        raise FormInvalid(errors)
    if not answers:
        raise FormInvalid([_wrong("", "V-REQ", language, "请至少回答一题", "Answer at least one question")])
    return answers


def _question(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    kind, text = str(row.get("kind") or "text"), label(row.get("text"))
    where = f"/questions/{number - 1}"
    if kind not in KINDS:
        raise ServiceRefused(f"第 {number} 题的题型无效：{kind} / question {number} has no kind {kind}", pointer=f"{where}/kind")
    if not text["zh"]:
        raise ServiceRefused(f"第 {number} 题没有题目 / question {number} has no text", pointer=f"{where}/text")
    options = _options(row.get("options"))
    if kind == "choice" and len(options) < 2:
        raise ServiceRefused(f"第 {number} 题至少要两个选项 / question {number} needs two options", pointer=f"{where}/options")
    most = int(row.get("most") or _SCALE)
    if not 2 <= most <= 10:
        raise ServiceRefused(f"第 {number} 题的分值须为 2 到 10 / question {number}: a scale ends at 2 to 10", pointer=f"{where}/most")
    required = row.get("required")
    return {
        "key": str(row.get("key") or f"q{number}"),
        "text": text,
        "kind": kind,
        "options": options if kind == "choice" else [],
        "multiple": bool(row.get("multiple")),
        "most": most,
        "required": kind != "text" if required is None else bool(required),
    }


def _options(given: Any) -> list[dict[str, str]]:
    if isinstance(given, str):
        given = [part for part in _SEPARATORS.split(given) if part.strip()]
    found: list[dict[str, str]] = []
    for option in given or ():
        if isinstance(option, Mapping):
            found.append({"code": str(option["code"]), **label(option)})
        else:
            found.append({"code": str(option).strip(), **label(option)})
    codes = [o["code"] for o in found]
    if len(set(codes)) < len(codes):
        raise ServiceRefused(f"选项重复：{codes} / an option occurs twice: {codes}", pointer="/questions")
    return found


def _given(question: Mapping[str, Any], value: Any) -> Any:
    """The value in its kind; None when nothing was given. A value of a wrong kind stays as it is, for the check to name."""
    if value is None or value in ("", [], {}):
        return None
    match question["kind"]:
        case "choice":
            listed = [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]
            return list(dict.fromkeys(listed)) if question["multiple"] else (listed[0] if len(listed) == 1 else listed)
        case "scale":
            try:
                return Decimal(str(value))
            except InvalidOperation:
                return value
        case "clause":
            if not isinstance(value, Mapping):
                value = {"stance": value}
            stance, text = value.get("stance"), str(value.get("text") or "").strip()
            return {"stance": stance, "text": text} if stance or text else None
        case _:
            return str(value).strip() or None


def _problems(question: Mapping[str, Any], value: Any, language: str) -> Iterator[FieldError]:
    at = f"/{question['key']}"
    match question["kind"]:
        case "choice":
            chosen = value if isinstance(value, list) else [value]
            codes = {o["code"] for o in question["options"]}
            if any(c not in codes for c in chosen) or (len(chosen) > 1 and not question["multiple"]):
                yield _wrong(at, "V-CHOICE", language, "请从选项中选择", "Choose from the options")
        case "scale":
            most = question["most"]
            if not isinstance(value, Decimal) or value != value.to_integral_value() or not 1 <= value <= most:
                yield _wrong(at, "V-MAX", language, f"请选 1 到 {most} 分", f"Choose 1 to {most}")
        case "clause":
            if value["stance"] not in STANCES:
                yield _wrong(f"{at}/stance", "V-CHOICE", language, "请选择赞成、有条件赞成或反对", "Choose support, conditional or oppose")
            elif value["stance"] == "conditional" and not value["text"]:
                yield _wrong(f"{at}/text", "V-REQ", language, "请写明条件", "Say under which condition")
            elif len(value["text"]) > _LONGEST:
                yield _too_long(f"{at}/text", language)
        case _:
            if len(value) > _LONGEST:
                yield _too_long(at, language)


def _too_long(at: str, language: str) -> FieldError:
    return _wrong(at, "V-LEN", language, f"最多 {_LONGEST} 个字", f"At most {_LONGEST} characters")


def _wrong(pointer: str, code: str, language: str, zh: str, en: str) -> FieldError:
    return FieldError(pointer=pointer, code=code, message=en if language == "en" else zh)
