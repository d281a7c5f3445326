"""What processes share: each other, forms, code lists, services, decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.definitions.model import Process
from engine.definitions.scope.forms import form_shape
from engine.definitions.scope.services import ServiceShape
from engine.definitions.scope.variables import Variables, submission
from engine.feel.inference import ANY, TEXT, Shape, context_of, list_of
from engine.forms.compiled import CompiledForm, compile_form

_CODE = context_of({"code": TEXT, "zh": TEXT, "en": TEXT}, open=True)


class World:
    """Shapes over one set of definitions; made anew for each check."""

    def __init__(
        self,
        processes: Mapping[str, Process],
        *,
        form: Callable[[str], Mapping[str, Any] | None],
        codes: Mapping[str, Any],
        shared: Mapping[str, Mapping[str, Any]],
        services: Mapping[str, ServiceShape] | None = None,
        decision: Callable[[str], Shape] | None = None,
    ) -> None:
        self.services: Mapping[str, ServiceShape] = services or {}
        self.codes = context_of(dict.fromkeys(codes, list_of(_CODE)), open=True)  # an unknown list is a finding of its own
        self._processes = processes
        self._schema = form
        #: name → [{code, zh, en}]
        self.lists = codes
        self._shared = shared
        self._decision = decision
        self._variables: dict[str, Variables] = {}
        self._forms: dict[str, CompiledForm | None] = {}
        self._shapes: dict[str, Shape] = {}

    def variables(self, process: Process | str) -> Variables | None:
        """Of a process, or of the one with this key; None when there is none."""
        key = process if isinstance(process, str) else process.id
        if key not in self._variables:
            found = self._processes.get(key) if isinstance(process, str) else process
            if found is None:
                return None
            self._variables[key] = Variables(self, found)
        return self._variables[key]

    def compiled_form(self, key: str | None) -> CompiledForm | None:
        if key is None:
            return None
        if key not in self._forms:
            schema = self._schema(key)
            usable = schema is not None and isinstance(schema.get("components"), list)
            self._forms[key] = compile_form(schema, codes=self.lists, shared=self._shared) if usable and schema is not None else None
        return self._forms[key]

    def form(self, key: str | None) -> Shape | None:
        """The fields of a form; None when there is no form of that key."""
        if key is None:
            return None
        if key not in self._shapes:
            compiled = self.compiled_form(key)
            self._shapes[key] = ANY if compiled is None or compiled.problems else form_shape(compiled)
        return self._shapes[key]

    def submission(self, key: str | None) -> Shape:
        return submission(self.form(key))

    def decision(self, key: str) -> Shape:
        return self._decision(key) if self._decision is not None and not key.startswith("=") else ANY
