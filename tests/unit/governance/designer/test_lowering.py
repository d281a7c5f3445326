"""What a draft opens to more readers: named place by place, whatever kind of file says it."""

from __future__ import annotations

import pytest

from governance.designer.lowering import Lowered, lowered
from governance.designer.protections import Protection
from governance.designer.templates import new_procedure

BPMN, REGISTER, PAPER = "processes/toy/toy.bpmn", "processes/toy/toys.register.yaml", "processes/toy/letter.paper.yaml"
TOY = new_procedure("toy", "玩具", "Toy", role=("legal", "审查", "Legal"))
ROWS = """register: toys
name: {zh: 玩具台账, en: Toys}
owner: "=area"
access: staff
columns:
  - {key: phone, kind: phone, zh: 电话, en: Phone, access: reporter_protected}
  - {key: note, kind: text, zh: 说明, en: Note}
states:
  open: {zh: 在办, en: Open, to: [done]}
  done: {zh: 办结, en: Done, to: [], access: public}
"""
LETTER = """paper: letter
name: {zh: 函, en: Letter}
templates: {zh: letter.zh.docx}
access: party
owner: "=branch"
data: {note: "=note"}
"""
FILES = {**TOY, REGISTER: ROWS.encode(), PAPER: LETTER.encode()}


def changed(path: str, *changes: tuple[str, str]) -> list[Lowered]:
    text = FILES[path].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return lowered(FILES, {**FILES, path: text.encode()})


def said(found: list[Lowered]) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.key, one.before.text().en, one.after.text().en) for one in found]


def test_nothing_is_said_of_the_same_files_or_of_a_new_procedure() -> None:
    assert lowered(FILES, FILES) == []
    assert lowered({}, FILES) == []


def test_the_class_of_a_case() -> None:
    (found,) = changed(BPMN, ('class="staff"', 'class="public"'))
    assert (found.file, found.kind, found.key, found.name.zh) == (BPMN, "process", "toy", "玩具")
    assert (found.before.access, found.after.access) == ("staff", "public")


DATA = '<cogov:data name="handled" form="toy/handle"'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('access="party" of="=branch"', 'access="staff"', [("data", "handled", "Party branch, only =branch", "Staff")]),
        ('access="party" of="=branch"', "", [("data", "handled", "Party branch, only =branch", "Staff")]),
        (
            'access="parties" of="=[a]"', 'access="parties" of="=[a, b]"',
            [("data", "handled", "Parties, only =[a]", "Parties, only =[a, b]")],
        ),
        (
            'access="reporter_protected" about="=unit"', 'access="reporter_protected"',
            [("data", "handled", "Reporter protected, kept from =unit", "Reporter protected")],
        ),
        ("", 'access="party" of="=branch"', []),
        ('access="members" of="=c"', 'access="party" of="=c"', []),
        ('access="public"', "", []),
    ],
)  # fmt: skip
def test_declared_data(old: str, new: str, expected: list[tuple[str, str, str, str]]) -> None:
    text = FILES[BPMN].decode()
    sides = [{BPMN: text.replace(DATA, f"{DATA} {facts}").encode()} for facts in (old, new)]
    assert said(lowered(*sides)) == expected


def test_a_datum_that_is_no_longer_declared_but_still_written() -> None:
    text = FILES[BPMN].decode()
    before = {BPMN: text.replace(DATA, DATA + ' access="party" of="=branch"').encode()}
    gone = {BPMN: text.replace(DATA + "/>", "").encode()}
    assert [one[:2] for one in said(lowered(before, gone))] == [("data", "handled")]
    unwritten = {BPMN: text.replace(DATA + "/>", "").replace('<zeebe:output source="=form" target="handled"/>', "").encode()}
    assert [one[0] for one in said(lowered(before, unwritten))] == ["step"]


