"""Freezing, verifying and sealing documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from engine.errors import BpmnError, NotFound, ServiceRefused
from engine.ids import digest, uuid7
from governance.documents import store, text

Connection = Any
#: (connection, ids, at) → id → name, for those ids that are persons, units, areas or committees
Names = Callable[[Connection, Iterable[str], datetime], Mapping[str, str]]

TAMPERED = "ERR_TAMPERED"
STATEMENT = {
    "zh": "本分发件由系统密钥加封，仅用于核对文本是否改动，不具有电子印章或电子签名的法律效力。",
    "en": "This copy is sealed with the system's key, only to check that the text is unchanged. It has no legal weight as a seal.",
}


class Documents:
    """Handed to the services as resource ``documents``."""

    def __init__(self, *, names: Names | None = None, zone: tzinfo = UTC) -> None:
        self._names = names
        self._zone = zone

    def compose(self, connection: Connection, title: str, now: datetime, **parts: Any) -> str:
        """The canonical text from structured parts, with names in the place of ids."""
        given = {key: value for key, value in parts.items() if value is not None}
        refs = text.references([given.get("parties"), given.get("facts"), given.get("clauses")])
        names = self._names(connection, sorted(refs), now) if self._names is not None and refs else {}
        return text.compose(title, names=names, zone=self._zone, **given)

    def freeze(
        self,
        connection: Connection,
        *,
        instance: str,
        title: str,
        body: str,
        kind: str,
        document: str | None,
        person: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Keep the text under its hash, as version 1 or the next one of `document`. An equal text changes nothing."""
        body = text.canonical(body)
        text_hash = digest(body.encode())
        before = self._newest(connection, document) if document is not None else None
        if before is not None and before["hash"] == text_hash:
            return {**_frozen(before), "changed": False}
        if document is None:
            document = _id(now)
            store.insert_document(connection, {"id": document, "instance": instance, "kind": kind, "created": now})
        store.keep_text(connection, text_hash, body)
        row = {
            "document": document,
            "version": before["version"] + 1 if before else 1,
            "title": title,
            "hash": text_hash,
            "at": now,
            "person": person,
        }
        store.insert_version(connection, row)
        return {**_frozen({**row, "body": body}), "changed": True}

    def verify(self, connection: Connection, document: str, expected: str) -> dict[str, Any]:
        """The newest version, whose hash must be `expected` and whose stored text must still have it. Raises BpmnError ERR_TAMPERED."""
        found = self._newest(connection, document)
        actual = digest(found["body"].encode())
        if expected != found["hash"] or actual != found["hash"]:
            raise BpmnError(TAMPERED, {"document": document, "expected": expected, "actual": actual})
        return {"document": document, "version": found["version"], "hash": found["hash"]}

    def seal(
        self, connection: Connection, document: str, expected: str, signing: str | None, receivers: Sequence[str], now: datetime
    ) -> dict[str, Any]:
        """Record the distribution copy. Repeating it gives the same seal."""
        version = self.verify(connection, document, expected)
        row = store.seal_of(connection, document, expected)
        if row is None:
            row = {"id": _id(now), **version, "signing": signing, "receivers": list(receivers), "at": now}
            store.insert_seal(connection, row)
        answer = {"seal": row["id"], **version, "at": row["at"], "copies": len(row["receivers"]), "legal_weight": False}
        return {**answer, "statement": STATEMENT["zh"], "statement_en": STATEMENT["en"]}

    def of_instance(self, connection: Connection, instance: str) -> list[dict[str, Any]]:
        """Versions of the case's documents for its pages, newest first: document, version, title, hash, at, person, kind."""
        return store.of_instance(connection, instance)

    def read(self, connection: Connection, document: str, version: int | None = None) -> dict[str, Any]:
        """A version (default the newest) with `body`, `html`, `instance`, and `intact`: the text still has its hash. Raises NotFound."""
        found = self._newest(connection, document) if version is None else store.version(connection, document, version)
        if found is None:
            raise NotFound(f"文件没有第 {version} 版 / the document has no version {version}", document=document)
        return {**found, "html": text.as_html(found["body"]), "intact": digest(found["body"].encode()) == found["hash"]}

    def _newest(self, connection: Connection, document: str) -> dict[str, Any]:
        found = store.newest(connection, document)
        if found is None:
            raise NotFound(f"没有文件 {document} / there is no document {document}", document=document)
        return found


def require_content(body: str | None, clauses: Sequence[Any] | None) -> None:
    """A document needs a text or clauses."""
    if not body and not clauses:
        raise ServiceRefused("文本与条款都为空，无法定稿 / neither text nor clauses: nothing to freeze")


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"document": row["document"], "version": row["version"], "hash": row["hash"], "at": row["at"], "text": row["body"]}


def _id(now: datetime) -> str:
    return uuid7(int(now.timestamp() * 1000))
