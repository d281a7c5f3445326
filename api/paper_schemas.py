"""Shapes of papers in /api/v1."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from api.schemas import LabelSchema, MandateSchema, Strict

_LANGUAGE = validate.OneOf(["zh", "en"])
_SCOPE = {"description": "empty for a paper of the case itself; else as the list names it"}


class IssuedSchema(Schema):
    id = fields.String()
    language = fields.String()
    version = fields.Integer()
    number = fields.String(allow_none=True)
    at = fields.AwareDateTime()
    by = fields.String()
    docx_hash = fields.String()
    code = fields.String(metadata={"description": "of the verification page /verify/<code>"})
    newest = fields.Boolean()


class CasePaperSchema(Schema):
    paper = fields.String(attribute="key")
    scope = fields.String(metadata=_SCOPE)
    name = fields.Nested(LabelSchema)
    kind = fields.String(metadata={"description": "issue | preview"})
    languages = fields.List(fields.String())
    number = fields.String(allow_none=True)
    access = fields.String()
    open = fields.Boolean(metadata={"description": "it can be previewed now"})
    mandate = fields.Nested(MandateSchema, allow_none=True, metadata={"description": "under which you may issue it; null: you may not"})
    missing = fields.List(fields.Nested(LabelSchema), metadata={"description": "what it still needs"})
    issued = fields.List(fields.Nested(IssuedSchema))


class PaperVersionSchema(Schema):
    paper = fields.String()
    language = fields.String()
    version = fields.Integer()
    number = fields.String(allow_none=True)
    changed = fields.Boolean()
    hash = fields.String(attribute="docx")
    code = fields.String()
    at = fields.AwareDateTime()


class PaperQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    scope = fields.String(load_default="", metadata=_SCOPE)
    language = fields.String(load_default="zh", validate=_LANGUAGE)
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))
    preview = fields.Boolean(load_default=False)


class IssueBody(Strict):
    scope = fields.String(load_default="", metadata=_SCOPE)
    language = fields.String(load_default=None, allow_none=True, validate=_LANGUAGE)
