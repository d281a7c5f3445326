"""Request and answer shapes of /api/v1, once; OpenAPI is generated from them."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from engine.values import MESSAGE_ID, MESSAGE_KEY, MESSAGE_NAME


class Strict(Schema):
    """Unknown keys are refused (marshmallow's default): a typo is told, not ignored."""


class MandateSchema(Schema):
    kind = fields.String()
    selector = fields.String(allow_none=True)
    on_behalf_of = fields.String(allow_none=True)
    zh = fields.String()
    en = fields.String()
    until = fields.AwareDateTime(allow_none=True, metadata={"description": "when the post, seat or delegation ends"})


class LabelSchema(Schema):
    zh = fields.String()
    en = fields.String()


class DueSchema(Schema):
    at = fields.AwareDateTime(metadata={"description": "the due moment"})
    clock = fields.String(metadata={"description": "natural | working"})
    state = fields.String()
    started = fields.AwareDateTime()
    limit = fields.String()
    computation = fields.Nested(LabelSchema)


class TaskSchema(Schema):
    id = fields.String()
    name = fields.Nested(LabelSchema)
    process = fields.String()
    instance = fields.String()
    number = fields.String(allow_none=True)
    title = fields.String()
    created = fields.AwareDateTime()
    due = fields.Nested(DueSchema, allow_none=True)
    assignee = fields.String(allow_none=True)
    mandate = fields.Nested(MandateSchema, allow_none=True)


class TaskDetail(TaskSchema):
    form = fields.Raw(
        allow_none=True,
        metadata={"description": "as a browser shows it: schema, data, outcomes; null when one may not do it or it has none"},
    )


class TaskQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="mine", validate=validate.OneOf(["mine", "candidate", "done", "started"]))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.String(load_default=None, allow_none=True)


class TaskPage(Schema):
    items = fields.List(fields.Nested(TaskSchema))
    next = fields.String(allow_none=True)


class OnBehalfOf(Strict):
    """Whose words they are, and how they came: `person`, `unit`, or `name` and `phone` of somebody without an account."""

    person = fields.String()
    unit = fields.String()
    name = fields.String()
    phone = fields.String()
    channel = fields.String(required=True, validate=validate.OneOf(["paper", "telephone", "counter"]))
    note = fields.String(metadata={"description": "of the call: when, and what was said"})
    file = fields.String(metadata={"description": "id of the uploaded scan of the paper"})


_BEHALF = {"description": "enter another's words; takes the right of intake in the area"}


class CompleteBody(Strict):
    on_behalf_of = fields.Nested(OnBehalfOf, load_default=None, allow_none=True, metadata=_BEHALF)
    form = fields.Dict(load_default=dict, metadata={"description": "the values of the task's form"})
    mandate = fields.String(load_default=None, allow_none=True, metadata={"description": "selector under which one acts"})


class OutcomeSchema(Schema):
    instance = fields.String()
    ended = fields.Boolean()
    done = fields.Nested(LabelSchema)
    at = fields.AwareDateTime()
    tasks = fields.List(fields.String(), metadata={"description": "ids of the tasks this led to"})


class CorrectionBody(Strict):
    on_behalf_of = fields.Nested(OnBehalfOf, load_default=None, allow_none=True, metadata=_BEHALF)
    form = fields.Dict(required=True, metadata={"description": "all values of the task's form, corrected"})
    reason = fields.String(required=True, metadata={"description": "2–1000 characters"})


class CorrectionDecision(Strict):
    reason = fields.String(load_default="", metadata={"description": "required to refuse"})


class CorrectionQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="waiting", validate=validate.OneOf(["waiting", "asked"]))


class CorrectionLine(Schema):
    id = fields.String()
    task = fields.String()
    instance = fields.String()
    name = fields.Nested(LabelSchema)
    title = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String(metadata={"description": "open | approved | refused"})
    asked_by = fields.String()
    asked_at = fields.AwareDateTime()
    decides = fields.Boolean(metadata={"description": "the caller may decide it"})


class CorrectionList(Schema):
    items = fields.List(fields.Nested(CorrectionLine))


class CorrectionFieldSchema(Schema):
    label = fields.Nested(LabelSchema)
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)
    changed = fields.Boolean()


