"""PDFs of issued papers: made outside any transaction, once; the bytes that were stored first are the paper's PDF for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.clock import Clock
from engine.errors import NotFound
from engine.jobs.failures import NotHere
from engine.store.database import Database
from governance.papers import store
from governance.papers.contents import Contents
from governance.papers.pdf import PdfUnavailable, to_pdf
from governance.papers.sealing import Seals
from governance.settings.settings import Settings


class Printing:
    """Makes, seals and keeps PDFs. Who may have one is the caller's question."""

    def __init__(self, database: Database, clock: Clock, contents: Contents, seals: Seals, settings: Settings) -> None:
        self._database, self._clock, self._contents, self._seals, self._settings = database, clock, contents, seals, settings

    def job(self, issue: str) -> None:
        """Prepare the PDF of an issue. Raises NotHere on a machine that cannot make one: another tries, or an operator learns of it;
        who asks for the PDF meanwhile is told what is missing."""
        try:
            self.pdf(issue)
        except PdfUnavailable as missing:
            raise NotHere(str(missing)) from missing

    def pdf(self, issue: str) -> bytes:
        """The PDF of an issued paper, sealed if the paper asks for it. Raises NotFound, PdfUnavailable, ContentLost."""
        row = self._row(issue)
        if row["pdf"] is None:
            row = self._print(row)
        if row["seals"] and row["sealed"] is None:
            row = self._seal(row)
        return self._contents.read(row["sealed"] or row["pdf"])

    def _print(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        now = self._clock.now()
        made = to_pdf(self._contents.read(row["docx"]), language=row["language"], title=title_of(row), at=now)
        kept = self._contents.keep(made)
        with self._database.write() as connection:
            store.keep_pdf(connection, row["id"], kept, now)
        return self._row(row["id"])

    def _seal(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        now = self._clock.now()
        with self._database.read() as connection:
            address = str(self._settings.get(connection, "papers.address", now, row["area"]))
        made = self._seals.seal(self._contents.read(row["pdf"]), language=row["language"], code=row["code"], address=address, at=now)
        kept = self._contents.keep(made.content)
        with self._database.write() as connection:
            store.keep_sealed(connection, row["id"], kept, made.certificate, now)
        return self._row(row["id"])

    def _row(self, issue: str) -> Mapping[str, Any]:
        with self._database.read() as connection:
            found = store.by_id(connection, issue)
        if found is None:
            raise NotFound(f"没有文书 {issue} / there is no paper {issue}", issue=issue)
        return found


def title_of(row: Mapping[str, Any]) -> str:
    """The paper's name and number in its language."""
    name = row["title_en"] if row["language"] == "en" else row["title_zh"]
    return f"{name} {row['number']}" if row["number"] else str(name)
