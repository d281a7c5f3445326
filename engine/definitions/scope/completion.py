"""What an editor offers while an expression is written: names with kinds, labels and where each comes from; functions; code lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.definitions.checks.scopes import LOOP_NAMES, first
from engine.definitions.model import Label, Node
from engine.definitions.scope.functions import DESCRIPTIONS, OWN_FUNCTIONS
from engine.definitions.scope.places import Place, Places
from engine.definitions.scope.variables import Variables
from engine.definitions.scope.world import World
from engine.errors import NotFound
from engine.feel.builtins import BUILTINS
from engine.feel.inference import Shape
from engine.forms.compiled import FieldInfo

_LABELS: Mapping[str, Label] = {
    "starter": Label(zh="发起人", en="Who started the case"),
    "number": Label(zh="案件编号", en="Number of the case"),
    "area": Label(zh="所在区域", en="Area of the case"),
    "codes": Label(zh="代码表", en="Code lists"),
    "form": Label(zh="提交的表单", en="The form as handed in"),
    "result": Label(zh="服务、决策或脚本的结果", en="Result of the service, decision or script"),
    "message": Label(zh="收到的消息", en="The message received"),
    "signal": Label(zh="收到的信号", en="The signal received"),
    "error": Label(zh="捕获的错误", en="The error caught"),
    "escalation": Label(zh="捕获的升级", en="The escalation caught"),
    "loopCounter": Label(zh="第几个（从 1 起）", en="Which of them, from 1"),
    "numberOfInstances": Label(zh="总数", en="How many there are"),
    "numberOfCompletedInstances": Label(zh="已完成数", en="How many are completed"),
    "numberOfActiveInstances": Label(zh="进行中数", en="How many are under way"),
    "numberOfTerminatedInstances": Label(zh="已终止数", en="How many were ended early"),
    "by": Label(zh="提交人", en="Who handed it in"),
    "at": Label(zh="提交时间", en="When it was handed in"),
}
_ENGINE = frozenset({"starter", "number", "area"})
_PAYLOADS = frozenset({"form", "result", "message", "signal", "error", "escalation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One name. `source`: engine | codes | loop | input | payload | data | step | call; `of`: the element or form it comes from.

    `after`: only output mappings see it.
    """

    name: str
    shape: Shape
    label: Label = field(default_factory=Label)
    source: str = ""
    of: str = ""
    after: bool = False
    entries: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionOffer:
    """A function with the ways to call it; `own`: Cogov's, not FEEL's."""

    name: str
    signatures: tuple[str, ...]
    label: Label = field(default_factory=Label)
    own: bool = False


def functions() -> list[FunctionOffer]:
    """Built-in ones and Cogov's own, by name."""
    own = [
        FunctionOffer(name=name, signatures=(signature.shown(),), label=DESCRIPTIONS[name], own=True)
        for name, signature in OWN_FUNCTIONS.items()
    ]
    built_in = [FunctionOffer(name=name, signatures=tuple(function.shown())) for name, function in BUILTINS.items()]
    lenient = [
        FunctionOffer(name="get or else", signatures=("get or else(value: any, default: any)",)),
        FunctionOffer(name="is defined", signatures=("is defined(value: any)",)),
    ]
    return sorted((*own, *built_in, *lenient), key=lambda offer: offer.name)


