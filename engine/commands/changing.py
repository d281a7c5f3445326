"""An operator changes variables of a case, or of a scope inside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from engine import feel, values
from engine.actor import Actor
from engine.commands import operating
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.unit import CommandUnit
from engine.definitions.model import Process
from engine.definitions.protection import names_in, protected
from engine.errors import ExpressionFailed, FieldError, FormInvalid, UnknownVariable
from engine.events import VariablesChanged
from engine.guards import Guard, evaluated
from engine.runner.variables import INSTANCE_FACTS
from engine.store import guards as guard_store
from engine.values import YearsMonths

#: kind of value → what it is called
_KINDS: tuple[tuple[type | tuple[type, ...], str, str], ...] = (
    (bool, "是或否", "true or false"),
    (str, "文字", "a text"),
    ((int, float, Decimal), "数", "a number"),
    (datetime, "时刻", "a date and time"),
    (date, "日期", "a date"),
    (time, "时间", "a time"),
    ((timedelta, YearsMonths), "时长", "a duration"),
    (list, "列表", "a list"),
    (dict, "一组值", "a context"),
)


def change(
    runtime: Runtime, instance: str, variables: Mapping[str, Any], reason: str, *, expressions: Mapping[str, str], scope: str | None,
    actor: Actor, idempotency_key: str | None,
) -> Receipt:  # fmt: skip
    """See Engine.change_variables."""
    why = operating.needed(reason)
    given: dict[str, Any] = values.normalise(dict(variables))

    def act(unit: CommandUnit) -> None:
        at = scope or unit.row.root
        process = _process(unit, at)
        accepted = _accepted(unit, at, process, given, expressions)
        before = {name: unit.scopes.value(at, name) for name in accepted}
        changed = {name: value for name, value in accepted.items() if values.dumps(value) != values.dumps(before[name])}
        _write(unit, at, process, {name: before[name] for name in changed}, changed, why)

    return operating.perform(runtime, instance, "change", act, actor=actor, idempotency_key=idempotency_key, moving=False)


def _process(unit: CommandUnit, scope: str) -> Process:
    """The procedure the scope stands in. Raises NotFound for a scope that is not live here."""
    unit.scopes.live(scope)
    return unit.definitions.process(unit.process_of(scope))


def _accepted(unit: CommandUnit, at: str, process: Process, given: Mapping[str, Any], expressions: Mapping[str, str]) -> dict[str, Any]:
    """The values as they will be stored. Raises FormInvalid with every name that is wrong."""
    found: dict[str, Any] = {}
    errors = []
    whole = unit.scopes.live(at).node is None
    known = unit.scopes.own_names(at) | (set(process.data) if whole else set())
    for name, text in expressions.items():
        value, error = _evaluated(unit, at, name, text)
        errors += [error] if error else []
        found[name] = value
    for name, value in {**given, **found}.items():
        free = whole and not process.data
        if name in INSTANCE_FACTS:
            errors.append(_error(unit, name, "V-READONLY", "由系统填写，不能修改", "The system sets this; it cannot be changed"))
        elif name not in known and not free:
            errors.append(_error(unit, name, "V-UNKNOWN", "流程没有声明这一项", "The process does not declare this value"))
        else:
            found[name], error = _like(unit, name, unit.scopes.value(at, name), value)
            errors += [error] if error else []
    if not given and not expressions:
        errors.append(_error(unit, "", "V-REQ", "没有要修改的内容", "There is nothing to change"))
    if errors:
        raise FormInvalid(errors)
    return found


def _evaluated(unit: CommandUnit, at: str, name: str, text: str) -> tuple[Any, FieldError | None]:
    """The value of a FEEL expression of literals and functions. One that reads variables could carry protected data to where they are
    open to everybody."""
    source = text.removeprefix("=")
    try:
        feel.compile_expression(source)
        read = names_in(source)
        if read:
            names = ", ".join(read)
            return None, _error(unit, name, "V-TYPE", f"不能引用变量（{names}）", f"It must not read variables ({names})")
        return values.normalise(unit.evaluate(source, at)), None
    except (feel.FeelSyntaxError, ExpressionFailed, UnknownVariable, values.ValueRefused) as error:
        return None, _error(unit, name, "V-TYPE", str(error), str(error))


def _like(unit: CommandUnit, name: str, present: Any, given: Any) -> tuple[Any, FieldError | None]:
    """`given` as the kind the variable has now: JSON text becomes the date or number it is read as. Null goes with every kind."""
    if present is None or given is None or kind_of(present) == kind_of(given):
        return given, None
    if isinstance(given, str):
        try:
            return _parsed(present, given), None
        except (ValueError, InvalidOperation, feel.FeelSyntaxError):
            given = str(given)
    (was_zh, was_en), (is_zh, is_en) = kind_of(present), kind_of(given)
    return given, _error(unit, name, "V-TYPE", f"原来是{was_zh}，不能改为{is_zh}", f"It is {was_en} and cannot become {is_en}")


def _parsed(present: Any, text: str) -> Any:
    match present:
        case datetime():
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("a moment needs a zone")
            return moment
        case date():
            return date.fromisoformat(text)
        case time():
            return time.fromisoformat(text)
        case Decimal():
            return values.normalise(Decimal(text))
        case timedelta() | YearsMonths():
            found = feel.compile_expression("duration(text)").evaluate({"text": text})
            if found is None:
                raise ValueError(f"{text!r} is no duration")
            return found
    raise ValueError("not read from text")


def kind_of(value: Any) -> tuple[str, str]:
    """What kind of value it is, in both languages."""
    return next(((zh, en) for kinds, zh, en in _KINDS if isinstance(value, kinds)), ("空", "null"))


def _error(unit: CommandUnit, name: str, code: str, zh: str, en: str) -> FieldError:
    return FieldError(pointer=f"/{name}" if name else "", code=code, message=en if unit.actor.language == "en" else zh)


def _write(unit: CommandUnit, at: str, process: Process, before: dict[str, Any], changed: dict[str, Any], reason: str) -> None:
    """The values; history with what is protected in a row of its own; register columns that show them; conditional events."""
    guards = _guards(unit, at, process, changed)
    element = None if at == unit.row.root else unit.element(at, unit.scopes.live(at).node or process.id)
    shown = {name: value for name, value in changed.items() if name not in guards}
    content = {"reason": reason, "scope": at, "names": sorted(changed), "values": shown}
    unit.record("variables_changed", element, content)
    for name, found in guards.items():
        kept = {"guards": [guard.plain() for guard in found], "values": {name: changed[name]}}
        unit.record("protected_changed", element, kept)
    records = tuple(record for node in process.nodes.values() for record in node.records)
    changes = unit.runtime.kernel.assign(
        unit.definitions, unit.snapshot, unit.environment, {(at, name): value for name, value in changed.items()},
        run=unit.row.suspended_at is None,
    )  # fmt: skip
    told = VariablesChanged(token=at, scope=None, process=process.id, node=None, before=before, records=records)
    changes.events.insert(0, told)
    unit.apply(changes)


def _guards(unit: CommandUnit, at: str, process: Process, changed: Mapping[str, Any]) -> dict[str, tuple[Guard, ...]]:
    """Protected names among those that change, with who may read them: as before, or by what the model says now."""
    rules = protected(process)
    stored = guard_store.of_instance(unit.connection, unit.row.id, guard_store.DATA) if set(rules) & set(changed) else {}
    found = {}
    for name in changed:
        if name in rules:
            ref = f"{process.id}/{name}"
            kept = stored.get(ref, ())
            if not kept:
                after = {**unit.variables(at), **changed}
                kept = evaluated([rules[name]], lambda text, seen=after: unit.evaluator(text, seen))  # type: ignore[misc]
                unit.protect(guard_store.DATA, [ref], kept)
            found[name] = kept
    return found
