"""What an editor of expressions needs: names in scope, and the value, doubts and faults of what was typed. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from engine import values
from engine.actor import Actor
from engine.definitions.checks.doubts import problem_of
from engine.definitions.codes import CODES
from engine.definitions.model import Label
from engine.definitions.scope import completion
from engine.definitions.scope.completion import Completion, Offer
from engine.definitions.scope.form_places import form_names, form_places, users
from engine.definitions.scope.functions import OWN_FUNCTIONS
from engine.definitions.scope.variables import Seen
from engine.definitions.scope.world import World
from engine.errors import CogovError, NotFound
from engine.feel import Environment, Examined, Expression, FeelSyntaxError, Notice, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.inference import ANY, Anything, Doubt, Inferred, Shape, described, infer, infer_tests, of_value
from engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from engine.forms.compiled import CompiledForm
from governance.application import Application
from governance.designer import deployed, drafts
from governance.designer.scope import world_of
from governance.desk.designing.rights import require_designer

#: a trial may do less work than a process: the designer waits for the answer [A]
_MOST_STEPS = 50_000
_MOST_ITEMS = 10_000
_MOST_TEXT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """A place whose names are meant. `process`: deployed, or of the `draft`; `element`: of it, the process itself if left out; `form`: one
    of its forms; `output`: what output mappings see is in scope, too."""

    process: str | None = None
    element: str | None = None
    draft: str | None = None
    form: str | None = None
    output: bool = False


def scope(app: Application, actor: Actor, at: At) -> dict[str, Any]:
    """Completion data at a place: names, functions, code lists, and the expressions that stand there with what is wrong with them.

    Raises Forbidden, NotFound.
    """
    require_designer(app, actor)
    world, process = _world(app, at)
    names = _offers(world, process, at)
    return {
        "process": process,
        "element": at.element or process,
        "names": [_offered(offer) for offer in names],
        "functions": [_function(offer) for offer in completion.functions()],
        "codes": _codes(world),
        "expressions": _expressions(world, process, at, actor.language),
        "sample": completion.sample((offer for offer in names if not offer.after), app.clock.now().astimezone(app.zone).isoformat()),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried: an expression with sample data, or (`tests`) the tests of a cell, in which `?` is the value `input`. `wanted`: the
    kinds its place takes; `run` False: it is only looked at."""

    expression: str
    variables: Mapping[str, Any]
    at: At | None = None
    wanted: tuple[str, ...] = ()
    tests: bool = False
    input: Any = None
    run: bool = True


def evaluate(app: Application, actor: Actor, trial: Trial) -> dict[str, Any]:
    """The kind of an expression's value, what is doubtful in it and its value with sample data: in no case, on tight limits.

    With a place, its names are in scope, null where the sample says nothing; without, only the sample data are. Raises Forbidden, NotFound.
    """
    require_designer(app, actor)
    text, at = trial.expression.removeprefix("="), trial.at
    names = _names(app, at)
    given = {name: _typed(value, names.get(name) if names else None) for name, value in values.normalise(dict(trial.variables)).items()}
    known = _known(names, given, trial)
    value = values.normalise(trial.input)
    try:
        compiled, inferred = _read(text, known, given, trial, value)
    except FeelSyntaxError as error:
        return _answer(error=_syntax(error, actor.language))
    doubts = [_doubt(doubt, text, actor.language) for doubt in inferred.doubts]
    found = {"kind": inferred.shape.kind, "shape": described(inferred.shape), "warnings": doubts, "names": sorted(compiled.names)}
    if not trial.run:
        return _answer(**found)
    variables = {**dict.fromkeys(known), **given, **_code_lists(app, at)}
    try:
        with app.database.read() as connection:
            examined = _examined(compiled, value, variables, _environment(app, connection))
    except CogovError as error:
        return _answer(**found, error={"code": error.code, "message": _in(actor.language, error.message), "position": None})
    notices = [_notice(notice, actor.language) for notice in examined.notices]
    result = values.plain(examined.value)
    return _answer(**found, value=result, evaluated=True, value_kind=of_value(examined.value).kind, notices=notices)


