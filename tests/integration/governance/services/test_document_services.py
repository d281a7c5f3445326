"""documents.*: frozen under a hash, in versions, never changed in place."""

import pytest

from engine.errors import BpmnError, NotFound, ServiceRefused
from governance.documents import services as documents
from governance.documents.tables import document_text
from governance.signing import services as signing


def test_an_equal_text_keeps_its_version_and_another_one_is_the_next(desk):
    first = desk(documents.freeze, title="协议", text="一\r\n二")
    same = desk(documents.freeze, title="协议", text="一\n二\n", document=first["document"])
    other = desk(documents.freeze, title="协议", text="三", document=first["document"])
    assert (first["version"], first["changed"], first["hash"][:7]) == (1, True, "sha256:")
    assert (same["version"], same["changed"], same["hash"]) == (1, False, first["hash"])
    assert (other["version"], other["changed"]) == (2, True)
    with desk.database.read() as connection:
        shelf = desk.resources["documents"]
        assert [d["version"] for d in shelf.of_instance(connection, "i1")] == [2, 1]
        assert shelf.read(connection, first["document"], 1)["body"] == "一\n二\n"


def test_clauses_become_text_with_the_names_of_units(desk):
    frozen = desk(documents.freeze, title="协议", clauses=[{"no": 1, "title": "开放停车场", "owner_unit": "ent_a"}])
    assert "责任单位：启明光学" in frozen["text"]


def test_nothing_cannot_be_frozen(desk):
    with pytest.raises(ServiceRefused):
        desk(documents.freeze, title="协议")


def test_another_hash_than_the_newest_versions_is_tampering(desk):
    first = desk(documents.freeze, title="协议", text="一")
    desk(documents.freeze, title="协议", text="二", document=first["document"])
    with pytest.raises(BpmnError) as thrown:
        desk(documents.verify, document=first["document"], hash=first["hash"])
    assert thrown.value.code == "ERR_TAMPERED"


def test_a_text_changed_in_the_database_is_tampering(desk):
    first = desk(documents.freeze, title="协议", text="一")
    with desk.database.write() as connection:
        connection.execute(document_text.update().values(body="改"))
    with pytest.raises(BpmnError):
        desk(documents.verify, document=first["document"], hash=first["hash"])
    with desk.database.read() as connection:
        assert not desk.resources["documents"].read(connection, first["document"])["intact"]


def test_a_seal_says_that_it_has_no_legal_weight_and_repeats_itself(desk):
    first = desk(documents.freeze, title="协议", text="一")
    seal = desk(documents.seal, document=first["document"], hash=first["hash"], receivers=["ent_a", {"id": "c1"}])
    again = desk(documents.seal, document=first["document"], hash=first["hash"])
    assert seal["legal_weight"] is False
    assert "不具有" in seal["statement"]
    assert (again["seal"], again["copies"]) == (seal["seal"], 2)


def test_an_unfinished_signing_is_not_sealed(desk):
    first = desk(documents.freeze, title="协议", text="一")
    opened = desk(signing.open_signing, document=first["document"], hash=first["hash"], signatories=[{"selector": "role:ent_head@ent_a"}])
    with pytest.raises(ServiceRefused, match="not complete"):
        desk(documents.seal, document=first["document"], hash=first["hash"], signing=opened["signing"])


def test_a_document_that_does_not_exist_is_not_found(desk):
    with pytest.raises(NotFound):
        desk(documents.verify, document="nothing", hash="sha256:0")
