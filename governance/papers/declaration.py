"""A paper as its YAML file beside the procedure declares it (docs/howto/papers.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.definitions.model import Label

SUFFIX = ".paper.yaml"
#: names every template knows besides the declared ones
KNOWN = ("number", "version", "today", "area", "case_number", "code")
#: inside a row: the row itself and its place, from 1
ROW_NAMES = ("item", "index")


@dataclass(frozen=True, slots=True)
class Written:
    """How a value is written: its kind, and for codes the list that names them."""

    kind: str | None = None
    codes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a paper. `source` is FEEL over the case's variables."""

    key: str
    source: str
    written: Written = field(default_factory=Written)
    #: columns of a list of rows
    rows: Mapping[str, Written] | None = None
    #: a paper may be issued without it
    optional: bool = False
    name: Label = field(default_factory=Label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """`issue`, `owner`, `parties`, `of` and `when` are FEEL; without `issue` only the process itself issues the paper."""

    key: str
    process: str
    name: Label
    #: language → path of the docx in the package
    templates: Mapping[str, str]
    data: Mapping[str, Field]
    number: str | None = None
    #: issue | preview (shown and downloaded, never numbered nor frozen)
    kind: str = "issue"
    access: str = "staff"
    owner: str | None = None
    parties: str | None = None
    #: who alone may read it
    of: str | None = None
    issue: str | None = None
    when: str | None = None
    #: offered once this element was completed
    after: str | None = None
    seal: bool = True

    def known(self) -> frozenset[str]:
        """Names a template may use outside rows."""
        return frozenset((*KNOWN, *self.data))


def read_paper(content: bytes, path: str) -> Declaration:
    """Read a checked file. `path` is ``processes/<process>/<name>.paper.yaml``."""
    data = yaml.safe_load(content)
    folder = path.rpartition("/")[0]
    return Declaration(
        key=data["paper"],
        process=folder.rpartition("/")[2],
        name=_label(data["name"]),
        templates={language: f"{folder}/{name}" for language, name in data["templates"].items()},
        data={key: _field(key, entry) for key, entry in data["data"].items()},
        number=data.get("number"),
        kind=data.get("kind", "issue"),
        access=data.get("access", "staff"),
        owner=_feel(data.get("owner")),
        parties=_feel(data.get("parties")),
        of=_feel(data.get("of")),
        issue=_feel(data.get("issue")),
        when=_feel(data.get("when")),
        after=data.get("after"),
        seal=data.get("seal", True),
    )


def _field(key: str, entry: Any) -> Field:
    if isinstance(entry, str):
        return Field(key=key, source=entry.removeprefix("="), name=Label(key, key))
    rows = entry.get("rows")
    return Field(
        key=key,
        source=entry["from"].removeprefix("="),
        written=Written(entry.get("kind"), entry.get("codes")),
        rows={column: _written(how) for column, how in rows.items()} if rows is not None else None,
        optional=bool(entry.get("optional")),
        name=Label(entry.get("zh", key), entry.get("en", key)),
    )


def _written(how: Any) -> Written:
    return Written(how) if isinstance(how, str) else Written(how["kind"], how.get("codes"))


def _label(data: Mapping[str, Any]) -> Label:
    return Label(zh=str(data["zh"]), en=str(data["en"]))


def _feel(text: str | None) -> str | None:
    return None if text is None else text.removeprefix("=").strip()


_PLACE = re.compile(r"\{(area|agency|year|seq(?::\d)?)\}")


def series_of(pattern: str, area: str, year: int) -> tuple[str, str, int]:
    """What a number counts within: the pattern, and area and year if they are part of it."""
    return pattern, area if "{area}" in pattern or "{agency}" in pattern else "", year if "{year}" in pattern else 0


def format_number(pattern: str, *, area: str, agency: str, year: int, seq: int) -> str:
    """``{agency}挂字〔{year}〕{seq}号`` → ``云街挂字〔2026〕12号``. `area` is the area's code, `agency` its agency mark (机关代字);
    ``{seq:4}`` is filled with zeros."""

    def fill(match: re.Match[str]) -> str:
        name, _, width = match.group(1).partition(":")
        if name == "seq":
            return str(seq).zfill(int(width or 0))
        return {"area": area, "agency": agency, "year": str(year)}[name]

    return _PLACE.sub(fill, pattern)
