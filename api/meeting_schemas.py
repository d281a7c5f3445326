"""Request and answer shapes of meetings and votes."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from api.schemas import LabelSchema, Strict


class MeetingQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    past = fields.Boolean(load_default=False)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class MeetingLineSchema(Schema):
    id = fields.String()
    number = fields.String(allow_none=True)
    title = fields.String()
    kind = fields.String()
    mode = fields.String()
    venue = fields.String()
    state = fields.String()
    access = fields.String()
    start_at = fields.AwareDateTime()
    end_at = fields.AwareDateTime()
    chair = fields.String()
    secretary = fields.String()
    committee = fields.String(allow_none=True)
    instance = fields.String(metadata={"description": "the case that holds the meeting"})
    role = fields.String(metadata={"description": "chair | secretary | your capacity | empty"})
    answer = fields.String(allow_none=True)


class MeetingPageSchema(Schema):
    items = fields.List(fields.Nested(MeetingLineSchema))


class SeatSchema(Schema):
    seat = fields.String()
    no = fields.Integer()
    person = fields.String(allow_none=True)
    name = fields.String()
    unit = fields.String(allow_none=True)
    capacity = fields.String()
    voting = fields.Boolean()
    weight = fields.Decimal(as_string=True)
    status = fields.String(metadata={"description": "present | proxy | left | absent | expected | unknown"})
    answer = fields.String(allow_none=True)
    signed_in = fields.AwareDateTime(allow_none=True)
    signed_out = fields.AwareDateTime(allow_none=True)
    recused = fields.List(fields.Integer(), metadata={"description": "items he is out of; 0 is every item"})


class OwnBallotSchema(Schema):
    seat = fields.String()
    name = fields.String()
    proxy = fields.Boolean()
    voted = fields.Boolean()
    weight = fields.Decimal(as_string=True)


class VoteSchema(Schema):
    id = fields.String()
    item = fields.Integer(allow_none=True)
    meeting = fields.String(allow_none=True)
    title = fields.String()
    motion = fields.String()
    hash = fields.String()
    method = fields.String()
    state = fields.String()
    options = fields.List(fields.Dict())
    base = fields.String()
    threshold = fields.String()
    eligible = fields.Integer()
    cast = fields.Integer()
    recused = fields.Integer()
    counts = fields.Dict(
        keys=fields.String(), values=fields.Decimal(as_string=True), allow_none=True,
        metadata={"description": "null while nothing may be shown (secret votes until certified)"},
    )  # fmt: skip
    needed = fields.Decimal(as_string=True)
    denominator = fields.Decimal(as_string=True)
    fixed = fields.String(allow_none=True, metadata={"description": "passed | rejected | invalid once nothing can change it"})
    result = fields.String(allow_none=True)
    tie = fields.Boolean()
    opened = fields.AwareDateTime()
    closes_at = fields.AwareDateTime(allow_none=True)
    closed = fields.AwareDateTime(allow_none=True)
    certified = fields.AwareDateTime(allow_none=True)
    void_reason = fields.String(metadata={"description": "why it was voided, or annulled after it had been certified"})
    voided = fields.AwareDateTime(allow_none=True)
    tellers = fields.List(fields.String())
    rule = fields.String()
    rule_version = fields.String()
    papers = fields.List(fields.Nested(OwnBallotSchema))


class SpeechSchema(Schema):
    item = fields.Integer()
    name = fields.String()
    stance = fields.String()
    text = fields.String()
    at = fields.AwareDateTime()


class ItemSchema(Schema):
    seq = fields.Integer()
    topic = fields.String()
    item_kind = fields.String()
    minutes = fields.Integer()
    motion = fields.String()
    state = fields.String()
    outcome = fields.String()
    votable = fields.Boolean(metadata={"description": "it stood on the agenda that was sent"})
    present = fields.Integer()
    voting = fields.Integer()
    needed = fields.Integer(allow_none=True)
    met = fields.Boolean()
    speeches = fields.List(fields.Nested(SpeechSchema))
    votes = fields.List(fields.Nested(VoteSchema))


class MeetingDetail(MeetingLineSchema):
    revision = fields.Integer()
    stamp = fields.String(metadata={"description": "changes with the record and with every step of its case"})
    present = fields.Integer()
    voting = fields.Integer()
    needed = fields.Integer(allow_none=True)
    met = fields.Boolean()
    current = fields.Integer(allow_none=True)
    seats = fields.List(fields.Nested(SeatSchema))
    items = fields.List(fields.Nested(ItemSchema))
    votes = fields.List(fields.Nested(VoteSchema))
    rules = fields.Dict()
    manages = fields.Boolean()


class SeatBody(Strict):
    seat = fields.String(load_default=None, allow_none=True)


class SignInBody(SeatBody):
    code = fields.String(load_default=None, allow_none=True)
    proxy_for = fields.String(load_default=None, allow_none=True)
    person = fields.String(
        load_default=None, allow_none=True, metadata={"description": "who stands for the seat; entered by chair or secretary"}
    )
    letter = fields.List(fields.String(), load_default=None, allow_none=True)


class SignedInSchema(Schema):
    meeting = fields.String()
    seats = fields.List(fields.String())
    names = fields.List(fields.String())
    at = fields.AwareDateTime()
    already = fields.Boolean()
    revision = fields.Integer()


class SpeechBody(Strict):
    item = fields.Integer(required=True)
    speaker = fields.String(required=True, validate=validate.Length(min=1, max=100))
    stance = fields.String(load_default="")
    text = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class SpeechReceipt(Schema):
    revision = fields.Integer()


class BallotBody(Strict):
    option = fields.String(required=True)
    seat = fields.String(load_default=None, allow_none=True)


class BallotReceipt(Schema):
    vote = fields.String()
    seat = fields.String()
    name = fields.String()
    already = fields.Boolean(metadata={"description": "it had been cast before; this changed nothing"})
    complete = fields.Boolean()


class VoteRecordSchema(Schema):
    vote = fields.String()
    meeting = fields.String(allow_none=True)
    record = fields.Raw()
    hash = fields.String()
    same = fields.Boolean()
    threshold_text = fields.Nested(LabelSchema)
    annulled = fields.String(allow_none=True, metadata={"description": "why it does not count any more; null: it counts"})
    annulled_at = fields.AwareDateTime(allow_none=True)
