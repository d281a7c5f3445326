"""Papers of a case: which it has, a preview, and issuing: numbered, filled and frozen in the caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from importlib.resources import files
from typing import Any

from engine.actor import Actor
from engine.commands.library import BoundDefinitions, Cache
from engine.definitions.model import Label
from engine.errors import CogovError, NotFound
from engine.ids import uuid7
from engine.ports import InstanceRef, Jobs
from governance.directory import store as places
from governance.directory.directory import Directory
from governance.papers import store
from governance.papers.contents import Contents
from governance.papers.declaration import SUFFIX, Declaration, format_number, read_paper, series_of
from governance.papers.filling import fill
from governance.papers.gathering import Evaluate, blanks, filling, gather, in_language, missing_of, raw_values, references, value_of
from governance.papers.wording import Wording
from governance.settings.declared import read
from governance.settings.settings import Settings

Connection = Any
#: without 0, 1, I, L, O and U: people copy the code from paper
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 20
NO_AREA = "0"
PRINT_JOB = "paper_pdf"


class PaperRefused(CogovError):
    """The paper cannot be issued."""

    code = "paper_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a paper is filled: the case, and the called procedure whose variables it reads (`scope` empty: the case's own)."""

    instance: InstanceRef
    definitions: BoundDefinitions
    evaluate: Evaluate
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A paper filled but not issued. `missing`: what it still needs."""

    docx: bytes
    missing: tuple[Label, ...]


class Papers:
    """Handed to the services as resource ``papers``."""

    def __init__(
        self,
        *,
        directory: Directory,
        settings: Settings,
        contents: Contents,
        jobs: Jobs,
        zone: tzinfo,
        definitions_of: Callable[[Connection, str], BoundDefinitions],
    ) -> None:
        self.contents = contents
        #: the definitions an instance is bound to
        self.definitions_of = definitions_of
        self._jobs = jobs
        self._settings = settings
        settings.declare(read([files("governance.papers").joinpath("settings.yaml").read_text(encoding="utf-8")]))
        self._directory = directory
        self._zone = zone
        self._read = Cache(512)

    # What there is --------------------------------------------------------------------------------------------------

    def declared(self, definitions: BoundDefinitions, processes: Iterable[str] | None = None) -> dict[str, Declaration]:
        """Paper key → declaration, of these procedures (None: all), in the versions the case is bound to."""
        wanted = None if processes is None else {f"processes/{process}/" for process in processes}
        found = {}
        for path in sorted(definitions.keys("file")):
            if path.endswith(SUFFIX) and (wanted is None or path[: path.rindex("/") + 1] in wanted):
                declaration = self._declaration(definitions, path)
                found[declaration.key] = declaration
        return found

    def declaration(self, definitions: BoundDefinitions, key: str) -> Declaration:
        """Raises NotFound."""
        found = self.declared(definitions).get(key)
        if found is None:
            raise NotFound(f"没有文书 {key} / there is no paper {key}", paper=key)
        return found

    def _declaration(self, definitions: BoundDefinitions, path: str) -> Declaration:
        resource = definitions.entry("file", path)["resource"]
        found: Declaration = self._read.get((resource, path), lambda: read_paper(definitions.text("file", path), path))
        return found

    def of_instance(self, connection: Connection, instance: str) -> list[dict[str, Any]]:
        """Every issued version, the newest first."""
        return store.of_instance(connection, instance)

    def print_later(self, connection: Connection, issued: Iterable[Mapping[str, Any]]) -> None:
        """After the commit a job makes the PDFs, so that they are there when somebody asks."""
        for row in issued:
            if row["changed"]:
                self._jobs.enqueue(connection, PRINT_JOB, {"issue": row["id"]}, key=f"{PRINT_JOB}:{row['id']}")

    # Filling --------------------------------------------------------------------------------------------------------

    def preview(self, connection: Connection, place: Place, declaration: Declaration, language: str, now: datetime) -> Draft:
        """The paper as it would be now. Nothing is kept, no number is taken."""
        template = place.definitions.text("file", _template(declaration, language))
        raw = raw_values(declaration, place.evaluate)
        wording = self._wording(connection, place, declaration, raw, language, now)
        gathered = gather(declaration, raw, wording)
        number = store.number_of(connection, place.instance.id, declaration.key, place.scope)
        pending = "(number follows)" if language == "en" else "（编号待定）"
        facts = self._facts(connection, place, language, now) | {"number": number or (pending if declaration.number else None)}
        names = {**facts, "version": None, "code": None, **blanks(gathered, language)}
        docx = fill(template, filling(names, wording, now, self._zone))
        return Draft(docx=docx, missing=tuple(f.name for f in gathered.missing))

    def missing(self, declaration: Declaration, place: Place) -> tuple[Label, ...]:
        """What the paper still needs before it can be issued."""
        return tuple(f.name for f in missing_of(declaration, raw_values(declaration, place.evaluate)))

    def issue(
        self,
        connection: Connection,
        place: Place,
        declaration: Declaration,
        language: str,
        *,
        actor: Actor,
        now: datetime,
        number: str | None = None,
        element: str | None = None,
    ) -> dict[str, Any]:
        """Number, fill and freeze the paper; gives the row, with ``changed``. The same values and template as the newest version
        change nothing. Raises PaperRefused (values missing, number used, a preview), NotFound, TemplateInvalid, ExpressionFailed."""
        if declaration.kind != "issue":
            raise PaperRefused("这份文书只供预览 / this paper is for preview only", paper=declaration.key)
        path = _template(declaration, language)
        template, resource = place.definitions.text("file", path), place.definitions.entry("file", path)["resource"]
        store.hold(connection, place.instance.id)
        raw = raw_values(declaration, place.evaluate)
        wording = self._wording(connection, place, declaration, raw, language, now)
        gathered = gather(declaration, raw, wording)
        if gathered.missing:
            raise _incomplete(declaration, [f.name for f in gathered.missing])
        before = store.newest(connection, place.instance.id, declaration.key, place.scope, language)
        if before is not None and before["filled_with"] == gathered.names and before["template"] == resource:
            return {**before, "changed": False}
        version, code = (before["version"] + 1 if before else 1), _code()
        facts = self._facts(connection, place, language, now)
        facts |= {"number": self._number(connection, place, declaration, number, now), "version": version, "code": code}
        docx = fill(template, filling({**facts, **gathered.names}, wording, now, self._zone))
        row = {
            "id": uuid7(int(now.timestamp() * 1000)), "instance": place.instance.id, "paper": declaration.key, "scope": place.scope,
            "language": language, "version": version, "number": facts["number"], "title_zh": declaration.name.zh,
            "title_en": declaration.name.en, "access": declaration.access, "area": place.instance.area,
            **readers(declaration, place), "template": resource, "filled_with": dict(gathered.names), "seals": declaration.seal,
            "docx": self.contents.keep(docx), "code": code, "at": now, "person": actor.person, "person_name": actor.name or "",
            "mandate_zh": actor.mandate.zh if actor.mandate else "", "mandate_en": actor.mandate.en if actor.mandate else "",
            "element": element,
        }  # fmt: skip
        store.insert(connection, row)
        return {**row, "changed": True}

    def _number(self, connection: Connection, place: Place, declaration: Declaration, given: str | None, now: datetime) -> str | None:
        """The paper's own number for all its versions and languages: taken at its first issue, or brought along."""
        instance = place.instance
        known = store.number_of(connection, instance.id, declaration.key, place.scope)
        if known is not None:
            if given not in (None, "", known):
                raise PaperRefused(f"这份文书的编号已是 {known} / this paper has the number {known} already", number=known)
            return known
        if given:
            number = given
            if store.number_taken(connection, number):
                raise PaperRefused(f"编号 {given} 已经用过 / the number {given} is in use", number=given)
        elif declaration.number is None:
            return None
        else:
            number = self._next(connection, declaration.number, instance.area, now)
        store.keep_number(connection, instance.id, declaration.key, place.scope, number)
        return number

    def _next(self, connection: Connection, pattern: str, area: str | None, now: datetime) -> str:
        code = (places.area_code(connection, area) if area else None) or NO_AREA
        agency = self._settings.get(connection, "papers.agency", now, area) or code
        year = now.astimezone(self._zone).year
        while True:
            seq = store.take_number(connection, *series_of(pattern, code, year))
            number = format_number(pattern, area=code, agency=agency, year=year, seq=seq)
            # a paper from before may have brought the very number that comes next
            if not store.number_taken(connection, number):
                return number

    def _facts(self, connection: Connection, place: Place, language: str, now: datetime) -> dict[str, Any]:
        area = place.instance.area
        found = self._directory.places(connection, [area], now) if area else {}
        return {
            "today": now.astimezone(self._zone).date(),
            "area": found[area].name.in_(language) if area in found else None,
            "case_number": place.instance.number,
        }

    def _wording(
        self, connection: Connection, place: Place, declaration: Declaration, raw: Mapping[str, Any], language: str, now: datetime
    ) -> Wording:
        refs = references(declaration, raw)
        asked = sorted(ref for ref in refs if ":" in ref)
        plain = sorted(refs.difference(asked))
        found = {
            **self._directory.names(connection, plain),
            **{key: place_.name for key, place_ in self._directory.places(connection, plain, now).items()},
            **self._directory.describe_selectors(connection, asked, now),
        }  # fmt: skip
        units = [self._directory.describe(connection, "unit", ref, now) for ref in plain] if _asks_for(declaration, "uscc") else []
        codes = {name: {c["code"]: Label(c["zh"], c["en"]) for c in entries} for name, entries in place.definitions.codes().items()}
        return Wording(
            language=language, zone=self._zone, names=in_language(found, language), codes=codes,
            credit_codes={unit["id"]: unit["uscc"] for unit in units if unit is not None and unit.get("uscc")},
        )  # fmt: skip


