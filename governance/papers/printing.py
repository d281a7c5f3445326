"""PDFs of issued papers: made outside any transaction, once; the bytes that were stored first are the paper's PDF for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.clock import Clock
from engine.errors import NotFound
from engine.store.database import Database
from governance.papers import store
from governance.papers.contents import Contents
from governance.papers.pdf import PdfUnavailable, to_pdf


class Printing:
    """Makes and keeps PDFs. Who may have one is the caller's question."""

    def __init__(self, database: Database, clock: Clock, contents: Contents) -> None:
        self._database, self._clock, self._contents = database, clock, contents

    def job(self, issue: str) -> None:
        """Prepare the PDF of an issue. On a machine that cannot make one nothing is lost: who asks for it is told what is missing."""
        try:
            self.pdf(issue)
        except PdfUnavailable:
            return

    def pdf(self, issue: str) -> bytes:
        """The PDF of an issued paper. Raises NotFound, PdfUnavailable, ContentLost."""
        row = self._row(issue)
        if row["pdf"] is None:
            row = self._print(row)
        return self._contents.read(row["pdf"])

    def _print(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        now = self._clock.now()
        docx = self._contents.read(row["docx"])
        made = to_pdf(docx, language=row["language"], title=title_of(row), at=now)
        digest = self._contents.keep(made)
        with self._database.write() as connection:
            store.keep_pdf(connection, row["id"], digest, now)
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