class CorrectionDetail(CorrectionLine):
    reason = fields.String()
    version = fields.Integer(metadata={"description": "number of the version it corrects"})
    lines = fields.List(fields.Nested(CorrectionFieldSchema))
    why_not = fields.Nested(LabelSchema, allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    decision_reason = fields.String()
    written = fields.List(fields.Nested(LabelSchema))
    left = fields.List(fields.Nested(LabelSchema))


class StartBody(Strict):
    on_behalf_of = fields.Nested(OnBehalfOf, load_default=None, allow_none=True, metadata=_BEHALF)
    mandate = fields.String(load_default=None, allow_none=True, metadata={"description": "selector under which one acts"})
    process = fields.String(required=True)
    version = fields.Integer(load_default=None, allow_none=True)
    area = fields.String(load_default=None, allow_none=True)
    variables = fields.Dict(load_default=dict)


class MessageBody(Strict):
    on_behalf_of = fields.Nested(OnBehalfOf, load_default=None, allow_none=True, metadata=_BEHALF)
    name = fields.String(required=True, validate=validate.Length(1, MESSAGE_NAME))
    key = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=MESSAGE_KEY),
        metadata={"description": "correlation key; numbers are written plainly: 7, 2.5"},
    )  # fmt: skip
    id = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, MESSAGE_ID),
        metadata={"description": "a message with an id is taken once"},
    )  # fmt: skip
    ttl = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, 40),
        metadata={"description": "how long it is kept if nobody waits: PT2H, P14D, at most 90 days; PT0S: not at all; null: 30 days"},
    )  # fmt: skip
    variables = fields.Dict(load_default=dict)


class MessageReceipt(Schema):
    instance = fields.String(allow_none=True)
    outcome = fields.String(metadata={"description": "delivered | buffered | dropped (nobody waited, and its ttl was PT0S)"})
    repeated = fields.Boolean(metadata={"description": "the first answer, given again"})


class SignalBody(Strict):
    name = fields.String(required=True, validate=validate.Length(1, MESSAGE_NAME))
    id = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, MESSAGE_ID),
        metadata={"description": "a signal with an id is sent once"},
    )  # fmt: skip
    variables = fields.Dict(load_default=dict)


class SignalReceipt(Schema):
    outcome = fields.String(metadata={"description": "sent"})


class InstanceSchema(Schema):
    id = fields.String()
    process = fields.String()
    version = fields.Integer()
    number = fields.String(allow_none=True)
    title = fields.String()
    status = fields.String()
    started = fields.AwareDateTime()
    ended = fields.AwareDateTime(allow_none=True)


class EntrySchema(Schema):
    at = fields.AwareDateTime()
    text = fields.Nested(LabelSchema)
    detail = fields.Nested(LabelSchema)
    by = fields.String(allow_none=True)


class ActionSchema(Schema):
    token = fields.String()
    name = fields.Nested(LabelSchema)


class IncidentSchema(Schema):
    id = fields.String()
    name = fields.Nested(LabelSchema)
    message = fields.String()


class InstanceDetail(InstanceSchema):
    suspended = fields.AwareDateTime(allow_none=True, metadata={"description": "since when nothing in it moves; null: it moves"})
    tokens = fields.Dict(keys=fields.String(), values=fields.Integer())
    history = fields.List(fields.Nested(EntrySchema))
    actions = fields.List(fields.Nested(ActionSchema), metadata={"description": "what the caller may use now"})
    incidents = fields.List(fields.Nested(IncidentSchema))


class CursorQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    cursor = fields.String(load_default=None, allow_none=True)


class VariablesSchema(Schema):
    variables = fields.Dict(metadata={"description": "declared data by name, as far as the caller may read them"})


class PassageSchema(Schema):
    seq = fields.Integer()
    at = fields.AwareDateTime()
    kind = fields.String()
    element = fields.String(allow_none=True)
    person = fields.String(allow_none=True, metadata={"description": "null for a reporter whom the caller must not learn of"})
    mandate = fields.Nested(MandateSchema, allow_none=True)
    content = fields.Raw(allow_none=True, metadata={"description": "null when the caller may not read it, or once erased"})
    refused = fields.Nested(LabelSchema, allow_none=True, metadata={"description": "why the content is not shown"})
    digest = fields.String()


class HistoryPage(Schema):
    items = fields.List(fields.Nested(PassageSchema))
    next = fields.String(allow_none=True)


