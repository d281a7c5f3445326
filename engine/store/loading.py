"""Instances loaded for a command: a small one whole by one statement, of a large one what lies on the way of a token, by two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.runner.port import Snapshot, TokenRow
from engine.store import finished
from engine.store.along import Along
from engine.store.instance_rows import InstanceRow
from engine.store.live import ScopeVariables, StoredRows
from engine.store.tables import content, entry, token, variable

#: up to so many tokens an instance is loaded whole
_WHOLE = 100
_ANY = 10**9
_OF_INSTANCE: sa.BindParameter[str] = sa.bindparam("instance_id")
_NOTHING = sa.cast(sa.null(), sa.Text)
_NO_NUMBER = sa.cast(sa.null(), sa.Integer)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An instance as it was when the command locked it."""

    snapshot: Snapshot
    #: (person, author): who entered something for whom; None: not read
    entered: list[tuple[str, str | None]] | None = None


def load(
    connection: sa.Connection, row: InstanceRow, *, whole: bool = False, at: str | None = None, along: tuple[Along, ...] = ()
) -> Loaded:
    """The live tokens and all variables of an instance; of a large one (unless `whole`) only a reader of them, which already knows what
    the token `at` needs to be completed. Nothing lives in a finished one."""
    if row.finished:
        return Loaded(Snapshot(variables={row.root: finished.variables(connection, row.id)}, next_seq=row.next_seq))
    parts: dict[str, list[Any]] = {"size": [], "token": [], "variable": [], "kernels": [], "entry": [], "along": []}
    most = _ANY if whole else _WHOLE
    for found in connection.execute(_statement(along), {"instance_id": row.id, "most": most, "some": most + 1}):
        parts[found[0]].append(found)
    _bring(connection, along, {found.seq: found.id for found in parts["along"]})
    entered = [(found.id, found.parent) for found in parts["entry"]]
    if parts["size"][0].seq > most:
        rows = StoredRows(connection, row.root)
        if at is not None:
            rows.read_ahead(at)
        return Loaded(Snapshot(rows=rows, next_seq=row.next_seq, apart=rows.apart), entered)
    tokens = sorted((_token(found) for found in parts["token"]), key=lambda t: t.seq)
    apart = {(found.id, found.parent): found.state for found in parts["variable"] if found.state is not None}
    variables = _scopes(connection, parts["variable"], [found.id for found in parts["kernels"]], apart)
    return Loaded(Snapshot(tokens=tokens, variables=variables, next_seq=row.next_seq, apart=apart), entered)


def load_all(connection: sa.Connection, row: InstanceRow) -> Snapshot:
    """All live tokens and variables, however many."""
    return load(connection, row, whole=True).snapshot


def _bring(connection: sa.Connection, along: tuple[Along, ...], brought: Mapping[int, str]) -> None:
    for number, one in enumerate(along):
        one.keep(connection, brought.get(number))


def _scopes(
    connection: sa.Connection, found: Sequence[Any], with_kernels: Sequence[str], apart: dict[tuple[str, str], str]
) -> dict[str, Mapping[str, Any]]:
    own: dict[str, dict[str, Any]] = {}
    for row in found:
        own.setdefault(row.id, {})[row.parent] = values.loads(row.process if row.internal is None else row.internal)
    return {**own, **{scope: ScopeVariables(connection, scope, apart, own.get(scope, {})) for scope in with_kernels}}


def _token(row: Any) -> TokenRow:
    internal = values.loads(row.internal) if row.internal is not None else {}
    return TokenRow(id=row.id, parent=row.parent, process=row.process, node=row.node, state=row.state, seq=row.seq, internal=internal or {})


def _row(kind: str, *columns: Any, where: Sequence[Any] = ()) -> sa.Select[Any]:
    """One branch of the union: a kind, then id, parent, process, node, state, seq, internal, or what stands in their places."""
    names = ("id", "parent", "process", "node", "state", "seq", "internal")
    empty = {"seq": _NO_NUMBER}
    given = dict(zip(names, columns, strict=False))
    shown = [given.get(name, empty.get(name, _NOTHING)).label(name) for name in names]
    return sa.select(sa.literal_column(f"'{kind}'").label("kind"), *shown).where(*where)


@lru_cache(maxsize=8)
def _statement(along: tuple[Along, ...]) -> sa.CompoundSelect[Any]:
    first = sa.select(token.c.id).where(token.c.instance == _OF_INSTANCE).limit(sa.bindparam("some")).subquery("first")
    size = sa.select(sa.func.count().label("tokens")).select_from(first).cte("size")
    count = sa.select(size.c.tokens).scalar_subquery()
    small = count <= sa.bindparam("most")
    t, v = token.c, variable.c
    tokens = _row("token", t.id, t.parent, t.process, t.node, t.state, t.seq, sa.cast(t.internal, sa.Text),
                  where=[t.instance == _OF_INSTANCE, small])  # fmt: skip
    own = _row(
        "variable", v.scope, v.name, v.value, _NOTHING, v.content, _NO_NUMBER, content.c.body,
        where=[v.instance == _OF_INSTANCE, v.kernels.is_(False), small],
    ).select_from(variable.outerjoin(content, v.content == content.c.digest))  # fmt: skip
    #: one row per scope that has variables of the kernel's own
    kernels = _row("kernels", v.scope, where=[v.instance == _OF_INSTANCE, v.kernels.is_(True), small]).group_by(v.scope)
    entries = _row("entry", entry.c.person, entry.c.author, where=[entry.c.instance == _OF_INSTANCE]).distinct()
    brought = [
        _row("along", one.value.scalar_subquery(), *[_NOTHING] * 4, sa.literal_column(str(number)))
        for number, one in enumerate(along)
    ]  # fmt: skip
    head = _row("size", *[_NOTHING] * 5, count)
    return sa.union_all(head, tokens, own, kernels, entries, *brought)
