"""Names, paths, filters and calls → closures over a Scope: what needs to know which name is bound where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from engine.feel import calls, nodes, readers, runtime
from engine.feel.builtins import BUILTINS
from engine.feel.builtins.registry import Builtin
from engine.feel.environment import Scope
from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import LimitReached

Code = Callable[[Scope], Any]


class Names:
    """Names bound by one construct at compile time; `any_entry`: by the items of a filtered list, known only at run time."""

    def __init__(self, names: Iterable[str], any_entry: bool = False) -> None:
        self.names = set(names)
        self.any_entry = any_entry
        self.read: set[str] = set()


class NameCompiler:
    """Compiles names and what is done to them. Afterwards `free`, `item_names` and `functions` tell what it reads from outside."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text = text
        self.given = names
        self.free: set[str] = set()
        self.item_names: set[str] = set()
        #: looked at, but allowed to be absent
        self.lenient: set[str] = set()
        self.functions: set[str] = set()
        self._scopes: list[Names] = []

    def compile(self, node: nodes.Node) -> Code:
        method: Code = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return method

    @staticmethod
    def _placed(node: nodes.Node, code: Code) -> Code:
        """The code; a limit reached in it is told with the node's place."""
        position = node.position

        def placed(scope: Scope) -> Any:
            try:
                return code(scope)
            except LimitReached as error:
                error.place(position)
                raise

        return placed

    @contextmanager
    def _bound(self, *names: str, any_entry: bool = False) -> Iterator[Names]:
        scope = Names(names, any_entry)
        self._scopes.append(scope)
        yield scope
        self._scopes.pop()

    # --- names and paths

    def _name(self, node: nodes.Name) -> Code:
        name, through_filter = node.name, False
        for hops, scope in enumerate(reversed(self._scopes)):
            if name in scope.names and not through_filter:
                scope.read.add(name)
                return readers.local_reader(name, hops)
            if name in scope.names:
                scope.read.add(name)
                return readers.item_reader(name, node.position)
            through_filter = through_filter or scope.any_entry
        if through_filter:
            self.item_names.add(name)
            return readers.item_reader(name, node.position)
        self.free.add(name)
        return readers.variable_reader(name, len(self._scopes), node.position)

    def _is_bound(self, name: str) -> bool:
        return any(name in scope.names for scope in self._scopes)

    def _path(self, node: nodes.Path) -> Code:
        base, name = self.compile(node.base), node.name
        path, position = runtime.path, node.position

        def read(scope: Scope) -> Any:
            value = path(base(scope), name, scope.run)
            if value is None or type(value) is list:
                scope.run.place(position)
            return value

        return read

    def _filter(self, node: nodes.Filter) -> Code:
        base = self.compile(node.base)
        if isinstance(node.condition, nodes.Literal | nodes.Negation):
            index = self.compile(node.condition)
            return lambda scope: runtime.filtered_by(base(scope), index(scope), scope)
        with self._bound("item", any_entry=True):
            condition = self.compile(node.condition)
        return self._placed(node, lambda scope: runtime.filtered(base(scope), condition, scope))

    # --- calls

    def _call(self, node: nodes.Call) -> Code:
        if isinstance(node.function, nodes.Name) and not self._is_bound(node.function.name):
            return self._call_by_name(node, node.function.name)
        function = self.compile(node.function)
        arguments = tuple(self.compile(argument) for argument in node.arguments)
        return self._invocation(node, function, arguments)

    def _invocation(self, node: nodes.Call, function: Code, arguments: Sequence[Code]) -> Code:
        names, position = node.names, node.position
        invoke = calls.invoke

        def call(scope: Scope) -> Any:
            try:
                result = invoke(function(scope), [argument(scope) for argument in arguments], names, scope.run)
            except LimitReached as error:
                error.place(position)
                raise
            if result is None:
                scope.run.place(position)
            return result

        return call

    def _call_by_name(self, node: nodes.Call, name: str) -> Code:
        if name in ("get or else", "is defined"):
            return self._lenient_call(node, name)
        arguments = tuple(self.compile(argument) for argument in node.arguments)
        builtin = BUILTINS.get(name)
        if builtin is not None and name not in self.given:
            return self._builtin_call(node, builtin, arguments)
        if builtin is None:
            self.functions.add(name)
        find, position = calls.find_function, node.position
        return self._invocation(node, lambda scope: find(name, scope, position), arguments)

    def _builtin_call(self, node: nodes.Call, builtin: Builtin, arguments: Sequence[Code]) -> Code:
        bind = builtin.binder(len(arguments), node.names)
        if bind is None:
            raise FeelSyntaxError(
                self.text, node.position, "arguments", "signature", found=f"{builtin.name}()", signatures="; ".join(builtin.shown())
            )

        position = node.position

        def call(scope: Scope) -> Any:
            run = scope.run
            try:
                run.spend()
                result = bind(run, [argument(scope) for argument in arguments])
            except LimitReached as error:
                error.place(position)
                raise
            if result is None:
                run.place(position)
            return result

        return call

    def _lenient_call(self, node: nodes.Call, name: str) -> Code:
        """`get or else(x, d)` and `is defined(x)`: a name in x that no scope knows counts as null."""
        wanted = 2 if name == "get or else" else 1
        if len(node.arguments) != wanted or node.names is not None:
            shown = "get or else(value, default)" if wanted == 2 else "is defined(value)"
            raise FeelSyntaxError(self.text, node.position, "arguments", "signature", found=f"{name}()", signatures=shown)
        known_free, known_items = set(self.free), set(self.item_names)
        value = self.compile(node.arguments[0])
        # names that may be absent are not demanded of the scope
        self.lenient |= (self.free - known_free) | (self.item_names - known_items)
        self.free, self.item_names = known_free, known_items
        if name == "is defined":
            return lambda scope: readers.is_defined(value, scope)
        default = self.compile(node.arguments[1])
        return lambda scope: found if (found := readers.value_or_null(value, scope)) is not None else default(scope)
