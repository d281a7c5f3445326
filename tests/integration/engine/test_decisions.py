"""Decisions in cases: settings and the clock are there, what was decided is kept with the version, and can be reproduced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.commands import deciding
from engine.decisions.kept import reproduce
from engine.errors import NotFound
from engine.feel import Environment
from engine.history import store as history
from engine.queries import HistoryLine
from engine.standalone import PlainFunctions
from tests.integration.engine.conftest import Bench, MakeBench
from tests.integration.engine.models import end, extensions, model, start, user

LIMIT = Decimal(100)


class Settings(PlainFunctions):
    """One setting that a test changes."""

    def __init__(self) -> None:
        self.limit: Any = LIMIT

    def names(self) -> frozenset[str]:
        return frozenset({"setting"})

    def bind(self, connection: Any, instance: Any, now: datetime) -> Mapping[str, Callable[..., Any]]:
        def setting(key: str) -> Any:
            assert key == "big"
            return self.limit

        return {"setting": setting}


def table(low: str = "small", note: str = "[A]") -> bytes:
    rules = [('&gt;= setting("big")', "big", "r_big"), ('&lt; setting("big")', low, "r_small")]
    rows = "".join(
        f'<rule id="{key}"><inputEntry><text>{test}</text></inputEntry><outputEntry><text>"{out}"</text></outputEntry>'
        f"<annotationEntry><text>{note}</text></annotationEntry></rule>"
        for test, out, key in rules
    )
    return f"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="urn:size">
<decision id="size" name="大小"><variable name="size"/><decisionTable id="t" hitPolicy="UNIQUE">
<input><inputExpression typeRef="number"><text>amount</text></inputExpression></input><output name="size"/><annotation name="依据"/>{rows}
</decisionTable></decision></definitions>""".encode()


def ruled(low: str = "small") -> dict[str, bytes]:
    called = extensions('<zeebe:calledDecision decisionId="size" resultVariable="found"/>')
    task = f'<bpmn:businessRuleTask id="rate" name="rate">{called}</bpmn:businessRuleTask>'
    return model("rated", start() + task + user("ask") + end(), "begin rate\nrate ask\nask done") | {"processes/rated/size.dmn": table(low)}


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def bench(make_bench: MakeBench, settings: Settings) -> Bench:
    return make_bench(functions=settings)


def evaluation(bench: Bench, instance: str | None) -> HistoryLine:
    assert instance is not None
    return next(line for line in bench.engine.queries.history(instance, limit=100).items if line.kind == "decision_evaluated")


def test_a_case_keeps_what_was_decided_and_why(bench: Bench) -> None:
    bench.deploy(ruled())
    case = bench.start("rated", {"amount": Decimal(100), "other": "not read"})
    assert bench.variables(case)["found"] == "big"
    line = evaluation(bench, case.instance)
    kept = line.content
    assert isinstance(kept, dict)
    assert line.element == "rate"
    assert (kept["decision"], kept["version"], kept["value"]) == ("size", 1, "big")
    assert kept["inputs"] == {"amount": Decimal(100)}
    assert kept["rules"] == [{"number": 1, "id": "r_big", "annotations": {"依据": "[A]"}}]
    assert kept["asked"] == [{"function": "setting", "arguments": ["big"], "answer": Decimal(100)}]
    with bench.engine.database.read() as connection:
        assert list(history.verify(connection)) == []


def test_a_decision_is_reproduced_whatever_was_deployed_and_set_since(bench: Bench, settings: Settings) -> None:
    bench.deploy(ruled())
    case = bench.start("rated", {"amount": Decimal(100)})
    kept = evaluation(bench, case.instance).content
    settings.limit = Decimal(1000)
    bench.deploy(ruled("tiny"))
    library = bench.engine.runtime.library
    with bench.engine.database.read() as connection:
        found = deciding.again(library, connection, kept)
        assert (found.same, found.value, found.error) == (True, "big", "")
        assert deciding.again(library, connection, {**kept, "value": "small"}).same is False
        assert deciding.again(library, connection, {**kept, "rules": []}).same is False
        changed = {**kept, "inputs": {}}
        assert deciding.again(library, connection, changed).error
    later = bench.start("rated", {"amount": Decimal(100)})
    assert evaluation(bench, later.instance).content["version"] == 2
    assert bench.variables(later)["found"] == "tiny"


def test_what_was_not_asked_then_is_not_answered_now(bench: Bench) -> None:
    bench.deploy(ruled())
    kept = evaluation(bench, bench.start("rated", {"amount": Decimal(1)}).instance).content
    with bench.engine.database.read() as connection:
        decision = deciding.find(bench.engine.runtime.library, connection, "size").model
    found = reproduce(decision, {**kept, "asked": [{**kept["asked"][0], "arguments": ["another"]}]})
    assert not found.same
    assert "not asked" in found.error


def test_versions_of_a_decision_are_found_with_their_files(bench: Bench) -> None:
    bench.deploy(ruled())
    bench.deploy(ruled("tiny"))
    library = bench.engine.runtime.library
    with bench.engine.database.read() as connection:
        assert [(found.model.id, found.version) for found in deciding.newest(library, connection)] == [("size", 2)]
        for version, low in ((1, "small"), (2, "tiny"), (None, "tiny")):
            found = deciding.find(library, connection, "size", version)
            environment = bench.engine.runtime.functions.bind(connection, None, bench.clock.now())
            made = deciding.evaluate(found, {"amount": Decimal(1)}, _environment(bench, environment))
            assert (made["value"], made["version"]) == (low, version or 2)
        with pytest.raises(NotFound, match="version 9"):
            deciding.find(library, connection, "size", 9)


def _environment(bench: Bench, functions: Mapping[str, Any]) -> Any:
    return Environment(now=bench.clock.now(), functions=functions)


def test_a_deployed_import_is_followed_and_kept(bench: Bench) -> None:
    shared = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="s" name="s" namespace="urn:shared">
<businessKnowledgeModel id="k" name="twice"><variable name="twice"/><encapsulatedLogic><formalParameter name="n"/>
<literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel></definitions>"""
    size = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="f" name="f" namespace="urn:size">
<import namespace="urn:shared" name="lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
<decision id="size" name="size"><variable name="size"/><knowledgeRequirement><requiredKnowledge href="urn:shared#k"/></knowledgeRequirement>
<literalExpression><text>lib.twice(amount)</text></literalExpression></decision></definitions>"""
    files = {**ruled(), "processes/rated/size.dmn": size, "processes/rated/shared.dmn": shared}
    bench.deploy(files)
    case = bench.start("rated", {"amount": Decimal(4)})
    assert bench.variables(case)["found"] == Decimal(8)
    kept = evaluation(bench, case.instance).content
    bench.deploy({**files, "processes/rated/shared.dmn": shared.replace(b"n * 2", b"n * 3")})
    with bench.engine.database.read() as connection:
        assert deciding.again(bench.engine.runtime.library, connection, kept).same
    assert bench.variables(bench.start("rated", {"amount": Decimal(4)}))["found"] == Decimal(12)
