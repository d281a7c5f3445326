"""The file store: uploads first, forms refer to them by id, whoever never submits leaves nothing behind."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import IO, Any

from engine.clock import Clock
from engine.errors import CogovError, Conflict, NotFound
from engine.files import store
from engine.files.contents import SUFFIXES, media_type
from engine.files.folder import Folder, copy_limited, digest_of
from engine.files.pictures import clean, is_picture
from engine.forms.reading import has_control_characters
from engine.ports import StoredFile
from engine.store.database import after_commit

#: [A] domain.md V-FILE
MOST_BYTES = 20 * 1024 * 1024
#: uploads of one person that wait for a form; more is a mistake or an attack [A]
MOST_LOOSE = 200
LOOSE_FOR = timedelta(days=1)

_TEXTS = {
    "empty": ("“{name}”是空文件，请重新选择", "“{name}” is empty. Choose another file"),
    "size": ("“{name}”超过 {most} MB，请压缩后再传", "“{name}” is larger than {most} MB. Make it smaller and upload again"),
    "type": (
        "“{name}”的类型不被接受，可用 pdf、docx、xlsx、jpg、png",
        "The type of “{name}” is not accepted. Use pdf, docx, xlsx, jpg or png",
    ),
    "bomb": ("“{name}”解压后过大，不予接收，请另存后再传", "“{name}” unpacks to far more than it holds. Save it anew and upload that"),
    "picture": ("“{name}”不是完好的图片，请重拍或另存后再传", "“{name}” is not an intact picture. Take or save it again"),
    "count": ("未提交的文件太多，请先提交或明天再传", "Too many files are waiting. Submit the form first, or try again tomorrow"),
}


class UploadRefused(CogovError):
    """The file cannot be taken."""

    code = "upload_refused"

    def __init__(self, reason: str, name: str, language: str) -> None:
        zh, en = _TEXTS[reason]
        text = (en if language == "en" else zh).format(name=name, most=MOST_BYTES // 1024 // 1024)
        super().__init__(text, reason=reason, name=name)


class FileStore:
    """Implements ports.Files. `folder` lies outside the web root; a row is written in the caller's transaction, the content before it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = Folder(folder)
        self._clock = clock

    def upload(self, connection: Any, stream: IO[bytes], *, name: str, uploaded_by: str | None, language: str = "zh") -> StoredFile:
        """Take an upload (bytes are streamed). Pictures are redrawn without metadata. Raises UploadRefused: empty, larger than 20 MB,
        of a type that is not accepted (by content), an archive that explodes, a broken picture, too many waiting."""
        name = safe_name(name)
        if uploaded_by is not None and store.count_loose(connection, uploaded_by) >= MOST_LOOSE:
            raise UploadRefused("count", name, language)
        with self._folder.scratch() as sent, self._folder.scratch() as drawn:
            size = copy_limited(stream, sent, MOST_BYTES)
            if not size:
                raise UploadRefused("size" if size is None else "empty", name, language)
            kind = _checked_type(sent, name, language)
            kept = _cleaned(sent, drawn, kind, name, language)
            stored = StoredFile(
                id=str(uuid.uuid4()), name=_with_suffix(name, kind), size=kept.stat().st_size, media_type=kind, digest=digest_of(kept),
                uploaded_by=uploaded_by,
            )  # fmt: skip
            source_digest = digest_of(sent)
            self._folder.keep(kept, stored.digest)
        store.insert(connection, stored, source_digest, self._clock.now())
        return stored

    def get(self, connection: Any, file_id: str) -> StoredFile | None:
        return store.find(connection, file_id)

    def of_instance(self, connection: Any, instance: str) -> list[StoredFile]:
        """All files submitted with forms of an instance, oldest first."""
        return store.of_instance(connection, instance)

    def path(self, stored: StoredFile) -> Path:
        """Where the content lies, for sending it. Who may read it is decided by the caller. Raises NotFound when it is gone."""
        path = self._folder.path(stored.digest)
        if not path.exists():
            raise NotFound(f"the content of file {stored.id} is missing", file=stored.id)
        return path

    def attach(self, connection: Any, file_ids: Iterable[str], instance: str) -> None:
        """Bind files to the instance they were submitted with; again is no change. Raises Conflict when one belongs to another instance."""
        missed = store.attach(connection, file_ids, instance)
        if missed:
            raise Conflict("a file was meanwhile submitted elsewhere or removed; upload it again", files=missed)

    def used_before(self, connection: Any, file_id: str) -> list[StoredFile]:
        """Submitted files (of any instance) with the same content as this one, itself left out; a photo counts as the same when what
        was sent or what was kept is the same. For finding evidence that is used twice."""
        stored = store.find(connection, file_id)
        if stored is None:
            return []
        digests = [stored.digest, store.source_digest(connection, file_id) or stored.digest]
        return [other for other in store.with_content(connection, digests) if other.id != file_id]

    def discard(self, connection: Any, file_id: str, *, by: str | None) -> None:
        """The uploader takes a file back before submitting it. Raises NotFound when it is not his, or submitted."""
        if not store.delete_one(connection, file_id, by):
            raise NotFound("there is no such file of yours that is not submitted yet", file=file_id)

    def forget(self, connection: Any, instance: str) -> None:
        """The instance is removed: its files go, and after the commit their contents, unless somebody else sent the same meanwhile."""
        gone, before = store.delete_of_instance(connection, instance), self._clock.now() - LOOSE_FOR
        for digest in gone:
            after_commit(connection, lambda digest=digest: self._folder.remove(digest, unless_newer_than=before))  # type: ignore[misc]

    def sweep(self, connection: Any) -> int:
        """Remove uploads older than a day that no form was submitted with, and contents nobody uses. Gives the number of contents."""
        before = self._clock.now() - LOOSE_FOR
        gone = store.delete_loose(connection, before)
        for digest in gone:
            self._folder.remove(digest, unless_newer_than=before)
        return len(gone)


def safe_name(name: str) -> str:
    """A file name for showing and for downloads: no folders, control or direction characters, at most 200 characters."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(c for c in last if not has_control_characters(c) and c not in '\t\n\r"<>|:*?').strip(" .")
    if len(kept) > 200:
        kept = kept[:190] + kept[-10:]
    return kept or "file"


def _with_suffix(name: str, kind: str) -> str:
    """The name ends as its type says, whatever it was called."""
    return name if name.lower().endswith(SUFFIXES[kind]) else name + SUFFIXES[kind][0]


def _checked_type(path: Path, name: str, language: str) -> str:
    try:
        kind = media_type(path)
    except ValueError as error:
        raise UploadRefused("bomb", name, language) from error
    if kind is None:
        raise UploadRefused("type", name, language)
    return kind


def _cleaned(sent: Path, drawn: Path, kind: str, name: str, language: str) -> Path:
    if not is_picture(kind):
        return sent
    try:
        clean(sent, drawn, kind)
    except ValueError as error:
        raise UploadRefused("picture", name, language) from error
    return drawn
