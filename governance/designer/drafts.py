"""Drafts: opened from what is deployed, made anew or copied, changed file by file; nothing typed is lost.

A draft has a revision that every change raises; each file keeps the revision that changed it last. Whoever saves says which
revision he has read: if the file is newer, somebody else was faster, and the answer carries both versions. Two designers who work on
different files do not disturb each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine import ids
from engine.errors import Conflict, NotFound
from governance.designer import store
from governance.designer.deployed import Deployed, contents, current, procedures
from governance.designer.files import MOST_BYTES, MOST_FILES, BadPath, is_shared, key_of, of_procedure, require_key, require_path
from governance.designer.store import Draft, File

Connection = Any


class Overtaken(Conflict):
    """Somebody else has changed this file meanwhile."""

    code = "overtaken"

    def __init__(self, theirs: File, yours: str | None, revision: int) -> None:
        super().__init__(
            "这个文件刚刚被别人改过，您的修改没有丢失，请比较后再保存 / "
            "somebody else has just changed this file; your text is not lost: compare, then save again",
            path=theirs.path, by=theirs.changed_by, at=theirs.changed_at.isoformat(), revision=revision,
            theirs=None if theirs.content is None else text_of(theirs.content), yours=yours,
        )  # fmt: skip


class KeyTaken(Conflict):
    """There is a procedure or a draft with this key already."""

    code = "key_taken"


class TooMuch(Conflict):
    """A draft does not hold that much."""

    code = "too_much"


def get(connection: Connection, identity: str, *, lock: bool = False) -> Draft:
    """Raises NotFound."""
    found = store.draft(connection, identity, lock=lock)
    if found is None:
        raise NotFound(f"没有这份草稿 / there is no draft {identity}", draft=identity)
    return found


def edit(connection: Connection, key: str, *, by: str | None, at: datetime) -> Draft:
    """The draft of a deployed procedure: the open one, else a new one from what is deployed now. Raises NotFound."""
    known = store.draft_of(connection, key)
    if known is not None:
        return known
    deployed = current(connection)
    paths = {path: digest for path, digest in deployed.paths.items() if of_procedure(path, key)}
    if key not in deployed.versions or not paths:
        raise NotFound(f"没有流程 {key} / there is no procedure {key}", key=key)
    return make(connection, key, contents(connection, paths), deployed=deployed, title=_title(connection, key), by=by, at=at)


def make(
    connection: Connection,
    key: str,
    files: Mapping[str, bytes],
    *,
    deployed: Deployed,
    title: tuple[str, str],
    by: str | None,
    at: datetime,
) -> Draft:
    """A draft with these files. Raises BadKey, KeyTaken (there is a draft), BadPath, TooMuch."""
    require_key(key)
    if store.draft_of(connection, key) is not None:
        raise KeyTaken(f"{key} 已有草稿 / there is a draft of {key} already", key=key)
    for path, content in files.items():
        require_path(path, key)
        _require_size(path, content)
    if len(files) > MOST_FILES:
        raise TooMuch(f"一份草稿最多 {MOST_FILES} 个文件 / a draft holds {MOST_FILES} files at most", files=len(files))
    base = {path: digest for path, digest in deployed.paths.items() if of_procedure(path, key) or path in files}
    draft = Draft(
        id=ids.uuid7(int(at.timestamp() * 1000)), key=key, title_zh=title[0], title_en=title[1], base=base,
        base_version=deployed.versions.get(key), revision=1, created_at=at, created_by=by, updated_at=at, updated_by=by, note="",
    )  # fmt: skip
    store.insert(connection, draft, [_file(draft, path, content, by, at) for path, content in files.items()])
    return draft


def require_free(connection: Connection, key: str) -> None:
    """Raises BadKey, KeyTaken."""
    require_key(key)
    taken = store.draft_of(connection, key) is not None or any(key_of(path) == key for path in current(connection).paths)
    if taken:
        raise KeyTaken(f"{key} 已被使用 / {key} is taken already", key=key)


def files(connection: Connection, draft: Draft) -> dict[str, bytes]:
    """Path → content of the draft's own files."""
    return {f.path: f.content for f in store.files(connection, draft.id) if f.content is not None}


def overlay(connection: Connection, draft: Draft) -> dict[str, bytes]:
    """What would be deployed: everything deployed now, with the draft's files over it and without those it has taken away."""
    own = files(connection, draft)
    rest = {path: digest for path, digest in current(connection).paths.items() if path not in own and not of_procedure(path, draft.key)}
    return {**contents(connection, rest), **own}


def read(connection: Connection, draft: Draft, path: str) -> File:
    """A file of the draft, or a shared one as it is deployed (revision 0). Raises BadPath, NotFound."""
    require_path(path, draft.key)
    found = store.file(connection, draft.id, path)
    if found is not None and found.content is not None:
        return found
    deployed = current(connection).paths.get(path) if is_shared(path) and found is None else None
    if deployed is None:
        raise NotFound(f"草稿里没有 {path} / the draft has no {path}", path=path)
    content = contents(connection, {path: deployed})[path]
    return File(draft=draft.id, path=path, content=content, digest=deployed, revision=0, changed_at=draft.created_at, changed_by=None)


def save(connection: Connection, identity: str, path: str, content: bytes, revision: int, *, by: str | None, at: datetime) -> Draft:
    """Write a file that was read at `revision`. Saving what is there already changes nothing.

    Raises NotFound, BadPath, TooMuch, Overtaken.
    """
    draft = get(connection, identity, lock=True)
    require_path(path, draft.key)
    _require_size(path, content)
    known = store.file(connection, identity, path)
    if known is not None and known.content == content:
        return draft
    _require_newest(known, revision, content, draft)
    if known is None and len(store.files(connection, identity)) >= MOST_FILES:
        raise TooMuch(f"一份草稿最多 {MOST_FILES} 个文件 / a draft holds {MOST_FILES} files at most", path=path)
    return _write(connection, draft, path, content, by=by, at=at)


