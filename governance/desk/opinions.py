"""Opinion rounds on their page: who may answer how, taking an answer, what the public and what staff may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import FieldError, Forbidden, FormInvalid, NotFound
from governance.application import Application
from governance.desk.entering import may_enter
from governance.desk.reading import Look, look
from governance.directory.may import Data, sees
from governance.opinions import counting, store
from governance.opinions.answering import STAFF_CHANNELS, Given, RoundClosed, Taken

_NO_WAY = (
    "这次征求意见只面向名单上的住户、单位或人员，请用收到的专属链接打开，或登录后填写。 / "
    "Only those on the list are asked: open your personal link, or sign in."
)

_SIGN_OUT = Label(
    "您已用工作人员账户登录，不能用别人的链接填写。请退出登录，由本人填写。",
    "You are signed in as staff and cannot answer by somebody else's link. Sign out, so that he answers himself.",
)
_NO_CHANNEL = Label("您以工作人员身份代填，请说明怎样得到的意见", "You enter this for somebody else: say how you got the opinion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Who the reader answers for, and what he said before."""

    #: slots he may answer for: [{id, name, group}]; empty in a public round where he says himself who he is
    slots: Sequence[Mapping[str, Any]] = ()
    #: he must say which household, unit or person he is
    asks_identity: bool = False
    #: the reader is staff and the link is somebody else's: what he enters is entered on behalf, and says so
    behalf: bool = False
    #: his answer so far, by question key
    before: Mapping[str, Any] | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a reader may see of the count: the public small groups only together, staff everything."""

    counted: int
    not_counted: int
    rate: Mapping[str, Any]
    enough: bool
    #: too few answers in all: nothing but their number
    hidden: bool
    questions: Sequence[Mapping[str, Any]] = ()
    groups: Sequence[Mapping[str, Any]] = ()
    texts: Sequence[Mapping[str, Any]] = ()
    marks: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """A round in the panel of its case. `asks_me`: the reader has not answered yet."""

    slug: str
    title: str
    method: str
    state: str
    public: bool
    invited: int
    answered: int
    closes_at: datetime
    asks_me: bool
    adopted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A round as its page shows it."""

    id: str
    slug: str
    title: str
    subject: str
    instance: str
    method: str
    one_per: str
    public: bool
    residents_of: str | None
    state: str
    taking: bool
    opened_at: datetime
    closes_at: datetime
    extensions: int
    computation: Label
    invited: int
    answered: int
    questions: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    device_most: int
    group_least: int
    #: None: the reader cannot answer
    sheet: Sheet | None
    #: why not
    closed_to: Label | None
    staff: bool
    result: Result | None
    adoption: Sequence[Mapping[str, Any]]
    adopted_at: datetime | None
    #: staff who run the round or have the right of intake: they hand out links and write down answers
    enters: bool = False
    #: staff only: who has not answered, and who handed him his link when
    waiting: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Personal links that were just made: shown once."""

    title: str
    slug: str
    closes_at: datetime
    #: [{name, group, token}]
    links: Sequence[Mapping[str, Any]]


def page(app: Application, actor: Actor, slug: str, *, token: str | None = None, answered: bool = False) -> Page:
    """The round for this reader; `answered`: he has just answered, perhaps as the last one, whose answer closes the round.
    Raises NotFound: also for a link that is not of this round, and for a round that is no business of his."""
    with app.database.read() as connection:
        seen, row = _round(app, actor, connection, slug)
        staff = _is_staff(seen, row)
        sheet = _sheet(seen, row, token)
        if not answered and not _opens(row, sheet, staff):
            raise NotFound(_NO_WAY, slug=slug)
        settings = app.settings
        most = int(settings.get(connection, "opinions.device_most", seen.now, row["area"]))
        least = app.opinions.group_least(connection, row["area"], seen.now)
        ended = row["state"] == "closed"
        shown = staff or (ended and row["access"] == "public") or (ended and sheet is not None)
        computed = row["computation"] or {}
        return Page(
            id=row["id"],
            slug=slug,
            title=row["title"],
            subject=row["subject"],
            instance=row["instance"],
            method=row["method"],
            one_per=row["one_per"],
            public=row["public"],
            residents_of=_place_name(seen, row["residents_of"]),
            state=row["state"],
            taking=_taking(row, seen.now),
            opened_at=row["opened_at"],
            closes_at=row["closes_at"],
            extensions=row["extensions"],
            computation=Label(str(computed.get("zh", "")), str(computed.get("en", ""))) if not row["extensions"] else Label(),
            invited=row["invited"],
            answered=row["answered"],
            questions=row["questions"],
            groups=row["groups"],
            device_most=most,
            group_least=least,
            sheet=sheet if _taking(row, seen.now) else None,
            closed_to=_closed_to(seen, row, sheet),
            staff=staff,
            enters=staff and _enters(seen, row),
            result=_result(connection, row, staff, least) if shown else None,
            adoption=store.adoption(connection, row["id"], row["adoption_version"]) if shown or row["access"] == "public" else (),
            adopted_at=row["adopted_at"],
            waiting=_waiting(seen, row) if staff else (),
        )


def answer(
    app: Application,
    actor: Actor,
    slug: str,
    answers: Mapping[str, Any],
    *,
    token: str | None = None,
    slot: str | None = None,
    identity: Mapping[str, Any] | None = None,
    channel: str | None = None,
    device: str | None = None,
) -> Taken:
    """Hand in an answer: by personal link (`token`), by account (his own slot, or `slot` of one of his units), by staff for a
    `slot` or an `identity` (`channel` door, paper, phone or talk), or by anybody in a public round (`identity`).

    The last one before the closing counts. Raises FormInvalid, RoundClosed, NotFound, Forbidden."""

    def command(connection: Any) -> Taken:
        seen, row = _round(app, actor, connection, slug)
        given = _given(seen, row, answers, token, slot, identity or {}, channel, device)
        return app.opinions.take(connection, row["id"], given, seen.now)

    return app.database.run(command)


def hand_out(app: Application, actor: Actor, slug: str, slots: Sequence[str]) -> Handed:
    """Make the personal links of these slots, for the one who hands them out (empty: of everybody who has not answered and has none).
    They are shown this once; who made them and when is kept. Raises NotFound, Forbidden, ServiceRefused."""

    def command(connection: Any) -> Handed:
        seen, row = _round(app, actor, connection, slug)
        _require_entering(seen, row)
        invited = {s["id"]: s for s in store.slots(connection, row["id"], invited=True)}
        wanted = list(slots) or [s["id"] for s in invited.values() if not s["answered"] and s["handed_at"] is None]
        made = app.opinions.hand_out(connection, row["id"], wanted, seen.actor.person, seen.now)
        links = [{"name": invited[s]["name"], "group": invited[s]["group"], "token": token} for s, token in made.items()]
        return Handed(title=row["title"], slug=slug, closes_at=row["closes_at"], links=links)

    return app.database.run(command)


def of_case(app: Application, actor: Actor, instance: str) -> list[RoundLine]:
    """The rounds of a case that the reader may open, oldest first. Whether he may see the case is the caller's question."""
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        found = [
            (row, _sheet(seen, row, None), _is_staff(seen, row)) for row in app.opinions.of_instance(connection, instance)
        ]  # fmt: skip
        return [_line(row, sheet, seen.now) for row, sheet, staff in found if _opens(row, sheet, staff)]


