"""Where the nodes of a scope stand: columns by longest path, rows by lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import sqrt

#: loose items are packed into an area that many times wider (in cells) than high
_WIDER_THAN_HIGH = 2.5


@dataclass(slots=True)
class Item:
    """A node to be placed; `columns` × `rows` cells wide and high. `column` and `row` are found here."""

    id: str
    lane: int = 0
    columns: int = 1
    rows: int = 1
    column: int = 0
    row: int = 0
    #: event sub-processes and other things without flows: below the rest of their lane
    loose: bool = False

    def cells(self) -> Iterator[tuple[int, int]]:
        return ((self.column + c, self.row + r) for c in range(self.columns) for r in range(self.rows))


@dataclass(slots=True)
class Grid:
    """Placed items; rows count through all lanes from 0. `lane_rows[i]` are the rows of lane i: first, and one after the last."""

    items: dict[str, Item]
    columns: int
    rows: int
    lane_rows: list[tuple[int, int]] = field(default_factory=list)

    def occupied(self) -> dict[tuple[int, int], str]:
        return {cell: item.id for item in self.items.values() for cell in item.cells()}


Links = list[tuple[str, str]]


def place(items: list[Item], links: Links, lanes: int) -> Grid:
    """Place `items` (in document order); `links` are flows between them, also from a boundary event's host."""
    by_id = {item.id: item for item in items}
    forward = _without_back_edges(by_id, links)
    _columns(by_id, forward)
    rows = _Rows(by_id, forward)
    rows.place([item for item in items if not item.loose])
    loose = [item for item in items if item.loose]
    width = max((item.column + item.columns for item in items if not item.loose), default=1)
    area = sum(item.columns * item.rows for item in loose)
    rows.place_loose(loose, max([width, round(sqrt(_WIDER_THAN_HIGH * area)), *(item.columns for item in loose)]))
    return _stack_lanes(items, lanes)


def _without_back_edges(items: dict[str, Item], links: Links) -> Links:
    """The links without those that close a loop, found depth first from the starts, in document order."""
    follow: dict[str, list[str]] = defaultdict(list)
    entered = set()
    for source, target in links:
        if source != target:
            follow[source].append(target)
            entered.add(target)
    back: set[tuple[str, str]] = set()
    state: dict[str, int] = {}  # 1 open, 2 done
    for start in sorted(items, key=lambda key: key in entered):
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(follow[start]))]
        while stack:
            at, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[at] = 2
                stack.pop()
            elif state.get(following) == 1:
                back.add((at, following))
            elif following not in state:
                state[following] = 1
                stack.append((following, iter(follow[following])))
    return [link for link in dict.fromkeys(links) if link not in back and link[0] != link[1]]


def _columns(items: dict[str, Item], links: Links) -> None:
    """Longest path from the left; what has no predecessor is drawn to the right, next to what it leads to."""
    follow, waiting = defaultdict(list), dict.fromkeys(items, 0)
    for source, target in links:
        follow[source].append(target)
        waiting[target] += 1
    ready = [key for key in items if waiting[key] == 0]
    roots = [key for key in ready if follow[key]]
    for key in ready:  # grows while it is read
        item = items[key]
        for target in follow[key]:
            items[target].column = max(items[target].column, item.column + item.columns)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    for key in roots:
        nearest = min(items[target].column for target in follow[key])
        items[key].column = max(0, nearest - items[key].columns)


