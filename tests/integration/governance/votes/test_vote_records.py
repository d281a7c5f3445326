"""A vote from the frozen electorate to the certified count, and everything that may go wrong with a ballot."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BpmnError, Conflict, NotFound, ServiceRefused
from engine.store.database import Database
from governance.desk import calls, votes
from governance.directory import store as directory
from governance.votes.casting import BallotRefused
from tests.hall import AGENDA, START, Hall, actor

ALL = [f"m{n}" for n in range(1, 7)]


@pytest.fixture
def session(hall):
    return hall.in_session(ALL)


def frozen(hall, meeting, **more):
    return hall.v("freeze", meeting=meeting, item=1, **more)


def cast(hall, vote, **options):
    """`yes=["m1"]` …"""
    for option, people in options.items():
        for person in people:
            hall.cast(person, vote, option)


def end_term(hall, person):
    with hall.app.database.write() as connection:
        seat = next(s for s in directory.seats_in(connection, ["council"], hall.now, hall.now) if s.person == person)
        directory.end(connection, "membership", seat.id, hall.now)


def test_a_named_vote_from_the_snapshot_to_the_printed_count(hall, session):
    vote = frozen(hall, session)
    assert (vote["eligible"], vote["needed"], vote["weights"], vote["method"], vote["base"]) == (6, 4, 6, "named", "present")
    assert vote["hash"].startswith("sha256:")
    cast(hall, vote["vote"], yes=["m1", "m2", "m3", "m4"], no=["m5"])
    status = hall.v("status", vote=vote["vote"])
    assert (status["cast"], status["counts"]["yes"], status["fixed"]) == (5, 4, "passed")
    found = hall.counted(vote["vote"])
    assert (found["result"], found["numerator"], found["denominator"], found["not_cast"], found["same"]) == ("passed", 4, 6, 1, True)
    hall.v("certify", vote=vote["vote"], tellers=["teller1", "teller2"])
    printed = votes.printable(hall.app, actor("m3"), vote["vote"])
    record = printed.record
    assert [e["name"] for e in record["electorate"]] == [e["name"] for e in vote["electors"]]
    assert (record["base"], record["threshold"], record["rule"], record["rule_version"]) == (
        "present",
        "two_thirds",
        "D5.consultation",
        "2026-1",
    )
    assert (record["numerator"], record["denominator"], record["motion_hash"]) == (4, 6, vote["hash"])
    assert record["tellers"] == ["成员teller1", "成员teller2"]
    assert "[A]" in {s["tag"] for s in record["sources"]}
    assert printed.same
    assert hall.v("recount", vote=vote["vote"])["same"]


def test_who_leaves_takes_the_quorum_of_the_next_vote_with_him(hall):
    meeting = hall.in_session(["m1", "m2", "m3", "m4"])
    first = frozen(hall, meeting)["vote"]
    hall.counted(first)
    hall.sign_out("m4", meeting)
    with pytest.raises(BpmnError, match="ERR_NO_QUORUM"):
        frozen(hall, meeting)


def test_no_quorum_is_thrown_with_its_figures(hall):
    meeting = hall.in_session(["m1", "m2", "m3"])
    with pytest.raises(BpmnError) as thrown:
        frozen(hall, meeting)
    assert (thrown.value.code, thrown.value.data["present"], thrown.value.data["needed"]) == ("ERR_NO_QUORUM", 3, 4)


def test_the_electorate_is_that_of_the_moment_it_was_frozen(hall):
    meeting = hall.in_session(["m1", "m2", "m3", "m4", "m5"])
    hall.m("recuse", meeting=meeting, item=1, person="m5", relation="shares", detail="持股", decision="recuse", decided_by="m1")
    vote = frozen(hall, meeting)
    assert (vote["eligible"], vote["absent"], vote["recused"], vote["weights"]) == (4, 1, 1, 5)
    hall.sign_in("m6", meeting)  # too late for this vote
    for person, reason in (("m5", "回避"), ("m6", "未签到"), ("clerk", "名单")):
        with pytest.raises(BallotRefused, match=reason):
            hall.cast(person, vote["vote"], "yes")
    hall.sign_out("m1", meeting)
    assert hall.cast("m1", vote["vote"], "yes").seat, "he leaves the room, not the snapshot"


def test_a_proxy_casts_for_each_seat_apart(hall):
    meeting = hall.announced()
    hall.m("reply", meeting=meeting, seat="m5", answer="proxy", proxy="m2", proxy_letter=["l"])
    hall.move(START)
    for person in ("m1", "m2", "m3"):
        hall.sign_in(person, meeting)
    vote = frozen(hall, meeting)["vote"]
    papers = votes.paper(hall.app, actor("m2"), vote).vote.papers
    assert [(p.name, p.proxy) for p in papers] in ([("成员m2", False), ("成员m5", True)], [("成员m5", True), ("成员m2", False)])
    own, other = hall.cast("m2", vote, "yes"), hall.cast("m2", vote, "no")
    assert (own.name, other.name) == ("成员m2", "成员m5")
    with pytest.raises(BallotRefused):
        hall.cast("m5", vote, "yes")
    cast(hall, vote, yes=["m1", "m3"])
    found = hall.counted(vote)
    assert found["counts"] == {"yes": 3, "no": 1, "abstain": 0}


def test_a_second_press_changes_nothing_and_another_choice_is_a_conflict(hall, session):
    vote = frozen(hall, session)["vote"]
    assert not hall.cast("m1", vote, "yes").already
    assert hall.cast("m1", vote, "yes").already
    with pytest.raises(Conflict):
        hall.cast("m1", vote, "no")
    assert hall.v("status", vote=vote)["cast"] == 1


def test_a_ballot_cast_before_the_term_ended_is_kept_and_none_is_taken_after(hall, session):
    vote = frozen(hall, session)["vote"]
    cast(hall, vote, yes=["m1", "m2", "m3"])
    for person in ("m3", "m4"):
        end_term(hall, person)
    with pytest.raises(BallotRefused, match="任期"):
        hall.cast("m4", vote, "yes")
    found = hall.counted(vote)
    assert (found["numerator"], found["denominator"], found["result"]) == (3, 6, "rejected")


def test_a_units_new_representative_casts_for_its_seat(empty_database, tmp_path):
    hall = Hall(empty_database, tmp_path, members=3, unit="u1")
    meeting = hall.in_session(["m1", "m2", "m3", "u1"])
    vote = frozen(hall, meeting)["vote"]
    with hall.app.database.write() as connection:
        seat = next(s for s in directory.seats_in(connection, ["council"], hall.now, hall.now) if s.unit == "ent")
        hall.app.directory.replace_representative(connection, seat.id, "guest", hall.now)
    assert [c.id for c in calls.waiting(hall.app, actor("guest"))] == [vote]
    assert calls.waiting(hall.app, actor("u1")) == []
    with pytest.raises((BallotRefused, NotFound)):
        hall.cast("u1", vote, "yes")
    assert hall.cast("guest", vote, "yes").name


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"method": "shout"}, "表决方式"),
        ({"base": "everybody"}, "计算基数"),
        ({"threshold": "plenty"}, "通过比例"),
        ({"method": "written"}, "书面表决没有实到人数"),
        ({"options": ["yes", "maybe"]}, "赞成和反对"),
    ],
)
def test_a_vote_that_cannot_be_counted_is_refused(hall, session, more, complaint):
    with pytest.raises(ServiceRefused, match=complaint):
        frozen(hall, session, **more)


def test_a_kind_that_only_tallies_takes_no_vote(hall):
    meeting = hall.in_session(ALL, rules={"decision_vote": False})
    with pytest.raises(ServiceRefused, match="不作表决"):
        frozen(hall, meeting)


def test_an_item_is_voted_once_at_a_time(hall, session):
    first = frozen(hall, session)["vote"]
    with pytest.raises(ServiceRefused, match="正在表决"):
        frozen(hall, session)
    hall.v("void", vote=first, reason="表述有误")
    with pytest.raises(BallotRefused):
        hall.cast("m1", first, "yes")
    assert frozen(hall, session)["vote"] != first


def test_hands_add_up_to_those_present(hall, session):
    vote = frozen(hall, session, method="hands")["vote"]
    with pytest.raises(ServiceRefused, match="尚未录入"):
        hall.v("close", vote=vote)
    with pytest.raises(ServiceRefused, match="须等于在场"):
        hall.v("hands", vote=vote, counts={"yes": 4, "no": 1})
    with pytest.raises(BallotRefused):
        hall.cast("m1", vote, "yes")
    hall.v("hands", vote=vote, counts={"yes": 4, "no": 1, "abstain": 1})
    found = hall.counted(vote)
    assert (found["result"], found["numerator"], found["denominator"]) == ("passed", 4, 6)
    assert hall.v("recount", vote=vote)["same"]


def test_weights_count_exactly(empty_database, tmp_path):
    hall = Hall(empty_database, tmp_path, members=4, weights={"m1": "1.5", "m2": "0.25"})
    meeting = hall.in_session(["m1", "m2", "m3"])
    vote = hall.v("freeze", meeting=meeting, item=1, base="entitled", threshold="majority")
    assert (vote["weights"], vote["needed"]) == (Decimal("3.75"), Decimal("1.88"))
    cast(hall, vote["vote"], yes=["m1", "m2"], no=["m3"])
    found = hall.counted(vote["vote"])
    assert (found["result"], found["numerator"], found["denominator"]) == ("rejected", Decimal("1.75"), Decimal("3.75"))


def test_hands_show_no_weights(empty_database, tmp_path):
    hall = Hall(empty_database, tmp_path, members=3, weights={"m1": 2})
    meeting = hall.in_session(["m1", "m2", "m3"])
    with pytest.raises(ServiceRefused, match="举手数不出票权"):
        frozen(hall, meeting, method="hands")
    hall.m("recuse", meeting=meeting, item=1, person="m1", relation="self", detail="本人", decision="recuse", decided_by="clerk")
    vote = frozen(hall, meeting, method="hands")["vote"]
    hall.v("hands", vote=vote, counts={"yes": 2})
    assert hall.counted(vote)["numerator"] == 2


def test_recusal_is_decided_before_the_vote_begins(hall, session):
    frozen(hall, session)
    with pytest.raises(ServiceRefused, match="表决开始前"):
        hall.m("recuse", meeting=session, item=1, person="m5", relation="self", detail="本人", decision="recuse", decided_by="m1")


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), base=st.sampled_from(["entitled", "present", "voting"]), method=st.sampled_from(["named", "secret"]))
def test_a_recount_of_any_ballots_gives_the_stored_result(tmp_path, data, base, method):
    hall = Hall(in_memory(), tmp_path)
    vote = frozen(hall, hall.in_session(ALL), base=base, method=method)["vote"]
    choices = data.draw(st.lists(st.sampled_from(["yes", "no", "abstain", None]), min_size=6, max_size=6))
    for person, option in zip(ALL, choices, strict=True):
        if option is not None:
            hall.cast(person, vote, option)
    found = hall.counted(vote)
    yes, no = choices.count("yes"), choices.count("no")
    denominator = 6 if base != "voting" else yes + no
    assert (found["numerator"], found["denominator"]) == (yes, denominator)
    assert found["result"] == ("passed" if denominator and 3 * yes >= 2 * denominator else "rejected")
    hall.v("certify", vote=vote, tellers=["teller1", "teller2"])
    again = hall.v("recount", vote=vote)
    assert again["same"]
    assert {key: again[key] for key in found} == found


def in_memory():
    made = Database("sqlite://")
    made.create_all()
    return made


@pytest.mark.parametrize("end", ["adjourn", "cancel", "move"])
def test_a_vote_that_is_not_certified_ends_with_the_session(hall, session, end):
    vote = frozen(hall, session)["vote"]
    if end == "adjourn":
        hall.m("adjourn", meeting=session, reason="停电")
    elif end == "cancel":
        hall.m("finish", meeting=session, state="cancelled")
    else:
        again = START + timedelta(days=5)
        hall.m("reschedule", meeting=session, start_at=again, end_at=again + timedelta(hours=1), reason="场地停电")
    assert hall.v("status", vote=vote)["state"] == "void"
    with pytest.raises(BallotRefused):
        hall.cast("m1", vote, "yes")


# Ties, tellers


def tied(hall, meeting, **more):
    vote = frozen(hall, meeting, threshold="majority", **more)["vote"]
    cast(hall, vote, yes=["m1", "m2", "m3"], no=["m4", "m5", "m6"])
    return vote, hall.counted(vote)


def test_a_tie_is_rejected_by_default(hall, session):
    vote, found = tied(hall, session)
    assert (found["result"], found["tie"]) == ("rejected", True)
    with pytest.raises(ServiceRefused, match=r"\[A\]"):
        hall.v("casting", vote=vote, option="yes")


def test_the_chair_breaks_a_tie_where_the_charter_says_so(hall, session):
    vote, _found = tied(hall, session, casting_vote=True)
    with pytest.raises(ServiceRefused, match="决定票"):
        hall.v("certify", vote=vote, tellers=["teller1", "teller2"])
    with pytest.raises(ServiceRefused):
        hall.v("casting", vote=vote, option="abstain")
    assert hall.v("casting", vote=vote, option="yes")["result"] == "passed"
    assert hall.v("certify", vote=vote, tellers=["teller1", "teller2"])["result"] == "passed"
    assert hall.v("recount", vote=vote)["same"]


@pytest.mark.parametrize("tellers", [["m2"], ["m2", "m2"], ["m1", "m2"], ["m2", "m3", "m4"]])
def test_two_different_tellers_who_did_not_propose(hall, session, tellers):
    vote = frozen(hall, session)  # m1 proposed the item
    hall.counted(vote["vote"])
    with pytest.raises(ServiceRefused, match="监票"):
        hall.v("certify", vote=vote["vote"], tellers=tellers)


def test_suggested_tellers_are_neither_proposer_nor_chair(hall, session):
    vote = frozen(hall, session, proposers=["m2"])
    assert len(vote["tellers"]) == 2
    assert not {"m1", "m2"} & set(vote["tellers"])
    hall.counted(vote["vote"])
    assert hall.v("certify", vote=vote["vote"])["tellers"] == vote["tellers"]


def test_a_certified_vote_stays(hall, session):
    vote = frozen(hall, session)["vote"]
    hall.counted(vote)
    first = hall.v("certify", vote=vote, tellers=["teller1", "teller2"])
    assert hall.v("certify", vote=vote, tellers=["m3", "m4"]) == first


@pytest.mark.parametrize("method", ["named", "secret"])
def test_a_certified_vote_that_is_compensated_is_annulled_and_stays_readable(hall, session, method):
    vote = frozen(hall, session, method=method)["vote"]
    cast(hall, vote, yes=["m2", "m3", "m4", "m5"], no=["m6"])
    hall.counted(vote)
    hall.v("certify", vote=vote, tellers=["teller1", "teller2"])
    before = votes.printable(hall.app, actor("m1"), vote)
    assert before.annulled is None
    with pytest.raises(ServiceRefused, match="理由"):
        hall.v("void", vote=vote, reason=" ")
    assert hall.v("void", vote=vote, reason="议题撤回") == {"vote": vote, "state": "annulled"}
    assert hall.v("void", vote=vote, reason="再次撤销") == {"vote": vote, "state": "annulled"}, "a repeated compensation changes nothing"
    after = votes.printable(hall.app, actor("m1"), vote)
    assert (after.record, after.hash, after.same) == (before.record, before.hash, True)
    assert (after.annulled, after.annulled_at) == ("议题撤回", hall.now)
    view = votes.paper(hall.app, actor("m1"), vote).vote
    assert (view.state, view.result, view.counts["yes"], view.void_reason) == ("annulled", "passed", 4, "议题撤回")
    for refused in ("certify", "count"):
        with pytest.raises(ServiceRefused):
            hall.v(refused, vote=vote)
    assert frozen(hall, session)["vote"] != vote, "the item may be voted again"


def test_an_annulled_vote_decides_nothing_in_the_minutes(hall, session):
    vote = frozen(hall, session)["vote"]
    cast(hall, vote, yes=["m2", "m3", "m4", "m5"], no=["m6"])
    hall.counted(vote)
    hall.v("certify", vote=vote, tellers=["teller1", "teller2"])
    assert len(hall.m("minutes", meeting=session)["decisions"]) == 1
    hall.v("void", vote=vote, reason="议题撤回")
    written = hall.m("minutes", meeting=session)
    assert (written["decisions"], written["dissent"]) == ([], [])


@pytest.mark.parametrize("tellers", [["m2", "ghost"], ["ghost", "phantom"]])
def test_tellers_must_be_people_of_the_directory(hall, session, tellers):
    vote = frozen(hall, session)["vote"]
    hall.counted(vote)
    with pytest.raises(ServiceRefused, match=r"名册里没有监票人.*ghost"):
        hall.v("certify", by="m2", vote=vote, tellers=tellers)
    assert hall.v("status", vote=vote)["state"] == "closed"


def test_only_a_teller_or_the_chair_certifies(hall, session):
    vote = frozen(hall, session)["vote"]
    hall.counted(vote)
    for person in ("clerk", "m4", None):
        with pytest.raises(ServiceRefused, match="只有监票人或主持人"):
            hall.v("certify", by=person or "guest", vote=vote, tellers=["m2", "m3"])
    assert hall.v("certify", by="m1", vote=vote, tellers=["m2", "m3"])["state"] == "certified"


def test_who_chairs_by_a_role_may_certify_too(hall):
    """A vote without a meeting knows its chair by selectors only."""
    voters = [{"person": p} for p in ALL]
    given = {"motion": "同意推荐人选", "method": "named", "base": "voting", "threshold": "majority", "electorate": voters}
    vote = hall.v("freeze", **given)["vote"]
    cast(hall, vote, yes=ALL)
    hall.counted(vote)
    with pytest.raises(ServiceRefused, match="只有监票人或主持人"):
        hall.v("certify", by="m4", vote=vote, tellers=["m2", "m3"], chair=["person:m1"])
    assert hall.v("certify", by="m4", vote=vote, tellers=["m2", "m3"], chair=["person:m1", "member:council"])["state"] == "certified"


# Written votes


def test_a_written_vote_runs_its_window_and_may_be_withdrawn_before(hall):
    electorate = [{"person": p} for p in ALL]
    vote = hall.v(
        "freeze",
        motion="同意修订章程第三条",
        method="written",
        base="voting",
        threshold="majority",
        electorate=electorate,
        quorum="majority",
    )
    assert vote["closes_at"].astimezone(hall.app.zone).isoformat() == "2026-03-06T00:00:00+08:00"
    vote = vote["vote"]
    cast(hall, vote, yes=["m1", "m2", "m3", "m4"])
    assert hall.v("status", vote=vote)["fixed"] is None, "they may still be withdrawn"
    votes.withdraw(hall.app, actor("m4"), vote)
    assert [c.title for c in calls.waiting(hall.app, actor("m4"))] == ["同意修订章程第三条"]
    hall.cast("m4", vote, "no")
    with pytest.raises(BallotRefused):
        votes.withdraw(hall.app, actor("m5"), vote)
    hall.move(hall.now + timedelta(days=4))
    with pytest.raises(BallotRefused, match="截止"):
        hall.cast("m5", vote, "yes")
    found = hall.counted(vote)
    assert (found["result"], found["counts"]) == ("passed", {"yes": 3, "no": 1, "abstain": 0})


def test_a_written_vote_without_turnout_is_invalid(hall):
    electorate = [{"person": p} for p in ALL]
    vote = hall.v(
        "freeze",
        motion="同意修订章程第三条",
        method="written",
        base="voting",
        threshold="majority",
        electorate=electorate,
        quorum="majority",
    )["vote"]
    cast(hall, vote, yes=["m1", "m2", "m3"])
    found = hall.counted(vote)
    assert (found["result"], found["cast"]) == ("invalid", 3)
    assert "参加 3/6" in found["text"]["zh"]


@pytest.mark.parametrize("method", ["named", "secret"])
def test_only_written_ballots_are_withdrawn(hall, session, method):
    vote = frozen(hall, session, method=method)["vote"]
    hall.cast("m1", vote, "yes")
    with pytest.raises(BallotRefused, match=r"不能撤回.*\[A\]"):
        votes.withdraw(hall.app, actor("m1"), vote)


def test_when_all_have_voted_the_process_is_told_once(hall, session):
    told = []
    vote = frozen(hall, session)["vote"]
    hall.world.jobs._handlers["deliver_message"] = told.append
    cast(hall, vote, yes=ALL)
    hall.cast("m6", vote, "yes")
    hall.world.jobs.run_due()
    assert [(t["name"], t["key"]) for t in told] == [("msg.vote.complete", vote)]


def test_a_written_vote_that_is_complete_again_tells_the_process_again(hall):
    told = []
    hall.world.jobs._handlers["deliver_message"] = told.append
    given = {"motion": "同意修订章程", "method": "written", "base": "voting", "threshold": "majority"}
    vote = hall.v("freeze", **given, electorate=[{"person": "m1"}, {"person": "m2"}])["vote"]
    cast(hall, vote, yes=["m1", "m2"])
    votes.withdraw(hall.app, actor("m2"), vote)
    hall.cast("m2", vote, "no")
    hall.world.jobs.run_due()
    assert [t["name"] for t in told] == ["msg.vote.complete"] * 2
    assert len({t["id"] for t in told}) == 2


def test_a_request_sent_again_under_its_key_gets_its_first_answer(hall):
    meeting = hall.announced()
    hall.m("reply", meeting=meeting, seat="m5", answer="proxy", proxy="m2", proxy_letter=["l"])
    hall.move(START)
    for person in ("m1", "m2", "m3"):
        hall.sign_in(person, meeting)
    vote = frozen(hall, meeting)["vote"]
    first = hall.cast("m2", vote, "yes", key="a")
    assert hall.cast("m2", vote, "yes", key="a") == first, "not the seat he stands for"
    with pytest.raises(Conflict):
        hall.cast("m2", vote, "no", key="a")
    assert hall.v("status", vote=vote)["cast"] == 1
    last = [hall.cast(person, vote, "yes", key=person) for person in ("m1", "m3")] + [hall.cast("m2", vote, "yes", key="b")]
    assert [c.complete for c in last] == [False, False, True]
    hall.v("close", vote=vote)
    assert hall.cast("m2", vote, "yes", key="b") == last[-1], "the answer that got lost is given even after the vote was closed"
    with pytest.raises(BallotRefused):
        hall.cast("m2", vote, "yes", key="c")


def test_an_old_request_sent_again_does_not_undo_a_withdrawal(hall):
    given = {"motion": "同意修订章程", "method": "written", "base": "voting", "threshold": "majority"}
    vote = hall.v("freeze", **given, electorate=[{"person": "m1"}, {"person": "m2"}])["vote"]
    hall.cast("m1", vote, "yes", key="a")
    votes.withdraw(hall.app, actor("m1"), vote)
    hall.cast("m1", vote, "yes", key="a")
    assert hall.v("status", vote=vote)["cast"] == 0


def test_who_is_not_in_the_meeting_does_not_learn_of_its_votes(hall, session):
    vote = frozen(hall, session)["vote"]
    for use in (lambda: votes.paper(hall.app, actor("guest"), vote), lambda: hall.cast("guest", vote, "yes")):
        with pytest.raises(NotFound):
            use()
    with pytest.raises(NotFound):
        votes.paper(hall.app, actor(None), vote)


def test_a_vote_waits_in_the_inbox_until_it_is_cast(hall, session):
    vote = frozen(hall, session)["vote"]
    (line,) = calls.waiting(hall.app, actor("m2"))
    assert (line.kind, line.id, line.title, line.href) == ("vote", vote, AGENDA[0]["topic"], f"/meetings/{session}")
    hall.cast("m2", vote, "abstain")
    assert calls.waiting(hall.app, actor("m2")) == []
