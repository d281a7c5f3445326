"""Looking up a setting: nearest area first, the row valid at that date, else the declared default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.definitions.model import Label
from engine.errors import CogovError
from engine.ids import uuid7
from governance.reference.memo import Memo
from governance.settings import store
from governance.settings.declared import Declared, bundled


class UnknownSetting(CogovError):
    """No setting has this key."""

    code = "unknown_setting"


class AreaPath(Protocol):
    """The area of a place and all areas above it, nearest first (Directory.area_path)."""

    def __call__(self, connection: Any, of: str | None, at: datetime) -> list[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """The value that holds, shown with its source wherever it is used."""

    key: str
    value: Any
    source: str
    #: None: the declared default or a row for the whole installation
    area: str | None
    #: None: the declared default
    valid_from: datetime | None
    label: Label


class Settings:
    """`declared` replaces or extends the bundled defaults; `area_path` walks the area tree (`use_tree`, set by the wiring)."""

    def __init__(self, declared: Mapping[str, Declared] | None = None) -> None:
        self._declared = {**bundled(), **(declared or {})}
        self._area_path: AreaPath | None = None
        self._memo = Memo()
        self._deployed: Callable[[Any], Mapping[str, Declared]] | None = None

    def use_tree(self, area_path: AreaPath) -> None:
        """The directory needs settings and settings need its area tree; the wiring joins them with this."""
        self._area_path = area_path

    def declare(self, more: Mapping[str, Declared]) -> None:
        """Add settings that a deployed package or another governance module declares. An equal key keeps its rows."""
        self._declared.update(more)
        self._memo = Memo()

    def follow(self, deployed: Callable[[Any], Mapping[str, Declared]]) -> None:
        """Settings that deployed procedures declare: `deployed` reads them with the open connection. They are remembered until
        reference data change, so whoever deploys renews its stamp."""
        self._deployed = deployed

    def declared(self, connection: Any = None) -> Iterable[Declared]:
        """Every setting there is; with `connection` those of deployed procedures too."""
        return (self._declared if connection is None else self._known(connection)).values()

    def get(self, connection: Any, key: str, at: datetime, area: str | None = None) -> Any:
        """The value in variable kinds (numbers are Decimal). Raises UnknownSetting."""
        return self.effective(connection, key, at, area).value

    def effective(self, connection: Any, key: str, at: datetime, area: str | None = None) -> Effective:
        """The value with its source, place and date. Raises UnknownSetting."""
        declared = self._known(connection).get(key)
        if declared is None:
            raise UnknownSetting(f"没有名为 {key} 的设置 / there is no setting {key}", key=key)
        rows = [r for r in store.rows(connection, key, self._memo) if r.valid_from <= at]
        for place in self._places(connection, area, at, rows):
            here = [r for r in rows if r.area == place]
            if here:
                row = here[-1]
                return Effective(
                    key=key, value=row.value, source=row.source, area=row.area, valid_from=row.valid_from, label=declared.label
                )
        return Effective(key=key, value=declared.value, source=declared.source, area=None, valid_from=None, label=declared.label)

    def next_change(self, connection: Any, at: datetime) -> datetime | None:
        """The first moment after `at` from which some value is another; None when none is known."""
        return min((m for m in store.beginnings(connection, self._memo) if m > at), default=None)

    def put(
        self,
        connection: Any,
        key: str,
        value: Any,
        at: datetime,
        *,
        source: str,
        area: str | None = None,
        valid_from: datetime | None = None,
        by: str | None = None,
    ) -> None:
        """Set a value from `valid_from` (default `at`) on; earlier rows stay, so old cases can be computed again.
        Raises UnknownSetting or WrongSetting."""
        declared = self._known(connection).get(key)
        if declared is None:
            raise UnknownSetting(f"没有名为 {key} 的设置 / there is no setting {key}", key=key)
        row = {"key": key, "value": declared.check(value), "source": source, "area": area, "valid_from": valid_from or at}
        store.insert(connection, {**row, "id": uuid7(int(at.timestamp() * 1000)), "changed_by": by, "changed_at": at})

    def _known(self, connection: Any) -> Mapping[str, Declared]:
        """Those of files at the start, and over them what is deployed now."""
        if self._deployed is None:
            return self._declared
        deployed = self._deployed
        found: Mapping[str, Declared] = self._memo.get(
            connection, store.ANY_TIME, "declared", lambda: {**self._declared, **deployed(connection)}
        )
        return found

    def _places(self, connection: Any, area: str | None, at: datetime, rows: Sequence[store.Row]) -> list[str | None]:
        if area is None or all(r.area is None for r in rows):
            return [None]
        path = self._area_path(connection, area, at) if self._area_path else [area]
        return [*path, None]