def test_a_step_that_hands_its_form_to_a_datum_for_more_readers() -> None:
    text = (
        FILES[BPMN].decode().replace(DATA, '<cogov:data name="open"/>' + DATA.replace(' form="toy/handle"', "") + ' access="party" of="=b"')
    )
    (found,) = lowered({BPMN: text.encode()}, {BPMN: text.replace('target="handled"', 'target="open"').encode()})
    assert (found.kind, found.key, found.form, found.after.access) == ("step", "handle", "toy/handle", "staff")


def test_the_class_of_a_step() -> None:
    text = FILES[BPMN].decode().replace("<zeebe:userTask/>", '<zeebe:userTask/><cogov:access class="parties" of="=[starter]"/>')
    (found,) = lowered({BPMN: text.encode()}, FILES)
    assert (found.kind, found.key, found.form, found.name.zh) == ("step", "handle", "toy/handle", "办理")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("access: staff", "access: public", [("register", "toys", "Staff", "Public")]),
        ("access: staff", "access: staff\naccess_from: '=class'", [("register", "toys", "Staff", "Staff, decided by =class")]),
        (
            "Open, to: [done]}", "Open, to: [done], access: public}",
            [("state", "toys.open", "Staff", "Public")],
        ),
        ("to: [], access: public}", "to: []}", []),
        ("Phone, access: reporter_protected}", "Phone, access: parties}", [("column", "toys.phone", "Reporter protected", "Parties")]),
        ("Phone, access: reporter_protected}", "Phone}", [("column", "toys.phone", "Reporter protected", "Staff")]),
        ("en: Note}", "en: Note, access: parties}", []),
        ("access: staff", "access: staff\ngroup: {zh: 甲, en: A}", []),
    ],
)  # fmt: skip
def test_registers_their_states_and_columns(old: str, new: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert said(changed(REGISTER, (old, new))) == expected


def test_a_new_state_opens_rows() -> None:
    (found,) = changed(REGISTER, ("states:\n", "states:\n  shown: {zh: 公示, en: Shown, to: [], access: public}\n"))
    assert (found.kind, found.key, found.before.access, found.after.access) == ("state", "toys.shown", "staff", "public")


def test_papers() -> None:
    assert said(changed(PAPER, ("access: party", "access: staff"))) == [("paper", "letter", "Party branch, only =branch", "Staff")]
    assert [one.kind for one in changed(PAPER, ('"=branch"', '"=area"'))] == ["paper"]
    assert changed(PAPER, ("access: party", "access: party\nof: '=branch'")) == []


def test_a_file_that_was_moved_is_found_by_its_key() -> None:
    moved = {path: content for path, content in FILES.items() if path != REGISTER}
    moved["processes/toy/others.register.yaml"] = ROWS.replace("access: staff", "access: public").encode()
    assert [one.file for one in lowered(FILES, moved) if one.kind == "register"] == ["processes/toy/others.register.yaml"]


def test_a_confirmation_holds_for_one_change_only() -> None:
    (one,) = changed(PAPER, ("access: party", "access: staff"))
    (same,) = changed(PAPER, ("access: party", "access: staff"), ("Letter", "Note"))
    (other,) = changed(PAPER, ("access: party", "access: public"))
    assert one.id == same.id != other.id


def test_a_draft_that_cannot_be_read_is_left_to_the_check() -> None:
    broken = {**FILES, REGISTER: b"register: [", PAPER: b"paper: [", BPMN: b"<x"}
    assert lowered(FILES, broken) == []


def test_readers_within_readers() -> None:
    staff, party, members = Protection(access="staff"), Protection(access="party", of="c"), Protection(access="members", of="c")
    assert party.within(members)
    assert not members.within(party)
    assert not party.within(staff), "members of the branch are no staff"
    assert Protection(access="staff", of="x").within(staff)
    assert all(one.within(Protection(access="public")) for one in (staff, party, members))
    assert (party.text().zh, party.text().en) == ("支部党员可见，仅限 =c", "Party branch, only =c")
