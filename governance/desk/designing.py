"""The process designer: drafts of procedures, their checks, trial runs and publishing. Everything here needs the grant admin.design.

Procedures hold in the whole installation, so the grant counts wherever a post has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from engine.actor import Actor
from engine.definitions.archive import unzip, zipped
from engine.definitions.layout import layout
from engine.definitions.reader import read_bpmn
from engine.errors import CogovError, DeployRefused, ExpressionFailed, NotFound, UnknownVariable
from engine.feel import FeelSyntaxError
from engine.ids import digest
from engine.store.database import is_duplicate
from governance.application import Application
from governance.designer import catalogue as offers
from governance.designer import checking, copying, deployed, difference, drafts, publishing, store, templates
from governance.designer.catalogue import Catalogue
from governance.designer.checking import Report
from governance.designer.files import CODES, BadPath, key_of, kind_of
from governance.designer.lowering import lowered
from governance.designer.publishing import Published
from governance.designer.store import Draft, File
from governance.desk import tools
from governance.desk.histories import require
from governance.desk.reading import look
from governance.directory import store as directory
from governance.directory.catalogue import Role, roles
from governance.directory.may import Decision, Reach, Scope, decide

RIGHT = "admin.design"
Result = TypeVar("Result")


def may_design(app: Application, actor: Actor) -> bool:
    """Whether the reader may use the designer."""
    with app.database.read() as connection:
        return bool(_decision(look(app, actor, connection).reach))


def require_designer(app: Application, actor: Actor) -> None:
    """Raises Forbidden."""
    with app.database.read() as connection:
        require(_decision(look(app, actor, connection).reach))


def procedures(app: Application, actor: Actor) -> list[dict[str, Any]]:
    """Every procedure with its versions and its draft, and drafts of procedures that are not published yet. Raises Forbidden."""
    require_designer(app, actor)
    with app.database.read() as connection:
        now = deployed.current(connection)
        versions = {key: found for key, found in deployed.procedures(connection).items() if key in now.versions}
        open_drafts = {draft.key: draft for draft in store.drafts(connection)}
        people = [v.by for found in versions.values() for v in found] + [d.updated_by for d in open_drafts.values()]
        names = _names(app, connection, actor, people)
        releases = store.releases(connection)
    found = []
    for key in sorted({*versions, *open_drafts}):
        draft = open_drafts.get(key)
        lines = versions.get(key, [])
        name = {"zh": lines[0].name.zh, "en": lines[0].name.en} if lines else _title(draft)
        found.append(
            {
                "key": key,
                "name": name,
                "blocked": key in now.blocked,
                "versions": [
                    {
                        "version": v.version,
                        "deployed_at": v.at,
                        "by": names(v.by),
                        "instances_running": v.running,
                        "note": releases.get((key, v.version), store.NO_RELEASE).note,
                        "lowered": releases.get((key, v.version), store.NO_RELEASE).lowered,
                    }
                    for v in lines
                ],
                "draft": None if draft is None else _summary(draft, names),
            }
        )
    return found


# Drafts ---------------------------------------------------------------------------------------------------------------


def edit(app: Application, actor: Actor, key: str) -> dict[str, Any]:
    """Open the draft of a deployed procedure, or make it. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    made = _write(app, lambda connection, at: drafts.edit(connection, key, by=actor.person, at=at))
    return show(app, actor, made.id)


def new(app: Application, actor: Actor, key: str, zh: str, en: str) -> dict[str, Any]:
    """A draft of a new procedure: the smallest legal one. Raises Forbidden, BadKey, KeyTaken."""
    require_designer(app, actor)
    role = _commonest_role(app)
    files = templates.new_procedure(key, zh, en, role=(role.code, role.name.zh, role.name.en))
    return _made(app, actor, key, files, (zh, en))


def copy(app: Application, actor: Actor, key: str, new_key: str) -> dict[str, Any]:
    """A draft of a new procedure, copied from a deployed one. Raises Forbidden, NotFound, BadKey, KeyTaken."""
    require_designer(app, actor)
    with app.database.read() as connection:
        lines = deployed.procedures(connection, key).get(key)
        if not lines:
            raise NotFound(f"没有流程 {key} / there is no procedure {key}", key=key)
        original = deployed.files_now(connection, key)
    zh, en = lines[0].name.zh, lines[0].name.en or lines[0].name.zh
    return _made(app, actor, new_key, copying.copy_procedure(original, key, new_key), (f"{zh}（副本）", f"{en} (copy)"))


