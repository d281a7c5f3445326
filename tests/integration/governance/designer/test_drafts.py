"""Drafts in the database: nothing typed is lost, whoever is second is told, two who work on different files do not disturb each other."""

from __future__ import annotations

import threading

import pytest

from engine.actor import SYSTEM, Actor
from engine.errors import Conflict, NotFound
from governance.application import Application
from governance.designer import deployed, drafts, store
from governance.designer.drafts import Overtaken
from governance.designer.files import CODES, BadPath
from governance.designer.store import Draft
from tests.integration.governance.designer.conftest import BPMN, FORM, NOW, TOY

CHEN, LIN = "chen", "lin"


def opened(app: Application, by: str = CHEN) -> Draft:
    with app.database.write() as connection:
        return drafts.edit(connection, "toy", by=by, at=NOW)


def saved(app: Application, draft: Draft, path: str, text: str, revision: int, by: str = CHEN) -> Draft:
    with app.database.write() as connection:
        return drafts.save(connection, draft.id, path, text.encode(), revision, by=by, at=NOW)


def text(app: Application, draft: Draft, path: str) -> str:
    with app.database.read() as connection:
        return (drafts.read(connection, draft, path).content or b"").decode()


def test_a_draft_begins_with_what_is_deployed_and_is_opened_again(app: Application) -> None:
    first = opened(app)
    with app.database.read() as connection:
        assert drafts.files(connection, first) == TOY
    assert (first.base_version, first.revision, first.title_zh) == (1, 1, "玩具")
    assert opened(app, by=LIN).id == first.id


def test_there_is_no_draft_of_what_is_not_deployed(app: Application) -> None:
    with app.database.write() as connection, pytest.raises(NotFound):
        drafts.edit(connection, "nothing", by=CHEN, at=NOW)


def test_the_second_to_save_is_told_with_both_texts_and_may_then_save(app: Application) -> None:
    draft = opened(app)
    saved(app, draft, FORM, '{"theirs": 1}', 1, by=LIN)
    with pytest.raises(Overtaken) as lost:
        saved(app, draft, FORM, '{"mine": 1}', 1)
    facts = lost.value.details
    assert (facts["by"], facts["theirs"], facts["yours"], facts["revision"]) == (LIN, '{"theirs": 1}', '{"mine": 1}', 2)
    assert text(app, draft, FORM) == '{"theirs": 1}'
    assert saved(app, draft, FORM, '{"mine": 1}', facts["revision"]).revision == 3


def test_two_who_work_on_different_files_do_not_disturb_each_other(app: Application) -> None:
    draft = opened(app)
    saved(app, draft, FORM, "{}", 1, by=LIN)
    assert saved(app, draft, "processes/toy/toy.md", "# x", 1).revision == 3


def test_saving_what_is_there_already_changes_nothing(app: Application) -> None:
    draft = opened(app)
    saved(app, draft, FORM, "{}", 1)
    assert saved(app, draft, FORM, "{}", 1, by=LIN).revision == 2


def test_a_file_that_was_taken_away_meanwhile_is_told_too(app: Application) -> None:
    draft = opened(app)
    with app.database.write() as connection:
        drafts.remove(connection, draft.id, FORM, 1, by=LIN, at=NOW)
    with app.database.read() as connection, pytest.raises(NotFound):
        drafts.read(connection, draft, FORM)
    with pytest.raises(Overtaken) as lost:
        saved(app, draft, FORM, "{}", 1)
    assert lost.value.details["theirs"] is None


def test_a_file_gets_another_name_and_the_old_one_is_free(app: Application) -> None:
    draft = opened(app)
    new = "forms/toy/work.form.json"
    with app.database.write() as connection:
        drafts.rename(connection, draft.id, FORM, new, 1, by=CHEN, at=NOW)
    assert text(app, draft, new) == TOY[FORM].decode()
    with app.database.write() as connection, pytest.raises(BadPath):
        drafts.rename(connection, draft.id, new, BPMN, 2, by=CHEN, at=NOW)
    saved(app, draft, FORM, "{}", 2)