def _opens(row: Mapping[str, Any], sheet: Sheet | None, staff: bool) -> bool:
    """Whether the page of the round is any business of the reader."""
    return sheet is not None or bool(row["public"]) or staff or _is_open_to_read(row)


def _line(row: Mapping[str, Any], sheet: Sheet | None, now: datetime) -> RoundLine:
    asked = sheet is not None and not sheet.asks_identity and sheet.answered_at is None
    return RoundLine(
        slug=row["slug"], title=row["title"], method=row["method"], state=row["state"], public=row["public"], invited=row["invited"],
        answered=row["answered"], closes_at=row["closes_at"], asks_me=asked and _taking(row, now), adopted_at=row["adopted_at"],
    )  # fmt: skip


def public_rounds(app: Application, limit: int = 20) -> list[dict[str, Any]]:
    """Rounds anybody may answer now: {slug, title, closes_at}, soonest end first."""
    with app.database.read() as connection:
        found = store.open_public(connection, app.clock.now(), limit)
    return [{"slug": r["slug"], "title": r["title"], "closes_at": r["closes_at"]} for r in found]


def lines(app: Application, actor: Actor, slug: str) -> tuple[list[Label], list[list[Any]]]:
    """Head and rows of every answer, for the export of staff. Raises NotFound, Forbidden."""
    with app.database.read() as connection:
        seen, row = _round(app, actor, connection, slug)
        _require_staff(seen, row)
        found = store.answers(connection, row["id"], counted=False)
        entered = seen.names(a["entered_by"] for a in found)
    codes = app.engine.queries.codes()
    head = [
        Label("提交时间", "At"), Label("对象", "Who"), Label("组别", "Group"), Label("渠道", "Channel"), Label("代填人", "Entered by"),
        Label("计入", "Counts"), Label("不计入原因", "Why not"), Label("姓名", "Name"), Label("电话", "Telephone"),
        *(Label(f"{n}. {q['text']['zh']}", f"{n}. {q['text']['en']}") for n, q in enumerate(row["questions"], 1)),
    ]  # fmt: skip
    groups = {g["key"]: g[actor.language if actor.language == "en" else "zh"] for g in row["groups"]}
    name_of = _namer(codes, actor.language)
    rows = []
    for a in found:
        identity = a["identity"] or {}
        told = [_plain(q, a["answers"].get(q["key"]), name_of) for q in row["questions"]]
        rows.append(
            [
                a["at"], a["slot_name"], groups.get(a["slot_group"], a["slot_group"]), name_of("opinion_channel", a["channel"]),
                entered.get(a["entered_by"] or ""), a["counted"], name_of("opinion_mark", a["mark"]), identity.get("name"),
                identity.get("phone"), *told,
            ]
        )  # fmt: skip
    return head, rows