def import_(app: Application, actor: Actor, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Drafts from a zip of the tree of conventions 1, or from single files with their paths: one for each procedure in it, all or
    none. Shared groups and codes that differ from what is deployed go into the first. Raises Forbidden, DeployRefused (no readable
    zip), KeyTaken (one of them has a draft), BadPath."""
    require_designer(app, actor)
    (first, *rest) = files.items() or [("", b"")]
    tree = unzip(first[1], language=actor.language) if not rest and first[0].endswith(".zip") else dict(files)
    keys = sorted({key for path in tree if (key := key_of(path)) is not None})
    if not keys:
        raise BadPath("压缩包里没有 processes/<key>/ / the archive holds no processes/<key>/")

    def command(connection: Any, at: datetime) -> list[Draft]:
        now = deployed.current(connection)
        shared = {path: c for path, c in tree.items() if key_of(path) is None and now.paths.get(path) != digest(c)}
        made = []
        for number, key in enumerate(keys):
            own = {path: c for path, c in tree.items() if key_of(path) == key} | (shared if number == 0 else {})
            title = _title_in(own, key)
            made.append(drafts.make(connection, key, own, deployed=now, title=title, by=actor.person, at=at))
        return made

    return [show(app, actor, draft.id) for draft in _write(app, command)]


def show(app: Application, actor: Actor, draft: str) -> dict[str, Any]:
    """A draft with its files. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        files = store.files(connection, draft)
        now = deployed.current(connection)
        names = _names(app, connection, actor, [found.updated_by, *(f.changed_by for f in files)])
    return {
        **_summary(found, names),
        "key": found.key,
        "name": _title(found),
        "base_version": found.base_version,
        "current_version": now.versions.get(found.key),
        "outdated": drafts.outdated(found, now),
        "files": [_file_line(f, names) for f in files if f.content is not None],
    }


def discard(app: Application, actor: Actor, draft: str, revision: int) -> None:
    """Throw a draft away. Raises Forbidden, NotFound, Conflict (it has changed since)."""
    require_designer(app, actor)
    _write(app, lambda connection, _at: drafts.discard(connection, draft, revision))


# Files ----------------------------------------------------------------------------------------------------------------


def read(app: Application, actor: Actor, draft: str, path: str) -> tuple[File, Draft]:
    """A file of a draft; shared groups and codes also when the draft has not changed them. Raises Forbidden, NotFound, BadPath."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        return drafts.read(connection, found, path), found


def save(app: Application, actor: Actor, draft: str, path: str, content: bytes, revision: int) -> Draft:
    """Save a file. Raises Forbidden, NotFound, BadPath, Overtaken, TooMuch."""
    require_designer(app, actor)
    with _naming(app, actor):
        return _write(app, lambda connection, at: drafts.save(connection, draft, path, content, revision, by=actor.person, at=at))


def remove(app: Application, actor: Actor, draft: str, path: str, revision: int) -> Draft:
    """Take a file away. Raises Forbidden, NotFound, Overtaken."""
    require_designer(app, actor)
    with _naming(app, actor):
        return _write(app, lambda connection, at: drafts.remove(connection, draft, path, revision, by=actor.person, at=at))


def rename(app: Application, actor: Actor, draft: str, old: str, new_path: str, revision: int) -> Draft:
    """Move a file. Raises Forbidden, NotFound, BadPath, Overtaken."""
    require_designer(app, actor)
    with _naming(app, actor):
        return _write(app, lambda connection, at: drafts.rename(connection, draft, old, new_path, revision, by=actor.person, at=at))


def refresh(app: Application, actor: Actor, draft: str, keep: Mapping[str, str]) -> list[str]:
    """Take over what was deployed since the draft was made. Answers the files that both sides changed and `keep` (path → mine or
    theirs) does not decide; then nothing was changed. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    return _write(app, lambda connection, at: drafts.refresh(connection, draft, keep, by=actor.person, at=at))[1]


def checked(app: Application, connection: Any, draft: Draft, language: str) -> Report:
    """The findings of a draft; remembered by the content of its files."""
    own = drafts.files(connection, draft)
    now = deployed.current(connection)
    return checking.check(
        app, drafts.overlay(connection, draft), draft.key, own, lambda: deployed.contents(connection, now.paths), language
    )


# Publishing -----------------------------------------------------------------------------------------------------------


def diff(app: Application, actor: Actor, draft: str, *, version: int | None = None) -> dict[str, Any]:
    """What the draft changes against what is deployed now, or against an older version: files, elements of diagrams, and what more
    people may read with it (`lowered`).
    Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        own = drafts.files(connection, found)
        now = deployed.current(connection)
        if version is None:
            shared = {path: digest for path, digest in now.paths.items() if path in own}
            before = deployed.files_now(connection, found.key) | deployed.contents(connection, shared)
        else:
            before = deployed.files_of_version(connection, found.key, version)
            own = {path: content for path, content in own.items() if path in before or key_of(path) is not None}
    base = version if version is not None else now.versions.get(found.key)
    return {
        "base": {"version": base, "files": sorted(before)},
        "changed": difference.file_changes(before, own),
        "meaning": difference.element_changes(before, own),
        "lowered": [publishing.plain(one) for one in lowered(before, own)],
    }


def publish(app: Application, actor: Actor, draft: str, revision: int, note: str, confirmed: Collection[str] = ()) -> Published:
    """Deploy the draft as a new version; it is gone then. Running cases stay in theirs. `confirmed`: ids of the lowered protections
    of `diff` that the designer means.

    Raises Forbidden, NotFound, DeployRefused (with the report of the check), Conflict (the draft has changed since `revision`),
    Outdated, NothingToPublish, StillUsed, ProtectionLowered (something it opens to more readers is not confirmed).
    """
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        drafts.require_revision(found, revision)
        own = drafts.files(connection, found)
        report = checked(app, connection, found, actor.language)
    return publishing.publish(app, actor, found, own, report, note=note, confirmed=confirmed)


# Tools ----------------------------------------------------------------------------------------------------------------


def check(app: Application, actor: Actor, draft: str) -> Report:
    """What a deployment of the draft would say. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        report = checked(app, connection, found, actor.language)
    seen = {"checked_revision": found.revision, "errors": report.errors, "warnings": report.warnings}
    if seen != {name: getattr(found, name) for name in seen}:
        _write(app, lambda connection, _at: store.update(connection, draft, **seen))
    return report


def laid_out(app: Application, actor: Actor, draft: str, *, path: str | None = None, xml: str | None = None) -> bytes:
    """The BPMN with its picture drawn anew: of a file of the draft, or of text that is not saved. Raises Forbidden, NotFound,
    DeployRefused (with where it cannot be read)."""
    require_designer(app, actor)
    content = xml.encode() if xml is not None else read(app, actor, draft, path or "")[0].content or b""
    result = read_bpmn(content, path or "diagram.bpmn", language=actor.language)
    if result.file is None:
        raise DeployRefused(result.findings)
    return layout(content)


def catalogue(app: Application, actor: Actor, draft: str | None = None) -> Catalogue:
    """What property panels offer; with a draft, its files too. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        if draft is None:
            files = deployed.contents(connection, deployed.current(connection).paths)
        else:
            files = drafts.overlay(connection, drafts.get(connection, draft))
        return offers.catalogue(app, connection, files)


def check_expression(app: Application, actor: Actor, expression: str, names: Sequence[str], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a FEEL expression can be read, and its value where it has one without variables. `names` are in scope without a
    value. Raises Forbidden."""
    require_designer(app, actor)
    text = expression.removeprefix("=")
    known = {**dict.fromkeys(names), **variables}
    try:
        return {"ok": True, "error": None, **tools.evaluate(app, text, known)}
    except FeelSyntaxError as failed:
        message = failed.message if actor.language == "en" else failed.message_zh
        return _expression_error(failed.code, message, failed.position)
    except CogovError as failed:
        # it can be read; that names without a value do not fit it is no fault
        if names and isinstance(failed, ExpressionFailed):
            return {"ok": True, "error": None, "value": None, "names": []}
        return _expression_error(failed.code, _in_language(failed, actor.language), None)


def _expression_error(code: str, message: str, position: int | None) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "message": message, "position": position}, "value": None, "names": []}


