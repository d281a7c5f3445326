"""Who may read what a procedure keeps, as its files say: cases, declared data, steps with their forms, registers and papers.

A protection is compared by its readers: it is *within* another when everybody who may read under it could read under the other
(domain 2.5; governance.directory.may decides for a person, this for a model, without anybody's posts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.definitions.model import Label, Process
from engine.definitions.protection import OF_A_COMMITTEE, PUBLIC, Rule
from engine.definitions.reader import read_bpmn
from governance.designer.files import kind_of
from governance.papers.declaration import Declaration as Paper
from governance.papers.declaration import read_paper
from governance.registers.declaration import Declaration as Register
from governance.registers.declaration import RegisterInvalid, read_register
from governance.registers.shaping import ACCESS_NAMES

#: class → classes whose readers are certainly among its own
_INSIDE: Mapping[str, frozenset[str]] = {"members": frozenset({"party"}), "parties": frozenset({"reporter_protected"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """A class; FEEL of who alone may read (`of`), from whom it is kept (`about`), and what gives the class in its place (`by`)."""

    access: str
    of: str | None = None
    about: str | None = None
    by: str | None = None

    def within(self, other: Protection) -> bool:
        """Whether nobody reads under this who could not under the other. What cannot be told counts as no."""
        if other == self or (other.access == PUBLIC and other.by is None):
            return True
        if self.access == PUBLIC or self.by != other.by or (other.about is not None and self.about != other.about):
            return False
        if other.of is None:
            return self.access == other.access or self.access in _INSIDE.get(other.access, ())
        # those who are named read, whatever the class: but of a branch only party members, of staff data whole areas, too
        return self.of == other.of and (self.access in (other.access, "party") or other.access == "staff")

    def text(self) -> Label:
        """In words: the class, and for whom or from whom it is kept."""
        name = ACCESS_NAMES[self.access]
        zh, en = [name.zh], [name.in_("en")]
        for fact, (in_zh, in_en) in ((self.by, ("由 ={} 决定", "decided by ={}")), (self.of, ("仅限 ={}", "only ={}"))):
            if fact is not None:
                zh.append(in_zh.format(fact))
                en.append(in_en.format(fact))
        if self.about is not None:
            zh.append(f"对 ={self.about} 保密")
            en.append(f"kept from ={self.about}")
        return Label("，".join(zh), ", ".join(en))


@dataclass(frozen=True, slots=True)
class Declared:
    """What the files of a procedure declare: path and model, by key. A file that cannot be read is left out: the check says why."""

    processes: Mapping[str, tuple[str, Process]]
    registers: Mapping[str, tuple[str, Register]]
    papers: Mapping[str, tuple[str, Paper]]


def declared(files: Mapping[str, bytes]) -> Declared:
    """Read the BPMN files, registers and papers among `files`."""
    return Declared(
        processes={process.id: (path, process) for path, content in _of(files, "bpmn") for process in _processes(content)},
        registers={r.key: (path, r) for path, content in _of(files, "register") if (r := _register(content)) is not None},
        papers={p.key: (path, p) for path, content in _of(files, "paper") if (p := _paper(content, path)) is not None},
    )


def of_process(process: Process) -> Protection:
    """Of the case as a whole."""
    return Protection(access=process.access, of=process.access_of)


def of_rule(rule: Rule) -> Protection:
    """Of a datum or of what is handed in at a step."""
    return Protection(access=rule.access, of=rule.of, about=rule.about)


def of_register(register: Register, state: str | None = None) -> Protection:
    """Of a row; in that state where one is given."""
    access = register.access_of(state)
    return Protection(access=access, of=register.owner if access in OF_A_COMMITTEE else None, by=register.access_from)


def of_paper(paper: Paper) -> Protection:
    """Of a paper that was issued."""
    return Protection(access=paper.access, of=paper.of or (paper.owner if paper.access in OF_A_COMMITTEE else None))


def _of(files: Mapping[str, bytes], kind: str) -> Iterator[tuple[str, bytes]]:
    for path, content in sorted(files.items()):
        if kind_of(path) == kind and not path.endswith(".docx"):
            yield path, content


def _processes(content: bytes) -> tuple[Process, ...]:
    file = read_bpmn(content, "").file
    return tuple(p for p in file.processes if p.access in ACCESS_NAMES) if file is not None else ()


def _register(content: bytes) -> Register | None:
    try:
        return read_register(content)
    except RegisterInvalid:
        return None


def _paper(content: bytes, path: str) -> Paper | None:
    try:
        found: Any = read_paper(content, path)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, UnicodeDecodeError):
        return None
    return found if found.access in ACCESS_NAMES else None