class Completion:
    """Offers at the elements of one process."""

    def __init__(self, world: World, variables: Variables) -> None:
        self._world = world
        self._variables = variables
        self._places = Places(world, variables)

    def places(self, element: str) -> list[Place]:
        """The expressions that stand at the element now. Raises NotFound."""
        self._require(element)
        return list(self._places.of_element(element))

    def names(self, element: str) -> list[Offer]:
        """Names at a node, flow, lane or the process itself; those of output mappings are marked. Raises NotFound."""
        self._require(element)
        process, scopes = self._variables.process, self._variables.scopes
        node = process.nodes.get(element)
        if node is None:
            flow = process.flows.get(element)
            inside = process.nodes.get(flow.parent) if flow is not None else None
            names = scopes.inside(flow.parent) if flow is not None else scopes.root
            return sorted((self._offer(name, inside) for name in names), key=_order)
        here = scopes.of_node(node)
        called = self._world.variables(node.called.process) if node.called is not None else None
        after = scopes.of_outputs(node, called.scopes if called is not None else None) - here
        found = [self._offer(name, node) for name in here]
        found += [replace(self._offer(name, node, after=True), after=True) for name in after if self._comes(name, node)]
        return sorted(found, key=_order)

    def _require(self, element: str) -> None:
        process = self._variables.process
        if element != process.id and not any(element in known for known in (process.nodes, process.flows, process.lanes)):
            raise NotFound(f"流程 {process.id} 里没有 {element} / {process.id} has no element {element}", element=element)

    @staticmethod
    def _comes(name: str, node: Node) -> bool:
        """Of what any node might bring, what this one does."""
        if name == "form":
            return node.form is not None
        if name == "result":
            return any((node.service, node.decision, node.script))
        if name in ("message", "signal", "error", "escalation"):
            return any(event.kind == name for event in node.events) or (name == "message" and node.message is not None)
        return True

    def _offer(self, name: str, node: Node | None, *, after: bool = False) -> Offer:
        source, of = self._source(name, node)
        shape = self._variables.in_outputs(name, node) if after and node is not None else self._variables.of(name, node)
        form = of if source == "payload" else self._form_of(name)
        entries = self._form_entries(form, shape) or _entries(shape)
        return Offer(name=name, shape=shape, label=self._label(name, form), source=source, of=of, entries=entries)

    def _source(self, name: str, node: Node | None) -> tuple[str, str]:
        process = self._variables.process
        if name in _ENGINE:
            return "engine", ""
        if name == "codes":
            return "codes", ""
        if name in _PAYLOADS and node is not None:
            action = node.action.form if node.action is not None else None
            return "payload", (node.form if name == "form" else action if name == "message" else node.service or node.decision) or ""
        here = node
        while here is not None:
            if any(first(mapping.target) == name for mapping in here.inputs):
                return "input", here.id
            if here.loop is not None and (name == here.loop.element or name in LOOP_NAMES):
                return "loop", here.id
            here = process.nodes.get(here.attached_to or here.parent)
        if name in process.data:
            return "data", process.id
        writers = [one.id for one in process.nodes.values() if self._writes(one, name)]
        return ("step", ", ".join(writers)) if writers else ("call", node.called.process if node and node.called else "")

    @staticmethod
    def _writes(node: Node, name: str) -> bool:
        collected = node.loop.output_collection if node.loop is not None else None
        return name in (node.result_variable, collected) or any(first(mapping.target) == name for mapping in node.outputs)

    def _form_of(self, name: str) -> str:
        data = self._variables.process.data.get(name)
        return (data.form or "") if data is not None else ""

    def _label(self, name: str, form: str) -> Label:
        compiled = self._world.compiled_form(form or None) if name not in _LABELS else None
        if compiled is None:
            return _LABELS.get(name, Label())
        title = compiled.schema.get("i18n", {}).get("en", {}).get("title", "")
        return Label(zh=str(compiled.schema.get("title", "")), en=str(title))

    def _form_entries(self, form: str, shape: Shape) -> tuple[Offer, ...]:
        """Fields with their labels, as far as the value still is what the form gives."""
        compiled = self._world.compiled_form(form or None)
        if compiled is None or shape.entries is None:
            return ()
        fields = {key: info for key, info in compiled.fields.items() if "." not in key}
        return tuple(_field(name, entry, fields.get(name)) for name, entry in shape.entries.items())


def _field(name: str, shape: Shape, info: FieldInfo | None) -> Offer:
    label = Label(zh=info.zh, en=info.en) if info is not None else _LABELS.get(name, Label())
    if info is not None and info.columns is not None and shape.item is not None and shape.item.entries is not None:
        columns = tuple(_field(key, entry, info.columns.get(key)) for key, entry in shape.item.entries.items())
        return Offer(name=name, shape=shape, label=label, entries=columns)
    return Offer(name=name, shape=shape, label=label, of=info.codes or "" if info is not None else "", entries=_entries(shape))


def _entries(shape: Shape) -> tuple[Offer, ...]:
    inner = shape.item if shape.kind == "list" and shape.item is not None else shape
    return tuple(Offer(name=name, shape=entry, entries=_entries(entry)) for name, entry in (inner.entries or {}).items())


_RANK = ("payload", "input", "loop", "data", "step", "call", "engine", "codes")


def _order(offer: Offer) -> tuple[int, str]:
    """What is nearest first."""
    return _RANK.index(offer.source) if offer.source in _RANK else len(_RANK), offer.name


def sample(offers: Iterable[Offer], now: str) -> dict[str, object]:
    """JSON to try an expression with: one plausible value for each name whose kind is known. `now`: ISO 8601."""
    return {offer.name: _sample(offer.shape, now) for offer in offers if offer.source != "codes" and offer.shape.known}


def _sample(shape: Shape, now: str) -> object:
    if shape.kind == "list":
        return [_sample(shape.item, now)] if shape.item is not None and shape.item.known else []
    if shape.kind == "context":
        return {name: _sample(entry, now) for name, entry in (shape.entries or {}).items()}
    plain: dict[str, object] = {
        "number": 1,
        "string": "",
        "boolean": True,
        "date": now[:10],
        "date and time": now,
        "time": now[11:19],
        "days and time duration": "P1D",
        "years and months duration": "P1M",
    }
    return plain.get(shape.kind)
