"""One question: may this person do this to that, at this instant? (design 11, domain 2.5)

`Reach` is what a person holds, read once per request; `decide` and `sees` are pure functions over it, so lists can be filtered
with the same facts in their query (areas, selectors, committees) as a single page asks with `may`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from governance.directory import selectors, store
from governance.directory.catalogue import roles
from governance.directory.directory import Directory
from governance.directory.mandates import mandates_of, own_units, running_seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer, its reason for the reader, and the mandate the act will rest on (None when refused or open to everybody)."""

    allowed: bool
    reason: Label = field(default_factory=Label)
    mandate: Mandate | None = None

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An open user task. `selectors` as stored (already resolved); `excluded`: persons or units that must not do it."""

    selectors: tuple[str, ...] = ()
    assignee: str | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Something that can be read: a case, a record, a column, a file. `access` is its class.

    `parties`: selectors of the two sides and the mediator. `participants`: persons who work or worked on the case.
    `committee`: whose members (class members) or party members (class party) may read. `owner`: area or unit that keeps it.
    `about`: units reported on, kept from the class reporter_protected. `opens_at`: when a sealed bid is opened.
    `of`: selectors, persons, units or committees who alone may read it (None: the class decides). `by`: whose own words it is.
    """

    access: str
    area: str | None = None
    owner: str | None = None
    committee: str | None = None
    parties: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    opens_at: datetime | None = None
    of: tuple[str, ...] | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A procedure to start. `selectors` of the lane of its start event; empty: every person with an account."""

    selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A cogov:action of a case; `public`: people without an account, too."""

    selectors: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """An area as the object of administration or export; None: the whole installation."""

    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a person holds at an instant. `selectors`: with mandates. `staff_areas`: areas whose staff data he reads (his posts'
    areas and all below). `grants`: pattern of an administrative action → areas it covers."""

    person: str | None
    at: datetime
    selectors: Mapping[str, Mandate] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    committees: frozenset[str] = frozenset()
    staff_areas: frozenset[str] = frozenset()
    #: areas and units where he holds a staff post himself
    staff_at: frozenset[str] = frozenset()
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: areas without a parent: who covers all of them administers the installation
    roots: frozenset[str] = frozenset()
    party_member: bool = False
    system: bool = False

    def held(self, asked: Iterable[str]) -> Mandate | None:
        """The first of these selectors that the person satisfies, as a mandate."""
        return next((self.selectors[s] for s in asked if s in self.selectors), None)


_PUBLIC = Mandate(kind="public", selector="public", zh="公众", en="The public")
_NO_ACCOUNT = Label("请先登录。", "Please sign in first.")
_ABOUT = Label("举报人信息对被举报单位保密。", "The reporter is kept secret from the unit reported on.")
_BRANCH = Label("仅限本支部党员查阅。", "Only party members of the branch may read this.")
_ALONE = Label("仅限指定的人员查阅，管理权限不含查阅。", "Only those named may read this; the right to administer does not open it.")


class Permissions:
    """`may` for one object; `reach` to decide about many."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def may(self, connection: Any, actor: Actor, action: str, thing: object, at: datetime) -> Decision:
        """Whether `actor` may do `action` to `thing` (Task, Data, Start, Button or Scope of this module)."""
        return decide(self.reach(connection, actor, at), action, thing)

    def reach(self, connection: Any, actor: Actor, at: datetime) -> Reach:
        """What the actor holds at that instant."""
        if actor.system or actor.person is None:
            return Reach(person=None, at=at, system=actor.system)
        person = actor.person
        known = self._directory.remember(connection, at, ("reach", person), lambda: self._reach(connection, person, at))
        return replace(known, at=at)

    def _reach(self, connection: Any, person: str, at: datetime) -> Reach:
        row = store.person_row(connection, person)
        holdings, stands = self._directory.held(connection, person, at)
        tree = store.area_tree(connection, at)
        below = _below(tree)
        staff_areas, staff_at, grants = set[str](), set[str](), dict[str, set[str]]()
        for post in (p for p in holdings.posts if p.person == person and p.role in roles()):
            role, covered = roles()[post.role], below(_area_of(holdings.places.get(post.of)))
            if role.staff:
                staff_areas |= covered
                staff_at.add(post.of)
            for pattern in role.grants:
                grants.setdefault(pattern, set()).update(covered)
        return Reach(
            person=person,
            at=at,
            selectors=mandates_of(person, holdings, stands),
            units=frozenset(own_units(holdings, person)),
            committees=frozenset(s.committee for s in running_seats(holdings, person)),
            staff_areas=frozenset(staff_areas),
            staff_at=frozenset(staff_at),
            roots=frozenset(a for a, parent in tree.items() if parent is None),
            grants={pattern: frozenset(of) for pattern, of in grants.items()},
            party_member=bool(row and row["party_member"]),
        )


