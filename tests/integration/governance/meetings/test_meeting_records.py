"""From opening to minutes: periods, replies, proxies, presence, quorum per item, recusal, minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from engine.errors import Forbidden, NotFound, ServiceRefused
from governance.directory import store as directory
from governance.notices import store as notices
from tests.hall import AGENDA, MONDAY, START, actor


def answers(hall, meeting, *people, **more):
    for person in people:
        found = hall.m("reply", meeting=meeting, seat=person, answer="attend", **more)
    return found


def test_opening_freezes_rules_and_shows_the_latest_moments(hall):
    opened = hall.opened()
    assert opened["voting"] == 7
    assert {s["person"] for s in opened["seats"]} == {"m1", "m2", "m3", "m4", "m5", "m6", "u1"}
    assert opened["latest_notice"].astimezone(hall.app.zone).isoformat() == "2026-03-06T00:00:00+08:00"
    assert opened["latest_materials"].astimezone(hall.app.zone).isoformat() == "2026-03-10T00:00:00+08:00"
    page = hall.page("clerk", opened["meeting"])
    assert "[A]" in page.notice.source
    assert "3月5日" in page.notice.text.zh


def test_notice_in_time_tells_every_seat_and_freezes_the_agenda(hall):
    opened = hall.opened()
    sent = hall.m("send", meeting=opened["meeting"])
    assert (sent["enough_notice"], sent["short_by"], sent["told"]) == (True, None, 8)
    with hall.app.database.read() as connection:
        (notice,) = notices.of_person(connection, "m3", unread=True, before=None, limit=5)
    assert notice.link == f"/meetings/{opened['meeting']}"
    assert hall.page("m3", opened["meeting"]).items[0].votable


def test_late_notice_is_refused_unless_the_meeting_is_urgent(hall):
    opened = hall.opened()
    hall.move(START - timedelta(days=6))
    with pytest.raises(ServiceRefused, match="2026年3月5日"):
        hall.m("send", meeting=opened["meeting"])
    urgent = hall.opened(urgent=True, urgent_reason="汛期抢险")
    sent = hall.m("send", meeting=urgent["meeting"])
    assert (sent["enough_notice"], sent["short_by"]) == (False, "PT9H")


def test_late_materials_are_refused(hall):
    meeting = hall.announced()
    hall.move(START - timedelta(days=1))
    with pytest.raises(ServiceRefused, match="会议材料"):
        hall.m("send", meeting=meeting, materials=["f1"])


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"secretary": "m1"}, "记录人不能是主持人"),
        ({"end_at": START}, "结束时间"),
        ({"committee": None, "invitees": []}, "没有参会人员"),
        ({"invitees": [{"person": "m1"}, {"person": "m1"}]}, "邀请了两次"),
        ({"invitees": [{"person": "m1"}, {"person": "guest", "capacity": "formal"}]}, "成员guest"),
        ({"urgent": True}, "理由"),
        ({"agenda": [{**AGENDA[0], "minutes": 121}]}, "超过会议时长"),
        ({"agenda": [AGENDA[0], AGENDA[0]]}, "序号重复"),
        ({"agenda": [{**AGENDA[0], "seconders": ["m1"]}]}, "附议人"),
        ({"rules": {"quorum": "some"}}, "some"),
        ({"access": "secret"}, "阅知范围"),
    ],
)
def test_a_meeting_that_cannot_be_held_is_refused_with_the_reason(hall, more, complaint):
    with pytest.raises(ServiceRefused, match=complaint):
        hall.opened(**more)


def test_an_item_to_be_voted_needs_a_motion_when_the_notice_goes_out(hall):
    opened = hall.opened(agenda=[{**AGENDA[0], "motion": " "}])
    with pytest.raises(ServiceRefused, match="没有表决事项"):
        hall.m("send", meeting=opened["meeting"])


def test_a_member_whose_term_is_over_at_the_start_has_no_vote(hall):
    with hall.app.database.write() as connection:
        seat = next(s for s in directory.seats_in(connection, ["council"], MONDAY, MONDAY) if s.person == "m2")
        directory.end(connection, "membership", seat.id, START)  # until START, not at START
    with pytest.raises(ServiceRefused, match="成员m2"):
        hall.opened(invitees=[{"person": "m1"}, {"person": "m2"}])
    assert hall.opened(invitees=[{"person": "m1"}, {"person": "m2", "capacity": "attending"}])["voting"] == 1


def test_an_observer_may_be_invited_by_name(hall):
    opened = hall.opened(invitees=[{"person": "m1"}, {"name": "居民代表", "capacity": "observer"}])
    assert [(s["name"], s["voting"], s["selector"]) for s in opened["seats"]] == [("成员m1", True, "person:m1"), ("居民代表", False, None)]


# Replies and proxies


def test_replies_say_what_to_expect(hall):
    meeting = hall.announced()
    found = answers(hall, meeting, "m1", "m2", "m3", "m4")
    assert (found["expected"], found["unknown"], found["needed"], found["enough"]) == (4, 3, 5, False)
    found = hall.m("reply", meeting=meeting, seat="m5", answer="proxy", proxy="m1", proxy_letter=["letter"])
    assert (found["expected"], found["enough"]) == (5, True)
    assert hall.m("expected", meeting=meeting)["expected"] == 5


@pytest.mark.parametrize(
    ("rules", "reply", "complaint"),
    [
        ({"proxies": 0}, {"proxy": "m1", "proxy_letter": ["l"]}, r"不允许委托 \[L-BJWY 45\]"),
        ({}, {"proxy": "m1"}, "书面委托书"),
        ({}, {"proxy": "guest", "proxy_letter": ["l"]}, "有表决权的成员"),
        ({}, {"proxy": "m5", "proxy_letter": ["l"]}, "不能委托给自己"),
        ({}, {"proxy_letter": ["l"]}, "受托人"),
        ({}, {"proxy": "m4", "proxy_letter": ["l"]}, "已委托他人"),
        ({}, {"proxy": "m2", "proxy_letter": ["l"]}, "最多受 1 人委托"),
    ],
)
def test_a_proxy_against_the_rules_is_refused(hall, rules, reply, complaint):
    meeting = hall.announced(rules=rules)
    if not rules:
        hall.m("reply", meeting=meeting, seat="m4", answer="proxy", proxy="m2", proxy_letter=["l"])
    with pytest.raises(ServiceRefused, match=complaint):
        hall.m("reply", meeting=meeting, seat="m5", answer="proxy", **reply)


def test_a_proxy_who_signs_in_makes_his_principal_present_and_both_leave_together(hall):
    meeting = hall.announced()
    hall.m("reply", meeting=meeting, seat="m5", answer="proxy", proxy="m2", proxy_letter=["l"])
    hall.move(START)
    assert len(hall.sign_in("m2", meeting).seats) == 2
    assert hall.m("quorum", meeting=meeting)["present"] == 2
    statuses = {s.person: s.status for s in hall.page("m1", meeting).seats}
    assert (statuses["m2"], statuses["m5"]) == ("present", "proxy")
    assert len(hall.sign_out("m2", meeting).seats) == 2
    assert hall.m("quorum", meeting=meeting)["present"] == 0


def test_the_principal_who_comes_himself_takes_his_seat_back(hall):
    meeting = hall.announced()
    hall.m("reply", meeting=meeting, seat="m5", answer="proxy", proxy="m2", proxy_letter=["l"])
    hall.move(START)
    hall.sign_in("m2", meeting)
    hall.sign_in("m5", meeting)
    assert {s.person: s.status for s in hall.page("m1", meeting).seats}["m5"] == "present"
    assert hall.m("quorum", meeting=meeting)["present"] == 2


def test_a_proxy_shows_his_letter_at_the_door_and_the_secretary_enters_him(hall):
    meeting = hall.announced()
    hall.move(START)
    hall.sign_in("m2", meeting)
    with pytest.raises(ServiceRefused, match="书面委托书"):
        hall.sign_in("clerk", meeting, proxy_for="m6", person="m2")
    hall.sign_in("clerk", meeting, proxy_for="m6", person="m2", letter=[hall.upload("clerk")])
    assert hall.m("quorum", meeting=meeting)["present"] == 2
    came = hall.m("attendance", meeting=meeting)
    assert [(line["person"], line["proxy_for"]) for line in came["signed_in"]] == [("m2", None), ("m2", "成员m6")]


@pytest.mark.parametrize("who", ["m2", "m1"])
def test_nobody_makes_himself_the_proxy_of_somebody_who_has_not_come(hall, who):
    """Not even the chair: the vote of an absent member is not his to take."""
    meeting = hall.announced()
    hall.move(START)
    hall.sign_in(who, meeting)
    with pytest.raises(Forbidden, match="委托书"):
        hall.sign_in(who, meeting, proxy_for="m6", letter=[hall.upload(who)])
    assert hall.m("quorum", meeting=meeting)["present"] == 1


def test_a_letter_is_a_file_that_whoever_enters_it_uploaded(hall):
    meeting = hall.announced()
    hall.move(START)
    hall.sign_in("m2", meeting)
    for letter in ("l", hall.upload("m3")):
        with pytest.raises(ServiceRefused, match="委托书文件无效"):
            hall.sign_in("clerk", meeting, proxy_for="m6", person="m2", letter=[letter])


# Presence


def test_signing_in_opens_an_hour_before_the_start(hall):
    meeting = hall.announced()
    hall.move(START - timedelta(minutes=61))
    with pytest.raises(ServiceRefused, match="60"):
        hall.sign_in("m2", meeting)
    assert not hall.page("m2", meeting).mine.can_sign_in
    hall.later(minutes=1)
    assert hall.page("m2", meeting).mine.can_sign_in
    assert not hall.sign_in("m2", meeting).already
    assert hall.sign_in("m2", meeting).already


def test_the_code_at_the_door_is_known_to_chair_and_secretary_only(hall):
    meeting = hall.announced()
    hall.move(START)
    code = hall.page("clerk", meeting).check_in_code
    assert hall.page("m1", meeting).check_in_code == code
    assert hall.page("m2", meeting).check_in_code is None
    with pytest.raises(Forbidden):
        hall.sign_in("m2", meeting, code="another")
    assert hall.sign_in("m2", meeting, code=code).seats


def test_who_scans_the_code_uninvited_is_told_whom_to_ask(hall):
    meeting = hall.announced()
    hall.move(START)
    code = hall.page("clerk", meeting).check_in_code
    with pytest.raises(NotFound):
        hall.sign_in("guest", meeting)
    with pytest.raises(Forbidden, match="主持人"):
        hall.sign_in("guest", meeting, code=code)


def test_a_setting_asks_for_the_code_on_site(hall):
    meeting = hall.announced()
    hall.move(START)
    with hall.app.database.write() as connection:
        hall.app.settings.put(connection, "meetings.code_on_site", True, hall.now, source="test")
    with pytest.raises(Forbidden, match="二维码"):
        hall.sign_in("m2", meeting)
    assert hall.sign_in("m2", meeting, code=hall.page("clerk", meeting).check_in_code).seats


def test_a_member_signs_in_for_himself_only_and_the_secretary_for_others(hall):
    meeting = hall.announced()
    hall.move(START)
    with pytest.raises(Forbidden):
        hall.sign_in("m2", meeting, seat=hall.seat(meeting, "m3"))
    hall.sign_in("clerk", meeting, seat=hall.seat(meeting, "m3"))
    assert [s.person for s in hall.page("m2", meeting).seats if s.status == "present"] == ["m3"]


def test_a_units_seat_is_whoever_represents_it_now(hall):
    meeting = hall.announced()
    hall.move(START)
    with hall.app.database.write() as connection:
        seat = next(s for s in directory.seats_in(connection, ["council"], hall.now, hall.now) if s.unit == "ent")
        hall.app.directory.replace_representative(connection, seat.id, "guest", hall.now)
    hall.sign_in("guest", meeting)
    with pytest.raises((Forbidden, NotFound)):
        hall.sign_in("u1", meeting)


def test_a_term_that_ends_before_the_meeting_leaves_the_base_and_bars_the_door(hall):
    meeting = hall.announced()
    hall.move(START)
    with hall.app.database.write() as connection:
        seat = next(s for s in directory.seats_in(connection, ["council"], hall.now, hall.now) if s.person == "m6")
        directory.end(connection, "membership", seat.id, hall.now)
    with pytest.raises(ServiceRefused, match="任期"):
        hall.sign_in("m6", meeting)
    assert hall.m("quorum", meeting=meeting)["voting"] == 7


def test_chair_and_secretary_admit_observers_up_to_the_quota(hall):
    from governance.desk import meetings

    meeting = hall.announced(open_to_public=True, observer_quota=1)
    hall.move(START)
    with pytest.raises(Forbidden):
        meetings.admit(hall.app, actor("m2"), meeting, name="路人")
    meetings.admit(hall.app, actor("m1"), meeting, name="路人")
    with pytest.raises(ServiceRefused, match="已满"):
        meetings.admit(hall.app, actor("clerk"), meeting, person="guest")
    assert hall.m("quorum", meeting=meeting)["voting"] == 7


# Quorum per item and recusal


def test_quorum_is_of_the_item_those_recused_leave_base_and_electorate(hall):
    meeting = hall.in_session(["m1", "m2", "m3", "m4"])
    assert hall.m("quorum", meeting=meeting)["met"] is False  # 4 of 7, 5 needed
    found = hall.m("recuse", meeting=meeting, item=1, person="u1", relation="employer", detail="任职", decision="recuse", decided_by="m1")
    assert (found["recused"], found["voting"], found["needed"], found["present"], found["met"]) == (True, 6, 4, 4, True)
    assert hall.m("quorum", meeting=meeting, item=1)["met"] is True
    assert hall.m("quorum", meeting=meeting)["met"] is False, "the other items keep their base"
    hall.sign_out("m4", meeting)
    assert hall.m("quorum", meeting=meeting, item=1)["met"] is False


def test_nobody_decides_on_his_own_recusal_and_a_limited_one_keeps_the_vote(hall):
    meeting = hall.in_session(["m1"])
    with pytest.raises(ServiceRefused, match="他人决定"):
        hall.m("recuse", meeting=meeting, item=1, person="m1", relation="self", detail="x", decision="none", decided_by="m1")
    found = hall.m("recuse", meeting=meeting, item=1, person="m2", relation="other", detail="x", decision="limited", decided_by="m1")
    assert (found["recused"], found["voting"]) == (False, 7)


def test_a_kind_without_a_share_needs_every_side(hall):
    invitees = [{"person": "m1", "side": "a"}, {"person": "m2", "side": "b"}]
    meeting = hall.announced(invitees=invitees, committee=None, rules={"quorum": None})
    hall.move(START)
    hall.sign_in("m1", meeting)
    assert hall.m("begin", meeting=meeting)["met"] is False
    hall.sign_in("m2", meeting)
    assert hall.m("quorum", meeting=meeting) | {"needed": None, "met": True} == hall.m("quorum", meeting=meeting)


def test_a_hearing_needs_its_share_of_those_affected_too(hall):
    invitees = [{"person": f"m{n}", "group": "affected" if n < 4 else None} for n in range(1, 7)]
    meeting = hall.announced(invitees=invitees, rules={"quorum_group": "affected", "quorum_group_share": "majority"})
    hall.move(START)
    for person in ("m1", "m4", "m5", "m6"):
        hall.sign_in(person, meeting)
    found = hall.m("begin", meeting=meeting)
    assert (found["present"], found["needed"], found["affected_met"], found["met"]) == (4, 4, False, False)
    hall.sign_in("m2", meeting)
    assert hall.m("quorum", meeting=meeting)["affected_met"] is True


# Moving, adjourning, minutes


def test_a_new_date_voids_the_replies_and_lies_days_ahead(hall):
    meeting = hall.in_session(["m1"])
    answers(hall, meeting, "m2")
    with pytest.raises(ServiceRefused, match="至少隔 3 天"):
        hall.m(
            "reschedule", meeting=meeting, start_at=START + timedelta(days=2), end_at=START + timedelta(days=2, hours=2), reason="人数不足"
        )
    again = START + timedelta(days=4)
    moved = hall.m("reschedule", meeting=meeting, start_at=again, end_at=again + timedelta(hours=2), reason="人数不足")
    assert moved["attempt"] == 2
    page = hall.page("m2", meeting)
    assert (page.line.state, page.line.start_at, page.present, page.expected["expected"]) == ("announced", again, 0, 0)
    assert page.moves[0]["reason"] == "人数不足"


def test_an_adjourned_meeting_goes_on_with_what_remains(hall):
    agenda = [AGENDA[0], {"seq": 2, "topic": "绿化养护", "item_kind": "discuss", "minutes": 20}]
    meeting = hall.in_session(["m1", "m2"], agenda=agenda)
    hall.m("item", meeting=meeting, seq=1, state="current")
    hall.m("item", meeting=meeting, seq=1, state="done", outcome="同意")
    assert [i["seq"] for i in hall.m("adjourn", meeting=meeting, reason="停电")["remaining"]] == [2]
    assert hall.page("m1", meeting).present == 0
    hall.later(days=1)
    hall.m("resume", meeting=meeting, start_at=hall.now)
    hall.sign_in("m1", meeting)
    assert hall.m("begin", meeting=meeting)["present"] == 1


def test_what_was_added_later_may_be_discussed_but_not_voted(hall):
    meeting = hall.in_session(["m1"])
    assert hall.m("add_item", meeting=meeting, item={"topic": "临时动议", "item_kind": "vote", "motion": "同意"}) == {
        "seq": 2,
        "votable": False,
    }
    with pytest.raises(ServiceRefused, match="L-BJWY 35"):
        hall.v("freeze", meeting=meeting, item=2)


def test_minutes_hold_attendance_speeches_votes_dissent_and_who_confirms(hall):
    meeting = hall.in_session(["m1", "m2", "m3", "m4", "m5"])
    vote = hall.v("freeze", meeting=meeting, item=1)["vote"]
    for person in ("m1", "m2", "m3", "m4"):
        hall.cast(person, vote, "yes")
    hall.cast("m5", vote, "no")
    hall.counted(vote)
    hall.m("item", meeting=meeting, seq=1, state="done", speeches=[{"speaker": "m5", "stance": "against", "text": "车位不足"}])
    hall.m("finish", meeting=meeting, state="held")
    found = hall.m("minutes", meeting=meeting)
    assert found["attendance"].startswith("应到 7，实到 5，缺席：")
    assert "成员m6" in found["attendance"]
    assert [d["text"] for d in found["decisions"]] == [AGENDA[0]["motion"]]
    assert {(d["name"], d["text"]) for d in found["dissent"]} == {("成员m5", ""), ("成员m5", "车位不足")}
    assert found["formal"] == [f"person:m{n}" for n in range(1, 6)]
    for person in ("m1", "m2", "m3"):
        hall.m("confirm", meeting=meeting, seat=person, answer="sign")
    state = hall.m("confirm", meeting=meeting, seat="m5", answer="object", text="第三条记录有误")
    assert (state["confirmed"], [o["text"] for o in state["objections"]], state["missing"]) == (3, ["第三条记录有误"], ["成员m4"])


def test_speeches_are_noted_by_chair_and_secretary(hall):
    from governance.desk import meetings

    meeting = hall.in_session(["m1", "m2"])
    with pytest.raises(Forbidden):
        meetings.note_speech(hall.app, actor("m2"), meeting, 1, "m2", "for", "同意")
    meetings.note_speech(hall.app, actor("clerk"), meeting, 1, "m2", "for", "同意")
    assert [(s.name, s.stance, s.text) for s in hall.page("m2", meeting).items[0].speeches] == [("成员m2", "for", "同意")]


def test_a_repeated_call_opens_one_meeting(hall):
    first = hall.opened()
    hall.calls -= 1
    assert hall.opened()["meeting"] == first["meeting"]


def test_the_code_at_the_door_opens_one_session_only(hall):
    """Who took a picture of it does not sign in from home when the meeting goes on, or takes place on another day."""
    meeting = hall.in_session(["m1", "m2", "m3", "m4", "m5"])
    first = hall.page("clerk", meeting).check_in_code
    hall.m("adjourn", meeting=meeting, reason="场地停电", resume_at=None)
    hall.m("resume", meeting=meeting, start_at=hall.now)
    second = hall.page("clerk", meeting).check_in_code
    with pytest.raises(Forbidden, match="不是本次会议的"):
        hall.sign_in("m6", meeting, code=first)
    again = hall.now + timedelta(days=9)
    hall.m("reschedule", meeting=meeting, start_at=again, end_at=again + timedelta(hours=2), reason="改到下周")
    assert len({first, second, hall.page("clerk", meeting).check_in_code}) == 3


# Dates


def test_an_adjourned_meeting_stands_at_the_date_it_goes_on_and_back_at_the_held_one_when_it_does_not(hall):
    meeting = hall.in_session(["m1", "m2", "m3", "m4"])
    for days in (2, 3):
        found = hall.m("adjourn", meeting=meeting, reason="停电", resume_at=START + timedelta(days=days))
        assert (found["start_at"], found["end_at"]) == (START + timedelta(days=days), START + timedelta(days=days, hours=2))
        assert hall.page("m1", meeting).line.start_at == START + timedelta(days=days)
    assert hall.m("finish", meeting=meeting, state="adjourned")["start_at"] == START
    assert hall.page("m1", meeting).line.start_at == START


def test_a_meeting_does_not_go_on_in_the_past(hall):
    meeting = hall.in_session(["m1", "m2", "m3", "m4"])
    with pytest.raises(ServiceRefused, match="续会时间"):
        hall.m("adjourn", meeting=meeting, reason="停电", resume_at=START - timedelta(hours=1))


def test_a_quorum_that_is_there_cannot_be_recorded_as_missing(hall):
    meeting = hall.announced()
    hall.move(START)
    for person in ("m1", "m2", "m3", "m4", "m5"):
        hall.sign_in(person, meeting)
    with pytest.raises(ServiceRefused) as refused:
        hall.m("finish", meeting=meeting, state="no_quorum")
    assert refused.value.details["code_of_rule"] == "quorum_met"
    hall.sign_out("m4", meeting)
    assert hall.m("finish", meeting=meeting, state="no_quorum")["state"] == "no_quorum"


@pytest.mark.parametrize(
    ("ahead", "shown", "latest", "in_time"),
    [
        # START is Thursday the 12th at nine: the day of the meeting is not counted
        ("P7D", "2026-03-05T23:59+08:00", "2026-03-06T00:00+08:00", True),
        ("P7D", "2026-03-06T00:01+08:00", "2026-03-06T00:00+08:00", False),
        ("P7D", None, "2026-03-06T00:00+08:00", False),
        ("3WD", "2026-03-09T17:30+08:00", "2026-03-09T17:30+08:00", True),
        (None, None, "2026-03-12T09:00+08:00", True),
    ],
)
def test_an_announcement_is_on_show_before_the_day_of_the_meeting_minus_its_period(hall, ahead, shown, latest, in_time):
    meeting = hall.announced(open_to_public=True)
    found = hall.m("announcement", meeting=meeting, ahead=ahead, shown_at=shown)
    assert (found["latest"], found["in_time"]) == (datetime.fromisoformat(latest), in_time)


@pytest.mark.parametrize(("day", "goes"), [(8, False), (9, True)])
def test_a_new_date_leaves_the_public_its_time(hall, day, goes):
    """On Monday the 2nd the first day that is seven days ahead is Monday the 9th."""
    meeting = hall.announced(open_to_public=True)
    start = datetime.fromisoformat(f"2026-03-{day:02}T14:00+08:00")
    inputs = {"meeting": meeting, "start_at": start, "end_at": start + timedelta(hours=1), "reason": "场地冲突，改期", "ahead": "P7D"}
    if goes:
        assert hall.m("reschedule", **inputs)["start_at"] == start
    else:
        with pytest.raises(ServiceRefused, match="3月9日"):
            hall.m("reschedule", **inputs)
    assert hall.m("announcement", meeting=meeting, ahead="P7D")["earliest"] == date(2026, 3, 9)
