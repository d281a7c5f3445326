"""Uploads: what is taken, what is refused, what is left of a photo, when it goes away."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from engine.clock import MovableClock
from engine.errors import Conflict, NotFound
from engine.files import FileStore, UploadRefused
from engine.files import filestore as filestore_module
from engine.files.contents import DOCX, XLSX
from engine.files.filestore import safe_name
from engine.files.tables import file

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path, clock: MovableClock) -> FileStore:
    return FileStore(tmp_path / "files", clock)


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.begin() as open_connection:
        file.create(open_connection)
        yield open_connection
    engine.dispose()


def office(kind: str, **extra: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml" if kind == "docx" else "xl/workbook.xml", "<x/>")
        for name, content in extra.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def photo(form: str = "JPEG", orientation: int | None = None) -> bytes:
    picture = Image.new("RGB", (40, 20), "red")
    exif = picture.getexif()
    if orientation:
        exif[0x0112] = orientation
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    out = io.BytesIO()
    picture.save(out, form, exif=exif.tobytes())
    return out.getvalue()


def put(store: FileStore, connection, content: bytes, name: str = "x", by: str | None = "wang"):
    return store.upload(connection, io.BytesIO(content), name=name, uploaded_by=by)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (office("docx"), "b.docx", DOCX),
        (office("xlsx"), "c.xlsx", XLSX),
        (photo(), "d.jpeg", "image/jpeg"),
        (photo("PNG"), "e.png", "image/png"),
    ],
)
def test_accepted_files_are_kept_and_found_again(store, connection, content, name, media_type):
    stored = put(store, connection, content, name)
    assert (stored.name, stored.media_type, stored.uploaded_by, stored.instance) == (name, media_type, "wang", None)
    assert store.get(connection, stored.id) == stored
    assert store.path(stored).stat().st_size == stored.size


def test_contents_are_readable_by_the_owner_alone(store, connection):
    path = store.path(put(store, connection, PDF))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "type"),
        (b"MZ" + b"\x00" * 100, "type"),
        (b"PK\x03\x04 no archive", "type"),
        (office("docx", **{"word__vbaProject.bin": b"macro"}), "type"),
        (office("docx", word__zeros=b"\x00" * 30_000_000), "bomb"),
        (photo()[:300], "picture"),
    ],
)
def test_other_files_are_refused_with_the_reason(store, connection, content, reason):
    with pytest.raises(UploadRefused) as caught:
        put(store, connection, content, "文件.pdf")
    assert caught.value.details["reason"] == reason
    assert connection.scalar(sa.select(sa.func.count()).select_from(file)) == 0


def test_a_refused_upload_leaves_nothing_on_the_disk(store, connection, tmp_path):
    with pytest.raises(UploadRefused):
        put(store, connection, b"text")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_large_files_are_refused_without_reading_them_whole(store, connection, monkeypatch):
    monkeypatch.setattr(filestore_module, "MOST_BYTES", 1000)
    stream = io.BytesIO(b"%PDF-" + b"x" * 2_000_000)
    with pytest.raises(UploadRefused) as caught:
        store.upload(connection, stream, name="a.pdf", uploaded_by="wang")
    assert caught.value.details["reason"] == "size"
    assert stream.tell() < 2_000_000


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_photos_lose_position_and_device_but_stay_upright(store, connection, form):
    stored = put(store, connection, photo(form, orientation=6))
    with Image.open(store.path(stored)) as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
    content = store.path(stored).read_bytes()
    assert b"CameraMaker" not in content
    assert b"Exif" not in content


def test_the_name_follows_the_content_not_the_claim(store, connection):
    assert put(store, connection, PDF, "harmless.jpg").name == "harmless.jpg.pdf"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\照片\\现场 1.jpg", "现场 1.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie x"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 190 + "x" * 6 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert safe_name(given) == kept


def test_submitted_files_belong_to_one_instance(store, connection):
    stored = put(store, connection, PDF)
    store.attach(connection, [stored.id], "case-1")
    store.attach(connection, [stored.id], "case-1")
    assert [f.id for f in store.of_instance(connection, "case-1")] == [stored.id]
    with pytest.raises(Conflict):
        store.attach(connection, [stored.id], "case-2")


def test_the_same_photo_is_recognised(store, connection):
    first, second, other = put(store, connection, photo()), put(store, connection, photo()), put(store, connection, PDF)
    assert store.used_before(connection, second.id) == []
    store.attach(connection, [first.id], "case-1")
    assert [f.id for f in store.used_before(connection, second.id)] == [first.id]
    assert store.used_before(connection, first.id) == []
    assert store.used_before(connection, other.id) == []


def test_what_is_never_submitted_goes_after_a_day(store, connection, clock):
    loose, kept = put(store, connection, PDF), put(store, connection, photo())
    store.attach(connection, [kept.id], "case-1")
    path = store.path(loose)
    os.utime(path, (0, 0))
    clock.advance(timedelta(hours=25))
    assert store.sweep(connection) == 1
    assert store.get(connection, loose.id) is None
    assert not path.exists()
    assert store.path(kept).exists()


def test_content_that_another_upload_uses_stays(store, connection, clock):
    old = put(store, connection, PDF)
    clock.advance(timedelta(hours=25))
    young = put(store, connection, PDF)
    assert store.sweep(connection) == 0
    assert store.get(connection, old.id) is None
    assert store.path(young).exists()


def test_the_uploader_may_take_a_file_back_until_it_is_submitted(store, connection):
    stored = put(store, connection, PDF)
    with pytest.raises(NotFound):
        store.discard(connection, stored.id, by="li")
    store.discard(connection, stored.id, by="wang")
    kept = put(store, connection, PDF)
    store.attach(connection, [kept.id], "case-1")
    with pytest.raises(NotFound):
        store.discard(connection, kept.id, by="wang")


def test_too_many_waiting_files_are_refused(store, connection, monkeypatch):
    monkeypatch.setattr(filestore_module, "MOST_LOOSE", 1)
    put(store, connection, PDF)
    with pytest.raises(UploadRefused) as caught:
        put(store, connection, PDF)
    assert caught.value.details["reason"] == "count"


def test_missing_content_is_told(store, connection):
    stored = put(store, connection, PDF)
    store.path(stored).unlink()
    with pytest.raises(NotFound):
        store.path(stored)


@pytest.mark.parametrize("digest", ["sha256:../../etc/passwd", "md5:" + "a" * 64, "sha256:" + "G" * 64])
def test_paths_are_built_from_digests_only(store, digest):
    from engine.files.folder import Folder

    with pytest.raises(ValueError, match="digest"):
        Folder(Path("/nowhere")).path(digest)
