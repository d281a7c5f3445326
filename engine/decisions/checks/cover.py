"""Which boxes of a grid no rule covers: a sweep over one axis after the other with the set of rules that are still in play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.decisions.checks.grid import Axis, by_part


class Stopped(Exception):
    """The table is too large to be looked through in the steps allowed."""


class Budget:
    """Steps that an analysis may take. Raises Stopped when they are used up."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise Stopped


def uncovered(axes: Sequence[Axis], within: Sequence[int], rows: Mapping[int, Sequence[int]], budget: Budget) -> Iterator[tuple[int, ...]]:
    """Boxes (bits of parts for each axis) inside `within` that none of the rules `rows` accepts. Raises Stopped."""
    return _Sweep(axes, within, rows, budget).walk(0, sum(1 << rule for rule in rows))


class _Sweep:
    def __init__(self, axes: Sequence[Axis], within: Sequence[int], rows: Mapping[int, Sequence[int]], budget: Budget) -> None:
        self._within = within
        self._budget = budget
        budget.spend(sum(len(axis.parts) for axis in axes) * max(1, len(rows)) // 64)
        self._accepting = by_part(axes, rows)
        #: from an axis on: the rules that accept everything that is left
        self._whole = [0] * len(axes) + [sum(1 << rule for rule in rows)]
        for place in reversed(range(len(axes))):
            accepts = sum(1 << rule for rule, row in rows.items() if row[place] & within[place] == within[place])
            self._whole[place] = accepts & self._whole[place + 1]
        #: (axis, rules in play) that left nothing open
        self._closed: set[tuple[int, int]] = set()

    def walk(self, place: int, active: int) -> Iterator[tuple[int, ...]]:
        self._budget.spend()
        if not active:
            yield tuple(self._within[place:])
            return
        if active & self._whole[place] or place == len(self._within) or (place, active) in self._closed:
            return
        is_open = False
        for left, bits in self._groups(place, active).items():
            for rest in self.walk(place + 1, left):
                is_open = True
                yield (bits, *rest)
        if not is_open:
            self._closed.add((place, active))

    def _groups(self, place: int, active: int) -> dict[int, int]:
        """Rules left in play → the parts of this axis that leave them."""
        groups: dict[int, int] = {}
        for part, accepting in enumerate(self._accepting[place]):
            if self._within[place] >> part & 1:
                left = active & accepting
                groups[left] = groups.get(left, 0) | 1 << part
        return groups
