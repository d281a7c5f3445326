"""Which files a draft may hold, and what each is."""

from __future__ import annotations

import re

from engine.definitions.archive import is_safe
from engine.errors import CogovError

CODES = "forms/shared/codes.yaml"
_SHARED = re.compile(r"forms/shared/[a-z][a-z0-9_]*\.form\.json")
#: as a process id and a folder (conventions 2): snake_case
_KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")
_KINDS = (
    (".bpmn", "bpmn"),
    (".dmn", "dmn"),
    (".form.json", "form"),
    (".register.yaml", "register"),
    ("/cases.yaml", "cases"),
    (".settings.yaml", "settings"),
    (".paper.yaml", "paper"),
    (".docx", "paper"),
    (".md", "text"),
    (".txt", "text"),
)
#: a diagram of 1,000 elements has some 2 MB [A]
MOST_BYTES = 5_000_000
MOST_FILES = 300


class BadPath(CogovError):
    """A draft holds the files of its own procedure, and shared groups and code lists."""

    code = "bad_path"


class BadKey(CogovError):
    """The key of a procedure is snake_case, 2 to 60 letters, and not taken."""

    code = "bad_key"


def kind_of(path: str) -> str:
    """bpmn | dmn | form | register | cases | settings | paper | text | other"""
    return next((kind for end, kind in _KINDS if path.endswith(end)), "other")


def of_procedure(path: str, key: str) -> bool:
    """Whether a file lies in the two folders of a procedure."""
    return path.startswith((f"processes/{key}/", f"forms/{key}/"))


def key_of(path: str) -> str | None:
    """The procedure whose folder holds the file; None for shared files and others."""
    top, _, rest = path.partition("/")
    key, _, name = rest.partition("/")
    return key if top in ("processes", "forms") and name and key != "shared" else None


def is_shared(path: str) -> bool:
    """A field group, a shared form, or the code lists."""
    return path == CODES or _SHARED.fullmatch(path) is not None


def require_path(path: str, key: str) -> None:
    """Raises BadPath unless a draft of the procedure may hold this file."""
    if not is_safe(path) or not (of_procedure(path, key) or is_shared(path)):
        raise BadPath(
            f"这份草稿只能有 processes/{key}/、forms/{key}/ 以及共享的表单和代码 / "
            f"this draft holds processes/{key}/, forms/{key}/ and shared forms and codes",
            path=path,
        )


def require_key(key: str) -> None:
    """Raises BadKey."""
    if _KEY.fullmatch(key) is None or key == "shared":
        raise BadKey(
            "键只能用小写字母、数字和下划线，以字母开头，2 到 60 个字 / a key has small letters, digits and underscores, 2 to 60 of them",
            key=key,
        )
