"""Register files: what they declare, and the mistakes they may have."""

import pytest

from governance.registers.declaration import RegisterInvalid, format_number, read_register

TEXT = """
register: walks
name: {zh: 散步台账, en: Walks}
number: "SB-{area}-{year}-{seq:4}"
row: one_per_instance
owner: "=community"
access: parties
columns:
  - {key: unit, kind: unit, from: "=intention.unit", zh: 单位, en: Unit, list: true}
  - {key: contact, kind: phone, from: "=terms.phone", zh: 电话, en: Phone, access: staff}
states:
  planned: {zh: 拟定, en: Planned, stage: talk, to: [walking, dropped]}
  walking: {zh: 在走, en: Walking, stage: go, to: [done], access: public}
  done: {zh: 完成, en: Done, stage: go}
  dropped: {zh: 作罢, en: Dropped, stage: talk}
stages: {talk: {zh: 商量, en: Talk}, go: {zh: 行走, en: Go}}
panels: [facts, columns, "register:steps", timeline]
"""


def test_a_register_file_is_read_as_it_stands():
    walks = read_register(TEXT, "walks.register.yaml")
    assert walks.key == "walks"
    assert walks.name.en == "Walks"
    assert walks.owner == "community"
    assert not walks.many
    assert walks.columns["unit"].source == "intention.unit"
    assert walks.columns["unit"].listed
    assert walks.columns["contact"].access == "staff"
    assert list(walks.stages) == ["talk", "go"]
    assert walks.states["done"].final
    assert not walks.states["planned"].final


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (None, "planned", True),
        (None, "walking", True),
        ("planned", "walking", True),
        ("planned", "planned", True),
        ("planned", "done", False),
        ("done", "planned", False),
        ("planned", "nowhere", False),
    ],
)
def test_only_declared_moves_are_allowed(before, after, allowed):
    assert read_register(TEXT).allows(before, after) is allowed


def test_a_state_may_open_the_row_to_another_class():
    walks = read_register(TEXT)
    assert walks.access_of("planned") == "parties"
    assert walks.access_of("walking") == "public"


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("to: [done]", "to: [gone]", "may go to gone"),
        ("stage: talk, to", "stage: chat, to", "stage chat is not declared"),
        ("access: staff", "access: friends", "access class friends does not exist"),
        ("SB-{area}-{year}-{seq:4}", "SB-{area}-{year}", r"needs \{seq\}"),
        ("SB-{area}-{year}-{seq:4}", "SB-{week}-{seq}", r"may use \{area\}"),
        ("timeline]", "map]", "panel map does not exist"),
        ("name: {zh: 散步台账, en: Walks}", "title: x", "missing or misplaced 'name'"),
        ("columns:", "columns: [", "not YAML"),
    ],
)
def test_a_mistake_in_the_file_is_named(was, becomes, complaint):
    with pytest.raises(RegisterInvalid, match=complaint) as refused:
        read_register(TEXT.replace(was, becomes, 1), "walks.register.yaml")
    assert "walks.register.yaml" in refused.value.message


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("GJ-{area}-{year}-{seq:4}", "GJ-YQ-2026-0007"),
        ("{year}{seq}", "20267"),
        ("{seq:2}/{area}", "07/YQ"),
        ("N{seq:1}", "N7"),
        ("GH-{area}-{year}{month}-{seq:2}", "GH-YQ-202603-07"),
    ],
)
def test_numbers_follow_the_pattern(pattern, expected):
    assert format_number(pattern, "YQ", 2026, 7, 3) == expected