def _examined(compiled: Expression | UnaryTests, value: Any, variables: Mapping[str, Any], environment: Environment) -> Examined:
    """Tests give true or false, whatever became null in them."""
    if isinstance(compiled, Expression):
        return compiled.examine(variables, environment)
    return Examined(compiled.matches(value, variables, environment), ())


def _known(names: Mapping[str, Shape] | None, given: Mapping[str, Any], trial: Trial) -> Mapping[str, Shape]:
    """The names in scope: of the place, and of the sample data where the place does not know them."""
    own = {name: of_value(value) for name, value in given.items()}
    if names is not None:
        return {**own, **dict(names)}
    return own if trial.at is None and trial.run else Anything()


def _read(
    text: str, known: Mapping[str, Shape], given: Mapping[str, Any], trial: Trial, value: Any
) -> tuple[Expression | UnaryTests, Inferred]:
    words = frozenset({*known, *given})
    if trial.tests:
        shape = of_value(value) if value is not None else ANY
        return compile_unary_tests(text, names=words, named_zones=False), infer_tests(text, shape, known, functions=OWN_FUNCTIONS)
    inferred = infer(text, known, functions=OWN_FUNCTIONS, wanted=trial.wanted)
    return compile_expression(text, names=words, named_zones=False), inferred


# Where ----------------------------------------------------------------------------------------------------------------


def _world(app: Application, at: At) -> tuple[World, str]:
    with app.database.read() as connection:
        if at.draft is None:
            files = deployed.contents(connection, deployed.current(connection).paths)
            key = at.process
        else:
            draft = drafts.get(connection, at.draft)
            files = drafts.overlay(connection, draft)
            key = at.process or draft.key
    if key is None:
        raise NotFound("请写明流程 / say which process", process=None)
    world = world_of(files, app.services)
    if world.variables(key) is None:
        raise NotFound(f"没有流程 {key} / there is no process {key}", process=key)
    return world, key


def _offers(world: World, process: str, at: At) -> list[Offer]:
    variables = world.variables(process)
    assert variables is not None  # _world has found it
    if at.form is not None:
        names = form_names(world, *_shown(world, process, at.form))
        return [Offer(name=name, shape=shape, source="form", of=at.form) for name, shape in sorted((names or {}).items())]
    return Completion(world, variables).names(at.element or process)


def _names(app: Application, at: At | None) -> Mapping[str, Shape] | None:
    """None: any name may be used."""
    if at is None:
        return None
    world, process = _world(app, at)
    variables = world.variables(process)
    if variables is None or variables.scopes.open_names:
        return None
    return {offer.name: offer.shape for offer in _offers(world, process, at) if at.output or not offer.after}


def _shown(world: World, process: str, form: str) -> tuple[CompiledForm, list[Seen | None]]:
    """A form with the names of the steps of this process that show it. Raises NotFound."""
    variables, compiled = world.variables(process), world.compiled_form(form)
    if variables is None or compiled is None:
        raise NotFound(f"没有表单 {form} / there is no form {form}", form=form)
    return compiled, users(world, {process: variables.process}).get(form, [])


def _expressions(world: World, process: str, at: At, language: str) -> list[dict[str, Any]]:
    if at.form is not None:
        places = [(place.component, place.text, place.names, ()) for place in form_places(world, *_shown(world, process, at.form))]
    else:
        variables = world.variables(process)
        assert variables is not None
        found = Completion(world, variables).places(at.element or process)
        places = [(place.what, f"={place.text}", place.names, place.wanted) for place in found]  # type: ignore[misc]
    return [
        {"place": what, "expression": text, "wanted": list(wanted), "problems": _problems(text.removeprefix("="), names, wanted, language)}
        for what, text, names, wanted in places
    ]


def _problems(text: str, names: Mapping[str, Shape] | None, wanted: tuple[str, ...], language: str) -> list[dict[str, Any]]:
    try:
        inferred = infer(text, Anything() if names is None else names, functions=OWN_FUNCTIONS, wanted=wanted)
    except FeelSyntaxError as error:
        return [_syntax(error, language)]
    return [_doubt(doubt, text, language) for doubt in inferred.doubts]