class FindingSchema(Schema):
    file = fields.String()
    element = fields.String(allow_none=True)
    line = fields.Integer(allow_none=True)
    code = fields.String()
    severity = fields.String()
    message = fields.String()
    hint = fields.String()
    stored = fields.Boolean(metadata={"description": "an error with which a file of another tool is stored all the same"})


class DefinitionSchema(Schema):
    kind = fields.String()
    key = fields.String()
    version = fields.Integer()
    changed = fields.Boolean()
    name = fields.Nested(LabelSchema)
    executable = fields.Boolean(metadata={"description": "false: it has parts that cannot run here; it can be looked at, not started"})


class StepSchema(Schema):
    name = fields.Nested(LabelSchema)
    lane = fields.Nested(LabelSchema)
    limit = fields.String(allow_none=True)


class DefinitionDetailsSchema(Schema):
    kind = fields.String()
    key = fields.String()
    version = fields.Integer()
    name = fields.Nested(LabelSchema)
    executable = fields.Boolean()
    cannot_run = fields.List(fields.Nested(FindingSchema))
    steps = fields.List(fields.Nested(StepSchema))


class DeploymentSchema(Schema):
    id = fields.String(allow_none=True)
    digest = fields.String()
    created = fields.Boolean()
    definitions = fields.List(fields.Nested(DefinitionSchema))
    report = fields.List(fields.Nested(FindingSchema))


class ExpressionBody(Strict):
    expression = fields.String(required=True, validate=validate.Length(max=10_000))
    variables = fields.Dict(load_default=dict)


class ExpressionAnswer(Schema):
    value = fields.Raw(allow_none=True)
    names = fields.List(fields.String())


class ServiceSchema(Schema):
    name = fields.String()
    inline = fields.Boolean()
    doc = fields.String()
    inputs = fields.List(fields.Dict())


class RowSchema(Schema):
    id = fields.String()
    number = fields.String(allow_none=True)
    title = fields.String()
    state = fields.Nested(LabelSchema)
    unit = fields.String(allow_none=True)
    opened = fields.AwareDateTime()
    columns = fields.Dict()


class RowPage(Schema):
    items = fields.List(fields.Nested(RowSchema))
    next = fields.String(allow_none=True)


class RowQuery(Schema):
    """Filters of a register."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(metadata={"description": "part of number, title or unit"})
    state = fields.String()
    stage = fields.String()
    area = fields.String()
    cursor = fields.String(load_default=None, allow_none=True)


class RegisterSchema(Schema):
    key = fields.String()
    name = fields.Nested(LabelSchema)


class LookupQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    q = fields.String(load_default="")
    filter = fields.String(load_default=None, allow_none=True, metadata={"description": "FEEL over the entry's attributes"})
    value = fields.List(fields.String(), load_default=list, metadata={"description": "just these, by id"})


class DeployQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    dry_run = fields.Boolean(load_default=False, metadata={"description": "only the report"})


class ReasonBody(Strict):
    reason = fields.String(load_default="")


class ActionBody(Strict):
    on_behalf_of = fields.Nested(OnBehalfOf, load_default=None, allow_none=True, metadata=_BEHALF)
    mandate = fields.String(load_default=None, allow_none=True, metadata={"description": "selector under which one acts"})
    form = fields.Dict(load_default=dict, metadata={"description": "the values of the action's form"})


class LookupAnswer(Schema):
    value = fields.String()
    label = fields.String()
    hint = fields.String()


class LoginBody(Strict):
    name = fields.String(required=True)
    password = fields.String(required=True, load_only=True)
    scopes = fields.List(fields.String(), load_default=lambda: ["*"])
    days = fields.Integer(load_default=30, validate=validate.Range(min=1, max=365))


class TokenAnswer(Schema):
    token = fields.String(metadata={"description": "shown once"})
    expires = fields.AwareDateTime()


class FileSchema(Schema):
    id = fields.String()
    name = fields.String()
    size = fields.Integer()
    media_type = fields.String()
    digest = fields.String()


class ProblemSchema(Schema):
    type = fields.String()
    code = fields.String()
    status = fields.Integer()
    title = fields.String()
    request_id = fields.String()
    errors = fields.List(fields.Dict())


class HealthSchema(Schema):
    status = fields.String()
    checks = fields.Dict()
