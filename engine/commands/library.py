"""Loaded definitions: parsed once per process, kept by content digest, seen through the set an instance is bound to."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import yaml

from engine import feel
from engine.commands import binding
from engine.commands.blocked import CANNOT_RUN, require_executable
from engine.decisions import Decision, Decisions, imports_decisions, read_dmn
from engine.decisions.kept import Asked, kept
from engine.definitions.model import Node, Process
from engine.definitions.package import Package
from engine.definitions.reader import read_bpmn
from engine.errors import NotFound
from engine.forms.compiled import CompiledForm, compile_form
from engine.forms.rules import RuleRegistry
from engine.ids import digest
from engine.runner.port import Decided
from engine.store import definitions as store

Connection = Any

#: the C parser where it is there
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Cache:
    """A small thread-safe LRU cache."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: Any) -> bool:
        with self._lock:
            return key in self._items

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        value = make()
        with self._lock:
            self._items[key] = value
            while len(self._items) > self._size:
                self._items.popitem(last=False)
        return value


class Library:
    """The definitions of the installation, as this process has them in memory."""

    def __init__(self, rules: RuleRegistry) -> None:
        self.rules = rules
        self._sets = Cache(64)
        self._processes = Cache(512)
        self._decisions = Cache(512)
        self._importing = Cache(4096)
        self._renamed = Cache(256)
        self._forms = Cache(2048)
        self._codes = Cache(64)
        self._derived = Cache(1024)
        self._files = Cache(4096)

    def current(self, connection: Connection) -> BoundDefinitions:
        """The newest definitions. Raises NotFound before the first deployment."""
        key = store.current_digest(connection)
        if key is None:
            raise NotFound("nothing is deployed yet")
        return self.bound(connection, key)

    def bound(self, connection: Connection, key: str) -> BoundDefinitions:
        """The definitions of the set with this digest."""
        content = self._sets.get(key, lambda: store.set_content(connection, key))
        return BoundDefinitions(self, connection, key, content)

    def processes(self, connection: Connection, resource: str) -> Mapping[str, Process]:
        return self._processes.get(resource, lambda: _read_processes(store.resource_content(connection, resource)))  # type: ignore[no-any-return]

    def decisions(self, connection: Connection, resource: str, files: Mapping[str, str]) -> Decisions:
        """The file read. `files`: path → resource of the decision files of the same set, for its imports."""
        if not self._importing.get(resource, lambda: imports_decisions(store.resource_content(connection, resource))):
            return self._decisions.get(resource, lambda: read_dmn(store.resource_content(connection, resource)))  # type: ignore[no-any-return]

        def read() -> Decisions:
            contents = {path: store.resource_content(connection, other) for path, other in files.items()}
            path = next((path for path, other in files.items() if other == resource), "")
            return read_dmn(store.resource_content(connection, resource), path, files=contents)

        return self._decisions.get((resource, *sorted(files.items())), read)  # type: ignore[no-any-return]

    def files(self, connection: Connection, wanted: Mapping[str, str]) -> list[Package]:
        """These files (path → resource), each read as a package of its own, in the order of their paths. What this process has read
        before is neither fetched nor parsed again."""
        new = [resource for path, resource in wanted.items() if (path, resource) not in self._files]
        contents = store.resource_contents(connection, new)

        def read(path: str, resource: str) -> Package:
            found = contents.get(resource)  # one that left the cache meanwhile is fetched by itself
            return Package.from_files({path: store.resource_content(connection, resource) if found is None else found})

        return [self._files.get(one, partial(read, *one)) for one in sorted(wanted.items())]

    def renamed(self, key: tuple[Any, ...], make: Callable[[], Process]) -> Process:
        return self._renamed.get(key, make)  # type: ignore[no-any-return]

    def form(self, key: tuple[str, ...], make: Callable[[], CompiledForm]) -> CompiledForm:
        return self._forms.get(key, make)  # type: ignore[no-any-return]

    def codes(self, key: tuple[str, ...], make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        return self._codes.get(key, make)  # type: ignore[no-any-return]

    def derived(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        return self._derived.get(key, make)


class BoundDefinitions:
    """Implements runner.port.Definitions: each key in the version of one set, read through an open connection."""

    def __init__(self, library: Library, connection: Connection, digest: str, content: Mapping[str, Any]) -> None:
        self._library = library
        self._connection = connection
        self.digest = digest
        self.content = content
        #: the surroundings of FEEL in the command that uses this
        self.environment: Callable[[], feel.Environment] = feel.Environment
        #: the definitions are to be run, not looked at: a process with parts that cannot run is refused
        self.running = False

    def process(self, key: str) -> Process:
        """Raises NotFound; NotExecutable when it is to be run and cannot be."""
        entry = self.entry("process", key)
        if self.running:
            require_executable(entry, key, "zh")
        model = self._library.processes(self._connection, entry["resource"])[entry.get("key", key)]
        if "key" not in entry:
            return model
        uses: binding.Uses = entry["uses"]
        parts = tuple((kind, *pair) for kind, found in sorted(uses.items()) for pair in sorted(found.items()))
        return self._library.renamed((entry["resource"], key, parts), lambda: binding.renamed(model, key, uses))

    def called(self, process: str, how: str, tag: str | None) -> str:
        """The name of the version to call: `how` is ``start``, ``latest`` or ``pinned`` (then `tag` is its version tag).

        A version that the instance does not have yet is taken into its set; the digest is another one then. Raises NotFound.
        """
        if how == "start":
            return process
        if how == "latest":
            source = self._library.current(self._connection).content
        else:
            source = self._tagged(process, tag or "")
        return self._take_in(source, "process", process)

    def _tagged(self, process: str, tag: str) -> Mapping[str, Any]:
        """The newest set that has the newest version of the process with this tag."""
        for row in store.versions(self._connection, "process", process):
            if self._library.processes(self._connection, row.resource)[process].version_tag == tag:
                found = store.set_with(self._connection, "process", process, row.id)
                if found is not None:
                    return found
        raise NotFound(f"process {process!r} has no version tagged {tag!r}", process=process, tag=tag)

    def _take_in(self, source: Mapping[str, Any], kind: str, key: str) -> str:
        entry = source["definitions"].get(kind, {}).get(key)
        if entry is None:
            raise NotFound(f"there is no {kind} {key!r}", kind=kind, key=key)
        if self.content["definitions"].get(kind, {}).get(key, {}).get("id") == entry["id"]:
            return key
        name = f"{key}@{entry['version']}"
        if name in self.content["definitions"].get(kind, {}):
            return name
        self._put(kind, name, {**entry, "key": key, "uses": {}})
        uses: dict[str, dict[str, str]] = {}
        if kind == "process":
            model = self._library.processes(self._connection, entry["resource"])[key]
            for what, used in sorted(binding.references(model)):
                there = used in source["definitions"].get(what, {})  # what was missing then is missing now
                if there and (inner := self._take_in(source, what, used)) != used:
                    uses.setdefault(what, {})[used] = inner
        self._put(kind, name, {**entry, "key": key, "uses": uses})
        return name

    def _put(self, kind: str, name: str, entry: Mapping[str, Any]) -> None:
        kinds = self.content["definitions"]
        self.content = {**self.content, "definitions": {**kinds, kind: {**kinds.get(kind, {}), name: entry}}}
        self.digest = set_digest(self.content)

    def form_of(self, node: Node | None) -> str | None:
        """The form of a node, None when it has none or it is not there: a file of another tool may refer to a missing one."""
        form = node.form if node is not None else None
        return form if form is not None and form in self.content["definitions"].get("form", {}) else None

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Decided:
        """The value of a decision, with what history keeps of it. Raises NotFound, UnknownVariable, ExpressionFailed."""
        entry = self.entry("decision", decision)
        model = self.decision(decision)
        asked = Asked(self.environment())
        outcome = model.evaluate(variables, asked.environment)
        files = self._decision_files() if model.graph.imports else {}
        facts = {"version": entry["version"], "resource": entry["resource"], **({"files": files} if files else {})}
        return Decided(value=outcome.value, kept={**kept(model, outcome, variables, asked), **facts})

    def decision(self, decision: str) -> Decision:
        """The decision as a model. Raises NotFound."""
        entry = self.entry("decision", decision)
        found = self._library.decisions(self._connection, entry["resource"], self._decision_files())
        return found[entry.get("key", decision)]

    def _decision_files(self) -> dict[str, str]:
        """Path → resource of every decision file of this set; those without a decision are kept as plain files."""
        entries = (*self.content["definitions"].get("decision", {}).values(), *self.content["definitions"].get("file", {}).values())
        return {entry["path"]: entry["resource"] for entry in entries if entry["path"].endswith(".dmn")}

    def form(self, key: str) -> CompiledForm:
        """The compiled form with the shared groups and code lists of this set. Raises NotFound."""
        entry = self.entry("form", key)
        parts = (entry["resource"], *self._resources("group"), *self._resources("codes"))
        return self._library.form(parts, lambda: self._compile(entry["resource"]))

    def derived(self, name: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """Something worked out from the models of this set, once."""
        return self._library.derived((self.digest, *name), make)

    def codes(self) -> Mapping[str, Any]:
        """All code lists: name → [{code, zh, en}]."""
        return self._library.codes(self._resources("codes"), self._read_codes)

    def version(self, kind: str, key: str) -> int:
        """Raises NotFound."""
        version: int = self.entry(kind, key)["version"]
        return version

    def entry(self, kind: str, key: str) -> Mapping[str, Any]:
        """Id, version, path and resource digest of a definition. Raises NotFound."""
        found: Mapping[str, Any] | None = self.content["definitions"].get(kind, {}).get(key)
        if found is None:
            raise NotFound(f"there is no {kind} {key!r}", kind=kind, key=key)
        return found

    def replaced(self, kind: str, key: str, entry: Mapping[str, Any]) -> BoundDefinitions:
        """The same definitions but for one. Its digest is the new set's content address; the set is not stored."""
        kinds = {**self.content["definitions"], kind: {**self.content["definitions"].get(kind, {}), key: entry}}
        content = {**self.content, "definitions": kinds}
        return BoundDefinitions(self._library, self._connection, set_digest(content), content)

    def runnable(self) -> set[str]:
        """Processes without parts that cannot run: no instance is ever in another one."""
        return {key for key, entry in self.content["definitions"].get("process", {}).items() if not entry.get(CANNOT_RUN)}

    def with_called(self, other: BoundDefinitions) -> BoundDefinitions:
        """The same definitions, and the versions that calls took into the other ones."""
        found = self
        for kind, entries in other.content["definitions"].items():
            for name, entry in entries.items():
                if "key" in entry:
                    found = found.replaced(kind, name, entry)
        return found

    def keys(self, kind: str) -> list[str]:
        return list(self.content["definitions"].get(kind, {}))

    def starts(self, what: str, name: str) -> list[tuple[str, str]]:
        """(process, start event) of those that a message or signal (`what`: messages | signals) of this name starts."""
        return [(process, node) for process, node in self.content[what].get(name, [])]

    def text(self, kind: str, key: str) -> bytes:
        """The source file of a definition. Raises NotFound."""
        return store.resource_content(self._connection, self.entry(kind, key)["resource"])

    def _resources(self, kind: str) -> tuple[str, ...]:
        return tuple(e["resource"] for _, e in sorted(self.content["definitions"].get(kind, {}).items()))

    def _compile(self, resource: str) -> CompiledForm:
        schema = json.loads(store.resource_content(self._connection, resource))
        groups = {key: json.loads(self.text("group", key)) for key in self.keys("group")}
        return compile_form(schema, codes=self.codes(), shared=groups, rules=self._library.rules)

    def _read_codes(self) -> Mapping[str, Any]:
        merged: dict[str, Any] = {}
        for key in sorted(self.keys("codes")):
            merged.update(yaml.load(self.text("codes", key), Loader=_Loader) or {})  # noqa: S506  it is a safe loader
        return merged


def set_digest(content: Mapping[str, Any]) -> str:
    """Content address of a definition set."""
    entries = sorted(f"{kind} {key} {entry['id']}" for kind, found in content["definitions"].items() for key, entry in found.items())
    return digest("\n".join(entries).encode())


def _read_processes(data: bytes) -> dict[str, Process]:
    result = read_bpmn(data, "")
    return {p.id: p for p in result.file.processes} if result.file else {}
