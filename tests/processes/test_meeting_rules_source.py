"""D5 as it was written down, cell by cell: what the decision table answers is what the words mean, with the same tags.

The rows are those of the source (its section 7); `MEANS` says once what each wording means in codes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from governance.votes.arithmetic import threshold
from tests.processes.test_meeting_rules import rules

COLUMNS = ("notice", "materials", "quorum", "pass", "base", "vote", "proxy", "open", "publish")
SOURCE = """
consultation | 7 d [A] | 3 d [A] | ≥ 2/3 seats [A] | consensus, else ≥ 2/3 present [A] | 实到 | 记名 | 1 | members | 5WD [A]
hearing | 7 d [A/W-3H]; 30 d statutory | 7 d [L-ZDJC 16] | 2/3 and ≥ 1/2 of affected [A] | no decision vote, tally only | – | – | ≤ 2 agents for parties | public | 7 d [A]
coordination | 7 d written [W-3H] | with notice | both parties + mediator | agreement of all parties | – | signatures | with letter | parties | statistics only
evaluation | 7 d [A] | report 7 d | ≥ 2/3 [W-SG] | most votes or mean | 参加 | 无记名 | no | members/public | within 10 d, ≥ 5 d [W-SG]
party_council | 1–3 d [W-LX]; PT4H urgent [A] | with notice | > 1/2 able to attend [A] | > 1/2 present [A] | 实到 | 举手/记名 | no | party | position only
residents_assembly | told ahead + agenda published [L-SHJW 11] | – | > 1/2 [L-JWH 9] | > 1/2 of present [L-JWH 9] | 实到 | 举手/无记名 | no [A] | public | at once
owners_committee | topics 5 d ahead [L-BJWY 45] | – | > 1/2 [L-BJWY 45] | > 1/2 of all, signed [L-BJWY 45] | 应到 | 记名 | no [L-BJWY 45; L-SHWY] | observers | 3 d [L-BJWY 45]
residents_committee | 1 d [A] | – | > 1/2 [A] | majority [L-JWH 11] | 实到 | 举手 | no [A] | members | when of public interest
owners_assembly | 15 d [L-BJWY 35] | – | 2/3 of area and heads [L-SHWY 18] | > 1/2 (3/4 for fund, rebuild) | 参加 | 书面/电子 | written | owners | 3 d
joint | 3 d [A] | 2 d [A] | > 1/2 units [A] | chair sums up; vote if asked | 实到 | 举手 | deputy with mandate | staff | decision list
fund_committee | 7 d [A] | 3 d [A] | ≥ 2/3 [A] | > 1/2 (≥ 2/3 above cap) | 实到 | 记名 | no | members | 7 d
"""  # noqa: E501  a table is read in lines

VOTE, NO_VOTE = {"decision_vote": True}, {"decision_vote": False}
ALL = {"quorum_base": "entitled", "quorum_group": None}
#: column and wording without its tags → what the table has to answer; where a wording leaves a choice, the first is the default
MEANS: dict[str, dict[str, dict[str, Any]]] = {
    "notice": {
        "7 d": {"notice": "P7D"}, "7 d; 30 d statutory": {"notice": "P7D"}, "7 d written": {"notice": "P7D"},
        "1–3 d; PT4H urgent": {"notice": "P1D", "notice_urgent": "PT4H"}, "told ahead + agenda published": {"notice": "P3D"},
        "topics 5 d ahead": {"notice": "P5D"}, "1 d": {"notice": "P1D"}, "15 d": {"notice": "P15D"}, "3 d": {"notice": "P3D"},
    },
    "materials": {
        "3 d": {"materials": "P3D"}, "7 d": {"materials": "P7D"}, "report 7 d": {"materials": "P7D"}, "2 d": {"materials": "P2D"},
        "–": {"materials": None},
    },
    "quorum": {
        "≥ 2/3 seats": {"quorum": ("≥", "2/3"), **ALL}, "≥ 2/3": {"quorum": ("≥", "2/3"), **ALL},
        "2/3 and ≥ 1/2 of affected": {
            "quorum": ("≥", "2/3"), "quorum_base": "entitled", "quorum_group": "affected", "quorum_group_share": ("≥", "1/2"),
        },
        "both parties + mediator": {"quorum": None, "quorum_base": None}, "> 1/2 able to attend": {"quorum": (">", "1/2"), **ALL},
        "> 1/2": {"quorum": (">", "1/2"), **ALL}, "> 1/2 units": {"quorum": (">", "1/2"), **ALL},
        "2/3 of area and heads": {"quorum": ("≥", "2/3")},
    },
    "pass": {
        "consensus, else ≥ 2/3 present": {"consensus": True, "threshold": ("≥", "2/3"), **VOTE},
        "no decision vote, tally only": {"threshold": None, **NO_VOTE},
        "agreement of all parties": {"consensus": True, "threshold": ("≥", "1"), **NO_VOTE},
        "most votes or mean": {"threshold": (">", "0"), **VOTE}, "> 1/2 present": {"threshold": (">", "1/2"), **VOTE},
        "> 1/2 of present": {"threshold": (">", "1/2"), **VOTE}, "> 1/2 of all, signed": {"threshold": (">", "1/2"), **VOTE},
        "majority": {"threshold": (">", "1/2"), **VOTE}, "> 1/2 (3/4 for fund, rebuild)": {"threshold": (">", "1/2"), **VOTE},
        "chair sums up; vote if asked": {"consensus": True, "threshold": (">", "1/2"), **VOTE},
        "> 1/2 (≥ 2/3 above cap)": {"threshold": (">", "1/2"), **VOTE},
    },
    "base": {"实到": {"base": "present"}, "应到": {"base": "entitled"}, "参加": {"base": "voting"}, "–": {}},
    "vote": {
        "记名": {"method": "named"}, "无记名": {"method": "secret"}, "举手": {"method": "hands"}, "举手/记名": {"method": "hands"},
        "举手/无记名": {"method": "hands"}, "书面/电子": {"method": "written"}, "signatures": {"method": "written", "confirm": "signature"},
        "–": {"method": None},
    },
    "proxy": {
        "1": {"proxies": 1}, "≤ 2 agents for parties": {"proxies": 2}, "with letter": {"proxies": 1, "proxy_letter": True},
        "no": {"proxies": 0}, "written": {"proxies": 1, "proxy_letter": True}, "deputy with mandate": {"proxies": 1, "proxy_letter": True},
    },
    "open": {
        "members": {"access": "members", "open_to_public": False}, "public": {"access": "public", "open_to_public": True},
        "parties": {"access": "parties", "open_to_public": False}, "members/public": {"access": "public", "open_to_public": True},
        "party": {"access": "party", "open_to_public": False}, "observers": {"access": "members", "open_to_public": False},
        "owners": {"access": "members", "open_to_public": False}, "staff": {"access": "staff", "open_to_public": False},
    },
    "publish": {
        "5WD": {"publish": True, "publish_within": "5WD"}, "7 d": {"publish": True, "publish_within": "P7D"},
        "statistics only": {"publish": False, "publish_what": "statistics"}, "3 d": {"publish": True, "publish_within": "P3D"},
        "within 10 d, ≥ 5 d": {"publish": True, "publish_within": "P10D"}, "at once": {"publish": True, "publish_within": "P1D"},
        "position only": {"publish": False, "publish_what": "position"}, "when of public interest": {"publish": False},
        "decision list": {"publish": False, "publish_what": "decision_list"},
    },
}  # fmt: skip
#: what a tagged cell is called among the sources a rule shows
SHOWN = {"pass": "threshold"}
SHARES = ("quorum", "quorum_group_share", "threshold")


def cells() -> list[tuple[str, str, str]]:
    """(kind, column, wording) of every cell."""
    found = []
    for line in SOURCE.strip().splitlines():
        kind, *words = (part.strip() for part in line.split(" | "))
        assert len(words) == len(COLUMNS), kind
        found += [(kind, column, text) for column, text in zip(COLUMNS, words, strict=True)]
    return found


def plain(text: str) -> str:
    return re.sub(r"\s*\[[^]]*\]", "", text).strip()


def tags(text: str) -> set[str]:
    """[A/W-3H] and [L-BJWY 45; L-SHWY] are two tags each."""
    return {f"[{tag.strip()}]" for inner in re.findall(r"\[([^]]*)\]", text) for tag in re.split(r"[/;]", inner)}


def share(code: str | None) -> tuple[str, str] | None:
    found = threshold(code) if code is not None else None
    return (">" if found.strict else "≥", str(found.share)) if found else None


@pytest.mark.parametrize(("kind", "column", "text"), cells(), ids=lambda part: part[:30])
def test_the_table_answers_what_the_cell_says(kind: str, column: str, text: str) -> None:
    found = rules(kind)
    if plain(text) == "with notice":
        assert found["materials"] == found["notice"]
        return
    expected = MEANS[column][plain(text)]
    given = {key: share(found[key]) if key in SHARES else found[key] for key in expected}
    assert given == expected


@pytest.mark.parametrize(("kind", "column", "text"), [c for c in cells() if tags(c[2])], ids=lambda part: part[:30])
def test_a_cells_tags_are_shown_where_the_rule_acts(kind: str, column: str, text: str) -> None:
    shown = {s["what"]: s["tag"] for s in rules(kind)["sources"]}
    names = (SHOWN.get(column, column), f"{column}_urgent")
    assert tags(text) <= {tag for name in names for tag in re.findall(r"\[[^]]*\]", shown.get(name, ""))}


def test_special_matters_need_more() -> None:
    assert share(rules("owners_assembly", special=True)["threshold"]) == ("≥", "3/4")
    assert share(rules("fund_committee", special=True)["threshold"]) == ("≥", "2/3")
    for kind in ("owners_assembly", "fund_committee"):
        plain_, special = rules(kind), rules(kind, special=True)
        assert {key for key in plain_ if plain_[key] != special[key]} == {"rule", "threshold", "sources"}


def test_the_minutes_that_must_be_signed_are_those_of_hearing_and_coordination() -> None:
    kinds = {kind for kind, _, _ in cells()}
    assert {kind for kind in kinds if rules(kind)["confirm"] == "signature"} == {"hearing", "coordination"}
