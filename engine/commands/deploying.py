"""Deployment: a package checked as a whole, stored by content, versions numbered per key; all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine import ids
from engine.actor import Actor
from engine.commands import opening, standing
from engine.commands.blocked import CANNOT_RUN, Said
from engine.commands.checking import Checking
from engine.commands.library import set_digest
from engine.commands.runtime import Runtime
from engine.definitions.archive import is_safe
from engine.definitions.beginnings import starts_by
from engine.definitions.model import Label
from engine.definitions.package import CODES_PATH, Package
from engine.errors import DeployRefused, Finding
from engine.store import definitions as store

Connection = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """One definition of a deployment. `changed`: this deployment made this version."""

    kind: str  # process | decision | form | group | codes | register | file (anything else a package holds; its key is its path)
    key: str
    version: int
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What a deployment did. `created` is False when nothing in it was new (or for a dry run); `id` is None for a dry run."""

    id: str | None
    digest: str
    created: bool
    definitions: tuple[Deployed, ...]
    report: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    kind: str
    key: str
    path: str
    name: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a deployment brings besides files. `without`: paths deployed now that are taken away. `renumbered`: processes that get a
    new version although their own file is the same, since other files of their procedure changed. `also` is called inside the
    transaction, before (`guard`, with the set that is current) and after (`done`, with what was deployed)."""

    without: frozenset[str] = frozenset()
    renumbered: frozenset[str] = frozenset()
    guard: Callable[[Connection, Mapping[str, Any]], None] = lambda _connection, _before: None
    done: Callable[[Connection, Deployment], None] = lambda _connection, _deployment: None


_NOTHING_MORE = Change()


def deploy(
    runtime: Runtime, files: Mapping[str, bytes], *, actor: Actor, dry_run: bool, language: str, change: Change = _NOTHING_MORE
) -> Deployment:
    """See Engine.deploy."""
    given = Package.from_files(files)

    def command(connection: Connection) -> Deployment:
        store.hold(connection)
        current = _current(connection)
        change.guard(connection, current)
        before = _without(current, change.without)
        checking = Checking(runtime, connection, before, given)
        report = checking.report(language)
        if any(f.refuses for f in report):
            raise DeployRefused(report)
        deployment = _save(runtime, connection, before, given, report, checking.cannot_run(report), actor, change)
        if deployment.created:
            standing.arrange(runtime, connection, current, runtime.library.current(connection), language)
        change.done(connection, deployment)
        return deployment

    if not dry_run:
        return opening.run(runtime, command)
    with runtime.database.read() as connection:
        before = _without(_current(connection), change.without)
        checking = Checking(runtime, connection, before, given)
        report = checking.report(language)
        planned = _plan(connection, before, list(_items(given)), given, change.renumbered, checking.cannot_run(report))
    return Deployment(id=None, digest=given.digest, created=False, definitions=tuple(d for d, _ in planned), report=tuple(report))


def _current(connection: Connection) -> dict[str, Any]:
    digest = store.current_digest(connection)
    return store.set_content(connection, digest) if digest else {"definitions": {}, "messages": {}, "signals": {}}


def _without(before: Mapping[str, Any], paths: frozenset[str]) -> Mapping[str, Any]:
    """The set without what these files define. What was deployed keeps its rows and its version numbers."""
    if not paths:
        return before
    definitions = {
        kind: {key: entry for key, entry in found.items() if entry["path"] not in paths} for kind, found in before["definitions"].items()
    }
    left = definitions.get("process", {})
    starts = {
        what: {name: kept for name, found in before[what].items() if (kept := [s for s in found if s[0] in left])}
        for what in ("messages", "signals")
    }
    return {"definitions": definitions, **starts}


def _items(package: Package) -> Iterator[_Item]:
    for key, process in package.processes.items():
        yield _Item(kind="process", key=key, path=package.process_files[key], name=process.name)
    for key, path in package.decision_files.items():
        yield _Item(kind="decision", key=key, path=path, name=Label())
    for key, schema in package.forms.items():
        kind = "group" if key in package.shared else "form"
        english = ((schema.get("i18n") or {}).get("en") or {}).get("title", "")
        yield _Item(kind=kind, key=key, path=package.form_path(key), name=Label(zh=str(schema.get("title", "")), en=str(english)))
        if kind == "group":  # a shared form can be used as a form too
            yield _Item(kind="form", key=key, path=package.form_path(key), name=Label(zh=str(schema.get("title", "")), en=str(english)))
    if package.codes:
        yield _Item(kind="codes", key=CODES_PATH, path=CODES_PATH, name=Label())
    for key, declaration in package.registers.items():
        name = declaration.get("name") or {}
        yield _Item(
            kind="register", key=key, path=package.register_files[key], name=Label(zh=str(name.get("zh", "")), en=str(name.get("en", "")))
        )
    # example runs, settings, texts … belong to what is deployed as well: export and the designer read them back
    for path in sorted(set(package.files) - {CODES_PATH, *package.process_files.values(), *package.decision_files.values()}):
        is_form = path.startswith("forms/") and path.endswith(".form.json")
        if is_safe(path) and not is_form and path not in package.register_files.values():
            yield _Item(kind="file", key=path, path=path, name=Label())


def _plan(
    connection: Connection, before: Mapping[str, Any], items: Sequence[_Item], package: Package, renumbered: frozenset[str],
    cannot_run: Mapping[str, Said],
) -> list[tuple[Deployed, Mapping[str, Any]]]:  # fmt: skip
    """Each item with its version and, for a changed one, its new row (without deployment)."""
    numbers = store.versions_of(connection, {(i.kind, i.key) for i in items})
    planned: list[tuple[Deployed, Mapping[str, Any]]] = []
    for item in items:
        resource = ids.digest(package.files[item.path])
        old = before["definitions"].get(item.kind, {}).get(item.key)
        again = item.kind == "process" and (
            item.key in renumbered or (old is not None and bool(old.get(CANNOT_RUN)) != (item.key in cannot_run))
        )
        changed = again or old is None or old["resource"] != resource
        version = numbers.get((item.kind, item.key), 0) + 1 if changed or old is None else old["version"]
        row = {
            "kind": item.kind, "key": item.key, "version": version, "path": item.path, "resource": resource,
            "name_zh": item.name.zh, "name_en": item.name.en,
        }  # fmt: skip
        planned.append((Deployed(kind=item.kind, key=item.key, version=version, changed=changed), row))
    return planned


def _save(
    runtime: Runtime, connection: Connection, before: Mapping[str, Any], package: Package, report: Sequence[Finding],
    cannot_run: Mapping[str, Said], actor: Actor, change: Change,
) -> Deployment:  # fmt: skip
    planned = _plan(connection, before, list(_items(package)), package, change.renumbered, cannot_run)
    definitions = tuple(d for d, _ in planned)
    if not any(d.changed for d in definitions) and not change.without:
        known = store.newest_deployment(connection, package.digest)
        return Deployment(id=known, digest=package.digest, created=False, definitions=definitions, report=tuple(report))
    deployment = runtime.new_id()
    digests = {path: ids.digest(content) for path, content in package.files.items()}
    store.save_resources(connection, {digests[path]: content for path, content in package.files.items()})
    rows = [{**row, "id": runtime.new_id(), "deployment": deployment} for d, row in planned if d.changed]
    store.save_deployment(
        connection,
        {
            "id": deployment, "digest": package.digest, "at": runtime.clock.now(), "actor": actor.person,
            "files": {**dict.fromkeys(sorted(change.without)), **digests}, "report": [asdict(f) for f in report],
        },
        rows,
    )  # fmt: skip
    content = _merged(before, rows, package, cannot_run)
    store.save_set(connection, set_digest(content), content, current=True)
    return Deployment(id=deployment, digest=package.digest, created=True, definitions=definitions, report=tuple(report))


def _merged(
    before: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], package: Package, cannot_run: Mapping[str, Said]
) -> dict[str, Any]:
    """The set that is current from now on."""
    definitions: dict[str, dict[str, Any]] = {kind: dict(found) for kind, found in before["definitions"].items()}
    for row in rows:
        entry = {name: row[name] for name in ("id", "version", "path", "resource")}
        definitions.setdefault(row["kind"], {})[row["key"]] = entry
    for key, entry in definitions.get("process", {}).items():
        if bool(entry.get(CANNOT_RUN)) or key in cannot_run:
            plain = {name: value for name, value in entry.items() if name != CANNOT_RUN}
            definitions["process"][key] = {**plain, CANNOT_RUN: cannot_run[key]} if key in cannot_run else plain
    result: dict[str, Any] = {"definitions": definitions}
    for what, kind in (("messages", "message"), ("signals", "signal")):
        kept = {name: left for name, starts in before[what].items() if (left := [list(s) for s in starts if s[0] not in package.processes])}
        for process in package.processes.values():
            for name, node in starts_by(process, kind):
                kept.setdefault(name, []).append([process.id, node])
        result[what] = kept
    return result