def _area_of(place: store.Place | None) -> str | None:
    if place is None:
        return None
    return place.id if place.sort == "area" else place.area


def decide(reach: Reach, action: str, thing: object) -> Decision:
    """The rule of `action`. Raises ValueError for an action nobody declared or an object of the wrong kind (a programming error)."""
    if reach.system:
        return Decision(allowed=True, mandate=Mandate(kind="system", zh="系统", en="System"))
    if action.startswith("admin.") or action in ("register.export", "intake"):
        return _administer(reach, action, thing)
    rule = _RULES.get(action)
    if rule is None:
        raise ValueError(f"no rule for the action {action!r}")
    return rule(reach, thing)


def sees(reach: Reach, data: Data) -> Decision:
    """Whether data of this class may be read (domain 2.5). Taking part in a case opens it, except what is sealed or reported on."""
    if reach.system or data.access == "public":
        return Decision(allowed=True)
    if reach.person is None:
        return _refuse(_NO_ACCOUNT)
    rule = _CLASSES.get(data.access)
    if rule is None:
        raise ValueError(f"no access class {data.access!r}")
    if reach.person in data.by:
        return Decision(allowed=True)
    return rule(reach, data) if data.of is None else _named(reach, data, data.of)


def _named(reach: Reach, data: Data, of: tuple[str, ...]) -> Decision:
    """Only those who are named: taking part in the case, staff posts and administrative rights open nothing here."""
    if set(data.about) & reach.units:
        return _refuse(_ABOUT)
    if data.access == "party" and not reach.party_member:
        return _refuse(_BRANCH)
    own = reach.units | reach.committees | reach.staff_at | (reach.staff_areas if data.access == "staff" else frozenset())
    if any(ref in own or ref in reach.selectors or selectors.person(ref) in reach.selectors for ref in of):
        return Decision(allowed=True)
    return _refuse(_ALONE)


def _complete(reach: Reach, thing: object) -> Decision:
    assert isinstance(thing, Task)
    if reach.person is None:
        return _refuse(_NO_ACCOUNT)
    if set(thing.excluded) & ({reach.person} | reach.units):
        return _refuse(Label("本人或本单位的事项须回避。", "You or your own organisation must not decide on this."))
    if thing.assignee and thing.assignee != reach.person:
        mandate = reach.selectors.get(selectors.person(thing.assignee))
        if mandate is None:
            return _refuse(Label("该任务已由他人领取。", "Somebody else has taken this task."))
    else:
        mandate = _not_for(reach, thing)
    if mandate is None and thing.assignee == reach.person:
        mandate = reach.selectors[selectors.person(reach.person)]
    if mandate is None:
        return _refuse(Label("该任务未分派给您现任的岗位或席位。", "This task is not offered to a post or seat you hold now."))
    if mandate.on_behalf_of in thing.excluded:
        return _refuse(Label("委托人须回避，受托人也不得办理。", "The person you act for must not decide on this, so you must not either."))
    return Decision(allowed=True, mandate=mandate)


def _not_for(reach: Reach, task: Task) -> Mandate | None:
    """The mandate for a task, preferring one that is not held for an excluded person."""
    held = [reach.selectors[s] for s in task.selectors if s in reach.selectors]
    free = [m for m in held if m.on_behalf_of not in task.excluded]
    return next(iter(free or held), None)


def _start(reach: Reach, thing: object) -> Decision:
    assert isinstance(thing, Start)
    if "public" in thing.selectors:
        return Decision(allowed=True, mandate=_PUBLIC)
    if reach.person is None:
        return _refuse(_NO_ACCOUNT)
    mandate = reach.held(thing.selectors) if thing.selectors else reach.selectors.get(selectors.person(reach.person))
    if mandate is None:
        return _refuse(Label("您现任的岗位或席位不能发起此流程。", "No post or seat you hold now may start this procedure."))
    return Decision(allowed=True, mandate=mandate)


