"""A form as P02 would have it, people and files in memory, and a clock that stands at Monday 2026-03-02 09:00 in Shanghai."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from forms_helpers import CODES

from engine.errors import FieldError, FormInvalid
from engine.forms import FormContext, compile_form
from engine.ports import StoredFile

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class FakePeople:
    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], dict[str, Any]] = {
            ("person", "wang"): {"id": "wang", "zh": "王敏", "en": "Wang Min"},
            ("person", "li"): {"id": "li", "zh": "李强", "en": "Li Qiang"},
            ("unit", "haina"): {"id": "haina", "zh": "海纳公司", "en": "Haina Ltd", "kind": "enterprise"},
            ("unit", "street"): {"id": "street", "zh": "街道办", "en": "Street office", "kind": "government"},
        }
        self.units = {"wang": ["street"], "li": ["haina"]}
        self.members = {("li", "council")}

    def exists(self, connection: Any, kind: str, ref: str, at: datetime) -> bool:
        return (kind, ref) in self.entries

    def describe(self, connection: Any, kind: str, ref: str, at: datetime) -> Mapping[str, Any] | None:
        return self.entries.get((kind, ref))

    def unit_of(self, connection: Any, person: str, at: datetime) -> Iterable[str]:
        return self.units.get(person, [])

    def is_member(self, connection: Any, person: str, of: str, at: datetime) -> bool:
        return (person, of) in self.members


class FakeFiles:
    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}

    def put(self, identity: str, **changes: Any) -> None:
        plain = StoredFile(id=identity, name=f"{identity}.jpg", size=2048, media_type="image/jpeg", digest="sha256:00", uploaded_by="wang")
        self.files[identity] = replace(plain, **changes)

    def get(self, connection: Any, file_id: str) -> StoredFile | None:
        return self.files.get(file_id)

    def attach(self, connection: Any, file_ids: Iterable[str], instance: str) -> None:
        for identity in file_ids:
            self.put(identity, instance=instance)


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture
def context(files: FakeFiles) -> FormContext:
    return FormContext(now=NOW, zone=ZoneInfo("Asia/Shanghai"), person="wang", people=FakePeople(), files=files)


Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(context: FormContext) -> Load:
    """load(components, submission, **context changes) → values."""

    def run(components: list[dict[str, Any]], submission: Any, **changes: Any) -> dict[str, Any]:
        form = compile_form({"type": "default", "id": "t/t", "components": components}, codes=CODES)
        return form.load(submission, context=replace(context, **changes))

    return run


Errors = Callable[..., dict[str, str]]


@pytest.fixture
def errors(load: Load) -> Errors:
    """errors(components, submission, **context changes) → {pointer: code}; fails when the submission is accepted."""

    def run(components: list[dict[str, Any]], submission: Any, **changes: Any) -> dict[str, str]:
        with pytest.raises(FormInvalid) as caught:
            load(components, submission, **changes)
        return {error.pointer: error.code for error in caught.value.errors}

    return run


@pytest.fixture
def messages(load: Load) -> Callable[..., list[FieldError]]:
    def run(components: list[dict[str, Any]], submission: Any, **changes: Any) -> list[FieldError]:
        with pytest.raises(FormInvalid) as caught:
            load(components, submission, **changes)
        return list(caught.value.errors)

    return run
