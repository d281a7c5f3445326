"""A procedure under another key, beside its original."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.definitions.package import Package
from governance.designer.files import kind_of

#: where XML names a process, decision or register; ids of other elements need to be unique in their file only
_ATTRIBUTES = "id|processRef|bpmnElement|processId|decisionId|register|href"


def copy_procedure(files: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """The files of a procedure as those of `new`. What is known by name in the whole installation (process, decisions, forms,
    registers, papers, settings) is renamed along, so that neither takes the other's place. Names of messages stay: others send them."""
    names = _names(Package.from_files(files), old, new)
    found = {}
    for path, content in files.items():
        as_it_is = path.endswith(".docx") or kind_of(path) in ("other", "text")
        copied = content if as_it_is else _renamed(content.decode("utf-8"), old, new, names).encode()
        found[_path(path, old, new, names)] = copied
    return found


def _names(package: Package, old: str, new: str) -> dict[str, str]:
    """Names that may stand once in an installation → what the copy calls them."""
    taken: Iterable[str] = [*package.processes, *package.decisions, *package.registers, *package.papers, *package.settings]
    return {name: _other(name, old, new) for name in taken}


def _other(name: str, old: str, new: str) -> str:
    if name == old:
        return new
    if name.startswith((f"{old}_", f"{old}.")):
        return new + name[len(old) :]
    return f"{new}.{name}" if "." in name else f"{new}_{name}"


def _path(path: str, old: str, new: str, names: Mapping[str, str]) -> str:
    top, _, rest = path.partition("/")
    stem, dot, end = rest.partition("/")[2].partition(".")
    # a paper names its templates by their files
    stays = top == "forms" or kind_of(path) == "paper"
    return f"{top}/{new}/{stem if stays else names.get(stem, new if stem == old else stem)}{dot}{end}"


def _renamed(text: str, old: str, new: str, names: Mapping[str, str]) -> str:
    """Only where a name is meant: a variable, a code or a word of prose that is spelled alike stays."""
    text = re.sub(rf"(?<=[\"'=\s]){re.escape(old)}/(?=[a-z])", f"{new}/", text)
    for name in sorted(names, key=len, reverse=True):
        was, becomes = re.escape(name), names[name]
        for pattern in (
            rf"(\b(?:{_ATTRIBUTES})=\"#?){was}(?=\")",  # XML
            rf"((?:&quot;|&#34;|\\\"|(?<!=)\")){was}(?=&quot;|&#34;|\\?\")",  # a literal in FEEL, a text in JSON or YAML
            rf"((?:^|[\s{{])(?:process|register|paper|of|start):\s?){was}(?=[\s,}}\[]|$)",  # YAML
            rf"(\"register:){was}(?=\")",
            rf"(^){was}(?=:)",  # a setting
            rf"([{{,]\s?){was}(?=:\s?\[)",  # rows of a register that an example run expects
            rf"(started: \[(?:[\w, ]+, )?){was}(?=[,\]])",
        ):
            text = re.sub(pattern, rf"\g<1>{becomes}", text, flags=re.MULTILINE)
    return text
