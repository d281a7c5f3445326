"""Request and answer shapes of /api/v1/designer."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate
from marshmallow import Schema as Answer

from api.meeting_schemas import MeetingDetail
from api.schemas import FindingSchema, LabelSchema, Strict

_KEY = validate.Length(min=1, max=64)


class ProblemCount(Answer):
    errors = fields.Integer(allow_none=True)
    warnings = fields.Integer(allow_none=True)


class DraftLine(Answer):
    id = fields.String()
    revision = fields.Integer()
    updated_at = fields.AwareDateTime()
    updated_by = fields.String(allow_none=True, metadata={"description": "name of the person"})
    problems = fields.Nested(
        ProblemCount, allow_none=True, metadata={"description": "of the last check; null: changed since, or never checked"}
    )


class ReadersLine(Answer):
    access = fields.String(metadata={"description": "access class (domain 2.5)"})
    zh = fields.String()
    en = fields.String()


class LoweredLine(Answer):
    """Something that more people may read with the draft than before."""

    id = fields.String(metadata={"description": "to confirm it with; another as soon as anything of it changes"})
    file = fields.String()
    kind = fields.String(metadata={"description": "process | data | step | register | state | column | paper"})
    key = fields.String(metadata={"description": "which, within its kind"})
    form = fields.String(allow_none=True, metadata={"description": "of a step: what is handed in with it"})
    name = fields.Nested(LabelSchema)
    from_ = fields.Nested(ReadersLine, data_key="from", attribute="from")
    to = fields.Nested(ReadersLine)


class VersionLine(Answer):
    version = fields.Integer()
    deployed_at = fields.AwareDateTime()
    by = fields.String(allow_none=True, metadata={"description": "name; null: the system or the command line"})
    instances_running = fields.Integer()
    note = fields.String(metadata={"description": "what was written when it was published"})
    lowered = fields.List(fields.Nested(LoweredLine), metadata={"description": "what it opened to more readers, confirmed"})


class ProcedureLine(Answer):
    key = fields.String()
    name = fields.Nested(LabelSchema)
    versions = fields.List(fields.Nested(VersionLine), metadata={"description": "the newest first"})
    draft = fields.Nested(DraftLine, allow_none=True)
    blocked = fields.Boolean(metadata={"description": "it came from another tool with parts that cannot run: it is only looked at"})


class NewProcedure(Strict):
    key = fields.String(required=True, validate=_KEY)
    zh = fields.String(required=True, validate=validate.Length(min=1, max=100))
    en = fields.String(required=True, validate=validate.Length(min=1, max=100))


class OpenBody(Strict):
    """One of: ``key`` (edit what is deployed), ``new``, ``copy`` with ``as``."""

    key = fields.String(validate=_KEY)
    new = fields.Nested(NewProcedure)
    copy = fields.String(validate=_KEY)
    as_ = fields.String(data_key="as", validate=_KEY)


class FileLine(Answer):
    path = fields.String()
    kind = fields.String(metadata={"description": "bpmn dmn form register cases settings codes paper text other"})
    size = fields.Integer(metadata={"description": "bytes"})
    digest = fields.String()
    revision = fields.Integer(metadata={"description": "revision of the draft that changed it last"})
    changed_at = fields.AwareDateTime()
    changed_by = fields.String(allow_none=True)


class DraftDetail(DraftLine):
    key = fields.String()
    name = fields.Nested(LabelSchema)
    base_version = fields.Integer(allow_none=True)
    current_version = fields.Integer(allow_none=True)
    outdated = fields.List(fields.String(), metadata={"description": "files deployed anew since the draft was made"})
    files = fields.List(fields.Nested(FileLine))


class FileAnswer(Answer):
    path = fields.String()
    kind = fields.String()
    text = fields.String(allow_none=True, metadata={"description": "null for a file that is no text: see base64"})
    base64 = fields.String(allow_none=True)
    revision = fields.Integer(metadata={"description": "give it back when saving"})
    draft_revision = fields.Integer()


class SaveBody(Strict):
    """``text``, or ``base64`` for a file that is no text."""

    text = fields.String()
    base64 = fields.String()
    revision = fields.Integer(metadata={"description": "at which it was read; left out: If-Match"})


class Saved(Answer):
    revision = fields.Integer()
    saved_at = fields.AwareDateTime()


class RevisionQuery(Answer):
    class Meta:
        unknown = EXCLUDE

    revision = fields.Integer(metadata={"description": "at which it was read; left out: If-Match"})


class RenameBody(Strict):
    from_ = fields.String(required=True, data_key="from")
    to = fields.String(required=True)
    revision = fields.Integer(required=True)


class CheckAnswer(Answer):
    ok = fields.Boolean(metadata={"description": "no errors: it can be published"})
    errors = fields.Integer()
    warnings = fields.Integer()
    problems = fields.List(fields.Nested(FindingSchema))


class RefreshBody(Strict):
    keep = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.OneOf(["mine", "theirs"])),
        load_default=dict,
        metadata={"description": "path → mine | theirs, for files that both sides changed"},
    )


class RefreshAnswer(Answer):
    clashes = fields.List(fields.String(), metadata={"description": "still to decide; then nothing was changed"})
    draft = fields.Nested(DraftDetail)


class BaseLine(Answer):
    version = fields.Integer(allow_none=True)
    files = fields.List(fields.String())


class FileChangeLine(Answer):
    path = fields.String()
    kind = fields.String()
    state = fields.String(metadata={"description": "added | removed | changed"})
    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)


class ElementChangeLine(Answer):
    file = fields.String()
    element = fields.String()
    kind = fields.String(metadata={"description": "BPMN local name; process, participant, sequenceFlow, lane, data, message …"})
    name = fields.Nested(LabelSchema)
    change = fields.String(metadata={"description": "added | removed | changed"})
    what = fields.Nested(LabelSchema, metadata={"description": "what of it, in words"})


class DiffQuery(Answer):
    class Meta:
        unknown = EXCLUDE

    version = fields.Integer(load_default=None, allow_none=True, metadata={"description": "compare with this one, not with the newest"})


class DiffAnswer(Answer):
    base = fields.Nested(BaseLine)
    changed = fields.List(fields.Nested(FileChangeLine))
    meaning = fields.List(fields.Nested(ElementChangeLine))
    lowered = fields.List(fields.Nested(LoweredLine), metadata={"description": "publishing needs a confirmation of each"})


class PublishBody(Strict):
    revision = fields.Integer(required=True, metadata={"description": "of the draft, as it was looked at"})
    note = fields.String(load_default="", validate=validate.Length(max=2000))
    confirmed = fields.List(
        fields.String(),
        load_default=list,
        metadata={"description": "ids of the lowered protections that are meant; 409 protection_lowered names those that are missing"},
    )


class PublishedAnswer(Answer):
    key = fields.String()
    version = fields.Integer()
    deployment = fields.String()
    published_at = fields.AwareDateTime(attribute="at")
    staying = fields.Function(
        lambda published: [{"version": v, "instances": n} for v, n in sorted(published.staying.items())],
        metadata={"description": "running cases that stay in an older version", "type": "array", "items": {"type": "object"}},
    )


class LayoutBody(Strict):
    """``path`` of a file of the draft, or ``xml`` that is not saved."""

    path = fields.String()
    xml = fields.String()


class LayoutAnswer(Answer):
    xml = fields.String()


class ExpressionCheckBody(Strict):
    expression = fields.String(required=True, validate=validate.Length(max=10_000))
    names = fields.List(fields.String(), load_default=list, metadata={"description": "in scope, without a value"})
    variables = fields.Dict(load_default=dict, metadata={"description": "in scope, with a value"})


class ExpressionError(Answer):
    code = fields.String()
    message = fields.String()
    position = fields.Integer(allow_none=True, metadata={"description": "0-based offset, without the leading ="})


class ExpressionCheck(Answer):
    ok = fields.Boolean()
    error = fields.Nested(ExpressionError, allow_none=True)
    value = fields.Raw(allow_none=True)
    names = fields.List(fields.String())


class ExportQuery(Answer):
    class Meta:
        unknown = EXCLUDE

    all = fields.Boolean(load_default=False, metadata={"description": "everything deployed with the draft over it"})


class ExpressionPlace(Strict):
    """Where an expression stands."""

    process = fields.String(load_default=None, allow_none=True, metadata={"description": "key; with a draft, its own if left out"})
    element = fields.String(load_default=None, allow_none=True, metadata={"description": "node, flow or lane; the process if left out"})
    draft = fields.String(load_default=None, allow_none=True, metadata={"description": "its files over what is deployed"})
    form = fields.String(load_default=None, allow_none=True, metadata={"description": "a form, in place of an element"})
    output = fields.Boolean(load_default=False, metadata={"description": "what output mappings see is in scope, too"})


class ScopeQuery(ExpressionPlace):
    class Meta:
        unknown = EXCLUDE


class OfferSchema(Answer):
    name = fields.String()
    kind = fields.String(metadata={"description": "FEEL's name of the kind; Any: not known, null: always null"})
    item = fields.String(allow_none=True, metadata={"description": "kind of a list's items"})
    zh = fields.String()
    en = fields.String()
    source = fields.String(metadata={"description": "engine | codes | loop | input | payload | data | step | call | form"})
    of = fields.String(metadata={"description": "the element, form or code list it comes from"})
    after = fields.Boolean(metadata={"description": "only output mappings see it"})
    entries = fields.List(fields.Nested("OfferSchema"))


class FunctionOfferSchema(Answer):
    name = fields.String()
    signatures = fields.List(fields.String())
    zh = fields.String()
    en = fields.String()
    own = fields.Boolean(metadata={"description": "of Cogov, not of the FEEL standard"})


class DoubtSchema(Answer):
    code = fields.String(metadata={"description": "FEEL-…, see the reference of findings"})
    message = fields.String()
    hint = fields.String()
    position = fields.Integer(allow_none=True, metadata={"description": "0-based offset, without the leading ="})
    near = fields.List(fields.String(), metadata={"description": "names that may have been meant"})


class PlacedExpression(Answer):
    place = fields.String()
    expression = fields.String()
    wanted = fields.List(fields.String(), metadata={"description": "the kinds its place takes; none: any"})
    problems = fields.List(fields.Nested(DoubtSchema))


class ScopeAnswer(Answer):
    process = fields.String()
    element = fields.String()
    names = fields.List(fields.Nested(OfferSchema))
    functions = fields.List(fields.Nested(FunctionOfferSchema))
    codes = fields.List(fields.Dict())
    expressions = fields.List(fields.Nested(PlacedExpression))
    sample = fields.Dict(metadata={"description": "plausible data to try an expression with"})


class EvaluateBody(Strict):
    expression = fields.String(required=True, validate=validate.Length(max=10_000))
    variables = fields.Dict(load_default=dict, metadata={"description": "sample data; text becomes the date or duration that the name is"})
    at = fields.Nested(
        ExpressionPlace, load_default=None, allow_none=True, metadata={"description": "null: only the sample data are in scope"}
    )
    wanted = fields.List(
        fields.String(), load_default=list, metadata={"description": "the kinds its place takes, as `wanted` of the scope says; none: any"}
    )
    tests = fields.Boolean(load_default=False, metadata={"description": "the tests of a cell of a decision table"})
    input = fields.Raw(load_default=None, allow_none=True, metadata={"description": "with tests: the value that is tested, `?`"})
    run = fields.Boolean(load_default=True, metadata={"description": "false: only look at it, as while typing"})


class NoticeSchema(Answer):
    code = fields.String()
    message = fields.String()
    position = fields.Integer(allow_none=True, metadata={"description": "0-based offset, without the leading ="})


class EvaluateAnswer(Answer):
    ok = fields.Boolean()
    evaluated = fields.Boolean()
    value = fields.Raw(allow_none=True)
    value_kind = fields.String(allow_none=True)
    kind = fields.String(allow_none=True, metadata={"description": "what it gives, as far as that is known without data"})
    shape = fields.Dict(allow_none=True)
    warnings = fields.List(fields.Nested(DoubtSchema))
    notices = fields.List(fields.Nested(NoticeSchema), metadata={"description": "why something in it became null, with this data"})
    error = fields.Nested(DoubtSchema, allow_none=True)
    names = fields.List(fields.String(), metadata={"description": "variables it reads"})


class CatalogueQuery(Answer):
    class Meta:
        unknown = EXCLUDE

    draft = fields.String(load_default=None, allow_none=True, metadata={"description": "its files over what is deployed"})


class CatalogueAnswer(Answer):
    """Each a list of entries with code, id, key or name, and texts in both languages."""

    roles = fields.List(fields.Dict())
    seats = fields.List(fields.Dict())
    services = fields.List(fields.Dict())
    forms = fields.List(fields.Dict())
    processes = fields.List(fields.Dict())
    decisions = fields.List(fields.Dict())
    registers = fields.List(fields.Dict())
    codes = fields.List(fields.Dict())
    committees = fields.List(fields.Dict())
    areas = fields.List(fields.Dict())
    unit_kinds = fields.List(fields.Dict())
    ladders = fields.List(fields.Dict())
    settings = fields.List(fields.Dict())
    kinds = fields.List(fields.Dict())
    rules = fields.List(fields.Dict())
    access = fields.List(fields.Dict())
    messages = fields.List(fields.String())
    functions = fields.List(fields.String())


class TrialBody(Strict):
    """A case (docs/reference/cases.md). Without ``start`` the answer says who could start what."""

    clock = fields.String(metadata={"description": "when it begins; left out: now"})
    roster = fields.String(metadata={"description": "people of an example run; left out: a copy of the installation's directory"})
    area = fields.String()
    settings = fields.Dict(keys=fields.String())
    services = fields.Dict(keys=fields.String(), metadata={"description": "answers in place of services"})
    start = fields.Dict()
    steps = fields.List(fields.Dict())
    ends = fields.Dict()


class TrialSaveBody(Strict):
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    revision = fields.Integer(required=True, metadata={"description": "at which cases.yaml (or the draft) was read"})
    case = fields.Nested(TrialBody, required=True)


class StepLine(Answer):
    kind = fields.String(metadata={"description": "start | step | ends; nothing after a failed one was played"})
    ok = fields.Boolean()
    error = fields.Dict(allow_none=True, metadata={"description": "code, message, details, errors with pointers into the form"})


class TrialInstance(Answer):
    id = fields.String()
    process = fields.String()
    name = fields.Nested(LabelSchema)
    number = fields.String(allow_none=True)
    title = fields.String(allow_none=True)
    area = fields.String(allow_none=True)
    state = fields.String()
    ends = fields.List(fields.String())
    tokens = fields.List(fields.Dict(), metadata={"description": "process, element, state: where it stands"})
    taken = fields.Dict(metadata={"description": "process → flow → how often"})
    completed = fields.Dict(metadata={"description": "process → element → how often"})
    tasks = fields.List(
        fields.Dict(), metadata={"description": "id, node, process, name, due, offered, vacant, form as a task page gets it"}
    )
    actions = fields.List(fields.Dict(), metadata={"description": "node, name, message, offered, public, form"})
    timers = fields.List(fields.Dict())
    incidents = fields.List(fields.Dict())
    variables = fields.Dict()


class TrialAnswer(Answer):
    began = fields.AwareDateTime()
    now = fields.AwareDateTime()
    next_due = fields.AwareDateTime(allow_none=True, metadata={"description": "when something happens by itself"})
    area = fields.String(allow_none=True)
    rosters = fields.List(fields.String(), metadata={"description": "people of example runs that a document may name"})
    steps = fields.List(fields.Nested(StepLine), metadata={"description": "the start first"})
    starts = fields.List(fields.Dict(), metadata={"description": "without a start: process, name, role, people, area, form"})
    instances = fields.List(fields.Nested(TrialInstance))
    history = fields.List(fields.Dict())
    notices = fields.List(fields.Dict())
    published = fields.List(fields.Dict())
    records = fields.List(fields.Dict())
    meetings = fields.List(fields.Nested(MeetingDetail), metadata={"description": "as their chairs see them"})


class CaseLine(Answer):
    name = fields.String()
    ok = fields.Boolean()
    step = fields.Integer(allow_none=True, metadata={"description": "index of the step that failed; -1: the start"})
    error = fields.Dict(allow_none=True)


class CasesAnswer(Answer):
    cases = fields.List(fields.Nested(CaseLine))
    passed = fields.Integer()
    coverage = fields.List(fields.Dict(), metadata={"description": "process, flows, taken, missing"})