def test_shared_files_are_read_as_deployed_and_join_the_draft_when_they_are_changed(app: Application) -> None:
    codes = "answers: [{code: yes_, zh: 是, en: 'Yes'}]\n"
    app.engine.deploy({CODES: codes.encode()}, actor=SYSTEM)
    draft = opened(app)
    with app.database.read() as connection:
        found = drafts.read(connection, draft, CODES)
    assert (found.content, found.revision) == (codes.encode(), 0)
    changed = saved(app, draft, CODES, codes + "more: [{code: a, zh: 甲, en: A}]\n", 0)
    assert CODES in changed.base
    with app.database.read() as connection:
        assert CODES in drafts.files(connection, changed)


def test_a_draft_is_thrown_away_only_as_it_was_seen(app: Application) -> None:
    draft = opened(app)
    saved(app, draft, FORM, "{}", 1)
    with app.database.write() as connection, pytest.raises(Conflict):
        drafts.discard(connection, draft.id, 1)
    with app.database.write() as connection:
        drafts.discard(connection, draft.id, 2)
    with app.database.read() as connection:
        assert store.drafts(connection) == []


def test_what_is_deployed_meanwhile_comes_into_files_the_draft_has_not_changed(app: Application) -> None:
    draft = opened(app)
    saved(app, draft, "processes/toy/toy.md", "# mine", 1)
    theirs = TOY[FORM].replace("说明".encode(), "备注".encode())
    app.engine.deploy({**TOY, FORM: theirs}, actor=Actor(person=LIN))
    with app.database.read() as connection:
        assert drafts.outdated(draft, deployed.current(connection)) == [FORM]
    with app.database.write() as connection:
        fresh, clashes = drafts.refresh(connection, draft.id, {}, by=CHEN, at=NOW)
    assert clashes == []
    assert text(app, fresh, FORM) == theirs.decode()
    assert text(app, fresh, "processes/toy/toy.md") == "# mine"
    with app.database.read() as connection:
        assert drafts.outdated(drafts.get(connection, draft.id), deployed.current(connection)) == []


@pytest.mark.parametrize(("keep", "expected"), [("mine", "# mine"), ("theirs", "# theirs")])
def test_a_file_that_both_sides_changed_is_decided_by_a_person(app: Application, keep: str, expected: str) -> None:
    path = "processes/toy/toy.md"
    draft = opened(app)
    saved(app, draft, path, "# mine", 1)
    app.engine.deploy({**TOY, path: b"# theirs"}, actor=Actor(person=LIN))
    with app.database.write() as connection:
        assert drafts.refresh(connection, draft.id, {}, by=CHEN, at=NOW)[1] == [path]
    assert text(app, draft, path) == "# mine"
    with app.database.write() as connection:
        assert drafts.refresh(connection, draft.id, {path: keep}, by=CHEN, at=NOW)[1] == []
    assert text(app, draft, path) == expected


def test_of_two_who_save_the_same_file_at_once_one_is_told(shared_app: Application) -> None:
    draft = opened(shared_app)
    barrier, answers = threading.Barrier(2), list[str]()

    def save(name: str) -> None:
        barrier.wait()
        try:
            shared_app.database.run(lambda c: drafts.save(c, draft.id, FORM, name.encode(), 1, by=name, at=NOW))
            answers.append(f"saved {name}")
        except Overtaken as lost:
            answers.append(f"told {lost.details['theirs']} {lost.details['yours']}")

    threads = [threading.Thread(target=save, args=(name,)) for name in (CHEN, LIN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = text(shared_app, draft, FORM)
    second = LIN if first == CHEN else CHEN
    assert sorted(answers) == sorted([f"saved {first}", f"told {first} {second}"])
