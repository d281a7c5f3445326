"""What of a case one reader may see: every declared datum, with what was handed in for it, is shown to its class only (domain 2.5).

A case is opened as a whole by `reading.require_case`; this says what inside it stays shut. Every page, list, export and answer of the
API that shows content asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.definitions.model import Label
from engine.definitions.protection import OF_A_COMMITTEE, protected
from engine.errors import NotFound
from engine.guards import Guard
from engine.queries import IncidentLine, InstanceDetails, Queries
from engine.store.guards import DATA, DOCUMENT, FILE
from governance.desk.causes import said
from governance.desk.reading import Look, kept_for, require_case
from governance.directory.may import Data, Decision, sees
from governance.directory.selectors import person as person_selector
from governance.registers import store as rows
from governance.registers.access import may_read

PARTY = "party"
#: classes that also hide who handed something in
HIDES_PERSON = ("reporter_protected", "procurement_sealed")
KEPT_SECRET = Label("受保护", "Protected")
WITHHELD = Label(
    "这一步没有办成。故障说明可能涉及受保护的内容，不予显示", "This step failed. What it says may quote protected data and is not shown"
)


@dataclass
class Sight:
    """One reader on one case."""

    seen: Look
    case: InstanceDetails

    def opens(self, guards: Iterable[Guard]) -> bool:
        """Whether the reader satisfies all of them."""
        return self.refusal(guards) is None

    def refusal(self, guards: Iterable[Guard]) -> Label | None:
        """Why the reader may not read it; None: he may. What has no guard of its own is kept like the case as a whole: also what a
        called procedure took in, which knows nothing of the case's class."""
        asked = tuple(guards) or self._kept
        return next((decision.reason for guard in asked if not (decision := self._decide(guard))), None)

    @property
    def suits_party(self) -> bool:
        """Whether the case is no party's, or the reader a party member (or the system)."""
        return self.seen.reach.system or self.seen.reach.party_member or not any(guard.access == PARTY for guard in self._kept)

    @property
    def open_as_a_whole(self) -> bool:
        """Whether the reader reads the case by its class; who was let in by a task of his reads no more than that."""
        return self.opens(self._kept)

    def hides_person(self, guards: Iterable[Guard]) -> bool:
        """Whether who handed it in is kept from the reader, too."""
        return any(guard.access in HIDES_PERSON and not self._decide(guard) for guard in guards)

    def hidden_names(self, token: str | None = None) -> frozenset[str]:
        """Declared variables that a token sees (None: the outermost scope) and the reader may not."""
        found = self._queries.variable_guards(self.seen.connection, self.case.line.id, token)
        return frozenset(name for name, guards in found.items() if not self.opens(guards))

    def incident_text(self, line: IncidentLine) -> Label:
        """What failed, in the engine's own words, for who may read all data the words may quote; for others that it is kept back."""
        if self.withholds() or self.hidden_names(line.token):
            return WITHHELD
        return said(line.message)

    def withholds(self) -> bool:
        """Whether words that may quote anything of the case are kept from the reader: he may not open it, or something in it or in what
        it calls now is protected from him."""
        model = self._queries.process_of(self.case.line.id)
        try:
            require_case(self.seen, self.case, model)
        except NotFound:
            return True
        called = {t.process for t in self.case.tokens} - {model.id}
        inside = any(protected(self._queries.process_of(self.case.line.id, key)) for key in called)
        return not self.open_as_a_whole or inside or bool(self.hidden_names())

    def without_quotes(self, kind: str, element: str | None, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """The content of a history row of an incident without what may quote protected data."""
        if not kind.startswith("incident"):
            return content
        called = (element or "").rpartition("/")[0].rpartition("/")[2]
        inside = bool(called) and bool(protected(self._queries.process_of(self.case.line.id, called)))
        if self.open_as_a_whole and not inside and not self.hidden_names():
            return content
        return {key: value for key, value in content.items() if key not in ("message", "variables")}

    def file(self, file_id: str) -> bool:
        return self.opens(self._files.get(file_id, ()))

    def document(self, document: str) -> bool:
        return self.opens(self._documents.get(document, ()))

    @cached_property
    def secret_persons(self) -> frozenset[str]:
        """Persons whose part in the case the reader must not learn of (reporters)."""
        stored = self._queries.guards_of(self.seen.connection, self.case.line.id, DATA)
        return frozenset(
            person for guards in stored.values() for g in guards if g.access in HIDES_PERSON and not self._decide(g) for person in g.by
        )

    def names_secret(self, selectors: Sequence[str], assignee: str | None) -> bool:
        """Whether saying whom a task waits for would name such a person."""
        secret = {person_selector(p) for p in self.secret_persons}
        return bool(secret) and (assignee in self.secret_persons or bool(set(selectors) & secret))

    # Inside -----------------------------------------------------------------------------------------------------------

    def _decide(self, guard: Guard) -> Decision:
        area = self.case.line.area
        worked = self._worked if guard.access == "parties" else ()
        data = Data(access=guard.access, area=area, owner=area, participants=worked, about=guard.about, of=guard.of, by=guard.by)
        decision = sees(self.seen.reach, data)
        if not decision and guard.of is None and guard.access == "parties" and self._stands_in_a_row:
            return Decision(allowed=True)
        return decision

    @cached_property
    def _kept(self) -> tuple[Guard, ...]:
        """The guard of the case as a whole, where it is kept for some; who worked on it reads it unless it is a committee's."""
        kept = kept_for(self.seen, self.case.line.id, self._queries.process_of(self.case.line.id))
        if kept is None:
            return ()
        return (kept if kept.access in OF_A_COMMITTEE else replace(kept, by=(*kept.by, *self._worked)),)

    @cached_property
    def _worked(self) -> tuple[str, ...]:
        return tuple(p for p in (self.case.line.starter, *(d.person for d in self.case.done), *self.case.authors) if p)

    @cached_property
    def _stands_in_a_row(self) -> bool:
        """A register row of the case names the reader or his unit as a party."""
        found = rows.rows_of_instance(self.seen.connection, self.case.line.id)
        return any(may_read("parties", row.subject, self.seen.reach) for row in found)

    @property
    def _queries(self) -> Queries:
        return self.seen.app.engine.queries

    @cached_property
    def _files(self) -> dict[str, tuple[Guard, ...]]:
        return self._queries.guards_of(self.seen.connection, self.case.line.id, FILE)

    @cached_property
    def _documents(self) -> dict[str, tuple[Guard, ...]]:
        return self._queries.guards_of(self.seen.connection, self.case.line.id, DOCUMENT)