def remove(connection: Connection, identity: str, path: str, revision: int, *, by: str | None, at: datetime) -> Draft:
    """Take a file away. A shared file leaves only the draft. Raises NotFound, BadPath, Overtaken."""
    draft = get(connection, identity, lock=True)
    known = store.file(connection, identity, path)
    if known is None or known.content is None:
        raise NotFound(f"草稿里没有 {path} / the draft has no {path}", path=path)
    _require_newest(known, revision, None, draft)
    return _write(connection, draft, path, None, by=by, at=at)


def rename(connection: Connection, identity: str, old: str, new: str, revision: int, *, by: str | None, at: datetime) -> Draft:
    """Give a file another path. Raises NotFound, BadPath (also when the new path is taken), Overtaken."""
    draft = get(connection, identity, lock=True)
    require_path(new, draft.key)
    known, there = store.file(connection, identity, old), store.file(connection, identity, new)
    if known is None or known.content is None:
        raise NotFound(f"草稿里没有 {old} / the draft has no {old}", path=old)
    if there is not None and there.content is not None:
        raise BadPath(f"{new} 已存在 / {new} is there already", path=new)
    _require_newest(known, revision, None, draft)
    moved = _write(connection, draft, new, known.content, by=by, at=at)
    store.put(connection, replace(known, content=None, digest=None, revision=moved.revision, changed_at=at, changed_by=by))
    return moved


def discard(connection: Connection, identity: str, revision: int) -> Draft:
    """Throw the draft away as it was at `revision`. Raises NotFound, Conflict."""
    draft = get(connection, identity, lock=True)
    require_revision(draft, revision)
    store.delete(connection, identity)
    return draft


def refresh(connection: Connection, identity: str, keep: Mapping[str, str], *, by: str | None, at: datetime) -> tuple[Draft, list[str]]:
    """Bring a draft up to what is deployed now: files it has not changed are replaced, removed or added. For a file that both sides
    changed, `keep` says ``mine`` or ``theirs``; as long as one is left open nothing is changed and their paths are answered.

    Raises NotFound.
    """
    draft = get(connection, identity, lock=True)
    now = current(connection)
    own = {f.path: f for f in store.files(connection, identity)}
    stale = outdated(draft, now)
    mine = {path: (f.digest if (f := own.get(path)) else None) for path in stale}
    clashes = [path for path in stale if mine[path] not in (draft.base.get(path), now.paths.get(path)) and path not in keep]
    if clashes or not stale:
        return draft, clashes
    for path in stale:
        if mine[path] == draft.base.get(path) or keep.get(path) == "theirs":
            digest = now.paths.get(path)
            content = None if digest is None else contents(connection, {path: digest})[path]
            draft = _write(connection, draft, path, content, by=by, at=at)
    base = {path: digest for path, digest in now.paths.items() if of_procedure(path, draft.key) or path in draft.base}
    store.update(connection, identity, base=base, base_version=now.versions.get(draft.key))
    return replace(draft, base=base, base_version=now.versions.get(draft.key)), []


def require_revision(draft: Draft, revision: int) -> None:
    """Raises Conflict when the draft has changed since."""
    if draft.revision != revision:
        raise Conflict(
            "草稿刚刚被改过，请先看一看 / the draft has just been changed, please look at it first",
            revision=draft.revision, by=draft.updated_by, at=draft.updated_at.isoformat(),
        )  # fmt: skip


def outdated(draft: Draft, now: Deployed) -> list[str]:
    """Files that were deployed anew, or taken away, since the draft was made from them."""
    mine = {path: digest for path, digest in now.paths.items() if of_procedure(path, draft.key) or path in draft.base}
    return sorted(path for path in {*mine, *draft.base} if mine.get(path) != draft.base.get(path))


def text_of(content: bytes) -> str | None:
    """The text of a file; None for one that is no text."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _title(connection: Connection, key: str) -> tuple[str, str]:
    name = procedures(connection, key)[key][0].name
    return name.zh, name.en


def _require_size(path: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise TooMuch(f"{path} 超过 {MOST_BYTES // 1_000_000} MB / {path} is larger than {MOST_BYTES // 1_000_000} MB", path=path)


def _require_newest(known: File | None, revision: int, content: bytes | None, draft: Draft) -> None:
    if known is not None and known.revision > revision:
        raise Overtaken(known, None if content is None else text_of(content), draft.revision)


def _write(connection: Connection, draft: Draft, path: str, content: bytes | None, *, by: str | None, at: datetime) -> Draft:
    changed = replace(draft, revision=draft.revision + 1, updated_at=at, updated_by=by, base=_with_base(connection, draft, path))
    store.put(connection, _file(changed, path, content, by, at))
    store.update(connection, draft.id, revision=changed.revision, updated_at=at, updated_by=by, base=dict(changed.base))
    return changed


def _with_base(connection: Connection, draft: Draft, path: str) -> Mapping[str, str]:
    """A shared file belongs to what the draft started from as soon as the draft changes it."""
    if path in draft.base or not is_shared(path):
        return draft.base
    digest = current(connection).paths.get(path)
    return draft.base if digest is None else {**draft.base, path: digest}


def _file(draft: Draft, path: str, content: bytes | None, by: str | None, at: datetime) -> File:
    digest = None if content is None else ids.digest(content)
    return File(draft=draft.id, path=path, content=content, digest=digest, revision=draft.revision, changed_at=at, changed_by=by)
