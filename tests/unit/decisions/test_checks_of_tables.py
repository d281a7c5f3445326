"""What is found in tables before use: compared with trying out every combination of boundary values, and each kind by an example."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from time import process_time

import pytest

from engine.decisions import read_dmn
from engine.decisions.checks import Cells, check_table, check_tables
from engine.errors import ExpressionFailed
from engine.feel.kinds import equal
from tests.unit.decisions.test_decision_tables import cell, dmn

DAY = date(2026, 3, 2)


def number(random_):
    a, b = sorted(random_.sample(range(-2, 5), 2))
    opening, closing = random_.choice("[("), random_.choice("])")
    tests = [f"{random_.choice(['<', '<=', '>', '>=', '!='])} {a}", f"{opening}{a}..{b}{closing}", f"{a}", f"{a}, {b}", f"not({a}, > {b})"]
    return random_.choice(tests)


def text(random_):
    values = [f'"{value}"' for value in random_.sample("abc", 2)]
    return random_.choice([values[0], ", ".join(values), f"not({values[0]})", f"< {values[0]}", f">= {values[1]}"])


def truth(random_):
    return random_.choice(["true", "false", "not(true)", "true, false"])


def day(random_):
    a, b = sorted(DAY + timedelta(days=n) for n in random_.sample(range(4), 2))
    return random_.choice([f'< date("{a}")', f'[date("{a}")..date("{b}")]', f'@"{a}"', f'> @"{b}"'])


def span(random_):
    a, b = sorted(random_.sample(range(1, 4), 2))
    return random_.choice([f'<= duration("P{a}D")', f'(@"P{a}D"..@"P{b}D")', f'>= @"P{b}D"'])


KINDS = {
    "number": (number, [Decimal(n) / 2 for n in range(-6, 12)]),
    "string": (text, ["", "a", "b", "c", "a0", "aa", "b0", "c0", "z", "other"]),
    "boolean": (truth, [True, False]),
    "date": (day, [DAY + timedelta(days=n) for n in range(-2, 6)]),
    "dayTimeDuration": (span, [timedelta(hours=12 * n) for n in range(10)]),
}
OUTPUTS = ('"a"', '"b"', '"c"')


def column(number_, kind, allowed=""):
    values = f"<inputValues>{cell(allowed)}</inputValues>" if allowed else ""
    return f'<input><inputExpression typeRef="{kind}"><text>x{number_}</text></inputExpression>{values}</input>'


def table_of(policy, kinds, rules, *, output="<output name='o'/>", more=""):
    columns = "".join(one if one.startswith("<") else column(number_, one) for number_, one in enumerate(kinds))
    rows = "".join(
        f'<rule id="r{n}">'
        + "".join(f"<inputEntry>{cell(test)}</inputEntry>" for test in rule[:-1])
        + f"<outputEntry>{cell(rule[-1])}</outputEntry></rule>"
        for n, rule in enumerate(rules, 1)
    )
    body = f'<decisionTable id="t" hitPolicy="{policy}" {more}>{columns}{output}{rows}</decisionTable>'
    file = read_dmn(dmn(f'<decision id="d" name="d">{body}</decision>'), "t.dmn", language="en")
    assert [f for f in file.findings if f.code != "DMN-025"] == []
    return file


def any_table(seed):
    random_ = random.Random(seed)
    kinds = [random_.choice(list(KINDS)) for _ in range(random_.randint(1, 3))]
    policy = random_.choice(["UNIQUE", "ANY", "FIRST", "PRIORITY"])
    rules = [
        [*("-" if random_.random() < 0.3 else KINDS[kind][0](random_) for kind in kinds), random_.choice(OUTPUTS)]
        for _ in range(random_.randint(1, 6))
    ]
    output = f"<output name='o'><outputValues>{cell(', '.join(OUTPUTS))}</outputValues></output>"
    return policy, kinds, table_of(policy, kinds, rules, output=output)


def tried(kinds, table):
    """Every combination of boundary values → the rules that match it."""
    for values in product(*(KINDS[kind][1] for kind in kinds)):
        yield values, {rule.number for rule in table.rules if all(test.matches(v, {}) for test, v in zip(rule.tests, values, strict=True))}


def expected(policy, kinds, table):
    """What trying out finds, as the codes with their rules."""
    found = Counter()
    matches = [numbers for _, numbers in tried(kinds, table)]
    outputs = {rule.number: rule.outputs[0].evaluate({}) for rule in table.rules}
    texts = {rule.number: tuple("".join(test.text.split()) for test in rule.tests) for rule in table.rules}
    pairs = {(a, b) for numbers in matches for a in numbers for b in numbers if a < b}
    if policy == "UNIQUE":
        found |= Counter(("DMN-030", *pair) for pair in pairs if texts[pair[0]] != texts[pair[1]])
    if policy == "ANY":
        found |= Counter(("DMN-031", *pair) for pair in pairs if outputs[pair[0]] != outputs[pair[1]])
    if any(not numbers for numbers in matches):
        found["DMN-032",] = 1
    order = {"FIRST": lambda n: n, "PRIORITY": lambda n: (outputs[n], n)}.get(policy)
    for rule in table.rules if order else ():
        mine = [numbers for numbers in matches if rule.number in numbers]
        if mine and all(min(numbers, key=order) != rule.number for numbers in mine):
            found["DMN-033", rule.number] = 1
    return found


def shown(seen):
    keys = ("first", "second", "rule")
    return Counter(
        (one.code, *(one.facts[key] for key in keys if key in one.facts)) for one in seen if one.code not in ("DMN-034", "DMN-037")
    )


@pytest.mark.parametrize("block", range(10))
def test_random_tables_give_what_trying_out_gives_and_every_example_shows_it(block):
    for seed in range(block * 20, block * 20 + 20):
        policy, kinds, file = any_table(seed)
        (table,) = file.tables
        seen, grid, stopped = check_table(table, Cells({}))
        assert not stopped
        assert not grid.unread
        assert shown(seen) == expected(policy, kinds, table), seed
        for one in seen:
            holds(one, table, file["d"])


def holds(one, table, decision):
    """The example shows what the finding says, when the table is evaluated with it."""
    matching = {
        rule.number
        for rule in table.rules
        if all(test.matches(one.example.get(c.expression.text), {}) for test, c in zip(rule.tests, table.inputs, strict=True))
    }
    if one.code in ("DMN-030", "DMN-031"):
        assert {one.facts["first"], one.facts["second"]} <= matching
        with pytest.raises(ExpressionFailed, match=r"more than one|different outputs"):
            decision.evaluate(one.example)
    elif one.code == "DMN-032":
        for example in (one.example, *one.facts["others"]):
            outcome = decision.evaluate(example)
            assert (outcome.value, outcome.rules) == (None, ())
    elif one.code == "DMN-033":
        assert one.facts["rule"] in matching
        assert decision.evaluate(one.example).rule_numbers != (one.facts["rule"],)
    elif one.code == "DMN-034":
        assert one.facts["rule"] not in matching
    elif one.code == "DMN-037":
        first, second = (table.rules[one.facts[key] - 1] for key in ("first", "second"))
        assert {first.number, second.number} <= matching
        assert equal(first.outputs[0].evaluate({}), second.outputs[0].evaluate({})) is True


def found(file, language="en", settings=None):
    return [(one.code, one.severity, one.element) for one in check_tables(file, language, settings)]


BANDS = [["< 60", '"low"'], ["[60..90)", '"middle"'], [">= 90", '"high"']]


def test_a_table_without_faults_has_no_findings():
    assert found(table_of("UNIQUE", ["number"], BANDS)) == []


def test_an_overlap_under_unique_names_the_boundary_that_both_rules_take():
    file = table_of("UNIQUE", ["number"], [["<= 60", '"low"'], [">= 60", '"high"']])
    (one,) = check_tables(file, "en")
    assert (one.code, one.severity, one.element) == ("DMN-030", "error", "r2")
    assert "x0 = 60" in one.message
    assert "x0 = 60" in check_tables(file, "zh")[0].message


def test_a_gap_names_what_is_missed_and_a_default_closes_it():
    rules = [["< 60", '"low"'], ["> 60", '"high"']]
    (one,) = check_tables(table_of("UNIQUE", ["number"], rules), "en")
    assert (one.code, one.severity, one.element) == ("DMN-032", "warning", "t")
    assert "x0 = 60" in one.message
    default = f"<output name='o'><defaultOutputEntry>{cell(OUTPUTS[0])}</defaultOutputEntry></output>"
    assert found(table_of("UNIQUE", ["number"], rules, output=default)) == []


def test_days_have_no_gap_between_neighbours_and_whole_numbers_neither():
    assert found(table_of("UNIQUE", ["date"], [['<= @"2026-03-01"', '"a"'], ['>= @"2026-03-02"', '"b"']])) == []
    assert found(table_of("UNIQUE", ["integer"], [["<= 1", '"a"'], [">= 2", '"b"']])) == []
    assert [code for code, *_ in found(table_of("UNIQUE", ["number"], [["<= 1", '"a"'], [">= 2", '"b"']]))] == ["DMN-032"]


def test_allowed_values_of_the_input_bound_what_is_looked_at():
    letters = column(0, "string", '"a", "b"')
    assert found(table_of("UNIQUE", [letters], [['"a"', "1"], ['"b"', "2"]])) == []
    assert [code for code, *_ in found(table_of("UNIQUE", [letters], [['"a"', "1"], ['"b"', "2"], ['"c"', "3"]]))] == ["DMN-034"]
    assert [code for code, *_ in found(table_of("UNIQUE", ["string"], [['"a"', "1"], ['"b"', "2"]]))] == ["DMN-032"]


def test_a_rule_behind_one_that_takes_everything_never_decides():
    assert found(table_of("FIRST", ["number"], [["-", "1"], ["5", "2"]])) == [("DMN-033", "warning", "r2")]


def test_a_rule_that_several_earlier_ones_cover_together_never_decides():
    (one,) = check_tables(table_of("FIRST", ["number"], [["< 5", "1"], [">= 5", "2"], ["[1..9]", "3"]]), "en")
    assert (one.code, one.element) == ("DMN-033", "r3")
    assert "(1, 2)" in one.message


def test_an_empty_range_never_matches():
    assert ("DMN-034", "warning", "r1") in found(table_of("FIRST", ["number"], [["[9..1]", "1"], ["-", "2"]]))


def test_constants_of_the_wrong_type_are_errors():
    assert found(table_of("FIRST", ["number"], [['"9"', "1"], ["-", "2"]])) == [("DMN-035", "error", "r1")]
    wrong = table_of("FIRST", ["number"], [["1", '"9"'], ["-", "2"]], output="<output name='o' typeRef='number'/>")
    assert found(wrong) == [("DMN-040", "error", "r1")]


def test_an_output_outside_its_values_is_an_error():
    output = f"<output name='o'><outputValues>{cell(OUTPUTS[0])}</outputValues></output>"
    assert found(table_of("FIRST", ["number"], [["1", '"z"'], ["-", '"a"']], output=output)) == [("DMN-036", "error", "r1")]


def test_rules_that_repeat_another_are_found_where_they_only_repeat():
    rules = [["1", "2"], ["[1..1]", "2"]]
    assert found(table_of("COLLECT", ["number"], rules)) == [("DMN-037", "warning", "r2")]
    assert [code for code, *_ in found(table_of("UNIQUE", [column(0, "number", "1")], rules))] == ["DMN-030"]


def test_other_expressions_are_named_and_nothing_is_claimed_of_them():
    rules = [["< limit", "1"], ["? > 7 and ? < 9", "2"], ["5", "3"]]
    file = table_of("UNIQUE", ["number"], rules)
    (one,) = check_tables(file, "en")
    assert (one.code, one.severity) == ("DMN-038", "info")
    assert "1: x0 < limit" in one.message
    assert "2 cells" in one.message


def test_a_setting_counts_as_the_constant_it_is():
    rules = [['< setting("limit")', "1"], ["> 5", "2"]]
    assert found(table_of("UNIQUE", ["number"], rules), settings={"limit": Decimal(5)}) == [("DMN-032", "warning", "t")]
    assert found(table_of("UNIQUE", ["number"], rules), settings={"limit": Decimal(6)}) == [("DMN-030", "error", "r2")]
    assert found(table_of("UNIQUE", ["number"], rules)) == [("DMN-038", "info", "t")]
    spans = table_of("UNIQUE", ["dayTimeDuration"], [['< duration(setting("limit"))', "1"], ['> @"P5D"', "2"]])
    assert found(spans, settings={"limit": "P5D"}) == [("DMN-032", "warning", "t")]


def test_null_is_looked_at_when_a_cell_asks_for_it():
    assert found(table_of("UNIQUE", ["number"], [["null", "1"], ["< 5", "2"], [">= 5", "3"]])) == []
    (one,) = check_tables(table_of("UNIQUE", ["number"], [["not(null)", "1"]]), "en")
    assert (one.code, one.message.endswith("x0 = null")) == ("DMN-032", True)


def test_columns_of_one_expression_are_one_input():
    again = '<input><inputExpression typeRef="number"><text>x0</text></inputExpression></input>'
    assert found(table_of("UNIQUE", ["number", again], [[">= 1", "<= 5", "1"], ["< 1", "-", "2"], ["-", "> 5", "3"]])) == []


def test_a_table_without_end_is_looked_at_up_to_the_limit_and_says_so():
    random_ = random.Random(1)
    rules = []
    for _ in range(240):  # clauses over 40 truth values that leave hardly anything open
        asked = random_.sample(range(40), 3)
        rules.append([*(random_.choice(["true", "false"]) if n in asked else "-" for n in range(40)), "1"])
    file = table_of("FIRST", ["boolean"] * 40, rules)
    before = process_time()
    codes = {code for code, *_ in found(file)}
    assert "DMN-039" in codes
    assert process_time() - before < 3


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        ("string", '-"a"'),
        ("number", "-null"),
        ("boolean", "-true"),
        ("date", '-@"2026-01-01"'),
        ("yearMonthDuration", '-@"P1M"'),
        ("date", '< @"12000-01-01"'),
        ("date", '> date("-0001-01-01")'),
        ("date", '< @"9999-12-31"'),
        ("dateTime", '> @"2026-01-01T00:00:00.000000001"'),
        ("dateTime", '[@"0001-01-01T00:00:00Z"..@"9999-12-31T23:59:59Z"]'),
        ("dayTimeDuration", '< @"P9999999999D"'),
        ("dayTimeDuration", '[@"-P999999999D"..@"P999999999D"]'),
        ("dayTimeDuration", '-@"PT0.000000001S"'),
        ("number", "< -1e6144"),
        ("number", "[-9e6144..9e6144]"),
    ],
)
def test_constants_of_every_kind_are_looked_at_or_left_out_and_no_table_is_called_wrong_for_them(kind, test):
    codes = {code for code, *_ in found(table_of("FIRST", [kind], [[test, '"a"'], ["-", '"b"']]))}
    assert not codes & {"DMN-030", "DMN-031", "DMN-032"}


def test_a_negated_duration_is_a_constant():
    rules = [['< -@"P1M"', "1"], ['>= -@"P1M"', "2"]]
    assert found(table_of("UNIQUE", ["yearMonthDuration"], rules)) == []
    rules = [['<= -@"P1M"', "1"], ['>= -@"P1M"', "2"]]
    assert found(table_of("UNIQUE", ["yearMonthDuration"], rules)) == [("DMN-030", "error", "r2")]


def output_of(kind, allowed):
    return f"<output name='o' typeRef='{kind}'><outputValues>{cell(allowed)}</outputValues></output>"


def test_an_output_is_compared_with_what_is_allowed_in_the_form_the_table_gives_it():
    one_item = table_of("UNIQUE", ["number"], [["-", '["a"]']], output=output_of("string", '"a","b"'))
    assert one_item["d"].evaluate({"x0": 1}).value == "a"
    assert found(one_item) == []
    moments = output_of("dateTime", '>= date and time("2026-01-01T00:00:00Z")')
    assert found(table_of("UNIQUE", ["number"], [["-", 'date("2026-03-02")']], output=moments)) == []
    wrong = table_of("UNIQUE", ["number"], [["-", '["c"]']], output=output_of("string", '"a","b"'))
    assert [code for code, *_ in found(wrong)] == ["DMN-036"]


def test_where_what_comes_in_is_not_known_no_rules_are_said_to_meet():
    rules = [["< 5", "1"], ["[-10..-1], [5..10]", "2"]]
    codes = {code for code, *_ in found(table_of("UNIQUE", [column(0, "number", "? >= 0")], rules))}
    assert "DMN-030" not in codes
    assert "DMN-030" in {code for code, *_ in found(table_of("UNIQUE", [column(0, "number")], rules))}


def test_an_output_that_takes_long_to_work_out_is_no_constant():
    costly = [["-", f"count(for i in 1..99999 return {n}) + {n}"] for n in range(8)]
    assert "DMN-031" not in {code for code, *_ in found(table_of("ANY", ["number"], costly))}
    assert "DMN-031" in {code for code, *_ in found(table_of("ANY", ["number"], [["-", "1 + 1"], ["-", "1 + 2"]]))}


def test_a_column_of_too_many_constants_is_not_analysed_and_says_so():
    many = ", ".join(str(n) for n in range(1_500))
    assert {code for code, *_ in found(table_of("UNIQUE", ["number"], [[many, "1"], ["0", "2"]]))} == {"DMN-038"}


@pytest.mark.parametrize("setting", [[Decimal(1), Decimal(2)], {"a": Decimal(1)}])
@pytest.mark.parametrize("test", ['setting("few")', 'not(setting("few"))', '= setting("few")', '[1..setting("few")]'])
def test_a_setting_that_is_a_list_or_a_context_is_no_constant(setting, test):
    rules = [[test, "1"], ["> 5", "2"]]
    assert found(table_of("UNIQUE", ["number"], rules), settings={"few": setting}) == [("DMN-038", "info", "t")]
