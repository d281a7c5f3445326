"""What one side tells the mediator alone: parties, mediator, staff, outsiders, administrator try every door (domain 2.5, 10.8)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.acceptance.conftest import MANIFEST
from tests.dispute import MEDIATOR, PARTY_A, PARTY_B, SECRETS, WORKER, Dispute
from tests.town import Browser, Town

OF_A, OF_B = frozenset({"words of A", "limit of A"}), frozenset({"words of B", "limit of B"})
#: reader → person of the roster, and what he may read at most
READERS: dict[str, tuple[str | None, frozenset[str]]] = {
    "public": (None, frozenset()),
    "stranger with an account": ("stranger_dong", frozenset()),
    "party A": (PARTY_A, OF_A),
    "colleague of party A": ("unit_liaison_lin", OF_A),
    "party B": (PARTY_B, OF_B),
    "colleague of party B": ("liaison_he", OF_B),
    "mediator": (MEDIATOR, frozenset(SECRETS)),
    "mediator of another area": ("mediator_nandu", frozenset()),
    "worker who registered it": (WORKER, frozenset()),
    "other worker": ("worker_sun", frozenset()),
    "legal reviewer": ("legal_zhao", frozenset()),
    "community secretary": ("secretary_chen", frozenset()),
    "street above": ("office_xu", frozenset()),
    "head of the street": ("director_gao", frozenset()),
    "supervision": ("supervisor_luo", frozenset()),
    "invited policeman": ("police_he", frozenset()),
    "administrator": ("admin", frozenset()),
}


def pages(dispute: Dispute, browser: Browser, *paths: str) -> str:
    return "\n".join(browser.get(path).text for path in paths)


def tasks(dispute: Dispute, browser: Browser) -> str:
    """Pages and API of every task there was, done and open."""
    open_now = [t.id for t in dispute.town.app.engine.queries.instance(dispute.instance).tasks]
    ids = [*dispute.done, *open_now]
    return pages(dispute, browser, *(path for t in ids for path in (f"/tasks/{t}", f"/api/v1/tasks/{t}")))


def registers(dispute: Dispute, browser: Browser) -> str:
    from governance.registers import store

    with dispute.town.app.database.read() as connection:
        rows = store.rows_of_instance(connection, dispute.instance)
    keys = sorted({r.register for r in rows})
    paths = [f"/registers/{r.register}/{r.id}" for r in rows]
    for key in keys:
        paths += [f"/registers/{key}", f"/registers/{key}/table", f"/registers/{key}/export.csv", f"/api/v1/registers/{key}"]
    return pages(dispute, browser, *paths)


def meetings(dispute: Dispute, browser: Browser) -> str:
    from governance.meetings import store

    with dispute.town.app.database.read() as connection:
        ids = [m["id"] for m in store.of_instance(connection, dispute.instance)]
    assert ids
    return pages(dispute, browser, "/meetings", *(path for m in ids for path in (f"/meetings/{m}", f"/meetings/{m}/record")))


def papers(dispute: Dispute, browser: Browser) -> str:
    with dispute.town.app.database.read() as connection:
        files = [f.id for f in dispute.town.app.files.of_instance(connection, dispute.instance)]
        documents = sorted({d["document"] for d in dispute.town.app.documents.of_instance(connection, dispute.instance)})
    found = [f"/files/{f}" for f in files] + [f"/documents/{d}?instance={dispute.instance}" for d in documents]
    return pages(dispute, browser, *found)


Door = Callable[[Dispute, Browser], str]
DOORS: dict[str, Door] = {
    "variables over the API": lambda d, b: pages(d, b, f"/api/v1/instances/{d.instance}/variables"),
    "history over the API": lambda d, b: pages(d, b, f"/api/v1/instances/{d.instance}/history"),
    "case over the API": lambda d, b: pages(d, b, f"/api/v1/instances/{d.instance}"),
    "case page": lambda d, b: pages(d, b, f"/cases/{d.instance}"),
    "diagram": lambda d, b: pages(d, b, f"/cases/{d.instance}/diagram.bpmn"),
    "tasks": tasks,
    "lists": lambda d, b: pages(d, b, "/inbox", "/inbox?view=done", "/inbox?view=started", "/api/v1/tasks?view=done"),
    "notices": lambda d, b: pages(d, b, "/notices"),
    "registers": registers,
    "meetings": meetings,
    "papers": papers,
    "search": lambda d, b: pages(d, b, "/search?q=SECRET", "/search?q=底线"),
    "public pages": lambda d, b: pages(d, b, "/public", "/public?q=SECRET"),
    "operations": lambda d, b: pages(d, b, "/operations"),
}


@pytest.fixture(scope="module")
def dispute(tmp_path_factory: pytest.TempPathFactory) -> Dispute:
    """The session is called: everybody has said his, the shuttle talks are noted."""
    return Dispute(Town(tmp_path_factory.mktemp("dispute"), manifest=MANIFEST, roster="street")).to_notice()


def given_away(text: str) -> set[str]:
    """Which private words a text holds; each ends in a word of its own that no escaping changes."""
    return {name for name, words in SECRETS.items() if words.split()[-1] in text}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("door", DOORS)
def test_nobody_reads_what_was_said_in_private_to_another(dispute: Dispute, door: str, reader: str) -> None:
    person, allowed = READERS[reader]
    assert given_away(DOORS[door](dispute, dispute.browser(person))) <= allowed


@pytest.mark.parametrize("reader", ["party A", "colleague of party A", "party B", "colleague of party B", "mediator"])
def test_each_side_finds_its_own_words_again_and_the_mediator_finds_all(dispute: Dispute, reader: str) -> None:
    person, allowed = READERS[reader]
    assert given_away(DOORS["history over the API"](dispute, dispute.browser(person))) == allowed


def test_the_mediator_reads_both_bottom_lines_side_by_side(dispute: Dispute) -> None:
    found = given_away(DOORS["variables over the API"](dispute, dispute.browser(MEDIATOR)))
    assert {"line of A", "line of B"} <= found
