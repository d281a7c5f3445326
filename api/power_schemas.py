"""Shapes of what administrators do to cases and procedures."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from api.schemas import Strict

_REASON = {"description": "2–1000 characters, kept in the history"}


class Reasoned(Strict):
    reason = fields.String(required=True, metadata=_REASON)


class FailedJobSchema(Schema):
    id = fields.String()
    job = fields.String(metadata={"description": "what it does, e.g. service, timer, notice"})
    state = fields.String(metadata={"description": "failed (for good) | trying (again at next_at)"})
    error = fields.String(metadata={"description": "kind of the error"})
    message = fields.String()
    attempts = fields.Integer()
    instance = fields.String(allow_none=True, metadata={"description": "the case it was for"})
    element = fields.String(allow_none=True)
    first_at = fields.AwareDateTime()
    last_at = fields.AwareDateTime()
    next_at = fields.AwareDateTime(allow_none=True)


class ActDone(Schema):
    instance = fields.String(allow_none=True)
    state = fields.String(attribute="outcome", metadata={"description": "running | completed | cancelled | failed"})
    tasks = fields.List(fields.String(), metadata={"description": "ids of the tasks this led to"})
    repeated = fields.Boolean(metadata={"description": "this is the first answer to the key, given again"})


class TokenSchema(Schema):
    id = fields.String(metadata={"description": "names the element instance, or the scope it is"})
    scope = fields.String(allow_none=True, metadata={"description": "token of the scope around it; null: the case itself"})
    process = fields.String(metadata={"description": "key of the procedure; another one inside a call"})
    element = fields.String(allow_none=True, metadata={"description": "id in the BPMN file; null: a procedure as a whole"})
    state = fields.String()
    root = fields.Boolean(metadata={"description": "the scope of the case's outermost variables"})


class ChangeVariablesBody(Reasoned):
    variables = fields.Dict(
        load_default=dict, metadata={"description": "name → JSON; text becomes the date, number or duration that the variable is now"}
    )
    expressions = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict,
        metadata={"description": "name → FEEL of literals and functions, e.g. date(\"2026-03-02\")"},
    )  # fmt: skip
    scope = fields.String(load_default=None, allow_none=True, metadata={"description": "a token; null: the case's outermost variables"})


class InstructionSchema(Strict):
    do = fields.String(required=True, validate=validate.OneOf(["cancel", "start", "move"]))
    token = fields.String(metadata={"description": "cancel, move: the element instance"})
    element = fields.String(metadata={"description": "cancel: every one of it; start: where (with `where` flow: the flow's id)"})
    from_ = fields.String(data_key="from", attribute="from", metadata={"description": "move: every one of this element"})
    to = fields.String(metadata={"description": "move: where"})
    where = fields.String(validate=validate.OneOf(["before", "after", "flow"]), metadata={"description": "before, if left out"})
    scope = fields.String(metadata={"description": "token of a scope around it, when several are live"})
    process = fields.String(metadata={"description": "procedure of the element, when it is a called one"})
    variables = fields.Dict(metadata={"description": "start, move: written as an output mapping would"})


class ModifyBody(Reasoned):
    instructions = fields.List(fields.Nested(InstructionSchema), required=True, validate=validate.Length(min=1, max=100))
    dry_run = fields.Boolean(load_default=False, metadata={"description": "tell what would happen, and change nothing"})


class CodeAt(Schema):
    element = fields.String()
    code = fields.String()


class OutlookSchema(Schema):
    instance = fields.String(allow_none=True)
    state = fields.String(metadata={"description": "running | completed | cancelled | failed"})
    repeated = fields.Boolean()
    dry_run = fields.Boolean()
    started = fields.List(fields.String(), metadata={"description": "elements, in order; `procedure/element` inside a call"})
    completed = fields.List(fields.String())
    cancelled = fields.List(fields.String())
    flows = fields.List(fields.String())
    offered = fields.List(fields.String(), metadata={"description": "elements whose tasks people are offered"})
    incidents = fields.List(fields.Nested(CodeAt))


class PlaceSchema(Strict):
    element = fields.String(required=True)
    where = fields.String(validate=validate.OneOf(["before", "after", "flow"]), metadata={"description": "before, if left out"})
    variables = fields.Dict()


class RestartBody(Reasoned):
    at = fields.List(fields.Nested(PlaceSchema), required=True, validate=validate.Length(min=1, max=100))
    version = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(min=1), metadata={"description": "null: the version it ran in"}
    )
    dry_run = fields.Boolean(load_default=False)


class SuspendDefinitionBody(Reasoned):
    version = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(min=1), metadata={"description": "null: every version, also later ones"}
    )
    instances = fields.Boolean(load_default=False, metadata={"description": "suspend its running cases, too (a batch)"})


class ResumeDefinitionBody(Reasoned):
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))


class SuspensionSchema(Schema):
    process = fields.String()
    version = fields.Integer(allow_none=True, metadata={"description": "null: every version"})
    at = fields.AwareDateTime()
    actor = fields.String(allow_none=True, metadata={"description": "id of the person; null: the command line"})
    reason = fields.String()
    batch = fields.String(allow_none=True, metadata={"description": "the batch that suspends its cases"})


class BatchRef(Schema):
    batch = fields.String(allow_none=True, metadata={"description": "null: there was nothing to do"})


class FailureSchema(Schema):
    instance = fields.String()
    code = fields.String()
    message = fields.String()


class BatchLine(Schema):
    id = fields.String()
    kind = fields.String(metadata={"description": "suspend | resume | migrate | remove"})
    state = fields.String(metadata={"description": "running | done"})
    at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    actor = fields.String(allow_none=True)
    reason = fields.String()
    plan = fields.Dict(metadata={"description": "what is done to each"})
    total = fields.Integer()
    waiting = fields.Integer()
    done = fields.Integer()
    failed = fields.Integer()


class BatchSchema(BatchLine):
    failures = fields.List(fields.Nested(FailureSchema), metadata={"description": "one per case that failed; nothing of it changed"})


class BatchPage(Schema):
    items = fields.List(fields.Nested(BatchLine))
    next = fields.String(allow_none=True)


class BatchQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.String(load_default=None, allow_none=True)


class MappingSchema(Strict):
    from_ = fields.String(required=True, data_key="from", attribute="from", metadata={"description": "element of the old version"})
    to = fields.String(required=True, metadata={"description": "element of the new one"})
    timers = fields.String(
        validate=validate.OneOf(["keep", "rearm"]), metadata={"description": "keep (if left out) their time, or rearm by the new model"}
    )


#: what the database can hold
_VERSION = validate.Range(1, 2**31 - 1)


class VersionsSchema(Strict):
    process = fields.String(required=True)
    from_ = fields.Integer(required=True, validate=_VERSION, data_key="from", attribute="from", metadata={"description": "version"})
    to = fields.Integer(required=True, validate=_VERSION, metadata={"description": "version"})


class PlanOfCalled(VersionsSchema):
    mappings = fields.List(fields.Nested(MappingSchema), required=True)


class PlanSchema(PlanOfCalled):
    called = fields.List(
        fields.Nested(PlanOfCalled),
        metadata={"description": "plans for procedures that the case calls now, each for those called in its `from`; others stay"},
    )


class PlanQuery(VersionsSchema):
    called = fields.List(
        fields.Nested(VersionsSchema), load_default=list,
        metadata={"description": "called procedures for which the plan is to hold one, too"},
    )  # fmt: skip


class ProblemOfPlan(Schema):
    element = fields.String()
    zh = fields.String()
    en = fields.String()


class PlanDraft(Schema):
    plan = fields.Nested(PlanSchema)
    unmapped = fields.List(fields.Nested(ProblemOfPlan), metadata={"description": "elements of the old version without a counterpart"})


class PlanBody(Strict):
    plan = fields.Nested(PlanSchema, required=True)


class PlanProblems(Schema):
    problems = fields.List(fields.Nested(ProblemOfPlan), metadata={"description": "empty: the plan may be used"})


class MigrateInstanceBody(Reasoned):
    plan = fields.Nested(PlanSchema, required=True)
    dry_run = fields.Boolean(load_default=False)


class MigrateBody(MigrateInstanceBody):
    instances = fields.List(
        fields.String(), load_default=None, allow_none=True, metadata={"description": "null: all that run in the old version"}
    )


class MigrationSchema(Schema):
    batch = fields.String(allow_none=True, metadata={"description": "null: it was a dry run"})
    total = fields.Integer(metadata={"description": "cases"})
    tried = fields.Integer(metadata={"description": "by a dry run: at most 500"})
    failures = fields.List(fields.Nested(FailureSchema), metadata={"description": "of a dry run"})


class RetentionQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    retention = fields.String(load_default=None, metadata={"description": "only this class"})


class DueSchemaOfCase(Schema):
    instance = fields.String()
    process = fields.String()
    number = fields.String(allow_none=True)
    area = fields.String(allow_none=True)
    ended_at = fields.AwareDateTime()
    retention = fields.String(metadata={"description": "class of archive (setting archive.retention)"})
    keep_until = fields.Date()


class RemoveBody(Reasoned):
    retention = fields.String(load_default=None, allow_none=True, metadata={"description": "only this class"})


class RemovalSchema(Schema):
    batch = fields.String(allow_none=True, metadata={"description": "null: there was nothing to do"})
    total = fields.Integer()


class RemovedSchema(Schema):
    instance = fields.String()
    process = fields.String()
    version = fields.Integer()
    number = fields.String(allow_none=True)
    state = fields.String()
    started_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    removed_at = fields.AwareDateTime()
    retention = fields.String(allow_none=True)


class RemovedPage(Schema):
    items = fields.List(fields.Nested(RemovedSchema))
    next = fields.String(allow_none=True)