def _environment(app: Application, connection: Any) -> Environment:
    """The installation's functions outside any case, while the connection is open, and the moment of its clock."""
    now = app.clock.now()
    functions = app.engine.runtime.functions.bind(connection, None, now)
    return Environment(now=now, zone=app.zone, functions=functions, max_steps=_MOST_STEPS, max_items=_MOST_ITEMS, max_text=_MOST_TEXT)


def _code_lists(app: Application, at: At | None) -> dict[str, Any]:
    if at is None:
        return {}
    return {"codes": _world(app, at)[0].lists}


# In words -------------------------------------------------------------------------------------------------------------


def _answer(**found: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "evaluated": False,
        "value": None,
        "value_kind": None,
        "kind": None,
        "shape": None,
        "warnings": [],
        "notices": [],
        "names": [],
        "error": None,
    }
    return {**empty, **found, "ok": found.get("error") is None}


def _syntax(error: FeelSyntaxError, language: str) -> dict[str, Any]:
    english = language == "en"
    return {
        "code": "FEEL-001",
        "message": error.message if english else error.message_zh,
        "hint": error.hint if english else error.hint_zh,
        "position": error.position,
    }


def _doubt(doubt: Doubt, text: str, language: str) -> dict[str, Any]:
    code, facts = problem_of(doubt, text)
    entry, english = CODES[code], language == "en"
    said = {name: fact.in_(language) if isinstance(fact, Label) else fact for name, fact in {**facts, "where": "FEEL"}.items()}
    return {
        "code": code,
        "message": (entry.en if english else entry.zh).format(**said).partition(": " if english else "：")[2],
        "hint": (entry.hint_en if english else entry.hint_zh).format(**said),
        "position": doubt.position,
        "near": list(doubt.near),
    }


def _notice(notice: Notice, language: str) -> dict[str, Any]:
    return {"code": notice.key, "message": notice.message if language == "en" else notice.message_zh, "position": notice.position}


def _offered(offer: Offer) -> dict[str, Any]:
    return {
        "name": offer.name, "kind": offer.shape.kind, "item": offer.shape.item.kind if offer.shape.item is not None else None,
        "zh": offer.label.zh, "en": offer.label.en, "source": offer.source, "of": offer.of, "after": offer.after,
        "entries": [_offered(entry) for entry in offer.entries],
    }  # fmt: skip


def _function(offer: completion.FunctionOffer) -> dict[str, Any]:
    return {
        "name": offer.name, "signatures": list(offer.signatures), "zh": offer.label.zh, "en": offer.label.en, "own": offer.own,
    }  # fmt: skip


def _codes(world: World) -> list[dict[str, Any]]:
    return [
        {"list": name, "codes": [{"code": str(code.get("code")), "zh": code.get("zh", ""), "en": code.get("en", "")} for code in entries]}
        for name, entries in sorted(world.lists.items())
        if isinstance(entries, list)
    ]


def _typed(value: Any, shape: Shape | None) -> Any:
    """JSON knows no dates: a text becomes what the name is, where it can be read as that."""
    if shape is None or value is None:
        return value
    if isinstance(value, list) and shape.kind == "list":
        return [_typed(item, shape.item) for item in value]
    if isinstance(value, dict) and shape.entries is not None:
        return {name: _typed(entry, shape.entries.get(name)) for name, entry in value.items()}
    if not isinstance(value, str) or shape.kind not in _READ:
        return value
    return _as_kind(value, shape.kind)


_READ = {
    "date": parse_date,
    "date and time": parse_date_time,
    "time": parse_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}


def _as_kind(text: str, kind: str) -> Any:
    found: date | datetime | time | Any = _READ[kind](text)
    return text if found is None else found


def _in(language: str, message: str) -> str:
    zh, _slash, en = message.partition(" / ")
    return (en or zh) if language == "en" else zh
