"""Names in force at one place of an expression, with their shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.feel.inference.shapes import ANY, Shape


class Anything(Mapping[str, Shape]):
    """A scope that may hold any name, and of which nothing is known: models of other tools declare nothing."""

    def __getitem__(self, name: str) -> Shape:
        return ANY

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Names:
    """Looks outwards along `around`. `loose`: an item of who knows what is in force, whose entries may have any name."""

    def __init__(self, names: Mapping[str, Shape], around: Names | None = None, *, loose: bool = False) -> None:
        self._names = names
        self._around = around
        self._loose = loose

    def bound(self, name: str) -> bool:
        """Whether a construct of the expression, not the process, gives the name."""
        return self._around is not None and (name in self._names or self._around.bound(name))

    def find(self, name: str) -> Shape | None:
        """ANY behind an item whose entries are not known; None where nothing has the name."""
        here: Names | None = self
        loose = False
        while here is not None:
            if name in here._names:
                return ANY if loose else here._names[name]
            loose = loose or here._loose
            here = here._around
        return ANY if loose else None

    def given(self, name: str) -> bool:
        """Whether some scope is known to hold the name, so that it may stand for a function of its own."""
        here: Names | None = self
        while here is not None:
            if name in here._names and not isinstance(here._names, Anything):
                return True
            here = here._around
        return False

    def all(self) -> set[str]:
        found = set(self._names)
        return found | self._around.all() if self._around is not None else found
