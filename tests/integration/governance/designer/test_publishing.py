"""Versions: what a deployment keeps, takes away and counts; bundled procedures that were changed here."""

from __future__ import annotations

import pytest

from engine.actor import SYSTEM, Actor
from engine.engine import Change
from engine.errors import Conflict, NotFound
from governance.application import Application
from governance.designer import deployed
from governance.designer.bundled import without_changed
from governance.designer.files import CODES
from governance.reference import store as reference
from governance.settings.settings import UnknownSetting
from tests.integration.governance.designer.conftest import BPMN, FORM, NOW, TOY

CASES = "processes/toy/cases.yaml"
SETTINGS = "processes/toy/toy.settings.yaml"
RENEWED = Change(done=lambda connection, _deployment: reference.renew(connection))


def test_every_file_of_a_package_is_deployed_and_comes_back(app: Application) -> None:
    assert app.engine.queries.current_files() == TOY


def test_a_change_of_the_text_alone_is_a_deployment_too(app: Application) -> None:
    made = app.engine.deploy({**TOY, "processes/toy/toy.md": b"# other"}, actor=SYSTEM)
    assert made.created
    assert app.engine.queries.current_files()["processes/toy/toy.md"] == b"# other"


def test_a_version_gives_the_files_of_its_time_also_those_taken_away_since(app: Application) -> None:
    app.engine.deploy({**TOY, "processes/toy/toy.md": b"# two"}, actor=SYSTEM, change=Change(renumbered=frozenset({"toy"})))
    left = {path: content for path, content in TOY.items() if not path.endswith(".md")}
    change = Change(without=frozenset({"processes/toy/toy.md"}), renumbered=frozenset({"toy"}))
    app.engine.deploy(left, actor=SYSTEM, change=change)
    with app.database.read() as connection:
        assert [v.version for v in deployed.procedures(connection, "toy")["toy"]] == [3, 2, 1]
        assert deployed.files_of_version(connection, "toy", 1) == TOY
        assert deployed.files_of_version(connection, "toy", 2)["processes/toy/toy.md"] == b"# two"
        assert deployed.files_of_version(connection, "toy", 3) == left
        assert deployed.files_now(connection, "toy") == left
        with pytest.raises(NotFound):
            deployed.files_of_version(connection, "toy", 4)


def test_a_refusing_guard_leaves_everything_as_it_was(app: Application) -> None:
    def guard(_connection: object, before: object) -> None:
        assert before
        raise Conflict("not now")

    with pytest.raises(Conflict):
        app.engine.deploy({**TOY, BPMN: TOY[BPMN] + b"\n"}, actor=SYSTEM, change=Change(guard=guard))
    assert app.engine.queries.current_files() == TOY


def test_settings_of_a_deployed_procedure_hold_at_once_with_their_newest_default(app: Application) -> None:
    def value() -> object:
        with app.database.read() as connection:
            return app.settings.get(connection, "toy.rounds", NOW)

    with pytest.raises(UnknownSetting):
        value()
    for number in (3, 5):
        text = f"toy.rounds: {{value: {number}, kind: integer, source: '[A]', zh: 轮次, en: Rounds}}\n"
        app.engine.deploy({**TOY, SETTINGS: text.encode()}, actor=SYSTEM, change=RENEWED)
        assert value() == number


def test_settings_that_cannot_be_read_harm_no_others(app: Application) -> None:
    good = "toy.rounds: {value: 3, kind: integer, source: '[A]', zh: 轮次, en: Rounds}\n"
    files = {**TOY, SETTINGS: good.encode(), "processes/toy/bad.settings.yaml": b"toy.bad: {value: x, kind: integer}\n"}
    app.engine.deploy(files, actor=SYSTEM, change=RENEWED)
    with app.database.read() as connection:
        assert app.settings.get(connection, "toy.rounds", NOW) == 3


def test_a_bundled_procedure_that_a_person_changed_stays_at_the_next_start(app: Application) -> None:
    bundle = {**TOY, CODES: b"a: [{code: x, zh: \xe7\x94\xb2, en: A}]\n"}
    assert without_changed(app, bundle) == (bundle, [])
    app.engine.deploy(bundle, actor=SYSTEM)
    app.engine.deploy({FORM: TOY[FORM].replace(b'"Handle"', b'"Work"')}, actor=Actor(person="chen"))
    files, kept = without_changed(app, bundle)
    assert kept == ["toy"]
    assert set(files) == {CODES}


def test_codes_of_here_stay_and_bundled_ones_come_to_them(app: Application) -> None:
    app.engine.deploy({CODES: "a: [{code: x, zh: 甲, en: Mine}]\n".encode()}, actor=Actor(person="chen"))
    bundle = {CODES: "a: [{code: x, zh: 甲, en: Theirs}]\nb: [{code: y, zh: 乙, en: B}]\n".encode()}
    for _start in range(2):  # the second start after the bundle's own deployment must not undo it
        files, kept = without_changed(app, bundle)
        assert kept == []
        app.engine.deploy(files, actor=SYSTEM)
        codes = app.engine.queries.codes()
        assert [c["en"] for c in codes["a"]] == ["Mine"]
        assert [c["en"] for c in codes["b"]] == ["B"]
