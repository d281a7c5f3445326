"""Sizes and coordinates of columns, rows and channels of one scope."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from engine.definitions.layout.grid import Grid, Item

SPACING = 10.0
_MARGIN = 14.0
_GAP = {True: 26.0, False: 30.0}  # a channel without tracks: between rows, between columns
_EDGE = 16.0  # around a scope
#: between the border of a lane and the first track below it, and above it
BORDER = 10.0


class Frame:
    """Columns, rows and the channels between them. Sizes first (`need_*`), then `settle`, then coordinates."""

    def __init__(self, grid: Grid, tracks: Mapping[tuple[bool, int], int]) -> None:
        self._grid = grid
        self._tracks = tracks
        self._borders = {first for first, _ in grid.lane_rows[1:]}
        self.widths = [40.0] * grid.columns
        self.ups = [24.0] * grid.rows
        self.downs = [24.0] * grid.rows
        self._columns = [self._channel(False, i) for i in range(grid.columns + 1)]
        self._rows = [self._channel(True, j) + (2 * BORDER if j in self._borders else 0.0) for j in range(grid.rows + 1)]

    def _channel(self, horizontal: bool, index: int) -> float:
        tracks = self._tracks.get((horizontal, 2 * index), 0)
        outer = index in (0, self._grid.rows if horizontal else self._grid.columns)
        least = _EDGE if outer else _GAP[horizontal]
        return max(least, 2 * _MARGIN + (tracks - 1) * SPACING) if tracks else least

    def need_width(self, column: int, width: float) -> None:
        self.widths[column] = max(self.widths[column], width)

    def need_height(self, row: int, up: float, down: float) -> None:
        self.ups[row] = max(self.ups[row], up)
        self.downs[row] = max(self.downs[row], down)

    def need_column_channel(self, index: int, width: float) -> None:
        """Room for the names of flows in the channel left of column `index`, beside the tracks."""
        tracks = self._tracks.get((False, 2 * index), 0)
        self._columns[index] = max(self._columns[index], width + (_MARGIN + tracks * SPACING if tracks else 0.0))

    def need_row_channel(self, index: int, height: float) -> None:
        """The same above row `index`."""
        tracks = self._tracks.get((True, 2 * index), 0)
        border = 2 * BORDER if index in self._borders else 0.0
        self._rows[index] = max(self._rows[index], height + border + (_MARGIN + tracks * SPACING if tracks else 0.0))

    def need_area(self, item: Item, width: float, height: float) -> None:
        """Stretch the columns and rows of a shape of several cells until it has room."""
        columns = range(item.column, item.column + item.columns)
        lack = width - sum(self.widths[c] for c in columns) - sum(self._columns[c] for c in columns[1:])
        if lack > 0:
            for c in columns:
                self.widths[c] += lack / len(columns)
        rows = range(item.row, item.row + item.rows)
        lack = height - sum(self.ups[r] + self.downs[r] for r in rows) - sum(self._rows[r] for r in rows[1:])
        if lack > 0:
            for r in rows:
                self.ups[r] += lack / len(rows) / 2
                self.downs[r] += lack / len(rows) / 2

    def need_lane(self, lane: int, height: float) -> None:
        first, end = self._grid.lane_rows[lane]
        have = sum(self.ups[r] + self.downs[r] for r in range(first, end)) + sum(self._rows[r] for r in range(first + 1, end)) + 2 * BORDER
        if have < height:
            self.ups[first] += (height - have) / 2
            self.downs[end - 1] += (height - have) / 2

    def settle(self) -> None:
        """All needs are known: fix the coordinates, on whole pixels."""
        self.widths = [float(2 * round(w / 2 + 0.49)) for w in self.widths]
        self.ups, self.downs = [float(round(u + 0.49)) for u in self.ups], [float(round(d + 0.49)) for d in self.downs]
        self._columns, self._rows = [float(round(w)) for w in self._columns], [float(round(h)) for h in self._rows]
        lefts = list(accumulate((w + c for w, c in zip(self.widths, self._columns[1:], strict=True)), initial=self._columns[0]))
        self.lefts, self.width = lefts[:-1], lefts[-1]
        tops = list(accumulate((u + d + h for u, d, h in zip(self.ups, self.downs, self._rows[1:], strict=True)), initial=self._rows[0]))
        self.tops, self.height = tops[:-1], tops[-1]

    def column_middle(self, column: int) -> float:
        return self.lefts[column] + self.widths[column] / 2

    def row_middle(self, row: int) -> float:
        return self.tops[row] + self.ups[row]

    def column_track(self, line: int, track: int) -> float:
        """x of a track; tracks keep to the right end of their channel, names of flows to the left."""
        index = line // 2
        end = self.lefts[index] if index < len(self.lefts) else self.width
        count = self._tracks[(False, line)]
        return end - min(_MARGIN, self._columns[index] / 2) - (count - 1 - track) * SPACING

    def row_track(self, line: int, track: int) -> float:
        """y of a track; below the border of a lane."""
        index = line // 2
        start = self.row_start(index)
        return start + (2 * BORDER if index in self._borders else min(_MARGIN, self._rows[index] / 2)) + track * SPACING

    def row_start(self, index: int) -> float:
        """Where the channel above row `index` begins."""
        if index == 0:
            return 0.0
        return self.tops[index - 1] + self.ups[index - 1] + self.downs[index - 1]

    def lane_borders(self) -> list[float]:
        """y of the borders, from 0 to the height."""
        inner = [self.row_start(first) + BORDER for first, _ in self._grid.lane_rows[1:]]
        return [0.0, *inner, self.height]