class _Rows:
    """Rows within each lane, counted from 0 at the lane's main line; negative rows lie above it."""

    def __init__(self, items: dict[str, Item], links: Links) -> None:
        self._items = items
        self._before: dict[str, list[str]] = defaultdict(list)
        self._after: dict[str, list[str]] = defaultdict(list)
        for source, target in links:
            self._before[target].append(source)
            self._after[source].append(target)
        self._reach = self._longest_rest()
        self._taken: set[tuple[int, int, int]] = set()  # lane, column, row
        self._lines: set[tuple[int, int, int]] = set()  # cells a straight flow would like to pass
        self._placed: set[str] = set()

    def _longest_rest(self) -> dict[str, int]:
        """How far the way goes on behind each node: the longest branch keeps the line straight."""
        rest: dict[str, int] = {}
        for item in sorted(self._items.values(), key=lambda item: -item.column):
            rest[item.id] = 1 + max((rest.get(target, 0) for target in self._after[item.id]), default=0)
        return rest

    def place(self, items: list[Item]) -> None:
        order = {item.id: index for index, item in enumerate(items)}
        for item in sorted(items, key=lambda item: (item.column, self._rank(item), order[item.id])):
            self._put(item, self._wish(item))

    def _rank(self, item: Item) -> int:
        """Straight continuations first, so that they get their line."""
        return min((self._branch(source, item.id) for source in self._before[item.id]), default=0)

    def _branch(self, source: str, target: str) -> int:
        """0 for the main way on from `source`, 1 for the next …; nodes of its own lane come first."""
        lane = self._items[source].lane
        ways = sorted(self._after[source], key=lambda key: (self._items[key].lane != lane, -self._reach[key]))
        return ways.index(target)

    def _wish(self, item: Item) -> int:
        known = [source for source in self._before[item.id] if source in self._placed]
        own = [source for source in known if self._items[source].lane == item.lane]
        if own:
            source = min(own, key=lambda key: (self._branch(key, item.id), -self._items[key].column))
            return self._items[source].row + self._items[source].rows // 2 - item.rows // 2 + self._branch(source, item.id)
        return 0

    def _put(self, item: Item, wish: int) -> None:
        rows = [row for lane, _, row in self._taken if lane == item.lane]
        top, bottom = min(rows, default=0), max(rows, default=0)
        best = min(
            range(min(top, wish) - item.rows - 1, max(bottom, wish) + item.rows + 2),
            key=lambda row: self._cost(item, row, wish, top, bottom),
        )
        item.row = best
        self._placed.add(item.id)
        self._taken.update((item.lane, column, row) for column, row in item.cells())
        self._reserve(item)

    def _cost(self, item: Item, row: int, wish: int, top: int, bottom: int) -> tuple[float, int]:
        cells = [(item.lane, item.column + c, row + r) for c in range(item.columns) for r in range(item.rows)]
        if any(cell in self._taken for cell in cells):
            return (1e9, 0)
        grows = max(0, top - row) + max(0, row + item.rows - 1 - bottom)
        in_the_way = sum(cell in self._lines for cell in cells)
        return (abs(row - wish) + 0.4 * grows + 0.8 * in_the_way, 0 if row >= wish else 1)

    def _reserve(self, item: Item) -> None:
        for source in self._before[item.id]:
            other = self._items[source]
            if source in self._placed and other.lane == item.lane and other.row + other.rows // 2 == item.row + item.rows // 2:
                self._lines.update(
                    (item.lane, column, item.row + item.rows // 2) for column in range(other.column + other.columns, item.column)
                )

    def place_loose(self, items: list[Item], width: int) -> None:
        """Below everything in their lane, side by side from the left."""
        floor: dict[int, int] = {}
        for item in items:
            rows = [row for lane, _, row in self._taken if lane == item.lane]
            base = floor.setdefault(item.lane, max(rows, default=-1) + 1)
            item.column, item.row = self._free_place(item, base, width)
            self._taken.update((item.lane, column, row) for column, row in item.cells())

    def _free_place(self, item: Item, base: int, width: int) -> tuple[int, int]:
        row = base
        while True:
            for column in range(max(1, width - item.columns + 1)):
                cells = ((item.lane, column + c, row + r) for c in range(item.columns) for r in range(item.rows))
                if not any(cell in self._taken for cell in cells):
                    return column, row
            row += 1


def _stack_lanes(items: Iterable[Item], lanes: int) -> Grid:
    """Lanes one under the other; an empty lane keeps one row."""
    placed = list(items)
    lane_rows = []
    start = 0
    for lane in range(lanes):
        inside = [item for item in placed if item.lane == lane]
        top = min((item.row for item in inside), default=0)
        height = max((item.row + item.rows for item in inside), default=top + 1) - top
        for item in inside:
            item.row += start - top
        lane_rows.append((start, start + height))
        start += height
    columns = max((item.column + item.columns for item in placed), default=1)
    return Grid({item.id: item for item in placed}, columns, start, lane_rows)
