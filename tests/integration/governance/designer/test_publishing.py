"""Versions: what a deployment keeps, takes away and counts; bundled procedures that were changed here."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from engine.actor import SYSTEM, Actor
from engine.engine import Change
from engine.errors import CogovError, Conflict, NotFound
from engine.store.database import Database
from governance.accounts.tables import account
from governance.application import Application
from governance.designer import deployed, drafts, store
from governance.designer.bundled import without_changed
from governance.designer.checking import Report
from governance.designer.files import CODES
from governance.designer.publishing import Outdated, Published, publish
from governance.designer.store import Draft
from governance.directory import tables as directory
from governance.directory.roster import load_roster
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


def _changed(app: Application, text: bytes = b"# new") -> Draft:
    with app.database.write() as connection:
        draft = drafts.edit(connection, "toy", by="chen", at=NOW)
        return drafts.save(connection, draft.id, "processes/toy/toy.md", text, 1, by="chen", at=NOW)


def _publish(app: Application, draft: Draft, person: str = "chen") -> Published:
    with app.database.read() as connection:
        files = drafts.files(connection, draft)
    return publish(app, Actor(person=person), draft, files, Report(problems=()), note="why", confirmed=())


def test_publishing_makes_a_version_removes_the_draft_and_remembers_why(app: Application) -> None:
    draft = _changed(app)
    made = _publish(app, draft)
    assert (made.version, dict(made.staying)) == (2, {})
    with app.database.read() as connection:
        assert store.drafts(connection) == []
        assert {at: made.note for at, made in store.releases(connection).items()} == {("toy", 2): "why"}
        assert deployed.files_now(connection, "toy")["processes/toy/toy.md"] == b"# new"


def test_nothing_of_a_publication_stays_when_it_is_refused(app: Application) -> None:
    draft = _changed(app)
    app.engine.deploy({**TOY, "processes/toy/toy.md": b"# theirs"}, actor=Actor(person="lin"))
    with pytest.raises(Outdated):
        _publish(app, draft)
    with pytest.raises(Conflict):
        _publish(app, replace(draft, revision=1))
    with app.database.read() as connection:
        assert [d.id for d in store.drafts(connection)] == [draft.id]
        assert store.releases(connection) == {}
        assert deployed.current(connection).versions == {"toy": 1}


def test_of_two_who_publish_the_same_draft_at_once_one_does(shared_app: Application) -> None:
    draft = _changed(shared_app)
    barrier, answers = threading.Barrier(2), list[str]()

    def attempt(person: str) -> None:
        barrier.wait()
        try:
            answers.append(f"version {_publish(shared_app, draft, person).version}")
        except CogovError as refused:
            answers.append(refused.code)

    threads = [threading.Thread(target=attempt, args=(person,)) for person in ("chen", "lin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[-1] == "version 2"
    assert sorted(answers)[0] in {"not_found", "nothing_to_publish", "conflict"}
    with shared_app.database.read() as connection:
        assert [v.version for v in deployed.procedures(connection, "toy")["toy"]] == [2, 1]


def test_people_come_to_a_trial_without_phone_and_account(app: Application) -> None:
    roster = {
        "areas": [{"id": "town", "level": "community", "name": "小镇"}],
        "people": [{"id": "chen", "name": "陈", "phone": "13800000001", "posts": ["community_worker@town"]}],
    }
    there = Database("sqlite://")
    there.create_all()
    with app.database.write() as here:
        load_roster(here, roster, at=NOW, settings=app.settings, calendars=app.calendars)
        app.accounts.create(here, "chen", "chen", "a long password", NOW)
    with app.database.read() as here, there.write() as connection:
        store.copy_directory(here, connection)
    with there.read() as connection:
        person = connection.execute(sa.select(directory.person)).one()
        assert (person.id, person.name_zh, person.phone) == ("chen", "陈", None)
        assert connection.execute(sa.select(directory.post.c.role)).scalar_one() == "community_worker"
        assert connection.execute(sa.select(account)).first() is None
    there.dispose()
