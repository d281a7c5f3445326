"""Selectors as text ⇄ parts (engine.ports.Directory): who may do something, named by post or seat instead of by person."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import CogovError


class BadSelector(CogovError):
    """This is not a selector. Write person:<id>, role:<code>@<of>, member:<committee>[:<role>], holder:<post>@<of> or public."""

    code = "bad_selector"


@dataclass(frozen=True, slots=True)
class Selector:
    """`kind` is person, role, holder, member or public; `of` the area, unit or committee; `code` the role, post or seat."""

    kind: str
    of: str = ""
    code: str = ""

    def __str__(self) -> str:
        if self.kind in ("role", "holder"):
            return f"{self.kind}:{self.code}@{self.of}"
        if self.kind == "member":
            return f"member:{self.of}:{self.code}" if self.code else f"member:{self.of}"
        return f"person:{self.of}" if self.kind == "person" else self.kind


def parse(text: str) -> Selector:
    """Raises BadSelector with the text in its details."""
    if text == "public":
        return Selector("public")
    kind, _, rest = text.partition(":")
    if kind == "person" and rest:
        return Selector("person", rest)
    if kind == "member" and rest:
        committee, _, seat = rest.partition(":")
        return Selector("member", committee, seat)
    if kind in ("role", "holder"):
        code, _, of = rest.rpartition("@")
        if code and of:
            return Selector(kind, of, code)
    raise BadSelector(f"{(BadSelector.__doc__ or '').strip()} 选择器写法有误：{text!r}", selector=text)


def person(person_id: str) -> str:
    return f"person:{person_id}"


def role(code: str, of: str) -> str:
    return f"role:{code}@{of}"


def holder(post: str, of: str) -> str:
    return f"holder:{post}@{of}"


def member(committee: str, seat: str | None = None) -> str:
    return f"member:{committee}:{seat}" if seat else f"member:{committee}"
