"""A committee's seat as the signing party: ``role:<seat>@<committee>``, as conventions 5 names holders."""

from datetime import date

import pytest

from engine.errors import ServiceRefused
from governance.directory.roster import load_roster
from governance.documents import services as documents
from governance.signing import services as signing

FORM = {"capacity": "individual", "method": "on_site"}


def opened(hall, selector):
    frozen = hall.call(documents.freeze, title="决议", text="全文")
    given = {"document": frozen["document"], "hash": frozen["hash"], "signatories": [{"selector": selector}]}
    return hall.call(signing.open_signing, **given)


def sign(hall, made, by):
    return hall.call(signing.record, by=by, signing=made["signing"], slot=1, doc_hash=made["hash"], **FORM)


@pytest.mark.parametrize("selector", ["role:member@council", "member:council", "member:council:member"])
def test_who_sits_on_the_seat_signs_for_the_committee(hall, selector):
    made = opened(hall, selector)
    with pytest.raises(ServiceRefused, match="不任该职"):
        sign(hall, made, "guest")
    signed = sign(hall, made, "m2")
    assert (signed["person"], signed["mandate"]["kind"], signed["complete"]) == ("m2", "membership", True)
    assert signed["mandate"]["zh"].startswith("协商会")


def test_for_a_post_the_committee_does_not_fill_its_areas_holder_signs(hall):
    """Nobody holds the post in the committee: the task goes to the area above, and so does the right to sign."""
    roster = {"valid_from": date(2024, 7, 1), "posts": [{"id": "p1", "role": "legal", "of": "street", "person": "guest"}]}
    with hall.app.database.write() as connection:
        app, known = hall.app, {"guest", "street"}
        load_roster(connection, roster, at=hall.now, settings=app.settings, calendars=app.calendars, zone=app.zone.key, known=known)
    made = opened(hall, "role:legal@council")
    with pytest.raises(ServiceRefused, match="不任该职"):
        sign(hall, made, "m2")
    assert sign(hall, made, "guest")["mandate"]["selector"] == "role:legal@street"
