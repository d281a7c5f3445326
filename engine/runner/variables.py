"""Variables live in scopes (tokens), as BPMN and Zeebe say: reading goes outwards, writing goes to the nearest scope that has the name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.definitions.model import Mapping_
from engine.runner.failures import BadName
from engine.runner.token import FACTS, RESULT, Token
from engine.values import normalise

#: First character of the kernel's rows beside the user's variables (results of multi-instance, records for compensation);
#: no variable may have such a name, so nothing a user sends can be taken for one of them.
PRIVATE = "#"
#: results that come with facts of the engine beside the data: who and when, or the code
HAVE_FACTS = ("form", "error", "escalation")
#: Facts of the instance that the engine sets; a called process sees them although it sees nothing else of its caller.
INSTANCE_FACTS = ("starter", "number", "area")
#: characters of a name that the database keeps, and that a message shows
_LONGEST_NAME, _SHOWN = 255, 60


class Scopes(Mapping[str, Any]):
    """The variables visible at a token: layers, innermost first, nothing copied."""

    __slots__ = ("_layers",)

    def __init__(self, layers: Sequence[Mapping[str, Any]]) -> None:
        self._layers = layers

    def __getitem__(self, name: str) -> Any:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self._layers)

    def __iter__(self) -> Iterator[str]:
        seen = set()
        for layer in self._layers:
            for name in layer:
                if name not in seen and not name.startswith(PRIVATE):
                    seen.add(name)
                    yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)


def visible(token: Token, *inner: Mapping[str, Any]) -> Scopes:
    """What an expression at `token` reads; `inner` layers lie before all scopes."""
    layers = [layer for layer in inner if layer]
    scope = token
    while True:
        if scope.data:
            layers.append(scope.data)
        if scope.stored:
            layers.append(scope.stored)
        if scope.task_spec.is_body:
            layers.append(scope.task_spec.counters(scope))
        if scope.task_spec.is_process or scope.scope is None:
            break
        scope = scope.scope
    if scope.scope is not None:
        layers.append(instance_facts(scope))
    if scope.task_spec.process.model.stores:
        layers.append(Stores(scope))
    return Scopes(layers)


class Stores(Mapping[str, Any]):
    """The data stores that a process refers to, read when an expression names one. They are never copied with the variables."""

    def __init__(self, process: Token) -> None:
        self._keys: Mapping[str, str] = process.task_spec.process.model.stores
        self._environment = process.workflow.environment

    def __getitem__(self, name: str) -> Any:
        return self._environment.read_store(self._keys[name])

    def __contains__(self, name: object) -> bool:
        return name in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def process_of(token: Token) -> Token:
    """The token of the process, the instance's own or a called one, that this token stands in."""
    scope = token
    while not scope.task_spec.is_process and scope.scope is not None:
        scope = scope.scope
    return scope


def instance_facts(token: Token) -> dict[str, Any]:
    root = token.workflow.root
    return {name: read(root, name) for name in INSTANCE_FACTS if has(root, name)}


def has(token: Token, name: str) -> bool:
    """Whether this very scope has the variable."""
    return name in token.data or name in token.stored


def read(token: Token, name: str, default: Any = None) -> Any:
    """The variable of this very scope."""
    if name in token.data:
        return token.data[name]
    return token.stored.get(name, default)


def own(token: Token) -> dict[str, Any]:
    """The user's variables of this very scope."""
    found = {**token.stored, **token.data}
    return {name: value for name, value in found.items() if not name.startswith(PRIVATE)}


def private(token: Token, prefix: str) -> list[str]:
    """Names of the kernel's rows in this scope that begin with `prefix`, in order."""
    return sorted({name for layer in (token.stored, token.data) for name in layer if name.startswith(prefix)})


def drop(token: Token, name: str) -> None:
    """Delete a row of the kernel from this scope."""
    token.data.pop(name, None)
    if name in token.stored:
        token.stored = {key: value for key, value in token.stored.items() if key != name}


def write(scope: Token, target: str, value: Any) -> None:
    """Set `target` (dotted: a member of a context) in the nearest scope outwards that has the name, else in the data store of that
    name, else in the process scope."""
    name, *path = target.split(".")
    check_name(name)
    holder = scope
    while not has(holder, name) and not holder.task_spec.is_process and holder.scope is not None:
        holder = holder.scope
    store = holder.task_spec.process.model.stores.get(name) if not has(holder, name) else None
    if store is not None:
        environment = holder.workflow.environment
        environment.write_store(store, normalise(with_member(environment.read_store(store), path, value)))
        return
    holder.data[name] = with_member(read(holder, name), path, value) if path else value


def check_name(name: str) -> None:
    """Raises BadName for a name that is the kernel's own, empty, or too long for its column."""
    if not name or name.startswith(PRIVATE) or len(name) > _LONGEST_NAME:
        shown = name[:_SHOWN]
        raise BadName(f"变量不能叫做 {shown!r} / a variable cannot be called {shown!r}", name=shown)


def merge(scope: Token, values: Mapping[str, Any]) -> None:
    """Write every variable outwards; all or nothing."""
    for name in values:
        check_name(name)
    for name, value in values.items():
        write(scope, name, value)


def with_member(context: Any, path: Sequence[str], value: Any) -> Any:
    """A copy of `context` in which the member at `path` is `value`; what is no context on the way is replaced by one."""
    if not path:
        return value
    base = context if isinstance(context, Mapping) else {}
    return {**base, path[0]: with_member(base.get(path[0]), path[1:], value)}


def map_inputs(token: Token, mappings: Sequence[Mapping_]) -> None:
    """Evaluate zeebe:input in order (a later one sees an earlier one) and make the results local to the token."""
    local: dict[str, Any] = {}
    for mapping in mappings:
        value = token.workflow.evaluate(mapping.source, visible(token, local))
        name, *path = mapping.target.split(".")
        local[name] = with_member(local.get(name), path, value)
    token.data.update(local)


def inputs_of(token: Token, mappings: Sequence[Mapping_]) -> dict[str, Any]:
    """The local variables that the input mappings made, as copies: who gets them cannot change a variable in place."""
    names = dict.fromkeys(mapping.target.split(".")[0] for mapping in mappings)
    return {name: normalise(read(token, name)) for name in names}


def result_layers(token: Token) -> tuple[dict[str, Any], ...]:
    """The completion result under its name, and its members under theirs (Zeebe: results are local to the element)."""
    name = token.internal_data.get(RESULT)
    if name is None:
        return ()
    value = read(token, name)
    members = dict(value) if isinstance(value, Mapping) else {}
    facts = read(token, FACTS) if name in HAVE_FACTS else None
    return ({name: {**members, **facts} if facts else value}, members)


def map_outputs(token: Token, start: Token, mappings: Sequence[Mapping_], layers: Sequence[Mapping[str, Any]]) -> None:
    """Evaluate zeebe:output in order and write the results outwards from scope `start`; all or nothing."""
    pending: dict[str, Any] = {}
    results = []
    for mapping in mappings:
        sight = visible(token, pending, *layers)
        value = token.workflow.evaluate(mapping.source, sight)
        results.append((mapping.target, value))
        name, *path = mapping.target.split(".")
        pending[name] = with_member(sight.get(name, None), path, value) if path else value
    for target, value in results:
        write(start, target, value)
