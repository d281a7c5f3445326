"""Meetings and votes: what the pages show, and the acts on the record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import request
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.documented import IDEMPOTENT
from api.meeting_schemas import (
    BallotBody,
    BallotReceipt,
    MeetingDetail,
    MeetingPageSchema,
    MeetingQuery,
    SeatBody,
    SignedInSchema,
    SignInBody,
    SpeechBody,
    SpeechReceipt,
    VoteRecordSchema,
    VoteSchema,
)
from governance.desk import meetings, votes
from governance.desk.meeting_views import MeetingPage, Printable, Receipt, SignedIn, VoteView

blueprint = Blueprint("meetings_api", __name__, url_prefix="/api/v1", description="Meetings and votes")


@blueprint.route("/meetings", methods=["GET"])
@blueprint.arguments(MeetingQuery, location="query")
@blueprint.response(200, MeetingPageSchema)
@needs("meetings:read")
def index(query: dict[str, Any]) -> dict[str, Any]:
    """Meetings you may see: today's and later ones, or with past=true the past ones, newest first."""
    return {"items": meetings.list_page(application(), caller(), past=query["past"], limit=query["limit"])}


@blueprint.route("/meetings/<meeting>", methods=["GET"])
@blueprint.response(200, MeetingDetail)
@needs("meetings:read")
def one(meeting: str) -> dict[str, Any]:
    """One meeting: seats, quorum, agenda, votes. Of a secret vote nothing but the number cast before it is certified."""
    return shown(meetings.page(application(), caller(), meeting))


@blueprint.route("/meetings/<meeting>/sign-in", methods=["POST"])
@blueprint.arguments(SignInBody)
@blueprint.response(200, SignedInSchema)
@needs("meetings:write")
def sign_in(body: dict[str, Any], meeting: str) -> SignedIn:
    """Sign in: oneself (with the code at the door where it is asked for), or as chair or secretary the holder of `seat`, or `person` as
    proxy for the seat `proxy_for` by its `letter`."""
    return meetings.sign_in(
        application(), caller(), meeting, seat=body["seat"], code=body["code"], proxy_for=body["proxy_for"], letter=body["letter"],
        person=body["person"],
    )  # fmt: skip


@blueprint.route("/meetings/<meeting>/sign-out", methods=["POST"])
@blueprint.arguments(SeatBody)
@blueprint.response(200, SignedInSchema)
@needs("meetings:write")
def sign_out(body: dict[str, Any], meeting: str) -> SignedIn:
    """Leave, or as chair or secretary note that a seat has left."""
    return meetings.sign_out(application(), caller(), meeting, seat=body["seat"])


@blueprint.route("/meetings/<meeting>/speeches", methods=["POST"])
@blueprint.arguments(SpeechBody)
@blueprint.response(200, SpeechReceipt)
@needs("meetings:write")
def speak(body: dict[str, Any], meeting: str) -> dict[str, Any]:
    """Chair or secretary note what was said on an item."""
    found = meetings.note_speech(application(), caller(), meeting, body["item"], body["speaker"], body["stance"], body["text"])
    return {"revision": found}


@blueprint.route("/votes/<vote>", methods=["GET"])
@blueprint.response(200, VoteSchema)
@needs("meetings:read")
def vote_page(vote: str) -> VoteView:
    """One vote, with the ballots you may cast."""
    return votes.paper(application(), caller(), vote).vote


@blueprint.route("/votes/<vote>/ballots", methods=["POST"])
@blueprint.arguments(BallotBody)
@blueprint.response(200, BallotReceipt)
@blueprint.doc(**IDEMPOTENT)
@needs("votes:cast")
def cast(body: dict[str, Any], vote: str) -> Receipt:
    """Cast the ballot of one seat, once: sent again it changes nothing, and with the same key it gets the first answer. Of a key only
    its hash is kept, until a secret vote is certified, and nothing of the choice: another choice on a secret vote is answered alike."""
    return votes.cast(application(), caller(), vote, body["option"], seat=body["seat"], key=request.headers.get("Idempotency-Key"))


@blueprint.route("/votes/<vote>/record", methods=["GET"])
@blueprint.response(200, VoteRecordSchema)
@needs("meetings:read")
def record(vote: str) -> Printable:
    """The certified count: electorate, base, threshold, rule and sources, figures, hash; `same`: a recount gives the stored result."""
    return votes.printable(application(), caller(), vote)


def shown(page: MeetingPage) -> dict[str, Any]:
    return {
        **asdict(page.line),
        "revision": page.revision,
        "stamp": page.stamp,
        "present": page.present,
        "voting": page.voting,
        "needed": page.needed,
        "met": page.met,
        "current": page.current.seq if page.current else None,
        "seats": page.seats,
        "items": page.items,
        "votes": page.votes,
        "rules": page.rules,
        "manages": page.manages,
    }
