"""Verifying a paper: what the system knows of it, and whether a file somebody holds is the one that was issued. Open to anyone who
has the code printed on the paper; of what the paper says nothing is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from engine.definitions.model import Label
from engine.errors import NotFound
from engine.files.filestore import MOST_BYTES, UploadRefused, safe_name
from engine.ids import digest
from governance.application import Application
from governance.desk.papers import PDF, Download, file_name
from governance.papers import store
from governance.papers.contents import ContentLost
from governance.papers.sealing import STATEMENT

STATEMENT_OF_SEAL = Label(STATEMENT["zh"], STATEMENT["en"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """An issued paper as its code shows it. `intact`: what is stored still has its hash; `superseded_by`: a newer version."""

    code: str
    name: Label
    number: str | None
    version: int
    language: str
    area: Label
    issued_at: datetime
    sealed_at: datetime | None
    docx_hash: str
    pdf_hash: str | None
    intact: bool
    #: what the seal of the stored file says now; None: it is not sealed
    seal_good: bool | None
    superseded_by: int | None
    #: anyone may download it
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A file somebody holds. `result`: same | changed | other | broken."""

    result: str
    name: str
    hash: str


def paper(app: Application, code: str) -> Verified:
    """Raises NotFound for a code that was never given."""
    row = _row(app, code)
    now = app.clock.now()
    with app.database.read() as connection:
        newest = store.newest(connection, row["instance"], row["paper"], row["scope"], row["language"])
        areas = app.directory.places(connection, [row["area"]], now) if row["area"] else {}
    stored = _stored(app, row)
    sealed = row["sealed"] is not None and stored is not None
    return Verified(
        code=row["code"], name=Label(row["title_zh"], row["title_en"]), number=row["number"], version=row["version"],
        language=row["language"], area=areas[row["area"]].name if row["area"] in areas else Label(), issued_at=row["at"],
        sealed_at=row["sealed_at"], docx_hash=row["docx"], pdf_hash=row["sealed"] or row["pdf"], intact=stored is not None,
        seal_good=app.seals.check(stored, at=row["sealed_at"]).good if sealed and stored is not None else None,
        superseded_by=newest["version"] if newest is not None and newest["version"] > row["version"] else None,
        public=row["access"] == "public" and row["readers"] is None,
    )  # fmt: skip


def compare(app: Application, code: str, name: str, stream: IO[bytes], *, language: str = "zh") -> Compared:
    """Compare a file with the issued one; it is not kept. Raises NotFound, UploadRefused (empty, too large)."""
    row = _row(app, code)
    name = safe_name(name)
    content = stream.read(MOST_BYTES + 1)
    if not content or len(content) > MOST_BYTES:
        raise UploadRefused("size" if content else "empty", name, language)
    found = digest(content)
    if found in (row["sealed"], row["pdf"], row["docx"]):
        return Compared(result="same", name=name, hash=found)
    seal = app.seals.check(content, at=app.clock.now())
    return Compared(result="changed" if seal.sealed else "other", name=name, hash=found)


def download(app: Application, code: str) -> Download:
    """The PDF of a paper that is for everybody. Raises NotFound for any other, PdfUnavailable."""
    row = _row(app, code)
    if row["access"] != "public" or row["readers"] is not None:
        raise NotFound
    return Download(name=file_name(row, "pdf"), media_type=PDF, content=app.printing.pdf(row["id"]))


def normal(code: str) -> str:
    """The code as people type it: in groups, in small letters."""
    return "".join(c for c in code.upper() if c.isalnum())[:64]


def _row(app: Application, code: str) -> dict[str, Any]:
    with app.database.read() as connection:
        found = store.by_code(connection, normal(code))
    if found is None:
        raise NotFound(f"没有这个核验码 / there is no such code: {normal(code)}")
    return found


def _stored(app: Application, row: dict[str, Any]) -> bytes | None:
    """The stored file, the sealed one if there is one; None when it is missing or was changed."""
    try:
        content = None
        for kept in (row["docx"], row["pdf"], row["sealed"]):
            content = app.papers.contents.read(kept) if kept is not None else content
    except ContentLost:
        return None
    return content