def readers(declaration: Declaration, place: Place) -> dict[str, Any]:
    """What the paper's access class depends on now: owner, parties, and those who alone may read it (None: the class decides)."""
    owner, of = (value_of(source, place.evaluate) for source in (declaration.owner, declaration.of))
    parties = value_of(declaration.parties, place.evaluate)
    return {
        "owner": None if owner is None else str(owner),
        "parties": _refs(parties),
        # what cannot be evaluated names nobody: the paper is not opened by mistake
        "readers": None if declaration.of is None else _refs(of),
    }


def _refs(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return [str(ref) for ref in listed if ref is not None]


def _asks_for(declaration: Declaration, kind: str) -> bool:
    return any(f.written.kind == kind or any(c.kind == kind for c in (f.rows or {}).values()) for f in declaration.data.values())


def _template(declaration: Declaration, language: str) -> str:
    if language not in declaration.templates:
        raise NotFound(f"没有这种语言的模板：{language} / there is no template in {language}", language=language)
    return declaration.templates[language]


def _incomplete(declaration: Declaration, missing: Sequence[Label]) -> PaperRefused:
    zh, en = "、".join(m.zh for m in missing), ", ".join(m.en for m in missing)
    name = declaration.name
    return PaperRefused(f"《{name.zh}》还缺：{zh} / {name.en} still needs: {en}", paper=declaration.key, missing=[m.zh for m in missing])


def _code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
