"""A service call on SQLite, with a clock that stands still and governance objects wired as the product wires them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.actor import Actor, Mandate
from engine.ports import Offer
from engine.services import Call
from engine.store.database import Database
from governance.calendars.calendars import Calendars
from governance.documents.documents import Documents
from governance.publicity.publicity import Publicity
from governance.registers.declaration import read_register
from governance.registers.declarations import Declarations
from governance.registers.reaction import Registers
from governance.scoring.scoring import Scoring
from governance.settings.settings import Settings
from governance.signing.signing import Signing

MONDAY = datetime(2026, 3, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


WALKS = read_register("""
register: walks
name: {zh: 散步台账, en: Walks}
number: "SB-{area}-{year}-{seq:4}"
owner: "=place"
access: staff
flags: {late_start: {zh: 出发晚, en: Late start}}
columns:
  - {key: title, kind: text, zh: 标题, en: Title}
  - {key: unit, kind: unit, zh: 单位, en: Unit, list: true}
  - {key: parent, kind: case, zh: 来源, en: Source}
  - {key: topic, kind: text, zh: 主题, en: Topic}
  - {key: km, kind: number, zh: 公里, en: Kilometres, list: true}
  - {key: phone, kind: phone, zh: 电话, en: Phone, access: reporter_protected}
states:
  planned: {zh: 拟定, en: Planned, stage: talk, to: [walking, dropped]}
  walking: {zh: 在走, en: Walking, stage: go, to: [done], access: public}
  done: {zh: 完成, en: Done, stage: go, tone: ok}
  dropped: {zh: 作罢, en: Dropped, stage: talk}
stages: {talk: {zh: 商量, en: Talk}, go: {zh: 行走, en: Go}}
panels: [facts, columns, parties, "register:walks", "register:rides", documents, timeline]
""")


class FakeDirectory:
    """Who holds what: person → selectors; person → units."""

    def __init__(self) -> None:
        self.held: dict[str, set[str]] = {"head": {"role:ent_head@ent_a"}, "sec": {"role:community_party_sec@c1"}}
        self.above: dict[str, str] = {}
        self.units: dict[str, list[str]] = {"head": ["ent_a"], "sec": ["c1"]}

    def selectors_of(self, connection, person, at):
        return {s: Mandate(kind="post", ref="post1", selector=s, zh="职务", en="Post") for s in self.held.get(person, ())}

    def resolve(self, connection, asked, at):
        return [Offer(selector=s) for s in dict.fromkeys([*asked, *(self.above[a] for a in asked if a in self.above)])]

    def unit_of(self, connection, person, at):
        return self.units.get(person, [])


@dataclass
class Desk:
    """Calls services one after the other, each in its own transaction."""

    database: Database
    resources: dict[str, Any]
    directory: FakeDirectory
    now: datetime = MONDAY
    instance: str = "i1"
    area: str | None = "c1"
    number: str | None = None
    process: str = "walk"
    person: str = "wang"
    calls: int = field(default=0)

    def __call__(self, handler, **inputs):
        with self.database.write() as connection:
            self.calls += 1
            call = Call(
                instance=self.instance,
                token="t",
                process=self.process,
                element="step",
                area=self.area,
                number=self.number,
                now=self.now,
                actor=Actor(person=self.person, name=self.person),
                connection=connection,
                idempotency_key=f"k{self.calls}",
                resources=self.resources,
            )
            return handler(call, **inputs)

    def later(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def database(empty_database):
    return empty_database


@pytest.fixture
def desk(database):
    directory = FakeDirectory()
    documents = Documents(names=lambda _c, ids, _at: {"ent_a": "启明光学"} if "ent_a" in ids else {})
    settings = Settings()
    resources = {
        "settings": settings,
        "registers": Registers(Declarations.fixed(WALKS)),
        "documents": documents,
        "signing": Signing(documents=documents, directory=directory),
        "publicity": Publicity(calendars=Calendars()),
        "scoring": Scoring(settings=settings, people=directory),
    }
    return Desk(database, resources, directory)
