"""Data objects, properties, data stores and data associations (BPMN 2.0, 10.4)."""

from __future__ import annotations

import time
from decimal import Decimal

from scenario import bpmn, end, mapping, message, message_top, node, script, start, sub_process, user

FORMAL = 'xsi:type="bpmn:tFormalExpression"'


def refs(*pairs: tuple[str, str]) -> str:
    return "".join(f"<bpmn:{kind}Ref>{ref}</bpmn:{kind}Ref>" for kind, ref in pairs)


def takes(*parts: str) -> str:
    return f"<bpmn:dataInputAssociation>{''.join(parts)}</bpmn:dataInputAssociation>"


def gives(*parts: str) -> str:
    return f"<bpmn:dataOutputAssociation>{''.join(parts)}</bpmn:dataOutputAssociation>"


def io(*inputs: str, out: tuple[str, ...] = ()) -> str:
    found = "".join(f'<bpmn:dataInput id="{one}" name="{one}"/>' for one in inputs)
    found += "".join(f'<bpmn:dataOutput id="{one}" name="{one}"/>' for one in out)
    return f"<bpmn:ioSpecification>{found}<bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>"


ORDER = '<bpmn:dataObject id="DataObject_1"/><bpmn:dataObjectReference id="Ref_1" name="order" dataObjectRef="DataObject_1"/>'


def test_a_data_object_is_a_variable_that_is_null_at_first_and_associations_move_it(scenario):
    inner = (
        io("goods", out=("total",))
        + takes(refs(("source", "Ref_1"), ("target", "goods")))
        + gives(refs(("source", "total"), ("target", "Ref_1")))
    )
    case = scenario(bpmn(ORDER + start() + user("a", inner=inner) + user("b") + end(), flows="begin > a > b > done"))
    case.start()
    assert case.variables() == {"order": None}
    token = case.waiting("a")[0]
    assert case.stored[token] == {"goods": None}
    case.complete("a", {"total": 12, "other": 1})
    assert case.variables() == {"order": Decimal(12)}  # what no association names does not leave the task


def test_a_transformation_and_assignments_compute_what_is_moved(scenario):
    first = gives(f"<bpmn:transformation {FORMAL}>=form.price * 2</bpmn:transformation>", refs(("target", "Ref_1")))
    assigned = gives(f"<bpmn:assignment><bpmn:from {FORMAL}>=form.n</bpmn:from><bpmn:to {FORMAL}>Ref_1.count</bpmn:to></bpmn:assignment>")
    body = ORDER + start() + user("a", inner=first) + user("b", inner=assigned) + end()
    case = scenario(bpmn(body, flows="begin > a > b > done"))
    case.start()
    case.complete("a", {"price": 4})
    assert case.variables() == {"order": Decimal(8)}
    case.complete("b", {"n": 3})
    assert case.variables() == {"order": {"count": Decimal(3)}}


def test_arrows_that_are_only_drawn_move_nothing_and_the_object_is_written_by_its_name(scenario):
    drawn = (
        '<bpmn:property id="P1" name="__targetRef_placeholder"/>'
        + takes(refs(("source", "Ref_1"), ("target", "P1")))
        + gives(refs(("target", "Ref_1")))
    )
    case = scenario(bpmn(ORDER + start() + user("a", inner=drawn) + end(), flows="begin > a > done"))
    case.start()
    case.complete("a", {"order": 1, "x": 2})
    assert case.variables() == {"order": Decimal(1), "x": Decimal(2)}


def test_data_objects_live_in_their_scope_at_any_depth(scenario):
    inner_object = '<bpmn:dataObject id="DataObject_2" name="note"/>'
    task = user(
        "a", inner=gives(f"<bpmn:assignment><bpmn:from {FORMAL}>=form.v</bpmn:from><bpmn:to {FORMAL}>Ref_1</bpmn:to></bpmn:assignment>")
    )
    deep = sub_process("deep", start("s2") + task + script("s", "=form_of", "note") + end("e2"), "s2 > a > s > e2")
    deep = deep.replace("=form_of", "=order + 1")
    middle = sub_process("middle", inner_object + start("s1") + deep + user("b") + end("e1"), "s1 > deep > b > e1")
    case = scenario(bpmn(ORDER + start() + middle + end(), flows="begin > middle > done"))
    case.start()
    case.complete("a", {"v": 1})
    scope = next(row.id for row in case.rows.values() if row.node == "middle")
    assert case.stored[scope] == {"note": Decimal(2)}
    assert case.variables() == {"order": Decimal(1)}
    case.complete("b")
    assert case.variables() == {"order": Decimal(1)}


def test_every_instance_of_a_multi_instance_sub_process_has_its_own_data_object(scenario):
    from scenario import many

    task = user(
        "a", inner=gives(f"<bpmn:assignment><bpmn:from {FORMAL}>=form.v</bpmn:from><bpmn:to {FORMAL}>note</bpmn:to></bpmn:assignment>")
    )
    mark = many("=[1, 2]", outputCollection="notes", outputElement="=note")
    each = sub_process("each", mark + '<bpmn:dataObject id="D2" name="note"/>' + start("s1") + task + end("e1"), "s1 > a > e1")
    case = scenario(bpmn(start() + each + end(), flows="begin > each > done"))
    case.start()
    case.complete("a", {"v": 7}, at=1)
    case.complete("a", {"v": 6})
    assert case.variables() == {"notes": [Decimal(6), Decimal(7)]}


