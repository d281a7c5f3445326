"""Who may ask for a correction, who decides, and what stands in its way (docs/explanation/corrections.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from engine.errors import Conflict
from engine.history.submissions import Version
from engine.queries import DoneLine, InstanceDetails, Submitted
from governance.corrections import store
from governance.desk.entering import may_enter
from governance.desk.protection import Sight
from governance.desk.reading import Look, look
from governance.directory.catalogue import roles
from governance.directory.selectors import parse

#: what others have relied on since → how the page says so
RELIED_ON: Mapping[str, Label] = {
    "frozen": Label("文本已定稿", "a text has been frozen"),
    "signed": Label("已有人签署", "somebody has signed"),
    "scored": Label("已计算评分", "scores have been computed"),
    "voted": Label("已付表决", "it has been put to the vote"),
    "counted": Label("意见已汇总", "opinions have been counted"),
    "minuted": Label("会议纪要已确认", "minutes have been confirmed"),
    "published": Label("已经公示", "it has been published"),
    "issued": Label("已出具文书", "a paper has been issued"),
}


class CorrectionRefused(Conflict):
    """此项内容现在不能更正 / This cannot be corrected now"""

    code = "correction_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A done task with the versions of what was handed in, as one reader looks at its case."""

    done: DoneLine
    case: InstanceDetails
    sight: Sight
    versions: Sequence[Submitted]

    @property
    def seen(self) -> Look:
        return self.sight.seen

    def inside(self, connection: Any) -> Matter:
        """The same, read in an open transaction: what it says of versions, posts and time is that of the transaction."""
        app = self.seen.app
        seen = look(app, self.seen.actor, connection)
        return replace(self, sight=Sight(seen, self.case), versions=app.engine.queries.submissions(self.done.id, connection))

    @property
    def first(self) -> Version:
        return self.versions[0].version

    @property
    def last(self) -> Submitted:
        return self.versions[-1]

    @property
    def whose(self) -> frozenset[str]:
        """Who handed it in, and in whose name."""
        return frozenset(p for p in (self.first.actor, self.first.author) if p)


def is_own(matter: Matter) -> bool:
    """The reader completed the task, or holds what it was completed under, and may read what was handed in."""
    reach = matter.seen.reach
    own = reach.person in matter.whose or (matter.first.selector or "") in reach.selectors
    return own and matter.sight.opens(matter.last.guards)


def helps(matter: Matter) -> bool:
    """The reader may enter the correction of those whose words it is."""
    return may_enter(matter.seen, matter.case.line.area) and matter.sight.opens(matter.last.guards)


def obstacle(matter: Matter) -> Label | None:
    """What others relied on since the submission: then it is no longer a slip of the pen but a change of what they agreed to.

    Source: assumption [A], docs/explanation/corrections.md: what people signed, counted or read is changed in front of them.
    """
    found = store.relied_on(matter.seen.connection, matter.done.instance, matter.first.at)
    if not found:
        return None
    kind = RELIED_ON[found[0][0]]
    return Label(
        f"提交之后{kind.zh}，不能再以更正改动，请按程序另行办理",
        f"Since it was handed in {kind.en}: change it by the procedure itself, not by a correction",
    )


def deciders(matter: Matter, asked_by: Iterable[str]) -> list[str]:
    """Who may approve: heads of the case's area and the areas above it, nearest first, who stand above the one whose submission it is
    and may read it. Nobody decides on his own or on that of his own unit."""
    seen, directory = matter.seen, matter.seen.app.directory
    concerned = frozenset(asked_by) | matter.whose
    heads = [
        head
        for area in directory.area_path(seen.connection, matter.case.line.area, seen.now)
        for head in directory.heads_of(seen.connection, area, seen.now)
    ]
    units = {u for p in concerned for u in _organisations(seen, p)}
    return [
        head
        for head in dict.fromkeys(heads)
        if head not in concerned and not units & _organisations(seen, head) and _above(seen, head, matter) and _reads(matter, head)
    ]


def head_mandate(matter: Matter, person: str) -> Mandate | None:
    """The post by which somebody decides: the nearest one by which he answers for the place."""
    seen, known = matter.seen, roles()
    reach = seen.app.permissions.reach(seen.connection, Actor(person=person), seen.now)
    path = seen.app.directory.area_path(seen.connection, matter.case.line.area, seen.now)
    held = [(parse(text), replace(mandate, selector=text)) for text, mandate in reach.selectors.items() if text.startswith("role:")]
    fitting = [(path.index(s.of), m) for s, m in held if s.of in path and s.code in known and known[s.code].head]
    return min(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _above(seen: Look, head: str, matter: Matter) -> bool:
    """Above everybody who handed it in; whoever has no post at all (a resident) has every head of the place above him."""
    directory = seen.app.directory
    return all(
        directory.is_above(seen.connection, head, person, seen.now) or not directory.unit_of(seen.connection, person, seen.now)
        for person in matter.whose
    )


def _organisations(seen: Look, person: str) -> frozenset[str]:
    """The person's organisations. An area is a place, not an organisation: its head stands above its staff."""
    found = list(seen.app.directory.unit_of(seen.connection, person, seen.now))
    places = seen.app.directory.places(seen.connection, found, seen.now)
    return frozenset(u for u in found if u in places and places[u].sort == "unit")


def _reads(matter: Matter, person: str) -> bool:
    theirs = look(matter.seen.app, Actor(person=person), matter.seen.connection)
    return Sight(theirs, matter.case).opens(matter.last.guards)