def _in_language(failed: CogovError, language: str) -> str:
    if isinstance(failed, UnknownVariable) and language != "en" and "name" in failed.details:
        return f"没有名为“{failed.details['name']}”的变量"
    zh, _slash, en = failed.message.partition(" / ")
    return (en or zh) if language == "en" else zh


# Zips -----------------------------------------------------------------------------------------------------------------


def export(app: Application, actor: Actor, draft: str, *, everything: bool = False) -> tuple[str, bytes]:
    """File name and zip: the draft's files, or everything deployed with them over it. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        files = drafts.overlay(connection, found) if everything else drafts.files(connection, found)
    return ("cogov.zip" if everything else f"{found.key}.zip"), zipped(files)


def export_version(app: Application, actor: Actor, key: str, version: int) -> tuple[str, bytes]:
    """File name and zip of one version of a procedure. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        return f"{key}-{version}.zip", zipped(deployed.files_of_version(connection, key, version))


# Inside ---------------------------------------------------------------------------------------------------------------


def _commonest_role(app: Application) -> Role:
    """Of those who work cases, the one most posts have; the designer changes it in the lane."""
    at = app.clock.now()
    candidates = [role for role in roles().values() if role.staff and role.rank == templates.WORKS_CASES]
    with app.database.read() as connection:
        return max(candidates, key=lambda role: len(directory.posts_of_role(connection, role.code, at)))