def _namer(codes: Mapping[str, Any], language: str) -> Any:
    def name(listed: str, code: str | None) -> str | None:
        found = next((c for c in codes.get(listed, ()) if c["code"] == code), None)
        return str(found["en" if language == "en" else "zh"]) if found else code

    return name


def _plain(question: Mapping[str, Any], value: Any, name_of: Any) -> Any:
    if value is None:
        return None
    if question["kind"] == "clause":
        stance = name_of("opinion_stance", value["stance"])
        return f"{stance}：{value['text']}" if value["text"] else stance
    return "；".join(value) if isinstance(value, list) else value


def _round(app: Application, actor: Actor, connection: Any, slug: str) -> tuple[Look, dict[str, Any]]:
    row = store.by_slug(connection, slug)
    if row is None:
        raise NotFound("没有这次征求意见 / there is no such opinion round", slug=slug)
    return look(app, actor, connection), row


def _is_staff(seen: Look, row: Mapping[str, Any]) -> bool:
    return bool(sees(seen.reach, Data(access="staff", area=row["area"])))


def _require_staff(seen: Look, row: Mapping[str, Any]) -> None:
    decision = sees(seen.reach, Data(access="staff", area=row["area"]))
    if not decision:
        raise Forbidden(f"{decision.reason.zh} / {decision.reason.en}")


def _enters(seen: Look, row: Mapping[str, Any]) -> bool:
    """Whether the reader may hand out links and write down what others said: by the right of intake, or because he runs the round."""
    return may_enter(seen, row["area"]) or seen.reach.held(row["organisers"]) is not None


def _require_entering(seen: Look, row: Mapping[str, Any]) -> None:
    _require_staff(seen, row)
    if not _enters(seen, row):
        raise Forbidden("只有组织者和受理人员可以发放链接、代填 / only those who run the round or take in for others may do this")


def _on_behalf(seen: Look, row: Mapping[str, Any], token: str | None, slots: Sequence[Mapping[str, Any]]) -> bool:
    """Staff with somebody else's link: his own account, not the household, is who sits there."""
    if token is None or not slots or seen.actor.person is None or not _is_staff(seen, row):
        return False
    return slots[0]["id"] not in {s["id"] for s in seen.app.opinions.mine(seen.connection, row["id"], seen.actor.person, seen.now)}


def _closed_to(seen: Look, row: Mapping[str, Any], sheet: Sheet | None) -> Label | None:
    """Why the reader cannot answer."""
    if sheet is None:
        return _why_not()
    return _SIGN_OUT if sheet.behalf and not _enters(seen, row) else None


def _is_open_to_read(row: Mapping[str, Any]) -> bool:
    return bool(row["state"] != "open" and row["access"] == "public")


def _taking(row: Mapping[str, Any], now: datetime) -> bool:
    return bool(row["state"] == "open" and now < row["closes_at"])


def _sheet(seen: Look, row: Mapping[str, Any], token: str | None) -> Sheet | None:
    slots = _own_slots(seen, row, token)
    if slots:
        before = store.counted_of(seen.connection, slots[0]["id"])
        shown = [{"id": s["id"], "name": s["name"], "group": s["group"]} for s in slots]
        if _on_behalf(seen, row, token, slots):
            return Sheet(slots=shown, behalf=True)
        return Sheet(slots=shown, before=before["answers"] if before else None, answered_at=before["at"] if before else None)
    return Sheet(asks_identity=True) if row["public"] else None


