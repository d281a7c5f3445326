"""Bodies and answers of decisions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.schemas import Strict


class DecisionLine(Schema):
    key = fields.String()
    version = fields.Integer()
    file = fields.String()
    name = fields.Dict(keys=fields.String(), values=fields.String())
    hit_policy = fields.String(allow_none=True, metadata={"description": "U A P F R O C; null for a decision that is no table"})
    inputs = fields.List(fields.String(), metadata={"description": "variables it reads"})
    outputs = fields.List(fields.String())


class DecisionBody(Strict):
    variables = fields.Dict(load_default=dict)
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1))
    keep = fields.Boolean(load_default=False)


class EvaluationSchema(Schema):
    decision = fields.String()
    version = fields.Integer()
    resource = fields.String(metadata={"description": "digest of the file"})
    inputs = fields.Dict(metadata={"description": "the variables it looked at"})
    value = fields.Raw(allow_none=True)
    rules = fields.List(fields.Dict(), metadata={"description": "rules that gave the value: number, id, annotations"})
    tested = fields.Dict(metadata={"description": "input expression → value"})
    tables = fields.List(fields.Dict(), metadata={"description": "tables inside contexts and functions"})
    required = fields.Dict(metadata={"description": "decisions it required, told in the same way"})
    asked = fields.List(fields.Dict(), metadata={"description": "what functions such as setting(…) answered"})
    now = fields.Raw(allow_none=True)


class ReproducedSchema(Schema):
    same = fields.Boolean()
    value = fields.Raw(allow_none=True)
    error = fields.String(metadata={"description": "why there is no value; empty when there is one"})
    kept = fields.Nested(EvaluationSchema)