def _decision(reach: Reach) -> Decision:
    """The grant in any area opens the designer."""
    areas: list[str | None] = [None, *sorted({area for granted in reach.grants.values() for area in granted})]
    found = [decide(reach, RIGHT, Scope(area=area)) for area in areas]
    return next((decision for decision in found if decision), found[0])


def _write(app: Application, command: Callable[[Any, datetime], Result]) -> Result:
    """One transaction; two who make the same draft at once get the one that was first."""
    at = app.clock.now()
    try:
        return app.database.run(lambda connection: command(connection, at))
    except Exception as error:
        if not is_duplicate(error):
            raise
    return app.database.run(lambda connection: command(connection, at))


def _made(app: Application, actor: Actor, key: str, files: Mapping[str, bytes], title: tuple[str, str]) -> dict[str, Any]:
    def command(connection: Any, at: datetime) -> Draft:
        drafts.require_free(connection, key)
        return drafts.make(connection, key, files, deployed=deployed.current(connection), title=title, by=actor.person, at=at)

    return show(app, actor, _write(app, command).id)


def _title_in(files: Mapping[str, bytes], key: str) -> tuple[str, str]:
    """The name of the procedure as its file says."""
    content = files.get(f"processes/{key}/{key}.bpmn")
    file = read_bpmn(content, "").file if content is not None else None
    process = next((p for p in file.processes if p.id == key), None) if file is not None else None
    return (process.name.zh or key, process.name.en or key) if process is not None else (key, key)


def _title(draft: Draft | None) -> dict[str, str]:
    return {"zh": draft.title_zh, "en": draft.title_en} if draft is not None else {"zh": "", "en": ""}


def _summary(draft: Draft, names: Callable[[str | None], str | None]) -> dict[str, Any]:
    """`problems`: what the last check found, None when the draft has changed since or was never checked."""
    fresh = draft.checked_revision == draft.revision
    return {
        "id": draft.id,
        "revision": draft.revision,
        "updated_at": draft.updated_at,
        "updated_by": names(draft.updated_by),
        "problems": {"errors": draft.errors, "warnings": draft.warnings} if fresh else None,
    }


def _file_line(file: File, names: Callable[[str | None], str | None]) -> dict[str, Any]:
    return {
        "path": file.path,
        "kind": "codes" if file.path == CODES else kind_of(file.path),
        "size": len(file.content or b""),
        "digest": file.digest,
        "revision": file.revision,
        "changed_at": file.changed_at,
        "changed_by": names(file.changed_by),
    }


def _names(app: Application, connection: Any, actor: Actor, people: Sequence[str | None]) -> Callable[[str | None], str | None]:
    """Person id → name in the reader's language."""
    found = app.directory.names(connection, sorted({p for p in people if p}))
    return lambda person: found[person].in_(actor.language) if person in found else person


@contextmanager
def _naming(app: Application, actor: Actor) -> Iterator[None]:
    """Who was faster is told by name."""
    try:
        yield
    except drafts.Overtaken as lost:
        with app.database.read() as connection:
            name = _names(app, connection, actor, [lost.details["by"]])(lost.details["by"])
        lost.details["by_name"] = name
        raise