def _press(reach: Reach, thing: object) -> Decision:
    assert isinstance(thing, Button)
    mandate = reach.held(thing.selectors)
    if mandate is not None:
        return Decision(allowed=True, mandate=mandate)
    if thing.public or "public" in thing.selectors:
        return Decision(allowed=True, mandate=_PUBLIC)
    if reach.person is None:
        return _refuse(_NO_ACCOUNT)
    return _refuse(Label("您现任的岗位或席位不能使用此操作。", "No post or seat you hold now may use this action."))


def _read(reach: Reach, thing: object) -> Decision:
    assert isinstance(thing, Data)
    return sees(reach, thing)


def _administer(reach: Reach, action: str, thing: object) -> Decision:
    assert isinstance(thing, Scope)
    for pattern, areas in reach.grants.items():
        covered = bool(areas) and reach.roots <= areas if thing.area is None else thing.area in areas
        if covered and fnmatchcase(action, pattern):
            return Decision(allowed=True, mandate=Mandate(kind="post", selector=pattern, zh="管理权限", en="Administration"))
    return _refuse(Label("您的岗位在此区域没有这项管理权限。", "Your post has no such administrative right in this area."))


def _staff(reach: Reach, data: Data) -> Decision:
    if _takes_part(reach, data) or (reach.staff_areas and (data.area is None or data.area in reach.staff_areas)):
        return Decision(allowed=True)
    return _refuse(Label("仅限本辖区工作人员查阅。", "Only staff of this area may read this."))


def _members(reach: Reach, data: Data) -> Decision:
    if data.committee in reach.committees:
        return Decision(allowed=True)
    return _refuse(Label("仅限该议事机构成员查阅。", "Only members of the committee may read this."))


def _party(reach: Reach, data: Data) -> Decision:
    if reach.party_member and data.committee in reach.committees:
        return Decision(allowed=True)
    return _refuse(_BRANCH)


def _parties(reach: Reach, data: Data) -> Decision:
    if _takes_part(reach, data) or reach.held(data.parties) or (data.owner is not None and data.owner in reach.staff_at):
        return Decision(allowed=True)
    return _refuse(Label("仅限当事各方查阅。", "Only the parties may read this."))


def _reporter(reach: Reach, data: Data) -> Decision:
    if set(data.about) & reach.units:
        return _refuse(_ABOUT)
    if _takes_part(reach, data) or reach.held(data.parties):
        return Decision(allowed=True)
    return _refuse(Label("仅限经办人查阅举报人信息。", "Only those who handle the case may see the reporter."))


def _sealed(reach: Reach, data: Data) -> Decision:
    if reach.held(data.parties):
        return Decision(allowed=True)
    if data.opens_at is None or reach.at < data.opens_at:
        return _refuse(Label("开标前任何人不得查看投标文件。", "Nobody may read a bid before it is opened."))
    if _takes_part(reach, data) or data.committee in reach.committees:
        return Decision(allowed=True)
    return _refuse(Label("仅限采购经办人和评审成员查阅。", "Only those who run the procurement may read this."))


def _takes_part(reach: Reach, data: Data) -> bool:
    return reach.person in data.participants


def _refuse(reason: Label) -> Decision:
    return Decision(allowed=False, reason=reason)


def _below(tree: Mapping[str, str | None]) -> Callable[[str | None], set[str]]:
    """Function giving an area and everything under it; nothing for None."""
    children: dict[str, list[str]] = {}
    for area, parent in tree.items():
        if parent is not None:
            children.setdefault(parent, []).append(area)

    def below(top: str | None) -> set[str]:
        found, waiting = set[str](), [top] if top is not None else []
        while waiting:
            area = waiting.pop()
            if area not in found:
                found.add(area)
                waiting.extend(children.get(area, ()))
        return found

    return below


_Rule = Callable[[Reach, object], Decision]
_RULES: Mapping[str, _Rule] = {
    "task.complete": _complete,
    "instance.start": _start,
    "action.use": _press,
    "case.read": _read,
    "record.read": _read,
    "file.read": _read,
}
_CLASSES: Mapping[str, Callable[[Reach, Data], Decision]] = {
    "members": _members,
    "party": _party,
    "parties": _parties,
    "reporter_protected": _reporter,
    "procurement_sealed": _sealed,
    "staff": _staff,
}