def test_a_property_is_local_to_its_activity(scenario):
    prop = '<bpmn:property id="P1" name="limit"/>' + takes(
        f"<bpmn:transformation {FORMAL}>=40 + 2</bpmn:transformation>", refs(("target", "P1"))
    )
    case = scenario(
        bpmn(
            start() + script("s", "=limit", "seen").replace("</bpmn:scriptTask>", prop + "</bpmn:scriptTask>") + end(),
            flows="begin > s > done",
        )
    )
    case.start()
    assert case.variables() == {"seen": Decimal(42)}


def test_properties_of_the_process_are_its_variables(scenario):
    case = scenario(bpmn('<bpmn:property id="P1" name="limit"/>' + start() + user("a") + end(), flows="begin > a > done"))
    case.start()
    assert case.variables() == {"limit": None}


def test_events_take_their_payload_from_and_put_it_into_data(scenario):
    top = message_top("m", "msg.x")
    put = node(
        "intermediateThrowEvent", "put", '<bpmn:dataInput id="sent"/>' + takes(refs(("source", "Ref_1"), ("target", "sent"))) + message("m")
    )
    get = node(
        "intermediateCatchEvent", "get", '<bpmn:dataOutput id="got"/>' + gives(refs(("source", "got"), ("target", "Ref_1"))) + message("m")
    )
    case = scenario(
        bpmn(
            ORDER + start() + script("s", "=5", "order") + put + get + user("a") + end(), flows="begin > s > put > get > a > done", top=top
        )
    )
    case.start()
    sent = next(event for event in case.history if type(event).__name__ == "MessageSent")
    assert dict(sent.variables) == {"sent": Decimal(5)}
    case.fire("get", payload={"x": 1})
    assert case.variables() == {"order": {"x": Decimal(1)}}


STORE = '<bpmn:dataStoreReference id="S1" name="stock" dataStoreRef="ds"/>'
STORE_TOP = '<bpmn:dataStore id="ds" name="warehouse stock"/>'


def test_a_data_store_outlives_the_instance_and_is_no_variable_of_it(scenario):
    body = STORE + start() + script("s", "=get or else(stock, 10) - 1", "stock") + end()
    case = scenario(bpmn(body, flows="begin > s > done", top=STORE_TOP))
    case.start()
    assert case.world.stores == {"warehouse stock": Decimal(9)}
    assert case.variables() == {}


def test_a_called_process_sees_the_stores_it_refers_to_itself(scenario):
    body = STORE.replace('name="stock"', 'name="there"') + start("cb") + script("s", "=there + 1", "there") + end("ce")
    child = bpmn(body, process="child", flows="cb > s > ce", top=STORE_TOP)
    call = node("callActivity", "call", ext='<zeebe:calledElement processId="child"/>')
    case = scenario(bpmn(start() + call + end(), flows="begin > call > done"), child)
    case.world.stores["warehouse stock"] = Decimal(1)
    assert case.start()[-1] == "process p completed done"
    assert case.world.stores == {"warehouse stock": Decimal(2)}


def test_a_member_of_a_store_can_be_written(scenario):
    task = user(
        "a", inner=gives(f"<bpmn:assignment><bpmn:from {FORMAL}>=form.n</bpmn:from><bpmn:to {FORMAL}>S1.apples</bpmn:to></bpmn:assignment>")
    )
    case = scenario(bpmn(STORE + start() + task + end(), flows="begin > a > done", top=STORE_TOP))
    case.world.stores["warehouse stock"] = {"pears": Decimal(1)}
    case.start()
    case.complete("a", {"n": 2})
    assert case.world.stores == {"warehouse stock": {"pears": Decimal(1), "apples": Decimal(2)}}


def test_two_data_objects_of_one_name_are_told_apart_by_their_ids(scenario):
    outer = '<bpmn:dataObject id="D1" name="note"/>'
    inner = '<bpmn:dataObject id="D2" name="note"/>'
    task = script("s", "=1").replace(
        "</bpmn:scriptTask>",
        gives(f"<bpmn:assignment><bpmn:from {FORMAL}>=1</bpmn:from><bpmn:to {FORMAL}>D1</bpmn:to></bpmn:assignment>")
        + "</bpmn:scriptTask>",
    )
    sub = sub_process("sub", inner + start("s1") + task + end("e1"), "s1 > s > e1", ext=mapping(""))
    case = scenario(bpmn(outer + start() + sub + end(), flows="begin > sub > done"))
    case.start()
    assert case.variables()["D1"] == Decimal(1)


def test_a_data_object_with_a_name_in_words_is_called_by_its_id_and_one_that_is_only_drawn_is_no_variable(scenario):
    objects = '<bpmn:dataObject id="D1" name="采购申请"/><bpmn:dataObject id="D2" name="a picture"/>'
    task = user("a", inner=gives(f"<bpmn:transformation {FORMAL}>=form.v</bpmn:transformation>", refs(("target", "D1"))))
    case = scenario(bpmn(objects + start() + task + end(), flows="begin > a > done"))
    case.start()
    assert case.variables() == {"D1": None}
    case.complete("a", {"v": 1})
    assert case.variables() == {"D1": Decimal(1)}


def test_two_references_to_one_store_are_one_store(scenario):
    again = STORE.replace('id="S1"', 'id="S2"')
    case = scenario(bpmn(STORE + again + start() + script("s", "=1", "stock") + end(), flows="begin > s > done", top=STORE_TOP))
    case.start()
    assert case.world.stores == {"warehouse stock": Decimal(1)}


def test_a_file_with_thousands_of_data_objects_is_read_at_once():
    many = "".join(
        f'<bpmn:dataObject id="D{n}"/><bpmn:dataObjectReference id="R{n}" name="d{n}" dataObjectRef="D{n}"/>' for n in range(5000)
    )
    before = time.process_time()
    model = bpmn(many + start() + end(), flows="begin > done")
    assert len(model.locals) == 5000
    assert time.process_time() - before < 10
