"""publicity.*: the approved copy, its time, objections, the certificate."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.errors import BpmnError, NotFound, ServiceRefused
from governance.publicity import services as publicity
from governance.publicity.tables import publication

BODY = "启明光学评约得分 93.3，等次优，现予公示。"


def draft(desk, **more):
    checked = desk(publicity.check, title="评约结果公示", body=BODY)
    form = {
        "kind": "rating",
        "title": checked["title"],
        "body": checked["body"],
        "places": ["board", "online"],
        "days": 5,
        "basis": "working",
    }
    return {**form, "min_days": 5, "hash": checked["hash"], "objection_channel": "0571-88990011", **more}


@pytest.fixture
def posted(desk):
    return desk(publicity.publish, **draft(desk))


def local(moment):
    return f"{moment.astimezone(ZoneInfo('Asia/Shanghai')):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("days", "basis", "end"),
    [(5, "working", "03-30 17:30"), (7, "natural", "03-31 00:00"), (13, "natural", "04-07 17:30")],
    ids=["working days", "natural days", "ends on a rest day (5 April, holiday until the 6th)"],
)
def test_the_end_is_computed_by_days_and_basis_without_the_day_of_posting(desk, days, basis, end):
    assert local(desk(publicity.publish, **draft(desk, days=days, basis=basis, min_days=1))["end_at"]) == end


def test_fewer_days_than_the_minimum_are_refused(desk):
    with pytest.raises(ServiceRefused, match="少于规定的 7 天"):
        desk(publicity.publish, **draft(desk, min_days=7))


def test_another_text_than_the_approved_one_is_tampering(desk):
    with pytest.raises(BpmnError) as thrown:
        desk(publicity.publish, **draft(desk, body=BODY + "改"))
    assert thrown.value.code == "ERR_TAMPERED"


def test_forbidden_fields_are_redacted_by_the_check_and_refused_by_publishing(desk):
    checked = desk(publicity.check, title="公示", body="联系张三 13812345678", secrets=["张三"])
    assert not checked["ok"]
    assert checked["body"] == "联系张× 138××××××78"
    assert {f["kind"] for f in checked["findings"]} == {"phone", "secret"}
    assert "13812345678" not in str(checked)
    raw = desk(publicity.check, title="公示", body=checked["body"])
    assert raw["ok"]
    with pytest.raises(BpmnError):
        desk(publicity.publish, **draft(desk, title="公示", body="联系张三 13812345678", hash=checked["hash"]))


def test_a_beginning_in_the_past_is_now(desk):
    started = desk(publicity.publish, **draft(desk, start_at=desk.now - timedelta(days=3)))
    assert started["start_at"] == desk.now


def test_nothing_is_shown_before_its_beginning(desk):
    later = desk(publicity.publish, **draft(desk, start_at=desk.now + timedelta(days=1)))
    with desk.database.read() as connection:
        shelf = desk.resources["publicity"]
        assert shelf.wall(connection, desk.now) == []
        with pytest.raises(NotFound):
            shelf.page(connection, later["slug"], desk.now)
        assert shelf.page(connection, later["slug"], desk.now + timedelta(days=1))["open_for_objection"]


def test_the_wall_shows_what_is_on_and_what_has_ended(desk, posted):
    shelf = desk.resources["publicity"]
    with desk.database.read() as connection:
        assert [p["slug"] for p in shelf.wall(connection, desk.now)] == [posted["slug"]]
        assert shelf.ended(connection, desk.now) == []
        after = posted["end_at"] + timedelta(seconds=1)
        assert shelf.wall(connection, after) == []
        (over,) = shelf.ended(connection, after)
        assert not over["open_for_objection"]


def test_a_changed_text_begins_again_at_day_0_as_the_next_version(desk, posted):
    desk.later(days=2)
    checked = desk(publicity.check, title="更正", body=BODY)
    again = desk(publicity.publish, **draft(desk, title="更正", hash=checked["hash"], publication=posted["publication"]))
    assert (again["publication"], again["slug"], again["version"]) == (posted["publication"], posted["slug"], 2)
    assert local(again["end_at"]) == "04-01 17:30"
    with desk.database.read() as connection:
        assert [v["title"] for v in desk.resources["publicity"].versions(connection, posted["publication"])] == ["评约结果公示", "更正"]


def test_an_objection_in_time_marks_the_notice_until_it_is_decided(desk, posted):
    first = desk(publicity.mark, publication=posted["publication"], objection="YY-1")
    assert (first["state"], first["in_window"], first["open"]) == ("under_objection", True, 1)
    second = desk(publicity.mark, publication=posted["publication"], objection="YY-1", outcome="rejected")
    assert (second["state"], second["total"], second["open"], second["upheld"]) == ("posted", 1, 0, 0)


def test_a_late_objection_is_recorded_and_opens_nothing(desk, posted):
    desk.now = posted["end_at"] + timedelta(minutes=1)
    late = desk(publicity.mark, publication=posted["publication"], objection="YY-2")
    assert (late["late"], late["open"], late["total"], late["state"]) == (True, 0, 1, "posted")


def test_an_objection_received_in_time_but_entered_late_is_in_time(desk, posted):
    received = posted["end_at"] - timedelta(minutes=1)
    desk.now = posted["end_at"] + timedelta(days=1)
    assert desk(publicity.mark, publication=posted["publication"], objection="YY-3", received_at=received)["in_window"]


def test_the_certificate_states_the_time_the_photos_and_the_objections(desk, posted):
    assert desk(publicity.photo, publication=posted["publication"], place="board", photos=["f1", {"id": "f2"}])["photos"] == 2
    assert desk(publicity.photo, publication=posted["publication"], place="board", photos="f1")["photos"] == 2
    desk(publicity.mark, publication=posted["publication"], objection="YY-1", outcome="rejected")
    desk.now = posted["end_at"]
    closed = desk(publicity.certify, publication=posted["publication"])
    certificate = closed["certificate"]
    assert (closed["state"], certificate["photos"], certificate["received"], certificate["upheld"]) == ("clean", 2, 1, 0)
    assert "自 2026-03-23 10:00 至 2026-03-30 17:30 公示 5 个工作日" in certificate["zh"]
    assert desk(publicity.certify, publication=posted["publication"])["certificate"]["at"] == certificate["at"]


@pytest.mark.parametrize("outcome", [None, "upheld"])
def test_it_is_not_clean_while_an_objection_is_open_or_was_upheld(desk, posted, outcome):
    desk(publicity.mark, publication=posted["publication"], objection="YY-1", outcome=outcome)
    desk.now = posted["end_at"]
    with pytest.raises(ServiceRefused):
        desk(publicity.certify, publication=posted["publication"])


def test_it_is_not_clean_before_its_time_is_over(desk, posted):
    desk.now = posted["end_at"] - timedelta(seconds=1)
    with pytest.raises(ServiceRefused, match="not over"):
        desk(publicity.certify, publication=posted["publication"])


def test_an_upheld_objection_closes_it_early(desk, posted):
    desk(publicity.mark, publication=posted["publication"], objection="YY-1", outcome="partly")
    assert desk(publicity.certify, publication=posted["publication"], outcome="objection_upheld")["state"] == "objection_upheld"


def test_a_notice_that_was_taken_down_is_gone_and_cannot_be_certified(desk, posted):
    first = desk(publicity.take_down, publication=posted["publication"], reason="撤回")
    desk.later(hours=1)
    assert desk(publicity.take_down, publication=posted["publication"], reason="撤回") == first
    with pytest.raises(ServiceRefused):
        desk(publicity.certify, publication=posted["publication"])
    with desk.database.read() as connection, pytest.raises(NotFound):
        desk.resources["publicity"].page(connection, posted["slug"], desk.now)


def test_a_text_changed_on_the_wall_is_tampering(desk, posted):
    desk(publicity.verify, publication=posted["publication"], hash=posted["hash"])
    with desk.database.write() as connection:
        connection.execute(publication.update().values(body="改"))
    with pytest.raises(BpmnError):
        desk(publicity.verify, publication=posted["publication"], hash=posted["hash"])
