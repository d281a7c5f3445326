"""Files of a package from a zip archive or a folder, with limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from engine.definitions.report import Problem, findings
from engine.errors import DeployRefused

MAX_FILES = 2_000
MAX_TOTAL = 50_000_000
#: bytes out for a byte in, beyond the first megabyte of a file
MAX_RATIO = 100
_LARGE = 1_000_000
#: what tools leave in folders and archives
_LITTER = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "__pycache__", "__init__.py", ".git"})
_ROOTS = ("processes", "forms")


def is_safe(path: str) -> bool:
    """Relative, no step upwards, no drive, no backslash, no control character, no empty part."""
    parts = path.split("/")
    return (
        bool(path)
        and len(path) <= 300
        and not any(part in ("", ".", "..") for part in parts)
        and not any(ch in path for ch in '\\:*?"<>|')
        and path.isprintable()
    )


def is_litter(path: str) -> bool:
    return any(part in _LITTER for part in PurePosixPath(path).parts) or path.endswith(".pyc")


def unzip(data: bytes, *, language: str = "zh") -> dict[str, bytes]:
    """Path → content. A single folder around processes/ and forms/ is taken off.

    Raises DeployRefused for a broken archive, paths that lead out, links, and archives that unpack to too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise _refused("FILE-003", language, reason=str(error)) from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not is_litter(entry.filename)]
        _check_sizes(entries, language)
        files: dict[str, bytes] = {}
        for entry in entries:
            is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
            if not is_safe(entry.filename) or is_link or entry.filename in files:
                raise _refused("FILE-001", language, entry.filename)
            files[entry.filename] = _content(archive, entry, language)
    return _without_wrapper(files)


def _check_sizes(entries: list[zipfile.ZipInfo], language: str) -> None:
    """By the archive's own list; what is really unpacked is counted again in _content."""
    if len(entries) > MAX_FILES:
        raise _refused("FILE-002", language, reason=f"{len(entries)} > {MAX_FILES}")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL:
        raise _refused("FILE-002", language, reason=f"{total} > {MAX_TOTAL}")
    for entry in entries:
        if entry.file_size > _LARGE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise _refused("FILE-002", language, reason=entry.filename)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, language: str) -> bytes:
    try:
        with archive.open(entry) as stream:
            content = stream.read(entry.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:  # RuntimeError: encrypted
        raise _refused("FILE-003", language, reason=f"{entry.filename}: {error}") from error
    if len(content) > entry.file_size:
        raise _refused("FILE-002", language, reason=entry.filename)
    return content


def _without_wrapper(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {path.split("/")[0] for path in files}
    if len(tops) != 1 or tops & set(_ROOTS):
        return files
    inner = {path.partition("/")[2]: content for path, content in files.items()}
    return inner if all(path.startswith(_ROOTS) for path in inner) else files


def read_folder(root: Path) -> dict[str, bytes]:
    """Path → content of processes/ and forms/ below `root`. Raises FileNotFoundError when there is neither."""
    if not any((root / name).is_dir() for name in _ROOTS):
        raise FileNotFoundError(f"{root} holds neither processes/ nor forms/")
    files: dict[str, bytes] = {}
    for name in _ROOTS:
        for file in sorted((root / name).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.is_file() and not file.is_symlink() and not is_litter(path):
                files[path] = file.read_bytes()
    return files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The archive of a package: the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0)), files[path], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _refused(code: str, language: str, file: str = "*.zip", **facts: object) -> DeployRefused:
    return DeployRefused(findings([Problem(code=code, file=file, facts=facts)], language))
