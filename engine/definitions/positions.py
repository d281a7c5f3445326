"""Reads YAML and JSON files safely, with the line of every value, so that a finding can name it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
#: the C parser is some eight times faster and gives the same marks
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: anchors may repeat parts of a file; more values than this is an attack or a mistake
MAX_VALUES = 200_000
#: nesting that no file of ours comes near
MAX_DEPTH = 60


class Unreadable(Exception):
    """The text is not the format it should be."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Located:
    """A value and the line (from 1) on which each of its parts begins, by path."""

    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int | None:
        """The line of `path`, or of the nearest part around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def read_yaml(data: bytes) -> Located:
    """Raises Unreadable for broken YAML, a key given twice, own tags, and anchors that blow up."""
    try:
        text = data.decode("utf-8-sig")
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            return Located(None, {(): 1})
        if _size(node) > MAX_VALUES:
            raise Unreadable("too many repeated values", 1)
        _refuse_twice(node)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506  it is a safe loader
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8: {error.reason}", None) from error
    except RecursionError as error:
        raise Unreadable("nested too deeply", None) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise Unreadable(error.problem or str(error), mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(str(error), None) from error
    return Located(value, dict(_yaml_lines(node)))


def _size(root: Node) -> int:
    """Values of the document with anchors expanded, counted without expanding them."""
    sizes: dict[int, int] = {}

    def count(node: Node, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise Unreadable("nested too deeply", node.start_mark.line + 1)
        if id(node) not in sizes:
            sizes[id(node)] = MAX_VALUES + 1  # an anchor inside itself never ends
            sizes[id(node)] = 1 + sum(count(part, depth + 1) for part in _parts(node))
        return sizes[id(node)]

    return count(root, 0)


def _refuse_twice(root: Node) -> None:
    """YAML 1.2, 3.2.1.3: keys are unique. The parser would let the last one win without a word."""
    todo, seen = [root], set[int]()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        todo += _parts(node)
        first: dict[str, int] = {}
        for key, _ in node.value if isinstance(node, MappingNode) else ():
            if not isinstance(key, ScalarNode):
                continue
            line = key.start_mark.line + 1
            if key.value in first:
                before = first[key.value]
                raise Unreadable(f"键“{key.value}”重复，第 {before} 行已有 / the key “{key.value}” is there already in line {before}", line)
            first[key.value] = line


def _parts(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _yaml_lines(root: Node) -> Iterator[tuple[Path, int]]:
    stack: list[tuple[Path, Node]] = [((), root)]
    yield (), root.start_mark.line + 1
    while stack:
        path, node = stack.pop()
        named: list[tuple[str | int, Node, int]] = []
        if isinstance(node, MappingNode):
            named = [(str(key.value), value, key.start_mark.line) for key, value in node.value if isinstance(key, ScalarNode)]
        elif isinstance(node, SequenceNode):
            named = [(index, value, value.start_mark.line) for index, value in enumerate(node.value)]
        for name, value, line in named:
            yield (*path, name), line + 1
            stack.append(((*path, name), value))


def read_json(data: bytes) -> Located:
    """Raises Unreadable for broken JSON, a key given twice, and NaN or Infinity."""
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8: {error.reason}", None) from error
    except json.JSONDecodeError as error:
        raise Unreadable(error.msg, error.lineno) from error
    except RecursionError as error:
        raise Unreadable("nested too deeply", None) from error
    except ValueError as error:
        raise Unreadable(str(error), None) from error
    return Located(value, dict(_json_lines(text)))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key “{key}” is there twice")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+|\n')


def _json_lines(text: str) -> Iterator[tuple[Path, int]]:
    """Lines of the parts of valid JSON: one pass over its tokens."""
    line = 1
    path: list[str | int] = []  # of the containers that are open
    in_object: list[bool] = []
    last_string = ""
    yield (), 1
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece == "\n":
            line += 1
        elif piece == ":":
            path[-1] = last_string
            yield tuple(path), line
        elif piece in "{[":
            if in_object and not in_object[-1]:
                yield tuple(path), line
            in_object.append(piece == "{")
            path.append("" if piece == "{" else 0)
        elif piece in "}]":
            in_object.pop()
            path.pop()
        elif piece == ",":
            if not in_object[-1]:
                path[-1] = int(path[-1]) + 1
        else:
            if piece.startswith('"'):
                last_string = json.loads(piece)
            if in_object and not in_object[-1]:
                yield tuple(path), line
