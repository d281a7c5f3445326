"""Names, kinds and expressions of a process as its files say, read as far as one element needs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.model import Process
from engine.definitions.package import CODES_PATH
from engine.definitions.positions import Located, Unreadable, read_json, read_yaml
from engine.definitions.reader import read_bpmn
from engine.definitions.scope.services import service_shapes
from engine.definitions.scope.tables import DecisionFile
from engine.definitions.scope.world import World
from engine.feel.inference import ANY, Shape
from engine.services import Services


class ProcessesOf(Mapping[str, Process]):
    """The processes of some files, read when they are asked for; one lies in the folder of its name (conventions 1)."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._read: dict[str, dict[str, Process]] = {}

    def __getitem__(self, key: str) -> Process:
        return self._folder(key)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({path.split("/")[1] for path in self._files if path.startswith("processes/") and path.endswith(".bpmn")}))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _folder(self, key: str) -> dict[str, Process]:
        if key not in self._read:
            paths = [path for path in self._files if path.startswith(f"processes/{key}/") and path.endswith(".bpmn")]
            results = [read_bpmn(self._files[path], path) for path in paths]
            self._read[key] = {process.id: process for result in results if result.file is not None for process in result.file.processes}
        return self._read[key]


def world_of(files: Mapping[str, bytes], services: Services) -> World:
    """Over these files. What cannot be read counts as missing: the check of a draft says what is wrong with it."""
    shared = {
        path.removeprefix("forms/").removesuffix(".form.json"): found
        for path in files
        if path.startswith("forms/shared/") and path.endswith(".form.json") and (found := _value(files, path, read_json)) is not None
    }
    return World(
        ProcessesOf(files),
        form=lambda key: _value(files, f"forms/{key}.form.json", read_json),
        codes=_value(files, CODES_PATH, read_yaml) or {},
        shared=shared,
        services=service_shapes(services),
        decision=lambda key: _decision(files, key),
    )


def _decision(files: Mapping[str, bytes], key: str) -> Shape:
    """What a decision gives, by the file that holds it."""
    for path, content in files.items():
        if path.endswith(".dmn") and key.encode() in content and key in (found := DecisionFile(content)).decisions:
            return found.result(key)
    return ANY


def _value(files: Mapping[str, bytes], path: str, read: Any) -> dict[str, Any] | None:
    content = files.get(path)
    if content is None:
        return None
    try:
        located: Located = read(content)
    except Unreadable:
        return None
    return located.value if isinstance(located.value, dict) else None