def _own_slots(seen: Look, row: Mapping[str, Any], token: str | None) -> list[dict[str, Any]]:
    if token is not None:
        found = store.slot_by_token(seen.connection, token)
        if found is not None and found["round"] == row["id"]:
            return [found]
        if row["state"] != "open":
            return []  # links end with the round; whoever opens an old one may still read what everybody may
        raise NotFound("链接无效 / this link is not valid")
    if seen.actor.person is None:
        return []
    return seen.app.opinions.mine(seen.connection, row["id"], seen.actor.person, seen.now)


def _given(
    seen: Look,
    row: Mapping[str, Any],
    answers: Mapping[str, Any],
    token: str | None,
    slot: str | None,
    identity: Mapping[str, Any],
    channel: str | None,
    device: str | None,
) -> Given:
    person, language = seen.actor.person, seen.actor.language
    if channel in STAFF_CHANNELS and token is None:
        _require_entering(seen, row)
        if slot is not None:
            found = store.slot(seen.connection, slot)
            if found is None or found["round"] != row["id"]:
                raise NotFound("没有这一户 / there is no such household", slot=slot)
        return Given(answers=answers, identity=identity, slot=slot, entered_by=person, channel=channel, verified=True, language=language)
    own = _own_slots(seen, row, token)
    if slot is not None:
        own = [s for s in own if s["id"] == slot]
        if not own:
            raise Forbidden("您不能替这一方填写 / you may not answer for this one")
    if _on_behalf(seen, row, token, own):
        _require_entering(seen, row)
        if channel not in STAFF_CHANNELS:
            message = _NO_CHANNEL.in_(language)
            raise FormInvalid([FieldError(pointer="/channel", code="V-REQ", message=message)])
        slot = own[0]["id"]
        return Given(answers=answers, identity=identity, slot=slot, entered_by=person, channel=channel, verified=True, language=language)
    if own:
        way = "link" if token is not None else "web"
        by = None if token is not None else person
        return Given(
            answers=answers, identity=identity, slot=own[0]["id"], person=by, channel=way, verified=True, device=device, language=language
        )
    if token is not None:
        raise RoundClosed
    if not row["public"]:
        raise NotFound(_NO_WAY)
    verified = person is not None and row["one_per"] == "person"
    return Given(answers=answers, identity=identity, person=person, channel="public", verified=verified, device=device, language=language)


def _result(connection: Any, row: Mapping[str, Any], staff: bool, least: int) -> Result:
    slots, found = store.slots(connection, row["id"]), store.answers(connection, row["id"])
    marks = store.marks(connection, row["id"])
    rate = counting.share(row["answered"], row["invited"])
    groups = counting.by_group(row["groups"], slots, found)
    hidden = not staff and len(found) < least
    shown = [{**g, "keys": [g["group"]], "hidden": False} for g in groups] if staff else counting.merge_small(groups, least)
    questions = counting.by_question(row["questions"], [a["answers"] for a in found])
    detailed = [
        {**q, "question": given, "by_group": _per_group(given, shown, found)} for q, given in zip(questions, row["questions"], strict=True)
    ]
    return Result(
        counted=len(found),
        not_counted=sum(marks.values()) - marks.get("superseded", 0),
        rate=rate,
        enough=counting.enough(row["answered"], row["invited"], len(found), counting.fraction(row["min_rate"])),
        hidden=hidden,
        questions=() if hidden else detailed,
        groups=() if hidden else shown,
        texts=counting.texts(row["questions"], found) if staff else (),
        marks=marks if staff else None,
    )


def _per_group(question: Mapping[str, Any], groups: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The question's counts in each group that may be shown."""
    open_groups = [g for g in groups if g["answers"] and not g["hidden"]]
    if len(open_groups) < 2 or question["kind"] == "text":
        return []
    return [
        {"zh": g["zh"], "en": g["en"], **counting.by_question([question], [a["answers"] for a in found if a["slot_group"] in g["keys"]])[0]}
        for g in open_groups
    ]


def _waiting(seen: Look, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    missing = [s for s in store.slots(seen.connection, row["id"], invited=True) if not s["answered"]]
    names = seen.names(s["handed_by"] for s in missing)
    shown = ("id", "name", "group", "kind", "handed_at")
    return [{**{key: s[key] for key in shown}, "handed_by": names.get(s["handed_by"] or "", s["handed_by"])} for s in missing]


def _place_name(seen: Look, area: str | None) -> str | None:
    if area is None:
        return None
    found = seen.app.directory.places(seen.connection, [area], seen.now).get(area)
    return found.name.in_(seen.actor.language) if found else area


def _why_not() -> Label:
    zh, _, en = _NO_WAY.partition(" / ")
    return Label(zh, en)
