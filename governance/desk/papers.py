"""Papers of a case: the list with what one may do, previews, issuing, downloads. Who may read one is asked here, per access class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from engine.actor import Actor, Mandate
from engine.commands.library import BoundDefinitions
from engine.definitions.model import Label
from engine.definitions.protection import names_in, protected
from engine.errors import Forbidden, NotFound
from engine.files.filestore import safe_name
from engine.ports import InstanceRef
from engine.queries import InstanceDetails
from governance.application import Application
from governance.desk.protection import Sight
from governance.desk.reading import Look, look, require_case
from governance.directory import selectors
from governance.directory.may import Data, sees
from governance.papers.declaration import Declaration
from governance.papers.gathering import value_of
from governance.papers.papers import Place, readers
from governance.papers.pdf import to_pdf
from governance.papers.printing import title_of
from governance.registers import store as rows
from governance.registers.access import may_read

T = TypeVar("T")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLine:
    """One frozen version in one language."""

    id: str
    language: str
    version: int
    number: str | None
    at: datetime
    by: str
    mandate: Label
    docx_hash: str
    code: str
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper of the case. `mandate`: under which the reader may issue it; None: he may not, or it is not the time."""

    key: str
    scope: str
    name: Label
    kind: str
    languages: Sequence[str]
    number: str | None
    access: str
    #: offered now: it can be previewed from the case's data
    open: bool
    mandate: Mandate | None = None
    missing: Sequence[Label] = ()
    issued: Sequence[IssuedLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A paper whose data are there now."""

    declaration: Declaration
    place: Place


def of_case(seen: Look, case: InstanceDetails) -> list[PaperLine]:
    """The papers of a case that the reader may see: those offered now and those issued before. The caller asked for the case."""
    rows_ = seen.app.papers.of_instance(seen.connection, case.line.id)
    names = seen.names(row["person"] for row in rows_)
    issued = [{**row, "person_name": names.get(row["person"], row["person_name"])} for row in rows_ if _may_read_row(seen, case, row)]
    lines = [_line(seen, found, issued) for found in _open(seen, case) if _may_read_open(seen, case, found)]
    shown = {(line.key, line.scope) for line in lines}
    gone = dict.fromkeys((row["paper"], row["scope"]) for row in issued if (row["paper"], row["scope"]) not in shown)
    return [*lines, *(_past(key, scope, issued) for key, scope in gone)]


def listed(app: Application, actor: Actor, instance: str) -> list[PaperLine]:
    """As `of_case`, for the API. Raises NotFound."""
    return _with_case(app, actor, instance, of_case)


def of_record(app: Application, actor: Actor, instance: str) -> list[PaperLine]:
    """Issued papers for the page of a register row: the case's papers if one may open it, else the public ones."""
    try:
        return [line for line in listed(app, actor, instance) if line.issued]
    except NotFound:
        return []


def issue(
    app: Application, actor: Actor, instance: str, paper: str, *, scope: str = "", language: str | None = None
) -> list[dict[str, Any]]:
    """Issue a paper in one language or in all it has. Raises NotFound, Forbidden, PaperRefused."""

    def command(connection: Any) -> list[dict[str, Any]]:
        case = app.engine.queries.instance(instance)
        seen = look(app, actor, connection)
        require_case(seen, case, app.engine.queries.process_of(instance))
        found = _one(seen, case, paper, scope)
        mandate = _issuer(seen, found)
        if mandate is None:
            raise Forbidden("您现任的岗位不能签发这份文书 / no post you hold now may issue this paper")
        acting = replace(actor, mandate=mandate)
        made = [
            app.papers.issue(connection, found.place, found.declaration, each, actor=acting, now=seen.now)
            for each in ([language] if language else found.declaration.templates)
        ]
        app.papers.print_later(connection, made)
        return made

    return app.database.run(command)


def docx(
    app: Application, actor: Actor, instance: str, paper: str, *, scope: str = "", language: str = "zh", version: int | None = None
) -> Download:
    """A frozen version, or without `version` the newest. Raises NotFound."""
    row = _with_case(app, actor, instance, lambda seen, case: _issued(seen, case, paper, scope, language, version))
    return Download(name=file_name(row, "docx"), media_type=DOCX, content=app.papers.contents.read(row["docx"]))


def pdf(
    app: Application, actor: Actor, instance: str, paper: str, *, scope: str = "", language: str = "zh", version: int | None = None
) -> Download:
    """As `docx`. The PDF is made outside the transaction. Raises NotFound, PdfUnavailable."""
    row = _with_case(app, actor, instance, lambda seen, case: _issued(seen, case, paper, scope, language, version))
    return Download(name=file_name(row, "pdf"), media_type=PDF, content=app.printing.pdf(row["id"]))


def preview(
    app: Application, actor: Actor, instance: str, paper: str, *, scope: str = "", language: str = "zh", form: str = "docx"
) -> Download:
    """The paper as it would be issued now; nothing is kept. `form` is docx or pdf. Raises NotFound, PdfUnavailable."""

    def fill(seen: Look, case: InstanceDetails) -> tuple[Label, bytes]:
        found = _one(seen, case, paper, scope)
        return found.declaration.name, app.papers.preview(seen.connection, found.place, found.declaration, language, seen.now).docx

    name, content = _with_case(app, actor, instance, fill)
    file = safe_name(f"{name.in_(language)}{' (preview)' if language == 'en' else '（预览）'}.{form}")
    if form == "docx":
        return Download(name=file, media_type=DOCX, content=content)
    mark = "PREVIEW" if language == "en" else "预览稿"
    made = to_pdf(content, language=language, title=name.in_(language), at=app.clock.now(), mark=mark)
    return Download(name=file, media_type=PDF, content=made)


# Inside -----------------------------------------------------------------------------------------------------------------


def _with_case(app: Application, actor: Actor, instance: str, read: Callable[[Look, InstanceDetails], T]) -> T:
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require_case(seen, case, app.engine.queries.process_of(instance))
        return read(seen, case)


def _open(seen: Look, case: InstanceDetails) -> list[_Open]:
    """Papers of the case's procedure and of those it calls now, whose time has come."""
    app, queries = seen.app, seen.app.engine.queries
    definitions = queries.definitions_of(seen.connection, case.line.id)
    scopes = [("", case.line.process), *((t.id, t.process) for t in case.tokens if t.node is None and t.id != case.root)]
    found = []
    for scope, process in scopes:
        declared = app.papers.declared(definitions, [process])
        if declared:
            place = _place(seen, case, definitions, scope)
            found += [_Open(declaration=d, place=place) for d in declared.values() if _is_time(d, place, case, process)]
    return found


def _place(seen: Look, case: InstanceDetails, definitions: BoundDefinitions, scope: str) -> Place:
    line = case.line
    reference = InstanceRef(
        id=line.id, process=line.process, version=line.process_version, number=line.number, area=line.area, starter=line.starter
    )
    evaluate = seen.app.engine.queries.evaluator(seen.connection, line.id, scope or None)
    return Place(instance=reference, definitions=definitions, evaluate=evaluate, scope=scope)


def _is_time(declaration: Declaration, place: Place, case: InstanceDetails, process: str) -> bool:
    if declaration.after is not None:
        passed = {declaration.after, f"{process}/{declaration.after}"}
        if not any(element in passed or element.endswith(f"{process}/{declaration.after}") for element in case.completed):
            return False
    return declaration.when is None or value_of(declaration.when, place.evaluate) is True


def _one(seen: Look, case: InstanceDetails, paper: str, scope: str) -> _Open:
    """The open paper. Raises NotFound when it is not offered or not for the reader's eyes."""
    for found in _open(seen, case):
        if (found.declaration.key, found.place.scope) == (paper, scope) and _may_read_open(seen, case, found):
            return found
    raise NotFound(f"现在没有这份文书 {paper} / there is no such paper now: {paper}", paper=paper)


def _issued(seen: Look, case: InstanceDetails, paper: str, scope: str, language: str, version: int | None) -> dict[str, Any]:
    """The frozen version asked for, or the newest. Raises NotFound: it is not there, or not for the reader's eyes."""
    every = seen.app.papers.of_instance(seen.connection, case.line.id)
    same = [r for r in every if (r["paper"], r["scope"], r["language"]) == (paper, scope, language) and version in (None, r["version"])]
    if not same or not _may_read_row(seen, case, row := max(same, key=lambda r: r["version"])):
        raise NotFound(f"没有签发这份文书 {paper} / this paper was not issued: {paper}", paper=paper)
    return row


def _issuer(seen: Look, found: _Open) -> Mandate | None:
    """Under which mandate the reader may issue it."""
    if found.declaration.kind != "issue":
        return None
    asked = value_of(found.declaration.issue, found.place.evaluate)
    listed_ = asked if isinstance(asked, list) else [asked] if asked else []
    return seen.reach.held([str(s) for s in listed_])


def _line(seen: Look, found: _Open, issued: Sequence[Mapping[str, Any]]) -> PaperLine:
    declaration, scope = found.declaration, found.place.scope
    mandate = _issuer(seen, found)
    missing = seen.app.papers.missing(found.declaration, found.place) if mandate is not None else ()
    own = _versions(declaration.key, scope, issued)
    return PaperLine(
        key=declaration.key, scope=scope, name=declaration.name, kind=declaration.kind, languages=list(declaration.templates),
        number=own[0].number if own else None, access=declaration.access, open=True, mandate=mandate, missing=missing, issued=own,
    )  # fmt: skip


def _past(key: str, scope: str, issued: Sequence[Mapping[str, Any]]) -> PaperLine:
    """A paper that is not offered any more but was issued."""
    first = next(row for row in issued if (row["paper"], row["scope"]) == (key, scope))
    own = _versions(key, scope, issued)
    return PaperLine(
        key=key, scope=scope, name=Label(first["title_zh"], first["title_en"]), kind="issue",
        languages=list(dict.fromkeys(line.language for line in own)), number=first["number"], access=first["access"], open=False,
        issued=own,
    )  # fmt: skip


def _versions(key: str, scope: str, issued: Sequence[Mapping[str, Any]]) -> list[IssuedLine]:
    own = [row for row in issued if (row["paper"], row["scope"]) == (key, scope)]
    newest = {row["language"]: max(r["version"] for r in own if r["language"] == row["language"]) for row in own}
    return [
        IssuedLine(
            id=row["id"], language=row["language"], version=row["version"], number=row["number"], at=row["at"], by=row["person_name"],
            mandate=Label(row["mandate_zh"], row["mandate_en"]), docx_hash=row["docx"], code=row["code"],
            newest=row["version"] == newest[row["language"]],
        )
        for row in sorted(own, key=lambda r: (-r["version"], r["language"] != "zh"))
    ]  # fmt: skip


def _may_read_open(seen: Look, case: InstanceDetails, found: _Open) -> bool:
    declaration = found.declaration
    if _hides(seen, case, declaration, found.place.scope):
        return False
    return _may_read(seen, case, declaration.access, case.line.area, readers(declaration, found.place))


def _may_read_row(seen: Look, case: InstanceDetails, row: Mapping[str, Any]) -> bool:
    if row["readers"] is None:
        declared = seen.app.papers.declared(seen.app.engine.queries.definitions_of(seen.connection, case.line.id)).get(row["paper"])
        if declared is not None and _hides(seen, case, declared, row["scope"]):
            return False
    return _may_read(seen, case, row["access"], row["area"], row)


def _hides(seen: Look, case: InstanceDetails, declaration: Declaration, scope: str) -> bool:
    """A paper that names no readers shows nothing that its reader may not read in the case. Of a call that is over nothing can be
    asked any more: then what was protected in it stays shut."""
    if declaration.of is not None:
        return False
    used = {name for field in declaration.data.values() for name in names_in(field.source)}
    model = seen.app.engine.queries.definitions_of(seen.connection, case.line.id).process(declaration.process)
    kept = used.intersection(protected(model))
    if not kept:
        return False
    if scope and not any(token.id == scope for token in case.tokens):
        return True
    return bool(kept & Sight(seen, case).hidden_names(scope or None))


def _may_read(seen: Look, case: InstanceDetails, access: str, area: str | None, of: Mapping[str, Any]) -> bool:
    """By the paper's own class: those it names, else who the class means; a register row of the case names its parties and owner.
    A paper of a party's case goes to party members only, whoever it names."""
    if not Sight(seen, case).suits_party:
        return False
    if of["readers"] is not None:
        return bool(sees(seen.reach, Data(access=access, area=area, of=tuple(of["readers"]))))
    reach = seen.reach
    worked = tuple(p for p in (case.line.starter, *(d.person for d in case.done)) if p)
    party = reach.person if reach.person and (reach.person in of["parties"] or reach.units & set(of["parties"])) else None
    data = Data(
        access=access, area=area, owner=of["owner"], committee=of["owner"], parties=tuple(_selectors(of["parties"])),
        participants=(*worked, *((party,) if party and access == "parties" else ())),
    )  # fmt: skip
    if sees(reach, data):
        return True
    return any(may_read(access, row.subject, reach) for row in rows.rows_of_instance(seen.connection, case.line.id))


def _selectors(refs: Iterable[str]) -> list[str]:
    return [ref if ":" in ref else selectors.person(ref) for ref in refs]


def file_name(row: Mapping[str, Any], suffix: str) -> str:
    """What the download is called: the paper's name, number and version."""
    version = "" if row["version"] == 1 else (f" v{row['version']}" if row["language"] == "en" else f" 第{row['version']}版")
    return safe_name(f"{title_of(row)}{version}.{suffix}")
