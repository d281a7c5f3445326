"""What a draft opens to people who could not read it before: each place with its protection before and after.

Publishing asks for a confirmation of each. New things (a register, a column, a datum that was not there) open nothing: nobody was kept
from them. A thing whose name was changed is new, too; the difference in words shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.model import Label, Node, Process
from engine.definitions.protection import rule_of, rules_of, written
from engine.ids import digest
from governance.designer.protections import Declared, Protection, declared, of_paper, of_process, of_register, of_rule
from governance.registers.declaration import Declaration as Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """One place. `kind`: process | data | step | register | state | column | paper; `key`: its id within the file; `form`: what is
    handed in at a step."""

    file: str
    kind: str
    key: str
    name: Label
    before: Protection
    after: Protection
    form: str | None = None

    @property
    def id(self) -> str:
        """The same as long as place, before and after are: a confirmation holds for nothing else."""
        facts = (self.kind, self.key, self.form, self.before, self.after)
        return digest(repr(facts).encode()).removeprefix("sha256:")[:20]


def lowered(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Lowered]:
    """Everything that more people may read with the files `after` than with those `before`."""
    old, new = declared(before), declared(after)
    return [*_processes(old, new), *_registers(old, new), *_papers(old, new)]


def _processes(old: Declared, new: Declared) -> Iterator[Lowered]:
    for key, (_, was) in old.processes.items():
        if key in new.processes:
            file, now = new.processes[key]
            yield from _process(file, was, now)


def _process(file: str, was: Process, now: Process) -> Iterator[Lowered]:
    whole = of_process(was), of_process(now)
    opened = not whole[1].within(whole[0])
    if opened:
        yield Lowered(file=file, kind="process", key=now.id, name=now.name, before=whole[0], after=whole[1])
    told: set[str | None] = {None} if opened else set()
    for found in _data(file, was, now):
        told.add(found.key)
        yield found
    for node in now.nodes.values():
        if node.id in was.nodes:
            yield from _step(file, was, now, node, told)


def _data(file: str, was: Process, now: Process) -> Iterator[Lowered]:
    """Declared data that had a protection of their own. Who reads the case stands behind every datum, so that a new one only narrows."""
    kept = {name for node in now.nodes.values() for name in written(node)}
    for name, data in was.data.items():
        rule, declared_now = rule_of(was, data), now.data.get(name)
        if rule is None or (declared_now is None and name not in kept):
            continue
        own = rule_of(now, declared_now) if declared_now is not None else None
        after = of_rule(own) if own is not None else of_process(now)
        if not after.within(of_rule(rule)):
            yield Lowered(file=file, kind="data", key=name, name=Label(name, name), before=of_rule(rule), after=after)


def _step(file: str, was: Process, now: Process, node: Node, told: set[str | None]) -> Iterator[Lowered]:
    """What is handed in or made at a step: every rule of before must still be kept by one of now. `told`: data reported already."""
    rules = [of_rule(rule) for rule in rules_of(now, node)] or [of_process(now)]
    for rule in rules_of(was, was.nodes[node.id]):
        before = of_rule(rule)
        own = rule.data is None and before != of_process(was)
        if (own or rule.data not in told) and not any(after.within(before) for after in rules):
            form = node.form or (node.action.form if node.action else None)
            yield Lowered(file=file, kind="step", key=node.id, name=node.name, before=before, after=rules[0], form=form)
            return


def _registers(old: Declared, new: Declared) -> Iterator[Lowered]:
    for key, (_, was) in old.registers.items():
        if key in new.registers:
            yield from _register(*new.registers[key], was)


def _register(file: str, now: Register, was: Register) -> Iterator[Lowered]:
    def finding(kind: str, key: str, name: Label, before: Protection, after: Protection) -> Iterator[Lowered]:
        if not after.within(before):
            yield Lowered(file=file, kind=kind, key=key, name=name, before=before, after=after)

    yield from finding("register", now.key, now.name, of_register(was), of_register(now))
    for state in now.states.values():
        earlier = was.states.get(state.key)
        if state.access is not None or (earlier is not None and earlier.access is not None):
            key = f"{now.key}.{state.key}"
            yield from finding("state", key, state.name, of_register(was, state.key), of_register(now, state.key))
    for column in now.columns.values():
        kept = was.columns.get(column.key)
        if kept is not None and kept.access is not None:
            after = Protection(access=column.access) if column.access is not None else of_register(now)
            yield from finding("column", f"{now.key}.{column.key}", column.name, Protection(access=kept.access), after)


def _papers(old: Declared, new: Declared) -> Iterator[Lowered]:
    for key, (_, was) in old.papers.items():
        if key in new.papers:
            file, now = new.papers[key]
            before, after = of_paper(was), of_paper(now)
            if not after.within(before):
                yield Lowered(file=file, kind="paper", key=now.key, name=now.name, before=before, after=after)
